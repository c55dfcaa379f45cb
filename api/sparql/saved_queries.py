"""The example queries as questions with an address of their own: `/vragen/{naam}?opgave=…` (as grlc makes them)."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import BASE_PATH
from api.http.caching import CACHE_SECONDS, cached_response, has_tag
from api.http.errors import MalformedError
from api.http.negotiation import JSON, accepted_form, header
from api.http.turns import client_of
from api.sparql.answering import Job
from api.sparql.endpoint import PATH as SPARQL
from api.sparql.endpoint import SparqlEndpoint
from api.sparql.example_queries import Voorbeeld, read_voorbeelden
from api.sparql.formats import SOLUTIONS, TRIPLES, content_type, forms, prefers_html
from api.sparql.protocol import Query
from kb.engine import Engine
from kb.errors import Problem, nearest
from kb.language import Words, did_you_mean

PATH = "/vragen"
FORMAT = "format"
_FORMAT = {"name": FORMAT, "in": "query", "description": "Vorm van het antwoord, voor wie geen Accept kan sturen."}


def saved_queries_router(endpoint: SparqlEndpoint, engine: Engine, public_base: str) -> APIRouter:
    """The routes of the questions, one for each so that the API document lists them with what may be filled in."""
    router = APIRouter()
    questions = Questions(endpoint, engine, public_base)
    router.add_api_route(
        BASE_PATH + PATH,
        questions.overview,
        summary="Alle bewaarde vragen",
        response_description="De vragen met hun adressen.",
        operation_id="lijstVragen",
        tags=["vragen"],
    )
    for voorbeeld in read_voorbeelden():
        router.add_api_route(
            f"{BASE_PATH}{PATH}/{voorbeeld.slug}",
            questions.answering(voorbeeld),
            summary=voorbeeld.titel,
            description=voorbeeld.uitleg,
            response_description="Het antwoord.",
            operation_id="vraag" + "".join(part.title() for part in voorbeeld.slug.split("-")),
            openapi_extra=_described(voorbeeld, engine),
            tags=["vragen"],
        )
        router.add_api_route(f"{PATH}/{voorbeeld.slug}", questions.leading(voorbeeld), include_in_schema=False)
    return router


class Questions:
    """Answers the saved queries."""

    def __init__(self, endpoint: SparqlEndpoint, engine: Engine, public_base: str) -> None:
        self._endpoint = endpoint
        self._engine = engine
        self._public_base = public_base

    async def overview(self, request: Request) -> Response:
        """Iedere bewaarde vraag met haar titel, uitleg, adres en wat erin is in te vullen."""
        accepted_form(header(request.scope, "accept"), [JSON])
        return cached_response(request, {"vragen": [self._listed(voorbeeld) for voorbeeld in read_voorbeelden()]})

    def answering(self, voorbeeld: Voorbeeld) -> Callable[[Request], Awaitable[Response]]:
        """The route that answers a question."""

        async def answer(request: Request) -> Response:
            query = voorbeeld.filled(self._values(voorbeeld, request))
            asked = forms(header(request.scope, "accept"), request.query_params.get(FORMAT, ""))
            found = await self._endpoint.answering.answer(Job(Query(query), asked), client_of(request.scope))
            kept = {"ETag": found.tag, "Cache-Control": f"public, max-age={CACHE_SECONDS}"} if found.tag else {}
            if found.tag and has_tag(header(request.scope, "if-none-match"), found.tag):
                return Response(None, 304, kept)
            return Response(found.content, 200, {"Vary": "Accept", **kept}, content_type(found.media_type))

        return answer

    def leading(self, voorbeeld: Voorbeeld) -> Callable[[Request], Awaitable[Response]]:
        """The route without a version: people go on to the page with the query, programs to the answer."""

        async def lead(request: Request) -> Response:
            headers = {"Vary": "Accept"}
            if prefers_html(header(request.scope, "accept")) and FORMAT not in request.query_params:
                query = voorbeeld.filled(self._values(voorbeeld, request))
                return RedirectResponse(f"{self._public_base}{SPARQL}?{urlencode({'query': query})}", 303, headers)
            address = f"{self._public_base}{BASE_PATH}{PATH}/{voorbeeld.slug}"
            asked = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(address + asked, 307, headers)

        return lead

    def _values(self, voorbeeld: Voorbeeld, request: Request) -> dict[str, NamedNode]:
        """The individuals that are filled in.

        Errors: MalformedError with every value that is not known.
        """
        known = [*(parameter.soort for parameter in voorbeeld.parameters), FORMAT]
        problems: list[Problem] = []
        values: dict[str, NamedNode] = {}
        for name, value in request.query_params.items():
            if name not in known:
                problems.append(_unknown_key(name, known))
            elif name != FORMAT:
                cls = self._classes[name]
                node = self._engine.resolver.find(value, cls)
                if node is None:
                    problems.append(_unknown_value(name, value, self._engine.resolver.nearest(value, cls)))
                else:
                    values[name] = node
        if problems:
            both = Words("; ".join(p.words for p in problems), "; ".join(p.words.en for p in problems))
            raise MalformedError(both, tuple(problems))
        return values

    @property
    def _classes(self) -> dict[str, NamedNode]:
        return {segment: cls for cls, segment in self._engine.knowledge.segments.items()}

    def _listed(self, voorbeeld: Voorbeeld) -> dict[str, Any]:
        return {
            "id": voorbeeld.slug,
            "titel": voorbeeld.titel,
            "thema": voorbeeld.thema,
            "uitleg": voorbeeld.uitleg,
            "parameters": [parameter.soort for parameter in voorbeeld.parameters],
            "query": voorbeeld.query,
            "_links": {"self": {"href": f"{self._public_base}{BASE_PATH}{PATH}/{voorbeeld.slug}"}},
        }


def _described(voorbeeld: Voorbeeld, engine: Engine) -> dict[str, Any]:
    """What the API document says of the parameters and the forms of a question."""
    classes = {segment: cls for cls, segment in engine.knowledge.segments.items()}
    parameters = []
    for parameter in voorbeeld.parameters:
        members = engine.knowledge.instances(classes[parameter.soort])
        parameters.append(
            {
                "name": parameter.soort,
                "in": "query",
                "description": f"Alleen over deze {engine.knowledge.label(classes[parameter.soort])}; anders over alle.",
                "schema": {"type": "string"},
                "example": members[0].value.rpartition("/")[2],
            }
        )
    formats = TRIPLES if "CONSTRUCT" in voorbeeld.query or "DESCRIBE" in voorbeeld.query else SOLUTIONS
    content = {form: {"schema": {"type": "object" if "json" in form else "string"}} for form in formats}
    return {
        "parameters": [*parameters, {**_FORMAT, "schema": {"type": "string"}}],
        "responses": {"200": {"content": content}},
    }


def _unknown_key(name: str, known: list[str]) -> Problem:
    near = nearest(name, {other: other for other in known})
    shown = ", ".join(known)
    return Problem(name, Words(f"onbekend; in te vullen zijn {shown}.", f"unknown; there are {shown}."), near)


def _unknown_value(name: str, value: str, near: tuple[str, ...]) -> Problem:
    meant = did_you_mean(near)
    return Problem(name, Words(f"onbekend: {value!r}.{meant}", f"unknown: {value!r}.{meant.en}"), near)
