"""What goes around every request: headers, HEAD, the limit on a body, and errors nobody foresaw.

Plain ASGI, so that nothing is buffered and streamed answers stay streamed.
"""

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import API_VERSION
from api.http.errors import TooLargeError
from api.http.problems import unexpected

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


class DefaultHeadersMiddleware:
    """Gives every answer the headers it does not have yet."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in DEFAULT_HEADERS.items():
                    headers.setdefault(name, value)
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
            await unexpected(scope["path"], self.public_base)(scope, receive, send)


class BodyLimitMiddleware:
    """Refuses a body as soon as it is known to be larger than allowed, announced or not."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self.app = app
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        size = 0

        async def receive_counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.max_body or (announced.isdecimal() and int(announced) > self.max_body):
                raise TooLargeError(f"De inhoud mag ten hoogste {self.max_body} bytes groot zijn.")
            return message

        await self.app(scope, receive_counted, send)
