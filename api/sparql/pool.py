"""Queries on their way to the worker processes: so many at a time, so many waiting, the rest is sent away."""

import asyncio
import os
import signal
import socket
import subprocess
from collections import deque
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from api.sparql.data import Data
from api.sparql.errors import BusyError
from api.sparql.worker import CHUNK, Limits, command, frame, missing, read

PACKAGES = Path(__file__).parents[2]

Reply = tuple[dict[str, Any], bytes]


class Workers:
    """A keeper process and its workers, each behind a connection of its own."""

    def __init__(self, data: Data, limits: Limits, size: int) -> None:
        pairs = [socket.socketpair() for _ in range(size)]
        theirs = [pair[1] for pair in pairs]
        search = os.pathsep.join([str(PACKAGES), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        self._process = subprocess.Popen(
            command(limits, data.file, [connection.fileno() for connection in theirs]),
            pass_fds=[connection.fileno() for connection in theirs],
            env={"PYTHONPATH": search},  # the service's own environment may hold secrets
            start_new_session=True,
        )
        self._connections = [pair[0] for pair in pairs]
        for own, other in pairs:
            own.setblocking(False)
            other.close()

    async def ask(self, worker: int, request: dict[str, Any]) -> Reply | None:
        """The reply of one worker; None when there is no keeper any more to let it come back."""
        loop, connection = asyncio.get_running_loop(), self._connections[worker]
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

    def stop(self) -> None:
        """End all processes, whatever they are doing."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for connection in self._connections:
            with suppress(OSError):  # the other side may have been the last to hold it
                connection.shutdown(socket.SHUT_RDWR)  # wakes who still waits for a reply
            connection.close()


class Pool:
    """Runs queries over a data set, one at a time for each worker. The processes start with the first query or `open`."""

    def __init__(self, data: Data, limits: Limits, *, workers: int, queue: int) -> None:
        self._data = data
        self._limits = limits
        self._size = workers
        self._queue = queue
        self._idle = list(range(workers))
        self._waiting: deque[asyncio.Future[int]] = deque()
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

    async def run(self, request: dict[str, Any]) -> Reply:
        """The reply of a worker to a request.

        Errors: BusyError when too many wait, or when no worker comes free within the time that one query may take.
        """
        workers = self._workers
        if workers is None:
            workers = await asyncio.to_thread(self.open)
        worker = await self._free_worker()
        # Not to be cancelled halfway: the reply would wait for whoever asks this worker next.
        return await asyncio.shield(asyncio.create_task(self._ask(workers, worker, request)))

    async def _free_worker(self) -> int:
        if self._idle:
            return self._idle.pop()
        if len(self._waiting) >= self._queue:
            raise BusyError(f"Er wachten al {self._queue} query's. Probeer het zo nog eens.")
        turn: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await asyncio.wait_for(turn, self._limits.time)
        except TimeoutError:
            raise BusyError("Er kwam op tijd geen plaats vrij voor deze query. Probeer het zo nog eens.") from None
        finally:
            with suppress(ValueError):  # whose turn came is no longer in the queue
                self._waiting.remove(turn)

    async def _ask(self, workers: Workers, worker: int, request: dict[str, Any]) -> Reply:
        try:
            reply = await workers.ask(worker, request)
        finally:
            self._release(worker)
        if reply is None:
            self._replace(workers)
            raise RuntimeError("the SPARQL workers ended")
        return reply

    def _release(self, worker: int) -> None:
        """Give a worker to who waits longest, or let it rest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(worker)
                return
        self._idle.append(worker)

    def _replace(self, workers: Workers) -> None:
        """Let the next query start new processes."""
        with self._lock:
            if self._workers is workers and not self._closed:
                workers.stop()
                self._workers = None
