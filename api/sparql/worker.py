"""A process that answers queries over one data set, one at a time, within limits that the kernel guards.

Run as `python -m api.sparql.worker LIMITS FILE`: LIMITS is JSON, FILE holds N-Quads. Requests and answers go over
standard input and output as frames: two lengths, JSON, bytes.

* Time: an alarm that nothing catches ends the process, whoever started it.
* Memory: the address space may grow by so much beyond the loaded data.
* Connections: none can be opened, as the process may have no file descriptor beyond those it has (unless `others`).
"""

import json
import os
import resource
import signal
import struct
import sys
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
)

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

LENGTHS = struct.Struct(">II")


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


def command(limits: Limits, data: Path) -> list[str]:
    """The command that starts a worker."""
    return [sys.executable, "-m", __name__, json.dumps(asdict(limits)), str(data)]


def write_frame(stream: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Send one frame."""
    encoded = json.dumps(head).encode()
    stream.write(LENGTHS.pack(len(encoded), len(body)) + encoded + body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Receive one frame; None when the other side is gone, be it halfway."""
    start = stream.read(LENGTHS.size)
    if len(start) < LENGTHS.size:
        return None
    head_size, body_size = LENGTHS.unpack(start)
    content = stream.read(head_size + body_size)
    if len(content) < head_size + body_size:
        return None
    return json.loads(content[:head_size]), content[head_size:]


def load(path: Path) -> Store:
    """The data with every named graph also in the default graph, so that it is their union and FROM still works."""
    # Parsed here, as the store's own loading would rename the blank nodes, differently in each process.
    quads = list(parse(path=str(path), format=RdfFormat.N_QUADS))
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend(Quad(*quad.triple) for quad in quads)
    return store


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


def main() -> None:
    """Answer until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is for the service to decide what an interrupt means
    os.nice(5)  # a heavy query should not slow down the service that hands out the light ones
    limits = Limits(**json.loads(sys.argv[1]))
    store = load(Path(sys.argv[2]))
    limit(limits)
    while frame := read_frame(sys.stdin.buffer):
        signal.setitimer(signal.ITIMER_REAL, limits.time)
        head, body = answer(store, limits, frame[0])
        signal.setitimer(signal.ITIMER_REAL, 0)
        write_frame(sys.stdout.buffer, head, body)


if __name__ == "__main__":
    main()
