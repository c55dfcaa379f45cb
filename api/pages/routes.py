"""All pages together, as routes for the app."""

from collections.abc import Iterator

from pyoxigraph import Store
from starlette.routing import BaseRoute, Mount

from api.linked.routes import LinkedData, linked_router
from api.pages.downloads import Downloads, downloads_router
from api.pages.query import query_router
from api.pages.site import STATIC, Site, StaticFolder
from api.pages.start import start_router
from api.sparql.endpoint import SparqlEndpoint
from kb.engine import Engine
from kb.rdf import prefixes


def page_routes(engine: Engine, store: Store, endpoint: SparqlEndpoint, public_base: str) -> Iterator[BaseRoute]:
    """The routes of the start page, linked data, the query page, the downloads and what they need."""
    site = Site(public_base)
    linked = LinkedData(engine, store, site)
    for router in (
        start_router(linked, site),
        linked_router(linked),
        query_router(endpoint, site, prefixes(engine.knowledge)),
        downloads_router(Downloads(engine, store, site)),
    ):
        yield from router.routes
    yield Mount(STATIC, StaticFolder())
