"""What an operator can set, each from an environment variable `WIJKAANPAK_…`."""

import os
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from kb.store.address import Address

PREFIX = "WIJKAANPAK_"


class Settings(BaseModel):
    """The settings of one service process. The variable of a field is its name in capitals behind `WIJKAANPAK_`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_base: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]*[^\s?#/])?$",
        description="Where the service is reached from outside, without a slash at the end; empty for relative links.",
    )
    cors_origins: str = Field(
        default="*", description="Origins whose scripts may read the answers, with commas between."
    )
    max_body: int = Field(default=262_144, ge=1_024, description="The largest request body in bytes.")
    store_query: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="The query address of the SPARQL 1.1 store that holds the data; empty for the project's own files.",
    )
    store_user: str = Field(default="", description="Who to log in as at that store; empty for nobody.")
    store_password: str = Field(default="", repr=False)
    contact_name: str = "Wijkaanpak"
    contact_email: str = "wijkaanpak@example.org"
    contact_url: str = "https://w3id.org/wijkaanpak"

    @property
    def store(self) -> Address:
        """Where the store is read."""
        return Address(self.store_query, user=self.store_user, password=self.store_password)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings in the environment, the defaults for what is not set there."""
        given = {name: environment.get(PREFIX + name.upper()) for name in cls.model_fields}
        return cls.model_validate({name: value for name, value in given.items() if value is not None})
