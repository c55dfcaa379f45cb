"""The routes under `/advies`."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site
from api.pages.advies.address import PATH
from api.pages.advies.before import BeforePage
from api.pages.advies.page import FORMS, AdvicePage
from api.pages.advies.reading import BEFORE, BESIDE, WHY
from api.pages.advies.variants import BesidePage
from api.pages.advies.why import WhyPage
from kb.engine import Engine


def advice_router(engine: Engine, site: Site) -> APIRouter:
    """The routes of the consultant's pages."""
    router = APIRouter(include_in_schema=False)
    page = AdvicePage(engine, site)
    why, before, beside = WhyPage(page), BeforePage(page), BesidePage(page)

    @router.get(PATH)
    def advice(request: Request) -> Response:
        return page.get(request)

    @router.post(PATH)
    async def opened(request: Request) -> Response:
        return await run_in_threadpool(page.open_file, request, await request.body())

    @router.get(WHY)
    def proof(request: Request) -> Response:
        return why.get(request)

    @router.get(BEFORE)
    def order(request: Request) -> Response:
        return before.get(request)

    @router.get(BESIDE)
    def variants(request: Request) -> Response:
        return beside.get(request)

    def taken(request: Request) -> Response:
        return page.file(request, request.url.path.rpartition(".")[2])

    for form in FORMS:
        router.add_api_route(f"{PATH}.{form}", taken)

    @router.get(f"{PATH}/situatie.json")
    def kept(request: Request) -> Response:
        return page.file(request, "situatie")

    return router
