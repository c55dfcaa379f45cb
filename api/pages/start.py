"""The start page: what it is for, the field to begin with, and where everything else is to be found."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.html.site import Site, page_language
from api.pages.advies.address import PATH
from api.pages.advies.page import examples
from api.v1.collections import REGEL
from kb.engine import Engine
from kb.names import term


def start_router(engine: Engine, site: Site) -> APIRouter:
    """The route of the start page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def start(request: Request) -> Response:
        kinds = _kinds(engine, page_language(request).language)
        return site.page(request, "start.html", soorten=kinds, api=BASE_PATH, pad=PATH, voorbeelden=examples())

    return router


def _kinds(engine: Engine, language: str) -> list[tuple[str, str, str, int]]:
    """The kinds of individuals, as (label, definition, path, count); read from the knowledge, so that no store is made."""
    knowledge, counts = engine.knowledge, {REGEL: len(engine.rules) + len(engine.knowledge.rules)}
    found = []
    for cls, segment in knowledge.segments.items():
        plural = knowledge.literal(cls, term("meervoud")) if language == "nl" else None
        label = plural.replace("-", " ") if plural else knowledge.label(cls, language)
        count = counts.get(cls) or len(knowledge.instances(cls))
        found.append((label, knowledge.definition(cls, language), f"/doc/{segment}", count))
    return sorted(found, key=lambda kind: kind[0].casefold())
