"""Worker processes that run queries: so many at a time, so many waiting, and a new one for each that its query killed."""

import asyncio
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

from api.sparql.data import Data
from api.sparql.errors import BusyError
from api.sparql.worker import Limits, command, read_frame, write_frame

PACKAGES = Path(__file__).parents[2]

# What ends a process at a limit: the alarm; or an allocation that fails, a stack that is full, the system that runs out.
ENDS: dict[int, str] = {
    signal.SIGALRM: "time",
    signal.SIGABRT: "memory",
    signal.SIGSEGV: "memory",
    signal.SIGKILL: "memory",
}

Reply = tuple[dict[str, Any], bytes]


class Worker:
    """One process. The service's own environment, which may hold secrets, is not handed on."""

    def __init__(self, limits: Limits, data: Path) -> None:
        search = os.pathsep.join([str(PACKAGES), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        self._process = subprocess.Popen(
            command(limits, data), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PYTHONPATH": search}
        )

    def ask(self, request: dict[str, Any]) -> Reply:
        """What the process answers; when a limit ends it, an outcome that says which.

        Errors: RuntimeError when it ended for a reason of its own.
        """
        assert self._process.stdin and self._process.stdout  # both are pipes
        try:
            write_frame(self._process.stdin, request)
            reply = read_frame(self._process.stdout)
        except BrokenPipeError:
            reply = None
        return reply or ({"outcome": self._end()}, b"")

    @property
    def alive(self) -> bool:
        """Whether it can take another query."""
        return self._process.poll() is None

    def _end(self) -> str:
        ended_by = -self._process.wait()
        if ended_by not in ENDS:
            raise RuntimeError(f"SPARQL worker ended with {-ended_by}")
        return ENDS[ended_by]

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        with self._process:
            pass


class Pool:
    """Runs queries over a data set. Usable from any event loop; the processes start with the first query or `open`."""

    def __init__(self, data: Data, limits: Limits, *, workers: int, queue: int) -> None:
        self._data = data
        self._limits = limits
        self._size = workers
        self._room = workers + queue
        self._pending = 0
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sparql")
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        self._workers: set[Worker] = set()
        self._lock = Lock()
        self._closed = False

    def open(self) -> None:
        """Start the processes, unless they were."""
        with self._lock:
            for _ in range(self._size - len(self._workers)):
                self._idle.put(self._start())

    def close(self) -> None:
        """End all processes; queries that still wait are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.stop()

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
        if not self._workers:
            self.open()
        worker = self._idle.get()
        try:
            return worker.ask(request)
        finally:
            self._idle.put(worker if worker.alive else self._replace(worker))

    def _replace(self, worker: Worker) -> Worker:
        with self._lock:
            if self._closed:
                return worker
            self._workers.discard(worker)
            worker.stop()
            return self._start()

    def _start(self) -> Worker:
        worker = Worker(self._limits, self._data.file)
        self._workers.add(worker)
        return worker
