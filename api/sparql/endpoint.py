"""`/sparql` over HTTP, as plain ASGI: an answer that is remembered goes out before anything else is done."""

import asyncio
import math
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from threading import Thread

from pyoxigraph import Store
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems
from api.http.caching import CACHE_SECONDS, has_tag, json_response
from api.http.errors import MediaTypeError, NotAcceptableError, RequestError, TooLargeError
from api.http.middleware import (
    DEFAULT_HEADERS,
    BodyLimitMiddleware,
    DefaultHeadersMiddleware,
    HeadMiddleware,
    UnexpectedErrorMiddleware,
)
from api.http.models import Probleem
from api.http.settings import Settings
from api.sparql.answering import Answer, Answering, Job
from api.sparql.data import Data
from api.sparql.errors import AwayError, BusyError, MalformedError, MethodError, ReadOnlyError, RefusedError
from api.sparql.formats import NAMES, TRIPLES, best, content_type, forms, prefers_html
from api.sparql.protocol import FORM, METHODS, QUERY, Query, check_method, read_get, read_post
from api.sparql.service import describe

PATH = "/sparql"
ALLOW = ", ".join(METHODS)

STATUS: dict[type[RequestError], int] = {
    MalformedError: HTTPStatus.BAD_REQUEST,
    ReadOnlyError: HTTPStatus.FORBIDDEN,
    MethodError: HTTPStatus.METHOD_NOT_ALLOWED,
    NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    MediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    AwayError: HTTPStatus.SERVICE_UNAVAILABLE,
}


class SparqlEndpoint:
    """The endpoint over a data set, which is made after the service is up: the first queries wait for it."""

    def __init__(self, make: Callable[[], Store], settings: Settings) -> None:
        self.data = Data(make)
        self.answering = Answering(self.data, settings)
        self._settings = settings
        self._headers = _default_headers(settings)
        self._guarded = _guard(self._answer, settings)

    def open(self) -> None:
        """Prepare for the first query, while the service goes on."""
        Thread(target=self.answering.open, name="sparql-open", daemon=True).start()

    def close(self) -> None:
        """End what was started."""
        self.answering.close()
        self.data.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = self._remembered(scope)
        if answer is None:
            await self._guarded(scope, receive, send)
        else:
            await self._send(answer, scope, send)

    def _remembered(self, scope: Scope) -> Answer | None:
        """The answer to a GET that was answered before; whoever has an Origin goes through the checks of CORS."""
        if scope["method"] != "GET" or _header(scope, b"origin"):
            return None
        try:
            job = _get_job(scope["query_string"], _header(scope, b"accept"))
        except RequestError:
            return None
        return self.answering.remembered(job) if job else None

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            job = await _job(scope, receive)
            if scope["method"] == "OPTIONS":
                await Response(None, 204, {"Allow": ALLOW, "Accept-Post": f"{QUERY}, {FORM}"})(scope, receive, send)
            elif job is None:
                await (await asyncio.to_thread(self._description, scope))(scope, receive, send)
            else:
                await self._send(await self.answering.answer(job), scope, send)
        except RequestError as error:
            await self._problem(error, scope)(scope, receive, send)

    async def _send(self, answer: Answer, scope: Scope, send: Send) -> None:
        known = answer.tag and has_tag(_header(scope, b"if-none-match"), answer.tag)
        headers = [*self._headers, *_answer_headers(answer, sized=not known)]
        await send({"type": "http.response.start", "status": 304 if known else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if known else answer.content})

    def _description(self, scope: Scope) -> Response:
        """The service description.

        Errors: NotAcceptableError.
        """
        accept = _header(scope, b"accept")
        form = best(accept, list(TRIPLES))
        if form is None:
            raise NotAcceptableError(f"Gevraagd is {accept}; de beschrijving is er als {', '.join(TRIPLES)}.")
        base = self._settings.public_base
        address = f"{base}{PATH}" if base else str(Request(scope).url.replace(query=""))
        federated = bool(self._settings.allowed_endpoints)
        content = describe(address, self.data.summary, federated=federated, media_type=TRIPLES[form])
        headers = {"Vary": "Accept", "Cache-Control": f"public, max-age={CACHE_SECONDS}"}
        return Response(content, 200, headers, content_type(form))

    def _problem(self, error: RequestError, scope: Scope) -> Response:
        headers = {}
        if isinstance(error, (BusyError, AwayError)):
            headers["Retry-After"] = str(math.ceil(self._settings.sparql_time_limit))
        if isinstance(error, MethodError):
            headers["Allow"] = ALLOW
        if isinstance(error, RefusedError):
            return _refusal(error, scope)
        stated = HTTPException(STATUS[type(error)], str(error), headers)
        return problems.answer(Request(scope), stated, self._settings.public_base)


