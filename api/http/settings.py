"""What an operator can set, each from an environment variable `WIJKAANPAK_…`."""

import os
from collections.abc import Mapping
from functools import cached_property
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
    contact_name: str = "Wijkaanpak"
    contact_email: str = "wijkaanpak@example.org"
    contact_url: str = "https://w3id.org/wijkaanpak"

    @cached_property
    def allowed_endpoints(self) -> frozenset[str]:
        """The addresses that SERVICE may ask."""
        return frozenset(self.sparql_allow.replace(",", " ").split())

    @property
    def store(self) -> Address:
        """Where the store is read."""
        return Address(self.store_query, user=self.store_user, password=self.store_password)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings in the environment, the defaults for what is not set there."""
        given = {name: environment.get(PREFIX + name.upper()) for name in cls.model_fields}
        return cls.model_validate({name: value for name, value in given.items() if value is not None})
