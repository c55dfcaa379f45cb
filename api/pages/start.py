"""The start page: where everything is to be found."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.html.site import Site
from api.linked.routes import LinkedData


def start_router(linked: Callable[[], LinkedData], site: Site) -> APIRouter:
    """The route of the start page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def start(request: Request) -> Response:
        return site.page(request, "start.html", soorten=linked().kinds(request), api=BASE_PATH)

    return router
