"""Real servers on free loopback ports, for tests that ask over HTTP as any client would."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from pyoxigraph import NamedNode, RdfFormat, Store
from starlette.applications import Starlette
from starlette.middleware import Middleware

from api.http.middleware import gate, turns_of
from api.http.settings import Settings
from api.sparql.endpoint import SparqlEndpoint, SparqlMiddleware
from bench.served import served


@contextmanager
def serving(make: Callable[[], Store], settings: Settings) -> Iterator[str]:
    """The address of a live `/sparql` over a store."""
    endpoint = SparqlEndpoint(make, settings)
    around = [*gate(settings, turns_of(settings)), Middleware(SparqlMiddleware, endpoint=endpoint)]
    app = Starlette(middleware=around, lifespan=endpoint.lifespan)
    with served(app) as address:
        yield f"{address}/sparql"


def client_at(address: str) -> httpx.Client:
    """A client at another loopback address: for the service, somebody else."""
    return httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=60)


@contextmanager
def oxigraph(command: Path, data: Path, location: Path) -> Iterator[str]:
    """The address of Oxigraph's own server over a file of N-Quads."""
    subprocess.run([command, "load", "--location", location, "--file", data], check=True, capture_output=True)
    port = free_port()
    bound = ["--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [command, "serve-read-only", "--location", location, *bound],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def store_of(graphs: dict[str, Path]) -> Store:
    """A store with a named graph from each file of N-Triples."""
    store = Store()
    for name, path in graphs.items():
        store.load(path=str(path), format=RdfFormat.N_TRIPLES, to_graph=NamedNode(name))
    return store


def _wait(address: str) -> None:
    for _ in range(500):
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            time.sleep(0.02)
    raise TimeoutError(address)
