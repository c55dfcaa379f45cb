"""All pages together, as routes for the app."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import Store
from starlette.routing import BaseRoute, Mount

from api.html.site import STATIC, Site, StaticFolder
from api.http.lazy import Lazy
from api.http.turns import Turns
from api.linked.areas import areas_linked_router
from api.linked.routes import LinkedData, linked_router
from api.pages.advies.address import situation_path
from api.pages.advies.routes import advice_router
from api.pages.downloads import Downloads, downloads_router
from api.pages.land.routes import land_router
from api.pages.query import query_router
from api.pages.search import search_router
from api.pages.start import start_router
from api.sparql.endpoint import SparqlEndpoint
from kb.engine import Engine
from kb.search.facets import Facets
from kb.search.index import Index

if TYPE_CHECKING:
    from api.v1.areas import Areas


def page_routes(
    engine: Engine,
    store: Callable[[], Store],
    areas: Callable[[], "Areas"],
    index: Callable[[], Index],
    endpoint: SparqlEndpoint,
    turns: Turns,
    public_base: str,
) -> Iterator[BaseRoute]:
    """The routes of the start page, the consultant's pages, linked data, the query page, the downloads and what they need.

    `store` gives the data set, `areas` the country and `index` the search; none is called before a page needs it.
    """
    site = Site(public_base)
    linked = Lazy(lambda: LinkedData(engine, store(), site, Facets(engine, index), situation_path))
    for router in (
        start_router(engine, site),
        advice_router(engine, site),
        areas_linked_router(engine, site, areas, lambda request, error: linked().missing(request, error)),
        land_router(engine, site, areas),
        search_router(engine, site, index),
        linked_router(linked),
        query_router(endpoint, turns, site, engine.knowledge),
        downloads_router(Lazy(lambda: Downloads(engine, store(), site))),
    ):
        yield from router.routes
    yield Mount(STATIC, StaticFolder())
