"""The service, at once over the project's own files, or as soon as the store that holds the data is there.

While it waits, every request gets a 503 that says so, and the store is asked again with growing pauses; nothing needs to be
started anew when the store comes back. Once loaded, advice no longer needs the store; only `/sparql` asks it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.http.middleware import DefaultHeadersMiddleware
from api.http.problems import unavailable
from api.http.settings import Settings, read_settings
from kb.collector import all_stays
from kb.engine import Engine
from kb.errors import WijkaanpakError
from kb.language import Words

logger = logging.getLogger("api")

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


def create_service() -> ASGIApp:
    """The service with the settings of the environment: `uvicorn api.waiting:create_service --factory`."""
    settings = read_settings()
    if not settings.store_query:
        return prepared(create_app(settings=settings))
    return WaitingApp(lambda: prepared(build_over_store(settings)), settings.public_base)


def prepared(app: FastAPI) -> FastAPI:
    """The app, while what takes long to make on first use is made in the background."""
    all_stays()
    Thread(target=app.openapi, name="openapi", daemon=True).start()
    Thread(target=_make_ready, args=(app,), name="make-ready", daemon=True).start()
    return app


def build_over_store(settings: Settings) -> FastAPI:
    """The app over the knowledge in a store.

    Errors: StoreError when the store is away or does not hold the data.
    """
    from kb.store.client import StoreClient
    from kb.store.knowledge import load_engine

    with StoreClient(settings.store) as client:
        return create_app(load_engine(client), settings)


def _make_ready(app: FastAPI) -> None:
    """What later questions need; the collector passes over it from then on."""
    engine: Engine = app.state.engine
    engine.missing.prepare()
    try:
        app.state.index()
    except WijkaanpakError as error:
        logger.warning("no search yet: %s", error)
    all_stays()


def pauses(first: float = FIRST_PAUSE, longest: float = LONGEST_PAUSE) -> Iterator[float]:
    """How many seconds to wait before each next try."""
    pause = first
    while True:
        yield pause
        pause = min(2 * pause, longest)


class WaitingApp:
    """An app that is built when it can be; until then everything is answered with a 503."""

    def __init__(
        self,
        build: Callable[[], FastAPI],
        public_base: str,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._build = build
        self._public_base = public_base
        self._pauses = pauses(first_pause, longest_pause)
        self._pause = first_pause
        self._app: FastAPI | None = None
        self._life = Starlette(lifespan=self._lifespan)
        self._refusal = DefaultHeadersMiddleware(self._refuse, ["*"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "lifespan":
            await self._life(scope, receive, send)
        else:
            await (self._app or self._refusal)(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(self._serve(stop))
        yield
        stop.set()
        if self._app is None:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _serve(self, stop: asyncio.Event) -> None:
        """Run the app from when it is built until the service stops."""
        app = await self._built()
        async with app.router.lifespan_context(app):
            self._app = app
            await stop.wait()

    async def _built(self) -> FastAPI:
        while True:
            try:
                return await asyncio.to_thread(self._build)
            except WijkaanpakError as error:
                self._pause = next(self._pauses)
                logger.warning("waiting for the store, %g s until the next try: %s", self._pause, error)
            except Exception:
                self._pause = next(self._pauses)
                logger.exception("cannot build the service, %g s until the next try", self._pause)
            await asyncio.sleep(self._pause)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = unavailable(scope, self._public_base, _AWAY, max(1, round(self._pause)))
        await response(scope, receive, send)


_AWAY = Words(
    "De opslag met de gegevens is nu niet bereikbaar of nog niet gevuld. De dienst probeert het zelf opnieuw.",
    "The store with the data is away now, or not filled yet. The service tries again by itself.",
)
