"""Real SPARQL stores on loopback, each in a folder of its own, that tests can start, stop and kill."""

import shutil
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kb.store.address import Address

# Longer than any busy machine takes: a store that is not there by then does not come.
PATIENCE = 300

VIRTUOSO_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
CaseMode = 2
DirsAllowed = .
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 10000
MaxQueryExecutionTime = 60
"""


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server(ABC):
    """A store; its data stays in `folder` when it stops, unless it need not keep anything."""

    name: str

    def __init__(self, folder: Path, *, keeps: bool = True) -> None:
        self.folder = folder
        self.keeps = keeps
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def address(self) -> Address:
        """Where it is reached, for writing too."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command that runs it in the foreground."""

    @classmethod
    @abstractmethod
    def binary(cls) -> str | None:
        """The program, if it is there."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start unless it runs, and wait until it answers queries."""
        if self._process:
            return
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(self.command(), cwd=self.folder, stdout=output, stderr=output)
        deadline = time.monotonic() + PATIENCE
        with httpx.Client() as client:
            while not self._answers(client):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} does not start: {(self.folder / 'output').read_text()}")
                time.sleep(0.05)

    def kill(self) -> None:
        """End at once, as when the power fails."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self, client: httpx.Client) -> bool:
        try:
            return client.post(self.address.query, data={"query": "ASK {}"}).is_success
        except httpx.TransportError:
            return False


class Oxigraph(Server):
    """The server of Oxigraph."""

    name = "Oxigraph"

    @property
    def address(self) -> Address:
        return Address(f"{self.url}/query", f"{self.url}/store", f"{self.url}/update")

    def command(self) -> list[str]:
        data = ["--location", "data"] if self.keeps else []
        return [str(self.binary()), "serve", *data, "--bind", f"127.0.0.1:{self.port}"]

    @classmethod
    def binary(cls) -> str | None:
        return shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")


class Virtuoso(Server):
    """Virtuoso, with the settings that Debian gives it as far as they matter here."""

    name = "Virtuoso"

    @property
    def address(self) -> Address:
        graphs, update = f"{self.url}/sparql-graph-crud-auth", f"{self.url}/sparql-auth"
        return Address(f"{self.url}/sparql", graphs, update, user="dba", password="dba")

    def command(self) -> list[str]:
        return [str(self.binary()), "+foreground", "+configfile", "virtuoso.ini"]

    @classmethod
    def binary(cls) -> str | None:
        return shutil.which("virtuoso-t")

    def start(self) -> None:
        """Start it with its settings, on a port of its own for SQL too."""
        ini = VIRTUOSO_INI.format(port=self.port, sql_port=free_port())
        (self.folder / "virtuoso.ini").write_text(ini)
        super().start()

    def kill(self) -> None:
        """End at once, and take away the lock that is left."""
        super().kill()
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)


SERVERS: list[type[Server]] = [Oxigraph, Virtuoso]


@contextmanager
def running(kind: type[Server], folder: Path, *, keeps: bool = True) -> Iterator[Server]:
    """A server that was started, and that is ended afterwards; a test that asks for one is skipped where there is none."""
    if kind.binary() is None:
        pytest.skip(f"{kind.name} is not installed; see .ci/install")
    server = kind(folder, keeps=keeps)
    try:
        server.start()
        yield server
    finally:
        server.kill()
