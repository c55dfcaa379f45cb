"""The start page: what it is for, the field to begin with, and where everything else is to be found."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.html.site import Site
from api.linked.routes import LinkedData
from api.pages.advies.address import PATH
from api.pages.advies.page import examples


def start_router(linked: Callable[[], LinkedData], site: Site) -> APIRouter:
    """The route of the start page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def start(request: Request) -> Response:
        kinds = linked().kinds(request)
        return site.page(request, "start.html", soorten=kinds, api=BASE_PATH, pad=PATH, voorbeelden=examples())

    return router
