"""The page of what is searched: each hit with its kind, its meaning and why it is one."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import SEARCH, SEARCH_KEY, Site, page_language
from api.http.paging import page_links
from api.linked.naming import local_path
from api.v1.zoeken import PATH as API_PATH
from kb.engine import Engine
from kb.knowledge.dictionary import fold
from kb.language import Catalogue, catalogue, spoken
from kb.search.index import Index
from kb.search.model import Hit, Reason
from kb.search.things import GEBIED, TERM

PER_PAGE = 25
MOST_LETTERS = 200
MOST_DIGITS = 6
# Of so many kinds, those of the best hits, the page says at once how much is found; the others are folded.
MOST_KINDS = 8
KIND, PAGE = "soort", "pagina"


@dataclass(frozen=True)
class ShownHit:
    """A hit as it is shown."""

    label: str
    path: str
    kind: str
    meaning: str
    why: str


@dataclass(frozen=True)
class ShownKind:
    """A kind of which something is found: its name, how much, and the address with only that kind."""

    label: str
    count: int
    path: str
    chosen: bool


class SearchPage:
    """Shows what is found."""

    def __init__(self, engine: Engine, site: Site, index: Callable[[], Index]) -> None:
        self._engine = engine
        self._site = site
        self._index = index

    def get(self, request: Request) -> Response:
        """The page; without a question it says how to ask."""
        given = request.query_params
        asked, kind = given.get(SEARCH_KEY, "")[:MOST_LETTERS].strip(), given.get(KIND, "")
        say = catalogue(page_language(request).language)
        if not asked:
            return self._site.page(request, "zoek.html", vraag="", api="")
        everything = self._index().find(asked)
        found = everything.of_kind(kind) if kind else everything
        page = page_number(given.get(PAGE, ""))
        hits = found.hits((page - 1) * PER_PAGE, PER_PAGE)
        links = page_links(lambda number: _address(asked, kind, number), page, len(found), PER_PAGE)
        best = everything.hits(0, 1)
        meant = best[0].by if best and best[0].reason is Reason.NEAR else ""
        kinds = [
            ShownKind(self._kind(name, say), count, _address(asked, name), name == kind)
            for name, count in everything.counts().items()
        ]
        first = kinds if len(kinds) <= MOST_KINDS + 1 else kinds[:MOST_KINDS]
        return self._site.page(
            request,
            "zoek.html",
            vraag=asked,
            aantal=len(found),
            treffers=[self._shown(hit, say, meant=meant) for hit in hits],
            bedoeld=meant,
            soorten=first,
            andere_soorten=kinds[len(first) :],
            gekozen_soort=self._kind(kind, say) if kind in everything.counts() else "",
            alles=(_address(asked, ""), len(everything)),
            vorige=links.get("prev"),
            volgende=links.get("next"),
            api=f"{API_PATH}?{urlencode({'zoek': asked})}",
        )

    def _shown(self, hit: Hit, say: Catalogue, *, meant: str) -> ShownHit:
        named = hit.named
        label = spoken(named.label, say.language)
        path = local_path(NamedNode(named.iri))
        assert path is not None  # all that can be found is ours
        meaning = spoken(named.meaning, say.language)
        if named.kind == GEBIED:
            meaning = say(f"zoek.gebied.{named.sorts[0]}", code=named.iri.rpartition("/")[2])
        return ShownHit(label, path, self._kind(named.kind, say), meaning, _why(hit, label, say, meant=meant))

    def _kind(self, kind: str, say: Catalogue) -> str:
        if kind in (TERM, GEBIED):
            return say(f"zoek.soort.{kind}")
        classes = {segment: cls for cls, segment in self._engine.knowledge.segments.items()}
        return self._engine.knowledge.label(classes[kind], say.language) if kind in classes else kind


def search_router(engine: Engine, site: Site, index: Callable[[], Index]) -> APIRouter:
    """The route of the page of the search."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route(SEARCH, SearchPage(engine, site, index).get)
    return router


def page_number(text: str) -> int:
    """The page that an address asks for; the first when it asks for none, or for none that can be."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS else 1


def _why(hit: Hit, label: str, say: Catalogue, *, meant: str) -> str:
    """Why a hit is one, where its name, or what the page says was `meant`, does not say so by itself."""
    if hit.reason is Reason.NEAR and meant and hit.by in label:
        return ""
    match hit.reason:
        case Reason.SYNONYM | Reason.NEAR | Reason.MEANING:
            return say(f"zoek.reden.{hit.reason}", by=hit.by)
    return "" if fold(hit.by) in fold(label) else say("zoek.reden.ook", by=hit.by)


def _address(asked: str, kind: str, page: int = 1) -> str:
    keys = {SEARCH_KEY: asked} | ({KIND: kind} if kind else {}) | ({PAGE: str(page)} if page > 1 else {})
    return f"{SEARCH}?{urlencode(keys)}"
