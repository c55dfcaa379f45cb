"""What goes around every request, `/sparql` included: headers, CORS, HEAD, compression, limits, unforeseen errors, turns.

Plain ASGI, so that nothing is buffered and streamed answers stay streamed.
"""

import asyncio
import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import API_VERSION
from api.http.compression import PackMiddleware
from api.http.errors import SlowError, TooLargeError
from api.http.problems import unexpected
from api.http.settings import Settings
from api.http.turns import TurnMiddleware, Turns
from kb.language import Words

logger = logging.getLogger("api")

# What every answer carries unless its own route says otherwise.
DEFAULT_HEADERS = {
    "API-Version": API_VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "interest-cohort=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


# What is answered without work, or waits for its turn elsewhere.
FREE = ("/gezondheid", "/static/", "/sparql", "/vragen", "/v1/vragen")


def gate(settings: Settings, turns: Turns) -> list[Middleware]:
    """All that goes around every request, from the outside in."""
    return [
        Middleware(DefaultHeadersMiddleware, origins=settings.origins),
        Middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
            allow_headers=["Accept", "Content-Type", "If-None-Match"],
            expose_headers=["API-Version", "Content-Language", "ETag", "Link", "Retry-After"],
            max_age=86_400,
        ),
        Middleware(HeadMiddleware),
        Middleware(PackMiddleware),
        Middleware(UnexpectedErrorMiddleware, public_base=settings.public_base),
        Middleware(BodyLimitMiddleware, max_body=settings.max_body, seconds=settings.body_seconds),
        Middleware(TurnMiddleware, turns=turns, public_base=settings.public_base, free=FREE),
    ]


def turns_of(settings: Settings) -> Turns:
    """The turns of one process. One client has one at a time, as threads of one process do not compute side by side."""
    return Turns(most=settings.turns, each=1, room=settings.queue, seconds=settings.queue_seconds)


class DefaultHeadersMiddleware:
    """Gives every answer the headers it does not have yet."""

    def __init__(self, app: ASGIApp, origins: list[str]) -> None:
        self.app = app
        self._headers = dict(DEFAULT_HEADERS)
        # Said to all, also to who names no Origin, as what lies in between may keep the answer for others.
        self._open = origins == ["*"]
        if self._open:
            self._headers["Access-Control-Allow-Origin"] = "*"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not self._open:
                    headers.add_vary_header("Origin")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HeadMiddleware:
    """Answers HEAD as GET without the body, for every route at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)


class UnexpectedErrorMiddleware:
    """Turns an error nobody foresaw into a problem without internals, and logs what happened."""

    def __init__(self, app: ASGIApp, public_base: str) -> None:
        self.app = app
        self.public_base = public_base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            logger.exception("unexpected error at %s", scope.get("path"))
            if started or scope["type"] != "http":
                raise
            await unexpected(scope, self.public_base)(scope, receive, send)


class BodyLimitMiddleware:
    """Refuses a body as soon as it is known to be larger than allowed, announced or not, or when it comes too slowly."""

    def __init__(self, app: ASGIApp, max_body: int, seconds: float) -> None:
        self.app = app
        self.max_body = max_body
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        size, complete = 0, False
        until = asyncio.get_running_loop().time() + self.seconds

        async def receive_counted() -> Message:
            nonlocal size, complete
            try:
                async with asyncio.timeout_at(None if complete else until):
                    message = await receive()
            except TimeoutError:
                raise SlowError(_slow(self.seconds)) from None
            complete = complete or not message.get("more_body", False)
            size += len(message.get("body", b""))
            if size > self.max_body or (announced.isdecimal() and int(announced) > self.max_body):
                raise TooLargeError(_too_large(self.max_body))
            return message

        await self.app(scope, receive_counted, send)


def _slow(seconds: float) -> Words:
    return Words(
        f"De inhoud was na {seconds:g} seconden nog niet binnen.",
        f"The body had not come in after {seconds:g} seconds.",
    )


def _too_large(most: int) -> Words:
    return Words(f"De inhoud mag ten hoogste {most} bytes groot zijn.", f"The body may be at most {most} bytes.")
