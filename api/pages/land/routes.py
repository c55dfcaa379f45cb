"""The routes of the pages of the country."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site
from api.http.negotiation import CSV
from api.pages.land.areas import PATH, LandPage
from api.pages.land.compare import COMPARE, ComparePage
from api.pages.land.planning import EXAMPLE, PLANNING, PlanningPage, example
from kb.engine import Engine

if TYPE_CHECKING:
    from api.v1.areas import Areas


def land_router(engine: Engine, site: Site, areas: Callable[[], "Areas"]) -> APIRouter:
    """The routes of the pages of the country; `areas` is not called before a page needs it."""
    router = APIRouter(include_in_schema=False)
    land, compare = LandPage(engine, site, areas), ComparePage(engine, site, areas)
    plannings = PlanningPage(engine, site)

    @router.get(PATH)
    def shown(request: Request) -> Response:
        return land.get(request)

    @router.get(COMPARE)
    def compared(request: Request) -> Response:
        return compare.get(request)

    @router.get(PLANNING)
    def planning(request: Request) -> Response:
        return plannings.get(request)

    @router.post(PLANNING)
    async def sent_planning(request: Request) -> Response:
        return await run_in_threadpool(plannings.post, request, await request.body())

    @router.get(f"{PLANNING}/{EXAMPLE}")
    def example_planning() -> Response:
        return Response(example(), 200, {"Content-Disposition": f'attachment; filename="{EXAMPLE}"'}, CSV)

    return router
