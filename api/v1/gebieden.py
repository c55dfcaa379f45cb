"""The areas of the country over HTTP: all of them by what follows for them, and one."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi import Path as PathParameter
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.http.caching import cached_bytes, cached_response
from api.http.lazy import Lazy
from api.http.negotiation import GEO_JSON, JSON, TURTLE, accepted_form, header
from api.http.paging import link_header, page_links
from api.v1.area_models import Gebied, Gebiedenlijst, GebiedenParameters, GebiedParameters
from api.v1.examples import Example, short
from api.v1.operation import writes
from kb.engine import Engine

if TYPE_CHECKING:
    from api.v1.areas import Areas
    from kb.country.screening import Screening
    from kb.country.selection import Selected

Json = dict[str, Any]
PATH = f"{BASE_PATH}/gebieden"
FORMS = {"json": JSON, "geojson": GEO_JSON, "ttl": TURTLE}
EXAMPLE = {"example": {"value": "BU00141000"}}


def areas_router(areas: Callable[[], "Areas"]) -> APIRouter:
    """The routes of the areas; `areas` is not called before one is asked for."""
    router = APIRouter(tags=["gebieden"])

    @router.get(
        PATH,
        response_model=Gebiedenlijst,
        summary="Alle gebieden",
        response_description="Een pagina met gebieden.",
        operation_id="lijstGebied",
        openapi_extra=writes(Gebiedenlijst, (JSON, GEO_JSON)),
    )
    def list_gebieden(request: Request, query: Annotated[GebiedenParameters, Query()]) -> Response:
        """Gemeenten, wijken en buurten naar wat volgt uit hun cijfers en uit wat overal wordt aangenomen.
        Filters gaan samen."""
        form = _form(request, query.f, (JSON, GEO_JSON))
        found = areas()
        screening, selected = found.selected(query)
        page = _Page(found, query, len(selected.rows))
        rows = selected.rows[page.first : page.first + page.size]
        headers = {"Link": link_header(page.links)}
        if form == GEO_JSON:
            return _geojson(request, page.collection(screening, rows), headers)
        return cached_response(request, page.json(screening, selected, rows), headers)

    @router.get(
        f"{PATH}/{{id}}",
        response_model=Gebied,
        summary="Eén gebied",
        response_description="Het gebied.",
        operation_id="leesGebied",
        openapi_extra=writes(Gebied, (JSON, GEO_JSON, TURTLE)),
    )
    def get_gebied(
        request: Request,
        id: Annotated[str, PathParameter(description="CBS-code van het gebied.", openapi_examples=EXAMPLE)],
        query: Annotated[GebiedParameters, Query()],
    ) -> Response:
        """Waar het gebied ligt, zijn cijfers met bron, jaar en percentiel, en wat eruit volgt als er niets bij komt."""
        form = _form(request, query.f, (JSON, GEO_JSON, TURTLE))
        found = areas()
        area = found.find(id)
        if form == TURTLE:
            return cached_bytes(request, found.turtle(area), TURTLE, {"Vary": "Accept"})
        if form == GEO_JSON:
            return _geojson(request, found.plain_feature(area))
        return cached_response(request, found.area_json(area))

    return router


def area_examples(areas: "Areas") -> Iterator[tuple[str, Example]]:
    """Examples of answers for the API's document, by operation."""
    query = GebiedenParameters(zoals=EXAMPLE["example"]["value"], perPagina=1)
    screening, selected = areas.selected(query)
    page = _Page(areas, query, len(selected.rows))
    yield "lijstGebied", Example(answer=page.json(screening, selected, selected.rows[:1]))
    yield "leesGebied", Example(answer=short(areas.area_json(areas.find(query.zoals))))


def areas_of(engine: Engine, public_base: str) -> "Lazy[Areas]":
    """The areas of a service, made when they are first asked for: reading them takes what most askers do not need."""

    def make() -> "Areas":
        from api.v1.areas import Areas

        return Areas(engine, public_base)

    return Lazy(make)


class _Page:
    """One page of a selection, with its links."""

    def __init__(self, areas: "Areas", query: GebiedenParameters, count: int) -> None:
        self.areas = areas
        self.query = query
        self.count = count
        self.size = query.limit or query.perPagina
        self.first = (query.pagina - 1) * self.size
        self.links = page_links(self.address, query.pagina, count, self.size)

    def address(self, page: int, form: str | None = None) -> str:
        """The address of a page of the same selection."""
        asked = self.query.model_dump(exclude_defaults=True, exclude={"pagina", "perPagina", "limit", "f"})
        keys = asked | {"pagina": page, "perPagina": self.size}
        if wanted := form or self.query.f:
            keys["f"] = wanted
        return f"{self.areas.public_base}{PATH}?{urlencode(keys, doseq=True)}"

    def json(self, screening: "Screening", selected: "Selected", rows: tuple[int, ...]) -> Json:
        """The page as our JSON."""
        return {
            "verzameling": "gebieden",
            "aantal": self.count,
            "pagina": self.query.pagina,
            "perPagina": self.size,
            "resultaten": [self.areas.row_json(screening, selected, row) for row in rows],
            "_links": {relation: {"href": address} for relation, address in self.links.items()},
        }

    def collection(self, screening: "Screening", rows: tuple[int, ...]) -> Json:
        """The page as GeoJSON, with the counts and links of OGC API Features."""
        links = [{"href": href, "rel": rel, "type": GEO_JSON} for rel, href in self.links.items()]
        links.append({"href": self.address(self.query.pagina, "json"), "rel": "alternate", "type": JSON})
        return {
            "type": "FeatureCollection",
            "numberMatched": self.count,
            "numberReturned": len(rows),
            "links": links,
            "features": [self.areas.feature_json(screening, row) for row in rows],
        }


def _form(request: Request, asked: str | None, offered: tuple[str, ...]) -> str:
    return FORMS[asked] if asked else accepted_form(header(request.scope, "accept"), offered)


def _geojson(request: Request, content: Json, headers: dict[str, str] | None = None) -> Response:
    return cached_bytes(request, to_json(content), GEO_JSON, {"Vary": "Accept", **(headers or {})})
