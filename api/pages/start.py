"""The start page: what it is for, the field to begin with, and where everything else is; and the page to look things up."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.html.site import Site, page_language
from api.linked.kinds import kinds_of
from api.linked.naming import DOC
from api.pages.advies.address import PATH
from api.pages.advies.page import examples
from kb.engine import Engine
from kb.situation.before import WIJK

LOOK_UP = "/opzoeken"


def start_router(engine: Engine, site: Site) -> APIRouter:
    """The routes of the start page and of the page to look things up."""
    router = APIRouter(include_in_schema=False)
    wijken = f"{DOC}{engine.knowledge.segments[WIJK]}"

    @router.get("/")
    def start(request: Request) -> Response:
        language = page_language(request).language
        return site.page(
            request,
            "start.html",
            soorten=kinds_of(engine, language),
            api=BASE_PATH,
            pad=PATH,
            voorbeelden=examples(engine, language),
            wijken=wijken,
        )

    @router.get(LOOK_UP)
    def look_up(request: Request) -> Response:
        return site.page(request, "opzoeken.html", soorten=kinds_of(engine, page_language(request).language))

    return router
