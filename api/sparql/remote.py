"""Queries forwarded to a store outside this process: what `api.sparql.pool` is for data that we hold ourselves.

The store is always asked for the same form of solutions, or of triples, and its answer is written anew in the form that the
asker likes best: so every form is there whatever the store offers, and each is as its standard says.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import httpx
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results, serialize

from api.http.errors import AwayError, MalformedError, RefusedError
from api.sparql.federation import has_keyword, may_call, written_out
from api.sparql.pool import Reply, turns
from api.sparql.worker import CappedBuffer, Limits, TooLargeAnswerError
from kb.language import Words
from kb.store.address import Address
from kb.store.client import CONNECT_SECONDS, SOLUTIONS, TRIPLES, login_for, refused, unreachable
from kb.store.publication import ALLES

logger = logging.getLogger("api")

# What a query begins with. Virtuoso runs an update that is sent as a query, and obeys pragmas that stand before one.
_PROLOGUE = r"(?:\s|#[^\n]*+|BASE\s*+<[^<>]*>|PREFIX\s*+[^\s:<]*:\s*+<[^<>]*>)*+"
_QUERY = re.compile(rf"{_PROLOGUE}(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)

# How Virtuoso says that it left out rows, or stopped before the end.
_CUT_SHORT = {"X-SPARQL-MaxRows": "too-large", "X-SQL-State": "time"}


class RemotePool:
    """Runs queries at a store, so many at a time. Of the limits, those on time and size hold; memory is for the store.

    `graphs` are the named graphs of a query that names none itself; its default graph is the one that holds their union.
    """

    def __init__(self, address: Address, graphs: Sequence[str], limits: Limits, *, workers: int, queue: int) -> None:
        self._url = address.query
        self._graphs = graphs
        self._limits = limits
        self._turns = turns(workers, queue, limits)
        timeout = httpx.Timeout(limits.time, connect=CONNECT_SECONDS)
        # A connection for each query: one that is kept may turn out to be dead when the store went away meanwhile.
        single = httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.AsyncClient(auth=login_for(address), timeout=timeout, limits=single, follow_redirects=True)

    def open(self) -> None:
        """Nothing needs to be started."""

    def close(self) -> None:
        """Nothing needs to be ended: every connection ended with its query."""

    async def run(self, request: dict[str, Any], client: str = "") -> Reply:
        """The reply to a request, as a worker of our own gives it.

        Errors: MalformedError and RefusedError for what is not sent on, BusyError when too many wait or this one does not
        get its turn in time, AwayError when the store is not there.
        """
        accept = self._accepted(request["query"])
        async with self._turns.turn(client):
            return await self._reply(request, accept)

    def _accepted(self, query: str) -> str:
        """The form to ask for. A store may do more than query its own data; only that is asked of it."""
        found = _QUERY.match(written_out(query))
        if not found:
            raise MalformedError(
                Words(
                    "Een query begint, na BASE en PREFIX, met SELECT, CONSTRUCT, DESCRIBE of ASK.",
                    "A query begins, after BASE and PREFIX, with SELECT, CONSTRUCT, DESCRIBE or ASK.",
                )
            )
        if may_call(query) and not self._limits.others:
            raise RefusedError(
                Words(
                    "SERVICE is hier niet toegestaan; het woord mag ook niet in een tekst of opmerking staan.",
                    "SERVICE is not allowed here; nor may the word stand in a text or comment.",
                )
            )
        return SOLUTIONS if found[1].upper() in ("SELECT", "ASK") else TRIPLES

    async def _reply(self, request: dict[str, Any], accept: str) -> Reply:
        try:
            async with asyncio.timeout(self._limits.time):
                status, headers, content = await self._ask(request, accept)
        except TimeoutError:
            return {"outcome": "time"}, b""
        except TooLargeAnswerError:
            return {"outcome": "too-large"}, b""
        except httpx.ReadTimeout:
            return {"outcome": "time"}, b""
        except httpx.HTTPError as error:
            raise _away(unreachable(self._url, error)) from error
        except AttributeError as error:
            # What anyio says of a connection that the store ended while it was being made.
            raise _away(f"{self._url}: {error}") from error
        if status == HTTPStatus.BAD_REQUEST:
            return {"outcome": "malformed", "message": content.decode(errors="replace").strip()}, b""
        if status != HTTPStatus.OK:
            raise _away(refused(self._url, status, content.decode(errors="replace")))
        cut = next((outcome for name, outcome in _CUT_SHORT.items() if name in headers), None)
        if cut:
            return {"outcome": cut}, b""
        return await asyncio.to_thread(self._rewritten, request, accept, content)

    async def _ask(self, request: dict[str, Any], accept: str) -> tuple[int, httpx.Headers, bytes]:
        """Errors: TooLargeAnswerError as soon as the answer grows beyond the cap; those of httpx."""
        form = {"query": request["query"], **self._dataset(request)}
        content = CappedBuffer(self._limits.size)
        async with self._http.stream("POST", self._url, data=form, headers={"Accept": accept}) as response:
            async for chunk in response.aiter_bytes():
                content.write(chunk)
        return response.status_code, response.headers, content.getvalue()

    def _dataset(self, request: dict[str, Any]) -> dict[str, Sequence[str]]:
        """The graphs asked for. Our own when none are, as a store may hold more; a query with FROM names them itself."""
        default, named = request["default"], request["named"]
        if not default and not named and not has_keyword(request["query"], "FROM"):
            default, named = [ALLES.value], self._graphs
        return {"default-graph-uri": default, "named-graph-uri": named}

    def _rewritten(self, request: dict[str, Any], accepted: str, content: bytes) -> Reply:
        """The answer in the form that the asker likes best."""
        triples = accepted == TRIPLES
        form = request["triples" if triples else "solutions"]
        if form is None:
            return {"outcome": "not-acceptable", "message": "QueryTriples" if triples else "QuerySolutions"}, b""
        buffer = CappedBuffer(self._limits.size)
        try:
            (_write_triples if triples else _write_solutions)(content, buffer, form[1])
        except TooLargeAnswerError:
            return {"outcome": "too-large"}, b""
        except SyntaxError as error:
            return {
                "outcome": "failed",
                "message": f"de opslag antwoordt niet in een vorm van SPARQL 1.1 ({error}).",
            }, b""
        return {"outcome": "ok", "media_type": form[0]}, buffer.getvalue()


def _write_triples(content: bytes, buffer: CappedBuffer, media_type: str) -> None:
    triples = (quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES))
    serialize(triples, buffer, format=RdfFormat.from_media_type(media_type))


def _write_solutions(content: bytes, buffer: CappedBuffer, media_type: str) -> None:
    results = parse_query_results(content, format=QueryResultsFormat.JSON)
    format = QueryResultsFormat.from_media_type(media_type)
    results.serialize(buffer, format=format)


def _away(reason: str) -> AwayError:
    """What an asker is told; the reason holds an address that is for the operator only."""
    logger.warning("%s", reason)
    return AwayError(
        Words(
            "De opslag die query's beantwoordt, is nu niet bereikbaar. Probeer het straks nog eens.",
            "The store that answers queries is away now. Try again in a while.",
        )
    )
