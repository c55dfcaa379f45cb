"""`/sparql` over HTTP, as plain ASGI behind the gate of the whole service."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from threading import Thread

from pyoxigraph import Store
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.http import problems
from api.http.caching import CACHE_SECONDS, has_tag
from api.http.errors import RequestError, packed
from api.http.negotiation import accepted_form, header
from api.http.settings import Settings
from api.http.turns import client_of
from api.sparql.answering import Answer, Answering, Job
from api.sparql.data import Data
from api.sparql.formats import MOST_KEPT, NAMES, TRIPLES, content_type, forms, prefers_html
from api.sparql.protocol import FORM, METHODS, QUERY, Query, check_method, read_get, read_post
from api.sparql.service import describe

PATH = "/sparql"
ALLOW = ", ".join(METHODS)
MOST_KEPT_QUERY = 4_096


class SparqlEndpoint:
    """The endpoint over a data set, which is made after the service is up: the first queries wait for it."""

    def __init__(
        self, make: Callable[[], Store], settings: Settings, kept: Callable[[], Path | None] = lambda: None
    ) -> None:
        """`kept` gives a file of the quads that was kept from an earlier start, or None."""
        self.data = Data(make, kept)
        self.answering = Answering(self.data, settings)
        self._settings = settings

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Live as long as an app: the `lifespan` of FastAPI and Starlette."""
        self.open()
        yield
        await asyncio.to_thread(self.close)

    def open(self) -> None:
        """Prepare for the first query, while the service goes on."""
        Thread(target=self.answering.open, name="sparql-open", daemon=True).start()

    def close(self) -> None:
        """End what was started."""
        self.answering.close()
        self.data.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            job = await _job(scope, receive)
            if scope["method"] == "OPTIONS":
                await Response(None, 204, {"Allow": ALLOW, "Accept-Post": f"{QUERY}, {FORM}"})(scope, receive, send)
            elif job is None:
                await (await asyncio.to_thread(self._description, scope))(scope, receive, send)
            else:
                await _send(await self.answering.answer(job, client_of(scope)), scope, send)
        except RequestError as error:
            await problems.respond(scope, error, self._settings.public_base)(scope, receive, send)

    def _description(self, scope: Scope) -> Response:
        """The service description.

        Errors: NotAcceptableError.
        """
        form = accepted_form(header(scope, "accept"), list(TRIPLES))
        base = self._settings.public_base
        address = f"{base}{PATH}" if base else str(Request(scope).url.replace(query=""))
        federated = bool(self._settings.allowed_endpoints)
        content = describe(address, self.data.summary, federated=federated, media_type=TRIPLES[form])
        # Made with what the asker calls us, it is for nobody else.
        kept = f"public, max-age={CACHE_SECONDS}" if base else "no-store"
        return Response(content, 200, {"Vary": "Accept", "Cache-Control": kept}, content_type(form))


class SparqlMiddleware:
    """Puts the endpoint in front of an app.

    With `pages`, a GET that would rather have HTML goes on to the app, whose own route at the same path shows a page.
    """

    def __init__(self, app: ASGIApp, endpoint: SparqlEndpoint, *, pages: bool = False) -> None:
        self.app = app
        self.endpoint = endpoint
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        ours = scope["type"] == "http" and scope["path"] == PATH and not (self.pages and _wants_page(scope))
        await (self.endpoint if ours else self.app)(scope, receive, send)


async def _job(scope: Scope, receive: Receive) -> Job | None:
    """What is asked; None when that is the service description.

    Errors: MethodError, MalformedError, ReadOnlyError, MediaTypeError, NotAcceptableError, TooLargeError.
    """
    check_method(scope["method"])
    accept = header(scope, "accept")
    if scope["method"] != "POST":
        return _get_job(scope["query_string"], accept)
    encoding = header(scope, "content-encoding") or "identity"
    if encoding.lower() != "identity":
        raise packed(encoding)
    body = await Request(scope, receive).body()
    return _with_forms(read_post(scope["query_string"], header(scope, "content-type"), body), accept)


def _get_job(query_string: bytes, accept: str) -> Job | None:
    # What an asker may make as long as it likes is not kept.
    kept = len(query_string) <= MOST_KEPT_QUERY and len(accept) <= MOST_KEPT
    return (_kept_job if kept else _read_job)(query_string, accept)


def _read_job(query_string: bytes, accept: str) -> Job | None:
    query = read_get(query_string)
    return _with_forms(query, accept) if query else None


_kept_job = lru_cache(maxsize=1024)(_read_job)


def _with_forms(query: Query, accept: str) -> Job:
    return Job(query, forms(accept, query.format))


def _wants_page(scope: Scope) -> bool:
    if scope["method"] not in ("GET", "HEAD") or not prefers_html(header(scope, "accept")):
        return False
    return not any(f"format={name}".encode() in scope["query_string"] for name in NAMES)


async def _send(answer: Answer, scope: Scope, send: Send) -> None:
    known = answer.tag and has_tag(header(scope, "if-none-match"), answer.tag)
    headers = _answer_headers(answer, sized=not known)
    await send({"type": "http.response.start", "status": 304 if known else 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if known else answer.content})


def _answer_headers(answer: Answer, *, sized: bool) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-type", content_type(answer.media_type).encode()), (b"vary", b"Accept, Accept-Encoding")]
    if sized:
        headers.append((b"content-length", b"%d" % len(answer.content)))
    if not answer.tag:
        return [*headers, (b"cache-control", b"no-store")]
    return [*headers, (b"etag", answer.tag.encode()), (b"cache-control", b"public, max-age=%d" % CACHE_SECONDS)]
