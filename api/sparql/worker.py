"""The processes that answer queries over one data set, within limits that the kernel guards.

Run as `python -m api.sparql.worker LIMITS FILE CONTROL`: LIMITS is JSON, FILE holds N-Quads, CONTROL is the number of an open
socket. This process, the keeper, loads the data and forks a worker for each connection that comes in over CONTROL, which
answers one request at a time. A worker that its query killed is missed by nobody: the keeper says what happened and forks
another, at once, as the data is there already. One that ends otherwise (the kernel short of memory, an operator) has its
connection closed, and the service sends another. Requests and answers are frames: two lengths, JSON, bytes.

* Time: an alarm that nothing catches ends the worker, even when the service is gone.
* Memory: the address space of a worker may grow by so much beyond the loaded data.
* Connections: a worker can open none, as it may have no file descriptor beyond those it has (unless `others`).
"""

import json
import os
import resource
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

LENGTHS = struct.Struct(">II")
CHUNK = 2**16

# What ends a worker at a limit: the alarm; or an allocation that fails, or a stack that is full.
ENDS: dict[int, str] = {signal.SIGALRM: "time", signal.SIGABRT: "memory", signal.SIGSEGV: "memory"}


@dataclass(frozen=True)
class Limits:
    """What a query may take; `others` is whether it may ask other endpoints."""

    time: float
    memory: int
    size: int
    base: str
    others: bool = False


class TooLargeAnswerError(Exception):
    """An answer that grows beyond the cap."""


class CappedBuffer(BytesIO):
    """Bytes in memory up to a cap."""

    def __init__(self, cap: int) -> None:
        super().__init__()
        self._cap = cap

    def write(self, data: "Buffer") -> int:
        """Keep some more.

        Errors: TooLargeAnswerError.
        """
        written = super().write(data)
        if self.tell() > self._cap:
            raise TooLargeAnswerError
        return written


def command(limits: Limits, data: Path, control: int) -> list[str]:
    """The command that starts a keeper."""
    return [sys.executable, "-m", __name__, json.dumps(asdict(limits)), str(data), str(control)]


def frame(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One frame to send."""
    encoded = json.dumps(head).encode()
    return LENGTHS.pack(len(encoded), len(body)) + encoded + body


def missing(received: bytes | bytearray) -> int:
    """How many bytes must still come before there is a whole frame, or is known how long it is."""
    if len(received) < LENGTHS.size:
        return LENGTHS.size - len(received)
    head, body = LENGTHS.unpack_from(received)
    return LENGTHS.size + int(head) + int(body) - len(received)


def read(received: bytes | bytearray) -> tuple[dict[str, Any], bytes]:
    """What a whole frame says."""
    end = LENGTHS.size + LENGTHS.unpack_from(received)[0]
    return json.loads(received[LENGTHS.size : end]), bytes(received[end:])


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """The next request; None when the service is gone."""
    received = bytearray()
    while missing(received):
        chunk = connection.recv(CHUNK)  # never more than this frame, as the service waits for the reply
        if not chunk:
            return None
        received += chunk
    return read(received)[0]


def limit(limits: Limits) -> None:
    """Let the kernel guard this process from here on."""
    room = _address_space() + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not limits.others:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _address_space() -> int:
    """The bytes of address space in use."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def answer(store: Store, limits: Limits, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The answer to one request: its outcome and, when that is `ok`, its bytes."""
    try:
        results = _run(store, limits, request)
        forms = request["triples" if isinstance(results, QueryTriples) else "solutions"]
        if forms is None:
            return {"outcome": "not-acceptable", "message": type(results).__name__}, b""
        buffer = CappedBuffer(limits.size)
        _serialize(results, buffer, forms[1])
        return {"outcome": "ok", "media_type": forms[0]}, buffer.getvalue()
    except SyntaxError as error:
        return {"outcome": "malformed", "message": str(error)}, b""
    except TooLargeAnswerError:
        return {"outcome": "too-large"}, b""
    except MemoryError:
        return {"outcome": "memory"}, b""
    except (OSError, RuntimeError, ValueError) as error:
        return {"outcome": "failed", "message": str(error)}, b""


def _run(store: Store, limits: Limits, request: dict[str, Any]) -> QuerySolutions | QueryBoolean | QueryTriples:
    """The results, worked out as they are read. Graphs given by the request replace those that the query names."""
    if not (request["default"] or request["named"]):
        return store.query(request["query"], base_iri=limits.base)
    default: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(iri) for iri in request["default"]]
    named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in request["named"]]
    return store.query(request["query"], base_iri=limits.base, default_graph=default, named_graphs=named)


def _serialize(results: QuerySolutions | QueryBoolean | QueryTriples, buffer: CappedBuffer, media_type: str) -> None:
    if isinstance(results, QueryTriples):
        results.serialize(buffer, format=RdfFormat.from_media_type(media_type))
    else:
        results.serialize(buffer, format=QueryResultsFormat.from_media_type(media_type))


def load(file: Path) -> Store:
    """The quads of a file, with the union of all graphs as default graph: put there, so that FROM still replaces it.

    In memory, as a store on disk takes some three times as long to answer from.
    """
    store = Store()
    store.load(path=str(file), format=RdfFormat.N_QUADS)
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }")
    return store


def serve(store: Store, limits: Limits, connection: socket.socket) -> None:
    """Be a worker until the service is gone."""
    limit(limits)
    while (request := receive(connection)) is not None:
        signal.setitimer(signal.ITIMER_REAL, limits.time)
        head, body = answer(store, limits, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.sendall(frame(head, body))


class Keeper:
    """Starts a worker for each connection that comes in, and another for each that its query killed."""

    def __init__(self, control: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        self._control = control
        self._serve = serve
        self._running: dict[int, socket.socket] = {}

    def keep(self) -> None:
        """Do so until the service is gone."""
        ended, wake = socket.socketpair()
        for end in (ended, wake):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to be woken
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select([self._control, ended], [], [])
            if ended in ready:
                ended.recv(CHUNK)
                self._bury()
            if self._control in ready and not self._take_in():
                return

    def _take_in(self) -> bool:
        """Start a worker for a connection that came in; False when the service is gone."""
        message, connections, _, _ = socket.recv_fds(self._control, 1, 1)
        for number in connections:
            self._start(socket.socket(fileno=number))
        return bool(message)

    def _bury(self) -> None:
        """Replace the workers that ended."""
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            connection = self._running.pop(pid)
            outcome = ENDS.get(os.WTERMSIG(status)) if os.WIFSIGNALED(status) else None
            if outcome:
                with suppress(OSError):  # the service may be gone
                    connection.sendall(frame({"outcome": outcome}))
                self._start(connection)
            else:
                connection.close()

    def _start(self, connection: socket.socket) -> None:
        pid = os.fork()
        if pid:
            self._running[pid] = connection
            return
        signal.set_wakeup_fd(-1)
        # Held here too, the connection of another worker would not end with that worker and its keeper.
        for other in (self._control, *self._running.values()):
            other.close()
        self._serve(connection)
        os._exit(0)


def main() -> None:
    """Be the keeper."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the service to decide what an interrupt means
    os.nice(5)  # a heavy query should not slow down the service that hands out the light ones
    limits = Limits(**json.loads(sys.argv[1]))
    store = load(Path(sys.argv[2]))
    Keeper(socket.socket(fileno=int(sys.argv[3])), lambda connection: serve(store, limits, connection)).keep()


if __name__ == "__main__":
    main()
