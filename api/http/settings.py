"""What an operator can set, each from an environment variable `WIJKAANPAK_…`: one set for the whole service."""

from functools import cached_property

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.store.address import Address

ADDRESS = r"^(https?://\S+)?$"


class Settings(BaseSettings):
    """The settings of one service process. The variable of a field is its name in capitals behind `WIJKAANPAK_`."""

    model_config = SettingsConfigDict(env_prefix="WIJKAANPAK_", frozen=True, extra="forbid")

    public_base: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]*[^\s?#/])?$",
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
