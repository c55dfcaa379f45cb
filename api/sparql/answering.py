"""From a query to an answer: what is checked before it runs, where it runs, and what is remembered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.http.caching import tag_of
from api.http.errors import AwayError, MalformedError, NotAcceptableError, RefusedError, RequestError
from api.http.settings import Settings
from api.sparql.cache import ByteCache
from api.sparql.data import Data
from api.sparql.federation import Reach, reach
from api.sparql.formats import SOLUTIONS, TRIPLES, Forms
from api.sparql.pool import Pool
from api.sparql.protocol import Query
from api.sparql.syntax import explain_syntax
from api.sparql.worker import Limits
from kb.dataset.graphs import graphs
from kb.language import Words
from kb.names import BASE

if TYPE_CHECKING:
    from api.sparql.remote import RemotePool

# Functions whose outcome differs from one run to the next, so that their answers are not kept.
_FICKLE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
_OVERHEAD = 512


@dataclass(frozen=True)
class Job:
    """A query with the forms its asker accepts: over one data set, all that the answer depends on."""

    query: Query
    forms: Forms

    @property
    def size(self) -> int:
        """The bytes to count in a cache."""
        query = self.query
        names = (query.text, query.format, *query.dataset.default, *query.dataset.named)
        return _OVERHEAD + sum(len(name.encode(errors="replace")) for name in names)

    def request(self) -> dict[str, object]:
        """The same for a worker: each form as the media type to answer with and the one that names its format."""
        return {
            "query": self.query.text,
            "default": self.query.dataset.default,
            "named": self.query.dataset.named,
            "solutions": _form(self.forms.solutions, SOLUTIONS),
            "triples": _form(self.forms.triples, TRIPLES),
        }


@dataclass(frozen=True)
class Answer:
    """What a query gives; `tag` is empty when the same query may give something else next time."""

    content: bytes
    media_type: str
    tag: str

    @property
    def size(self) -> int:
        """The bytes to count in a cache."""
        return len(self.content) + _OVERHEAD


class Answering:
    """Answers queries over one data set."""

    def __init__(self, data: Data, settings: Settings) -> None:
        self._settings = settings
        self._allowed = settings.allowed_endpoints
        self._pools: dict[Reach, Pool | RemotePool] = {Reach.OWN: self._pool(data, Reach.OWN)}
        if self._allowed:
            self._pools[Reach.OTHERS] = self._pool(data, Reach.OTHERS)
        self._cache: ByteCache[Job, Answer] = ByteCache(settings.sparql_cache)

    def open(self) -> None:
        """Start the worker processes, so that the first asker does not wait for them."""
        for pool in self._pools.values():
            pool.open()

    def close(self) -> None:
        """End the worker processes."""
        for pool in self._pools.values():
            pool.close()

    def remembered(self, job: Job) -> Answer | None:
        """The answer that was given before, if it is kept."""
        return self._cache.get(job)

    async def answer(self, job: Job, client: str) -> Answer:
        """The answer to a query of a client.

        Errors: MalformedError, NotAcceptableError, RefusedError, BusyError, AwayError.
        """
        found = self.remembered(job)
        if found is not None:
            return found
        pool = self._pools[reach(job.query.text, self._allowed)]
        head, content = await pool.run(job.request(), client)
        if head["outcome"] != "ok":
            raise self._error(head)
        lasting = isinstance(pool, Pool) and pool is self._pools[Reach.OWN] and not _FICKLE.search(job.query.text)
        answer = Answer(content, head["media_type"], tag_of(content) if lasting else "")
        if lasting:
            self._cache.put(job, answer)
        return answer

    def _pool(self, data: Data, reach: Reach) -> "Pool | RemotePool":
        """A pool for queries that reach so far; those that ask others wait for them, and get one process."""
        settings, others = self._settings, reach is Reach.OTHERS
        limits = Limits(settings.sparql_time_limit, settings.sparql_memory, settings.sparql_result_cap, BASE, others)
        workers, queue = 1 if others else settings.sparql_workers, settings.sparql_queue
        if settings.store_query:
            from api.sparql.remote import RemotePool  # its HTTP client is needed here only

            names = [graph.iri.value for graph in graphs()]
            return RemotePool(settings.store, names, limits, workers=workers, queue=queue)
        return Pool(data, limits, workers=workers, queue=queue)

    def _error(self, head: Mapping[str, str]) -> RequestError:
        settings = self._settings
        match head["outcome"]:
            case "malformed":
                return MalformedError(explain_syntax(head["message"]))
            case "not-acceptable":
                known = TRIPLES if head["message"] == "QueryTriples" else SOLUTIONS
                shown = ", ".join(known)
                return NotAcceptableError(
                    Words(
                        f"Het antwoord op deze query is er als {shown}.",
                        f"The answer to this query is there as {shown}.",
                    )
                )
            case "time":
                seconds = f"{settings.sparql_time_limit:g}"
                return RefusedError(
                    Words(
                        f"De query duurde langer dan {seconds} seconden en is gestopt.",
                        f"The query took longer than {seconds} seconds and was stopped.",
                    )
                )
            case "memory":
                most = settings.sparql_memory
                return RefusedError(
                    Words(
                        f"De query vroeg meer dan {most} bytes geheugen, of is te diep genest, en is gestopt.",
                        f"The query asked more than {most} bytes of memory, or is nested too deep, and was stopped.",
                    )
                )
            case "too-large":
                most = settings.sparql_result_cap
                return RefusedError(
                    Words(
                        f"Het antwoord is groter dan {most} bytes; vraag minder, bijvoorbeeld met LIMIT.",
                        f"The answer is larger than {most} bytes; ask less, for instance with LIMIT.",
                    )
                )
            case "killed":
                return AwayError(
                    Words(
                        "Het proces dat de query uitvoerde, is van buiten beëindigd. Probeer het nog eens.",
                        "The process that ran the query was ended from outside. Try it again.",
                    )
                )
            case _:
                reason = head["message"]
                return RefusedError(
                    Words(f"De query kon niet worden uitgevoerd: {reason}", f"The query could not be run: {reason}")
                )


def _form(media_type: str | None, known: Mapping[str, str]) -> tuple[str, str] | None:
    return None if media_type is None else (media_type, known[media_type])
