"""Queries on their way to the worker processes: so many at a time, so many waiting, the rest is sent away."""

import asyncio
import os
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

from api.sparql.data import Data
from api.sparql.errors import BusyError
from api.sparql.worker import Limits, command, read_frame, write_frame

PACKAGES = Path(__file__).parents[2]

Reply = tuple[dict[str, Any], bytes]


class Family:
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
        self._sockets = [pair[0] for pair in pairs]
        self._streams = [connection.makefile("rwb") for connection in self._sockets]
        for connection in theirs:
            connection.close()

    def ask(self, worker: int, request: dict[str, Any]) -> Reply | None:
        """The reply of one worker; None when there is no keeper any more to let it come back."""
        try:
            write_frame(self._streams[worker], request)
            return read_frame(self._streams[worker])
        except (OSError, ValueError):  # ValueError: it was closed meanwhile
            return None

    def stop(self) -> None:
        """End all processes, whatever they are doing."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for connection, stream in zip(self._sockets, self._streams, strict=True):
            with suppress(OSError):  # what was not sent yet cannot be any more
                connection.shutdown(socket.SHUT_RDWR)  # wakes the thread that still reads
                stream.close()
            connection.close()


class Pool:
    """Runs queries over a data set. Usable from any event loop; the processes start with the first query or `open`."""

    def __init__(self, data: Data, limits: Limits, *, workers: int, queue: int) -> None:
        self._data = data
        self._limits = limits
        self._size = workers
        self._room = workers + queue
        self._pending = 0
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sparql")
        self._idle: SimpleQueue[int] = SimpleQueue()
        for worker in range(workers):
            self._idle.put(worker)
        self._family: Family | None = None
        self._closed = False
        self._lock = Lock()

    def open(self) -> None:
        """Start the processes, unless they were."""
        self._current()

    def close(self) -> None:
        """End all processes; queries that still wait are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            if self._family:
                self._family.stop()

    async def run(self, request: dict[str, Any]) -> Reply:
        """The reply of a worker to a request.

        Errors: BusyError when too many wait, or when no worker comes free within the time that one query may take.
        """
        if self._pending >= self._room:
            raise BusyError(f"Er wachten al {self._room} query's. Probeer het zo nog eens.")
        self._pending += 1
        try:
            return await self._queued(request)
        finally:
            self._pending -= 1

    async def _queued(self, request: dict[str, Any]) -> Reply:
        job = self._threads.submit(self._ask, request)
        reply = asyncio.wrap_future(job)
        try:
            return await asyncio.wait_for(asyncio.shield(reply), self._limits.time)
        except TimeoutError:
            if job.cancel():
                raise BusyError("Er kwam op tijd geen plaats vrij voor deze query. Probeer het zo nog eens.") from None
            return await reply

    def _ask(self, request: dict[str, Any]) -> Reply:
        worker = self._idle.get()
        family = self._current()
        try:
            reply = family.ask(worker, request)
        finally:
            self._idle.put(worker)
        if reply is None:
            self._replace(family)
            raise RuntimeError("the SPARQL workers ended")
        return reply

    def _current(self) -> Family:
        """The processes to ask, started if need be. There is always one idle worker for a thread, but maybe no process."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the SPARQL workers were stopped")
            self._family = self._family or Family(self._data, self._limits, self._size)
            return self._family

    def _replace(self, family: Family) -> None:
        """Let the next query start new processes."""
        with self._lock:
            if self._family is family and not self._closed:
                family.stop()
                self._family = None
