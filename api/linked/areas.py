"""The areas of the country as linked data: `/id/gebied/{code}` leads to `/doc/gebied/{code}`, made when it is asked for.

They are not in the data set that `/sparql` asks: docs/decisions/0015-graphs-of-areas.md.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from fastapi import APIRouter
from markupsafe import Markup
from pyoxigraph import Triple
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site, page_language
from api.http.caching import cached_bytes
from api.http.errors import NotFoundError
from api.http.negotiation import JSON_LD
from api.linked.figures import Figures
from api.linked.forms import HTML, alternates, asked_form, prefers_page, serialize, split_ending, to_description
from api.linked.naming import Ref
from kb.country.area import Gebied, Gebiedscijfer
from kb.country.fill import shown_name
from kb.engine import Engine
from kb.situation.model import Situatie

if TYPE_CHECKING:
    from api.v1.areas import Areas

AREA_PAGE = "/doc/gebied/"
# How many areas that lie in one its page names.
MOST_PARTS = 100


class AreaPages:
    """The descriptions of areas in every form and language."""

    def __init__(self, engine: Engine, site: Site, areas: Callable[[], "Areas"]) -> None:
        self.engine = engine
        self.site = site
        self.areas = areas
        self._rows = Figures(engine)

    def redirect(self, request: Request, path: str) -> Response:
        """From the name of an area, or of its screening, to its description (303).

        Errors: NotFoundError, NotAcceptableError.
        """
        name, given = split_ending(path)
        area = self.areas().find(name.partition("-")[0])
        return to_description(request, f"{self.site.public_base}{AREA_PAGE}{area.code}", given)

    def describe(self, request: Request, path: str) -> Response:
        """The description of an area.

        Errors: NotFoundError, NotAcceptableError.
        """
        name, given = split_ending(path)
        area = self.areas().find(name)
        triples = self._triples(area)
        form = asked_form(request, given)
        if form != HTML:
            headers = {"Vary": "Accept", "Link": f'<{area.iri}>; rel="describes"'}
            return cached_bytes(request, serialize(triples, self.engine.knowledge, form), form, headers)
        language = page_language(request).language
        return self.site.page(
            request,
            "gebied.html",
            vormen=alternates(AREA_PAGE + area.code),
            jsonld=self._embedded(triples),
            gebied=area,
            iri=area.iri,
            naam=shown_name(area),
            indeling=self.areas().country.table.year,
            boven=self._above(area),
            delen_van=[(AREA_PAGE + part.code, part.naam) for part in self._parts(area)],
            cijfers=[self._rows.row(figure, area, language) for figure in self._figures(area)],
            conclusies=self._conclusions(area, language),
        )

    def _triples(self, area: Gebied) -> list[Triple]:
        from kb.country.graphs import AreaGraphs

        found = self.areas()
        graphs = AreaGraphs(found.screening(Situatie()), found.country, date.today())
        return graphs.triples(found.country.table.row(area.code), outline=True)

    def _embedded(self, triples: list[Triple]) -> Markup:
        """The same as JSON-LD inside the page; nothing in it can end the element it stands in."""
        return Markup(serialize(triples, self.engine.knowledge, JSON_LD).decode().replace("<", "\\u003c"))

    def _above(self, area: Gebied) -> list[tuple[str, str]]:
        """The gemeente and wijk that an area lies in, as (name, path)."""
        named = [(area.gemeente, area.gemeentecode), (area.wijk, area.wijkcode)]
        return [(name, AREA_PAGE + code) for name, code in named if name and code and code != area.code]

    def _parts(self, area: Gebied) -> list[Gebied]:
        return list(self.areas().country.table.parts(area.code))[:MOST_PARTS]

    def _figures(self, area: Gebied) -> tuple[Gebiedscijfer, ...]:
        return self.areas().country.look_up(area.code, self.engine).cijfers

    def _conclusions(self, area: Gebied, language: str) -> list[tuple[Ref, list[Ref]]]:
        from kb.country.screening import SECTIONS

        found = self.areas()
        screening = found.screening(Situatie())
        concluded = screening.of_row(found.country.table.row(area.code))
        return [
            (
                self._rows.heading(section.property, language),
                [self._rows.ref(node, language) for node in concluded[section.name]],
            )
            for section in SECTIONS
            if concluded[section.name]
        ]


def areas_linked_router(
    engine: Engine, site: Site, areas: Callable[[], "Areas"], missing: Callable[[Request, NotFoundError], Response]
) -> APIRouter:
    """The routes of areas as linked data; `missing` is the page for an address at which nothing is described."""
    router = APIRouter(include_in_schema=False)
    pages = AreaPages(engine, site, areas)

    def answered(request: Request, answer: Callable[[], Response]) -> Response:
        try:
            return answer()
        except NotFoundError as error:
            if prefers_page(request):
                return missing(request, NotFoundError(error.args[0]))
            raise

    @router.get("/id/gebied/{path}")
    @router.get("/id/screening/{path}")
    def redirect(request: Request, path: str) -> Response:
        return answered(request, lambda: pages.redirect(request, path))

    @router.get(f"{AREA_PAGE}{{path}}")
    def describe(request: Request, path: str) -> Response:
        return answered(request, lambda: pages.describe(request, path))

    return router
