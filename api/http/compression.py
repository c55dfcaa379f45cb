"""Answers packed with gzip by ISA-L, which takes a sixth of the time of zlib at its fastest, for about as many bytes."""

from functools import cached_property

from isal import isal_zlib
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Receive, Scope, Send

# Answers of at least so many bytes are packed: what is smaller fits in a few packets anyway.
PACKED_FROM = 2_048
LEVEL = 2
# Who packs more than this hands it to a thread; below it that takes no more than a few milliseconds.
IN_THREAD_FROM = 4_194_304


class PackMiddleware:
    """Packs answers for who can unpack them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepted = "gzip" in Headers(scope=scope).get("Accept-Encoding", "")
        responder = Packer(self.app) if accepted else IdentityResponder(self.app, PACKED_FROM)
        await responder(scope, receive, send)


class Packer(GZipResponder):
    """Packs one answer, whole or as it comes."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, PACKED_FROM, thread_minimum_size=IN_THREAD_FROM)

    @cached_property
    def _packing(self) -> isal_zlib.Compress:
        return isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, 16 + isal_zlib.MAX_WBITS)

    def _compress_body(self, body: bytes, more_body: bool) -> bytes:
        flushed = isal_zlib.Z_SYNC_FLUSH if more_body else isal_zlib.Z_FINISH
        return self._packing.compress(body) + self._packing.flush(flushed)
