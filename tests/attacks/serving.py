"""The whole service as its own command starts it, on a loopback port, and what an attacker needs: sockets and processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import ROOT
from tests.sparql.serving import free_port

# Longer than any busy machine takes: a service that takes this long has failed.
START_SECONDS = 600


@dataclass(frozen=True)
class Service:
    """A running service."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self, seconds: float = 60) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def send(self, data: bytes) -> bytes:
        """What comes back on a connection of its own until it ends, or nothing more comes."""
        with self.connect() as connection:
            connection.sendall(data)
            return read_all(connection)

    def memory(self) -> int:
        """The bytes of memory that the web process holds."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", text)
        assert found
        return int(found[1]) * 1024

    def workers(self) -> list[int]:
        """The processes that answer SPARQL."""
        return [child for keeper in children(self.process.pid) for child in children(keeper)]


def read_all(connection: socket.socket) -> bytes:
    """What comes in until the other side ends."""
    received = bytearray()
    try:
        while chunk := connection.recv(65_536):
            received += chunk
    except ConnectionError:
        pass
    return bytes(received)


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


@contextmanager
def running(
    log: Path, settings: Mapping[str, str] | None = None, first: str = "/sparql?query=ASK%7B%7D"
) -> Iterator[Service]:
    """The service, once it answers what is asked first: by default a query, for which it loads the data set."""
    port = free_port()
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), **(settings or {})}
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    service = Service(port, process, log)
    try:
        _wait(service, first)
        yield service
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()


def _wait(service: Service, path: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and service.process.poll() is None:
        try:
            if httpx.get(service.address + path, timeout=START_SECONDS).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(service.log.read_text())
