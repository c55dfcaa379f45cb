"""The shapes of problems, and what all shapes of the API share."""

from pydantic import BaseModel, ConfigDict, Field


class Vorm(BaseModel):
    """Base of our shapes: fields by their own name or their name in JSON."""

    model_config = ConfigDict(populate_by_name=True)


class Parameters(BaseModel):
    """Base of query parameters: what is not known is an error, not silently skipped."""

    model_config = ConfigDict(extra="forbid")


class Fout(Vorm):
    """One thing wrong with a request."""

    veld: str = Field(description="Pad van het veld, zoals werken[0].van; leeg als het over het geheel gaat.")
    melding: str
    nabij: list[str] = Field(description="Bekende namen die erop lijken.")


class Probleem(Vorm):
    """Problem details (RFC 9457)."""

    type: str = Field(json_schema_extra={"format": "uri-reference"}, description="Soort probleem.")
    title: str = Field(description="Naam van de soort.")
    status: int = Field(description="HTTP-status.", ge=100, le=599)
    detail: str = Field(description="Wat er deze keer mis is.")
    instance: str = Field(json_schema_extra={"format": "uri-reference"}, description="Het adres waar het misging.")
    fouten: list[Fout] = Field(description="Iedere fout in de invoer, alle tegelijk.")


class Probleemsoort(Vorm):
    """A kind of problem."""

    id: str
    titel: str
    status: int
    betekenis: str


class Probleemsoorten(Vorm):
    """The kinds of problems."""

    soorten: list[Probleemsoort]
