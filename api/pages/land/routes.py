"""The routes of the pages of the country."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site
from api.pages.land.areas import PATH, LandPage
from api.pages.land.compare import COMPARE, ComparePage
from kb.engine import Engine

if TYPE_CHECKING:
    from api.v1.areas import Areas


def land_router(engine: Engine, site: Site, areas: Callable[[], "Areas"]) -> APIRouter:
    """The routes of the pages of the country; `areas` is not called before a page needs it."""
    router = APIRouter(include_in_schema=False)
    land, compare = LandPage(engine, site, areas), ComparePage(engine, site, areas)

    @router.get(PATH)
    def shown(request: Request) -> Response:
        return land.get(request)

    @router.get(COMPARE)
    def compared(request: Request) -> Response:
        return compare.get(request)

    return router