def _refusal(error: RefusedError, scope: Scope) -> Response:
    """A status of 500 that is no fault of ours: the protocol says so (section 2.1.6) of a query that is refused."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    problem = Probleem(
        type="about:blank", title=status.phrase, status=status, detail=str(error), instance=scope["path"], fouten=[]
    )
    return json_response(problem.model_dump(), status=status, media_type=problems.PROBLEM_JSON)


class SparqlMiddleware:
    """Puts the endpoint in front of an app, and lets it live as long as that.

    With `pages`, a GET that would rather have HTML goes on to the app, whose own route at the same path shows a page.
    """

    def __init__(self, app: ASGIApp, endpoint: SparqlEndpoint, *, pages: bool = False) -> None:
        self.app = app
        self.endpoint = endpoint
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, self._lived(receive), send)
        elif scope["type"] == "http" and scope["path"] == PATH and not (self.pages and _wants_page(scope)):
            await self.endpoint(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _lived(self, receive: Receive) -> Receive:
        async def receive_and_act() -> Message:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.endpoint.open()
            elif message["type"] == "lifespan.shutdown":
                self.endpoint.close()
            return message

        return receive_and_act


async def _job(scope: Scope, receive: Receive) -> Job | None:
    """What is asked; None when that is the service description.

    Errors: MethodError, MalformedError, ReadOnlyError, MediaTypeError, NotAcceptableError, TooLargeError.
    """
    check_method(scope["method"])
    accept = _header(scope, b"accept")
    if scope["method"] != "POST":
        return _get_job(scope["query_string"], accept)
    encoding = _header(scope, b"content-encoding") or "identity"
    if encoding.lower() != "identity":
        raise MediaTypeError(f"Een inhoud die met {encoding} is ingepakt, wordt niet gelezen.")
    body = await Request(scope, receive).body()
    return _with_forms(read_post(scope["query_string"], _header(scope, b"content-type"), body), accept)


@lru_cache(maxsize=1024)
def _get_job(query_string: bytes, accept: str) -> Job | None:
    query = read_get(query_string)
    return _with_forms(query, accept) if query else None


def _with_forms(query: Query, accept: str) -> Job:
    return Job(query, forms(accept, query.format))


def _wants_page(scope: Scope) -> bool:
    if scope["method"] not in ("GET", "HEAD") or not prefers_html(_header(scope, b"accept")):
        return False
    return not any(f"format={name}".encode() in scope["query_string"] for name in NAMES)


def _guard(app: ASGIApp, settings: Settings) -> ASGIApp:
    """What goes around every request that is not answered from memory, from the inside out."""
    app = BodyLimitMiddleware(app, settings.max_body)
    app = UnexpectedErrorMiddleware(app, settings.public_base)
    app = HeadMiddleware(app)
    origins = [origin.strip() for origin in settings.cors_origins.split(",")]
    allowed, exposed = ["Accept", "Content-Type", "If-None-Match"], ["API-Version", "ETag", "Retry-After"]
    app = CORSMiddleware(app, origins, METHODS, allowed, expose_headers=exposed, max_age=86_400)
    return DefaultHeadersMiddleware(app)


def _default_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """The headers of every answer. Open to all scripts, it says so to all, as what lies in between may keep it."""
    headers = {name: value for name, value in DEFAULT_HEADERS.items() if name != "Cache-Control"} | {"Vary": "Accept"}
    if settings.cors_origins.strip() == "*":
        headers["Access-Control-Allow-Origin"] = "*"
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _answer_headers(answer: Answer, *, sized: bool) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-type", content_type(answer.media_type).encode())]
    if sized:
        headers.append((b"content-length", b"%d" % len(answer.content)))
    if not answer.tag:
        return [*headers, (b"cache-control", b"no-store")]
    return [*headers, (b"etag", answer.tag.encode()), (b"cache-control", b"public, max-age=%d" % CACHE_SECONDS)]


def _header(scope: Scope, name: bytes) -> str:
    """A request header, its lines joined; empty when there is none."""
    return ", ".join([value.decode("latin-1") for key, value in scope["headers"] if key == name])
