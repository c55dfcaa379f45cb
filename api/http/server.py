"""The server's side of a connection: a head of a request that is too large or too slow never becomes a request.

Uvicorn's parser takes headers without end and waits for them without end. A head is refused here before more of it is read,
and nothing of it reaches the service.
"""

import asyncio
from functools import cache
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.settings import read_settings

MOST_HEADER_BYTES = 16_384
MOST_ADDRESS_BYTES = 65_536


class BoundedProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, with limits on the head of each request."""

    url = b""
    _in_head = True
    _received = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn itself
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand on what came in, while a head in small parts so that no more is read of it than may be there."""
        while data and not self.transport.is_closing():
            part = data[:MOST_HEADER_BYTES] if self._in_head else data
            data = data[len(part) :]
            if self._in_head:
                self._received += len(part)
                if self._timer is None:
                    self._wait()
            super().data_received(part)
            if self._in_head and self._received - len(self.url) > MOST_HEADER_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            elif self._in_head and len(self.url) > MOST_ADDRESS_BYTES:
                self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is there; one that came in one part may still be too large."""
        self._in_head, self._received = False, 0
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if sum(len(name) + len(value) for name, value in self.headers) > MOST_HEADER_BYTES:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif len(self.url) > MOST_ADDRESS_BYTES:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body, unless the request was refused."""
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The end of a request; what follows is the head of the next."""
        self._in_head = True
        if not self.transport.is_closing():
            super().on_message_complete()

    def _wait(self) -> None:
        self._timer = self.loop.call_later(_head_seconds(), self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: HTTPStatus) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:  # not into the middle of another answer
            head = f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            self.transport.write(head.encode())
        self.transport.close()


@cache
def _head_seconds() -> float:
    """From the environment: uvicorn makes the protocol in a process of its own, and hands it no settings of ours."""
    return read_settings().head_seconds
