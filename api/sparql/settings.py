"""What an operator can set about `/sparql`, each from an environment variable `WIJKAANPAK_SPARQL_…`."""

from functools import cached_property

from pydantic import Field

from api.http.settings import Settings


class SparqlSettings(Settings):
    """The settings of the service with those of its SPARQL endpoint."""

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
