"""The OpenAPI document: what FastAPI finds in the routes, completed to what the Dutch REST API Design Rules ask for."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from api import API_VERSION, BASE_PATH
from api.http.caching import json_response
from api.http.models import Probleem
from api.http.negotiation import JSON
from api.http.problems import KINDS, PROBLEM_JSON
from api.http.settings import Settings
from api.v1.collections import Collections
from api.v1.examples import Example, examples
from api.v1.gebieden import area_examples
from api.v1.kennis import TITLE
from api.v1.models import RangordeVerzoek, UitlegVerzoek, WaaromNietVerzoek, WatAlsVerzoek
from api.v1.operation import REF
from kb.programme.model import Planning
from kb.situation.model import Situatie

if TYPE_CHECKING:
    from api.v1.areas import Areas

Json = dict[str, Any]
REQUESTS = (Situatie, UitlegVerzoek, RangordeVerzoek, WaaromNietVerzoek, WatAlsVerzoek, Planning)

DESCRIPTION = """\
Wijkaanpak geeft integraal advies over een wijk: uit wat er over een situatie bekend is, leiden regels af welke opgaven
spelen, hoe zij te koppelen zijn en welke instrumenten passen. Iedere conclusie is te herleiden tot regels en bronnen.

**Taal.** Namen, meldingen en adviezen zijn in het Nederlands; teksten zijn er met `taal=en` of `Accept-Language: en` ook in
het Engels.

**Vormen.** Antwoorden zijn JSON; een advies is er ook als JSON-LD, Turtle en Word (docx). Een situatie mag ook als JSON-LD of
Turtle worden gegeven.

**Fouten.** Iedere fout is een `application/problem+json` (RFC 9457). Ongeldige invoer geeft 400, met alle fouten tegelijk.

**Versies.** De API volgt Semantic Versioning; het eerste getal staat in het adres, de hele versie in de kop `API-Version`.
Wat erbij komt zonder iets te breken, is een kleine versie: wees erop voorbereid dat antwoorden nieuwe velden krijgen.

**Uitfasering.** Een nieuwe hoofdversie staat ten minste een half jaar naast de oude. In die tijd dragen de antwoorden van de
oude de koppen `Deprecation` en `Sunset`, met de datum waarop zij stopt. Wat er per versie verandert, staat in het
wijzigingenlogboek van het project.

**Bewaren.** De dienst bewaart geen situaties en kent geen sessies.
"""

TAGS = [
    {"name": "adviezen", "description": "Advies over een situatie, met uitleg."},
    {"name": "programmas", "description": "Een planning van werken: wat elkaar raakt, wat botst en wie kan schuiven."},
    {"name": "kennis", "description": "De kennis waarop het advies rust."},
    {"name": "gebieden", "description": "Alle gemeenten, wijken en buurten met openbare cijfers en wat eruit volgt."},
    {"name": "vragen", "description": "Bewaarde vragen aan de kennis, met wat erin is in te vullen."},
    {"name": "over", "description": "Over de API zelf."},
]


def document_router() -> APIRouter:
    """The route of the document. Made in a thread: until it is there, only who asks for it waits."""
    router = APIRouter(prefix=BASE_PATH, include_in_schema=False)

    @router.get("/openapi.json")
    def get_document(request: Request) -> Response:
        return json_response(request.app.openapi())

    return router


def document(app: FastAPI, collections: Collections, areas: Callable[[], "Areas"], settings: Settings) -> Json:
    """The document of the app."""
    samples = dict(examples(collections)) | dict(area_examples(areas()))
    return _complete(_found(app, settings), samples)


def _found(app: FastAPI, settings: Settings) -> Json:
    """What FastAPI finds in the routes."""
    found = get_openapi(
        title=TITLE,
        version=API_VERSION,
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
        servers=[{"url": settings.public_base + BASE_PATH, "description": "Deze dienst."}],
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        separate_input_output_schemas=False,
    )
    if settings.contact:
        # Not given to FastAPI, which warns that it cannot check the address without a library that we do not need.
        found["info"]["contact"] = settings.contact
    return found


def _complete(found: Json, samples: Mapping[str, Example]) -> Json:
    found["paths"] = {path.removeprefix(BASE_PATH) or "/": item for path, item in found["paths"].items()}
    components = found["components"]
    components["schemas"] = _schemas(components["schemas"])
    components["responses"] = {kind.title.title().replace(" ", ""): _problem_response(s) for s, kind in KINDS.items()}
    components["headers"] = {"ApiVersion": _version_header()}
    for path, item in found["paths"].items():
        for method, operation in item.items():
            _complete_operation(path, method, operation, samples.get(operation["operationId"], Example()))
    return found


def _schemas(found: Json) -> Json:
    """The schemas of answers and requests. What describes a class is for programmers and in English, so it stays out."""
    _, requests = models_json_schema([(model, "validation") for model in REQUESTS], ref_template=REF)
    _, problem = models_json_schema([(Probleem, "validation")], ref_template=REF)
    schemas: Json = found | requests["$defs"] | problem["$defs"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for schema in schemas.values():
        if schema.get("type") == "object":
            schema.pop("description", None)
    return dict(sorted(schemas.items()))


def _complete_operation(path: str, method: str, operation: Json, example: Example) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    if method == "get" and path.partition("/")[2].partition("/")[0] != "problemen":
        responses["304"] = {"description": "Niet veranderd sinds de versie in If-None-Match."}
    for response in responses.values():
        response["headers"] = {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
    for status in _problem_statuses(path, method):
        name = KINDS[status].title.title().replace(" ", "")
        responses[str(status)] = {"$ref": f"#/components/responses/{name}"}
    if example.request is not None:
        operation["requestBody"]["content"][JSON]["example"] = example.request
    if example.answer is not None:
        responses["200"]["content"][JSON]["example"] = example.answer


def _problem_statuses(path: str, method: str) -> Iterator[int]:
    yield from (400, 406, 500, 503)
    if "{" in path:
        yield 404
    if method == "post":
        yield from (408, 413, 415)


def _problem_response(status: int) -> Json:
    schema = {"$ref": REF.format(model=Probleem.__name__)}
    return {
        "description": KINDS[status].meaning,
        "headers": {"API-Version": {"$ref": "#/components/headers/ApiVersion"}},
        "content": {PROBLEM_JSON: {"schema": schema}},
    }


def _version_header() -> Json:
    return {
        "description": "Volledige versie van de API.",
        "schema": {"type": "string"},
        "example": API_VERSION,
    }
