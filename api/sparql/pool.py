"""Queries on their way to the worker processes: so many at a time, so many waiting, the rest is sent away.

A worker that is killed from outside costs the one query that it was busy with: its connection ends, and the keeper is given
a new one to start another worker for.
"""

import asyncio
import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from api.http.turns import Turns
from api.sparql.data import Data
from api.sparql.worker import CHUNK, Limits, command, frame, missing, read

PACKAGES = Path(__file__).parents[2]

Reply = tuple[dict[str, Any], bytes]
KILLED: Reply = ({"outcome": "killed"}, b"")


class KeeperError(Exception):
    """There is no keeper any more to start a worker."""


class Workers:
    """A keeper process and its workers, each behind a connection of its own."""

    def __init__(self, data: Data, limits: Limits, size: int) -> None:
        self._control, theirs = socket.socketpair()
        search = os.pathsep.join([str(PACKAGES), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        self._process = subprocess.Popen(
            command(limits, data.file, theirs.fileno()),
            pass_fds=[theirs.fileno()],
            env={"PYTHONPATH": search},  # the service's own environment may hold secrets
            start_new_session=True,
        )
        theirs.close()
        self._connections = [self._worker() for _ in range(size)]

    async def ask(self, worker: int, request: dict[str, Any]) -> Reply:
        """The reply of one worker.

        Errors: KeeperError when the worker is gone and there is no keeper to start another.
        """
        if _is_ended(self._connections[worker]):
            self._replace(worker)
        reply = await self._exchange(self._connections[worker], request)
        if reply is None:
            self._replace(worker)
            return KILLED
        return reply

    async def _exchange(self, connection: socket.socket, request: dict[str, Any]) -> Reply | None:
        """The reply on a connection; None when it ends before."""
        loop = asyncio.get_running_loop()
        received = bytearray()
        try:
            await loop.sock_sendall(connection, frame(request))
            while missing(received):
                chunk = await loop.sock_recv(connection, CHUNK)
                if not chunk:
                    return None
                received += chunk
        except OSError:
            return None
        return read(received)

    def _worker(self) -> socket.socket:
        """The connection of a new worker.

        Errors: KeeperError.
        """
        own, other = socket.socketpair()
        own.setblocking(False)
        try:
            socket.send_fds(self._control, [b"+"], [other.fileno()])
        except OSError as error:
            own.close()
            raise KeeperError from error
        finally:
            other.close()
        return own

    def _replace(self, worker: int) -> None:
        connection = self._worker()
        self._connections[worker].close()
        self._connections[worker] = connection

    def stop(self) -> None:
        """End all processes, whatever they are doing."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._control.close()
        for connection in self._connections:
            with suppress(OSError):  # the other side may have been the last to hold it
                connection.shutdown(socket.SHUT_RDWR)  # wakes who still waits for a reply
            connection.close()


def _is_ended(connection: socket.socket) -> bool:
    """Whether the other side of a connection that should be silent is gone."""
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


class Pool:
    """Runs queries over a data set, one at a time for each worker. The processes start with the first query or `open`."""

    def __init__(self, data: Data, limits: Limits, *, workers: int, queue: int) -> None:
        self._data = data
        self._limits = limits
        self._size = workers
        self._idle = list(range(workers))
        self._turns = turns(workers, queue, limits)
        self._workers: Workers | None = None
        self._closed = False
        self._lock = Lock()

    def open(self) -> Workers:
        """Start the processes, unless they were."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the SPARQL workers were stopped")
            self._workers = self._workers or Workers(self._data, self._limits, self._size)
            return self._workers

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._closed = True
            if self._workers:
                self._workers.stop()

    async def run(self, request: dict[str, Any], client: str = "") -> Reply:
        """The reply of a worker to a request of a client.

        Errors: BusyError when too many wait, or when no worker comes free within the time that one query may take.
        """
        await self._turns.take(client)
        # Not to be cancelled halfway: the reply would wait for whoever asks this worker next.
        return await asyncio.shield(asyncio.create_task(self._ask(request, client)))

    async def _ask(self, request: dict[str, Any], client: str) -> Reply:
        worker = self._idle.pop()
        try:
            workers = await self._opened()
            try:
                return await workers.ask(worker, request)
            except KeeperError:
                await asyncio.to_thread(self._replace, workers)
                return KILLED
        finally:
            self._idle.append(worker)
            self._turns.give_back(client)

    async def _opened(self) -> Workers:
        workers = self._workers
        return workers if workers is not None else await asyncio.to_thread(self.open)

    def _replace(self, workers: Workers) -> None:
        """Let the next query start new processes."""
        with self._lock:
            if self._workers is workers and not self._closed:
                workers.stop()
                self._workers = None


def turns(workers: int, queue: int, limits: Limits) -> Turns:
    """The turns of so many workers: one client has a quarter of them at a time, and at least one."""
    return Turns(most=workers, each=max(1, workers // 4), room=queue, seconds=limits.time)
