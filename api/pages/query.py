"""The query page: what a browser gets at `/sparql`. It works without scripts; with them the editor has colours."""

import re
from collections.abc import Callable
from http import HTTPStatus
from itertools import groupby
from time import perf_counter

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site, page_language
from api.http.errors import RequestError
from api.http.problems import STATUS
from api.http.turns import Turns, client_of
from api.pages.results import MOST_ROWS, read_result
from api.sparql.answering import Answer, Job
from api.sparql.endpoint import PATH, SparqlEndpoint
from api.sparql.example_queries import Voorbeeld, read_voorbeelden
from api.sparql.formats import forms
from api.sparql.protocol import Query, read_get
from kb.knowledge.knowledge import Knowledge
from kb.language import spoken
from kb.rdf.formats import prefixes

ACCEPT = "application/sparql-results+json, text/turtle"
# In every new query; the others are added when they are used.
FIRST_PREFIXES = ("", "opgave", "transitie", "skos", "rdfs")
_PLACE = re.compile(r"regel (\d+), kolom (\d+)")


class QueryPage:
    """Shows the editor with the examples, and the answer to the query in the address."""

    def __init__(self, endpoint: SparqlEndpoint, turns: Turns, site: Site, knowledge: Knowledge) -> None:
        self._endpoint = endpoint
        self._turns = turns
        self._site = site
        self._knowledge = knowledge
        self._prefixes = prefixes(knowledge)

    async def get(self, request: Request) -> Response:
        """The page; with a query in the address, with its answer."""
        started = perf_counter()
        try:
            query = read_get(request.scope["query_string"])
            if query is None or not query.text.strip():
                return await self._in_turn(request, self._empty)
            answer = await self._endpoint.answering.answer(Job(query, forms(ACCEPT)), client_of(request.scope))
        except RequestError as error:
            return await self._in_turn(request, self._refused, error)
        duration = perf_counter() - started
        return await self._in_turn(request, self._answered, query, answer, duration)

    async def _in_turn(self, request: Request, make: Callable[..., Response], *values: object) -> Response:
        """A page, made when it is the asker's turn: that an answer is waited for costs no turn, making a page of it does."""
        async with self._turns.turn(client_of(request.scope)):
            return await run_in_threadpool(make, request, *values)

    def _empty(self, request: Request) -> Response:
        name = request.query_params.get("voorbeeld")
        example = next((found for found in read_voorbeelden() if found.slug == name), None)
        return self._page(request, example.query if example else self._first_query(), example=example)

    def _answered(self, request: Request, query: Query, answer: Answer, duration: float) -> Response:
        result = read_result(answer, self._knowledge)
        return self._page(request, query.text, result=result, duration=duration)

    def _refused(self, request: Request, error: RequestError) -> Response:
        place = _PLACE.search(str(error))
        status = STATUS.get(type(error), HTTPStatus.BAD_REQUEST)
        said = spoken(error, page_language(request).language)
        query = request.query_params.get("query", "")
        return self._page(request, query, status=status, error=said, place=place.groups() if place else None)

    def _page(
        self, request: Request, query: str, *, status: int = 200, example: Voorbeeld | None = None, **values: object
    ) -> Response:
        shown = {"result": None, "error": None, "place": None, "duration": None, **values}
        return self._site.page(
            request,
            "sparql.html",
            status=status,
            headers={"Cache-Control": "no-store"},
            pad=PATH,
            vraag=query,
            voorbeeld=example,
            themas=_themes(),
            voorvoegsels=self._prefixes,
            meeste=MOST_ROWS,
            **shown,
        )

    def _first_query(self) -> str:
        lines = [f"PREFIX {name}: <{self._prefixes[name]}>" for name in FIRST_PREFIXES if name in self._prefixes]
        return "\n".join([*lines, *_FIRST_BODY])


def _themes() -> list[tuple[str, list[Voorbeeld]]]:
    """The examples of each theme."""
    return [(theme, list(group)) for theme, group in groupby(read_voorbeelden(), key=lambda found: found.thema)]


_FIRST_BODY = (
    "SELECT ?opgave ?naam ?transitie",
    "WHERE {",
    "  ?opgave a :Opgave ; skos:prefLabel ?naam ; :hoortBij ?transitie .",
    '  FILTER (LANG(?naam) = "nl")',
    "}",
    "ORDER BY ?transitie ?naam",
    "",
)


def query_router(endpoint: SparqlEndpoint, turns: Turns, site: Site, knowledge: Knowledge) -> APIRouter:
    """The route of the query page; it is reached only by who would rather have HTML."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route(PATH, QueryPage(endpoint, turns, site, knowledge).get)
    return router
