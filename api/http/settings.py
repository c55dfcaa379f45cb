"""What an operator can set, each from an environment variable `WIJKAANPAK_…`: one set for the whole service."""

from functools import cached_property
from typing import Any

from annotated_types import Ge, Gt, Le
from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.errors import WijkaanpakError
from kb.language import Words
from kb.store.address import Address

PREFIX = "WIJKAANPAK_"
ADDRESS = r"^(https?://\S+)?$"
PUBLIC_BASE = r"^(https?://[^\s?#]*[^\s?#/])?$"
# What is right for a text that must look like something.
_RIGHT = {
    ADDRESS: Words("een adres dat met http:// of https:// begint", "an address that begins with http:// or https://"),
    PUBLIC_BASE: Words(
        "een adres dat met http:// of https:// begint, zonder vraagteken, hekje of schuine streep aan het eind",
        "an address that begins with http:// or https://, without question mark, number sign or slash at the end",
    ),
}
_KINDS = {int: Words("een geheel getal", "a whole number"), float: Words("een getal", "a number")}


class Settings(BaseSettings):
    """The settings of one service process. The variable of a field is its name in capitals behind `WIJKAANPAK_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", description="The address that the service listens on.")
    port: int = Field(default=8000, ge=1, le=65_535, description="The port that the service listens on.")
    workers: int = Field(default=1, ge=1, description="How many processes answer.")

    public_base: str = Field(
        default="",
        pattern=PUBLIC_BASE,
        description="Where the service is reached from outside, without a slash at the end; empty for relative links.",
    )
    cors_origins: str = Field(
        default="*", description="Origins whose scripts may read the answers, with commas between."
    )
    contact_name: str = Field(default="", description="Whom the API document names for questions; empty for nobody.")
    contact_email: str = Field(default="", description="The mail address of that contact.")
    contact_url: str = Field(default="", pattern=ADDRESS, description="The page of that contact.")

    max_body: int = Field(default=262_144, ge=1_024, description="The largest request body in bytes.")
    head_seconds: float = Field(
        default=10, gt=0, description="Seconds in which the head of a request must have come in; it is there at once."
    )
    body_seconds: float = Field(default=20, gt=0, description="Seconds in which a request body must have come in.")
    answer_seconds: float = Field(default=5, gt=0, description="Seconds that one costly question may take to answer.")
    queue_seconds: float = Field(default=10, gt=0, description="Seconds that a request may wait for its turn.")
    stop_seconds: int = Field(default=20, ge=0, description="Seconds that a stop waits for what is being answered.")
    turns: int = Field(default=4, ge=1, description="Requests that are worked out at the same time, in one process.")
    queue: int = Field(default=64, ge=0, description="Requests that may wait for their turn; more are sent away.")

    store_query: str = Field(
        default="",
        pattern=ADDRESS,
        description="The query address of the SPARQL 1.1 store that holds the data; empty for the project's own files.",
    )
    store_user: str = Field(default="", description="Who to log in as at that store; empty for nobody.")
    store_password: SecretStr = Field(default=SecretStr(""), description="The password of that login.")

    sparql_time_limit: float = Field(default=10, gt=0, description="Seconds a query may take.")
    sparql_memory: int = Field(
        default=512 * 2**20, ge=2**20, description="Bytes of memory a query may take on top of what the data takes."
    )
    sparql_result_cap: int = Field(default=16 * 2**20, ge=1, description="The largest answer in bytes.")
    sparql_workers: int = Field(default=8, ge=1, description="Queries that run at the same time, a process each.")
    sparql_queue: int = Field(default=32, ge=0, description="Queries that may wait for a worker; more are sent away.")
    sparql_cache: int = Field(default=64 * 2**20, ge=0, description="Bytes of answers to remember; 0 for none.")
    sparql_allow: str = Field(
        default="", description="Endpoints that SERVICE may ask, as full addresses with spaces or commas between."
    )

    @cached_property
    def allowed_endpoints(self) -> frozenset[str]:
        """The addresses that SERVICE may ask."""
        return frozenset(self.sparql_allow.replace(",", " ").split())

    @property
    def store(self) -> Address:
        """Where the store is read."""
        return Address(self.store_query, user=self.store_user, password=self.store_password.get_secret_value())

    @property
    def contact(self) -> dict[str, str]:
        """Whom to ask, in the words of OpenAPI; empty when nothing is set."""
        given = {"name": self.contact_name, "email": self.contact_email, "url": self.contact_url}
        return {name: value for name, value in given.items() if value}

    @cached_property
    def origins(self) -> list[str]:
        """The origins whose scripts may read the answers."""
        return [origin.strip() for origin in self.cors_origins.split(",")]


def read_settings() -> Settings:
    """The settings of the environment.

    Errors: WijkaanpakError that names every wrong variable with its value and what would be right.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = [_told(str(found["loc"][0]), found["input"]) for found in error.errors()]
        joined = ("\n".join(f"  {told}" for told in each) for each in (map(str, wrong), (told.en for told in wrong)))
        nl, en = joined
        raise WijkaanpakError(
            Words(f"de instellingen van de dienst kloppen niet:\n{nl}", f"the settings of the service are wrong:\n{en}")
        ) from error


def _told(name: str, value: object) -> Words:
    """What is wrong with a setting; its name is that of the field, or of the variable."""
    field = name.lower().removeprefix(PREFIX.lower())
    variable, right = PREFIX + field.upper(), _right(Settings.model_fields[field])
    return Words(f"{variable} is {str(value)!r}; geef {right}.", f"{variable} is {str(value)!r}; give {right.en}.")


def _right(field: FieldInfo) -> Words:
    """What a setting may be, by its type and limits."""
    pattern = next((found for each in field.metadata if (found := getattr(each, "pattern", None))), None)
    if pattern:
        return _RIGHT[pattern]
    kind = _KINDS[int if field.annotation is int else float]
    limits = [_limit(each) for each in field.metadata]
    return Words(" ".join([kind, *limits]), " ".join([kind.en, *(limit.en for limit in limits)]))


def _limit(limit: Any) -> Words:
    match limit:
        case Ge(least):
            return Words(f"van ten minste {least}", f"of at least {least}")
        case Gt(least):
            return Words(f"boven {least}", f"above {least}")
        case Le(most):
            return Words(f"en ten hoogste {most}", f"and at most {most}")
    raise AssertionError(f"no words for {limit}")
