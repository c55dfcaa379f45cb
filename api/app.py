"""The service: `uvicorn api.app:create_app --factory`."""

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

import kb
from api.http import problems
from api.http.caching import json_response
from api.http.lazy import Lazy
from api.http.middleware import gate, turns_of
from api.http.settings import Settings, read_settings
from api.pages.routes import page_routes
from api.sparql.endpoint import SparqlEndpoint, SparqlMiddleware
from api.sparql.saved_queries import saved_queries_router
from api.v1 import adviezen, programmas
from api.v1.collections import Collections
from api.v1.gebieden import areas_of, areas_router
from api.v1.kennis import knowledge_router
from api.v1.models import Gezondheid
from api.v1.openapi import document, document_router
from api.v1.zoeken import search_router
from kb.dataset.kept import KeptDataset
from kb.engine import Engine
from kb.search.facets import Facets
from kb.search.index import Index
from kb.search.things import things
from kb.situation.model import Situatie


def create_app(engine: Engine | None = None, settings: Settings | None = None) -> FastAPI:
    """The app over an engine; by default the project's own, loaded once, and the settings of the environment."""
    engine = engine or Engine.load()
    settings = settings or read_settings()
    engine.advise(Situatie(), questions=1)  # so that the first asker does not wait for what is made on first use
    collections = Collections(engine, settings.public_base)
    kept = KeptDataset(engine)
    dataset = Lazy(kept.store)
    endpoint = SparqlEndpoint(dataset, settings, kept.file)
    turns = turns_of(settings)
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        middleware=[*gate(settings, turns), Middleware(SparqlMiddleware, endpoint=endpoint, pages=True)],
        lifespan=endpoint.lifespan,
    )
    app.state.engine = engine
    app.state.settings = settings
    saved = saved_queries_router(endpoint, engine, settings.public_base)
    areas = areas_of(engine, settings.public_base)
    index = Lazy(lambda: Index(things(engine, areas().country.table)))
    app.state.index = index
    for router in (
        adviezen.router,
        programmas.router,
        knowledge_router(collections, Facets(engine, index)),
        areas_router(areas),
        search_router(collections, index),
        saved,
        problems.router,
        document_router(),
        _health_router(),
    ):
        app.include_router(router)
    app.router.routes.extend(page_routes(engine, dataset, areas, index, endpoint, turns, settings.public_base))
    problems.install(app, settings.public_base)
    app.openapi = Lazy(lambda: document(app, collections, areas, settings))  # type: ignore[method-assign]  # FastAPI's own way to replace it
    return app


def _health_router() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/gezondheid", response_model=Gezondheid)
    async def get_gezondheid(request: Request) -> Response:
        """Whether the service is up, and over what: said without a thread, so also when all are busy."""
        engine: Engine = request.app.state.engine
        counts = {
            "individuen": len(engine.knowledge.individuals),
            "regels": len(engine.rules) + len(engine.knowledge.rules),
        }
        return json_response({"status": "in orde", "versie": kb.__version__, **counts})

    return router
