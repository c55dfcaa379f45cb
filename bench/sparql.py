"""Requests per second on the example queries: our `/sparql` with and without its memory, beside Oxigraph's own server.

Run as `python -m bench.sparql`: both serve the same quads, and are asked one after the other over 8 connections, by wrk
where that is installed and else by a small client of our own.
"""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.middleware import Middleware

from api.http.middleware import gate, turns_of
from api.http.settings import Settings
from api.sparql.data import Data
from api.sparql.endpoint import PATH, SparqlEndpoint, SparqlMiddleware
from api.sparql.example_queries import read_voorbeelden
from kb.dataset.graphs import build_dataset
from kb.engine import Engine

CONNECTIONS = 8
PROCESSES = 2
SECONDS = 8
OXIGRAPH = "Oxigraph"
LIGHT = "SELECT ?transitie { ?transitie a <https://w3id.org/wijkaanpak/def#Transitie> }"
ACCEPT = "application/sparql-results+json, text/turtle"

WRK_SCRIPT = """
local requests, last = {}, 0
wrk.headers["Accept"] = os.getenv("ACCEPT")
init = function()
  for line in io.lines(os.getenv("REQUESTS")) do requests[#requests + 1] = wrk.format("GET", line) end
end
request = function() last = last % #requests + 1; return requests[last] end
"""

Measure = Callable[[int, Sequence[str]], float]


@dataclass(frozen=True)
class Server:
    """A server to measure."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    path: str


def app() -> Starlette:
    """Our endpoint on its own, for uvicorn to serve."""
    settings = Settings()
    endpoint = SparqlEndpoint(lambda: build_dataset(Engine.load()), settings)
    around = [*gate(settings, turns_of(settings)), Middleware(SparqlMiddleware, endpoint=endpoint)]
    return Starlette(middleware=around, lifespan=endpoint.lifespan)


def main() -> None:
    """Measure and print."""
    examples = [voorbeeld.query for voorbeeld in read_voorbeelden()]
    loads = {f"all {len(examples)} examples": examples, "a light query": [LIGHT]}
    measure, client = (_with_wrk, "wrk") if shutil.which("wrk") else (_with_asyncio, "asyncio")
    with tempfile.TemporaryDirectory() as folder:
        rates = {server.name: _rates(server, list(loads.values()), measure) for server in _servers(Path(folder))}
    title = f"Requests per second, {CONNECTIONS} connections, {os.cpu_count()} cores, client: {client}"
    table = Table("server", *loads, title=title)
    for name, found in rates.items():
        beside = zip(found, rates[OXIGRAPH], strict=True)
        table.add_row(name, *(f"{rate:,.0f} ({rate / theirs:.2f}×)" for rate, theirs in beside))
    Console().print(table)


def _servers(folder: Path) -> Iterator[Server]:
    oxigraph = str(Path(sys.executable).parent / "oxigraph")
    data = Data(lambda: build_dataset(Engine.load()))
    location = str(folder / "oxigraph")
    subprocess.run([oxigraph, "load", "--location", location, "--file", data.file], check=True, capture_output=True)
    data.close()
    yield Server(
        "Oxigraph",
        [oxigraph, "serve-read-only", "--location", location, "--union-default-graph", "--bind", "127.0.0.1:{port}"],
        {},
        "/query",
    )
    ours = [sys.executable, "-m", "uvicorn", "bench.sparql:app", "--factory", "--port", "{port}"]
    ours += ["--workers", str(PROCESSES), "--log-level", "warning", "--no-access-log"]
    yield Server("ours, remembered", ours, {}, PATH)
    yield Server("ours, worked out each time", ours, {"WIJKAANPAK_SPARQL_CACHE": "0"}, PATH)


def _rates(server: Server, loads: Sequence[Sequence[str]], measure: Measure) -> list[float]:
    with _running(server) as port:
        return [measure(port, [f"{server.path}?query={quote(query)}" for query in queries]) for queries in loads]


@contextmanager
def _running(server: Server) -> Iterator[int]:
    """The port of a server that has answered a first query."""
    port = _free_port()
    command = [part.format(port=port) for part in server.command]
    process = subprocess.Popen(command, env=os.environ | server.environment, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}{server.path}?query={quote('ASK {}')}")
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(address: str) -> None:
    """Wait until every process behind an address answers: each builds the data by itself."""
    answered = 0
    while answered < 4 * PROCESSES:
        try:
            with urlopen(address):
                answered += 1
        except URLError:
            time.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _with_wrk(port: int, targets: Sequence[str]) -> float:
    """The rate that wrk sees, after a round to warm up."""
    with tempfile.TemporaryDirectory() as folder:
        script, requests = Path(folder) / "requests.lua", Path(folder) / "requests.txt"
        script.write_text(WRK_SCRIPT, encoding="utf-8")
        requests.write_text("".join(f"{target}\n" for target in targets), encoding="utf-8")
        for seconds in (2, SECONDS):
            command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}"]
            found = subprocess.run(
                command,
                env=os.environ | {"REQUESTS": str(requests), "ACCEPT": ACCEPT},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
    if "Non-2xx" in found:
        raise RuntimeError(found)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", found)[0])


def _with_asyncio(port: int, targets: Sequence[str]) -> float:
    return asyncio.run(_asyncio_rate(port, targets))


async def _asyncio_rate(port: int, targets: Sequence[str]) -> float:
    await asyncio.gather(*(_ask(port, targets, 2) for _ in range(CONNECTIONS)))
    return sum(await asyncio.gather(*(_ask(port, targets, SECONDS) for _ in range(CONNECTIONS)))) / SECONDS


async def _ask(port: int, targets: Sequence[str], seconds: float) -> int:
    """How many answers one connection gets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        target = targets[count % len(targets)]
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: {ACCEPT}\r\n\r\n".encode())
        await _read_answer(reader)
        count += 1
    writer.close()
    return count


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(head.decode())
    length = re.search(rb"content-length: (\d+)", head)
    if length:
        await reader.readexactly(int(length[1]))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


if __name__ == "__main__":
    main()
