"""The addresses of linked data: `/id/…` leads to `/doc/…`, which describes; `/def` is the ontology."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from markupsafe import Markup
from pyoxigraph import NamedNode, Store, Triple
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site, page_language
from api.http.caching import cached_bytes
from api.http.errors import NotFoundError
from api.http.negotiation import JSON_LD
from api.linked.forms import HTML, alternates, asked_form, prefers_page, serialize, split_ending, to_description
from api.linked.kinds import plural_of
from api.linked.listing import Listed, Lists
from api.linked.naming import DOC, OUTSIDE_ID, Naming, local_path
from api.linked.ontology import Ontology, RuleSummary, Section
from api.linked.resources import HASHED, ONTOLOGY, Resources, unique
from api.linked.rules import Rules
from api.linked.story import tell
from api.linked.view import Viewer
from kb.dataset.graphs import GRAAF
from kb.engine import Engine
from kb.knowledge.knowledge import DEFINITION, PREF_LABEL
from kb.language import LANGUAGES, Words
from kb.names import ID, TYPE, short
from kb.search.facets import Facets
from kb.situation.before import WIJK
from kb.situation.model import Situatie

DEFINITIONS = "/def"
ONTOLOGY_GRAPH = NamedNode(GRAAF + "ontologie")
REDIRECTED = ("id/", *OUTSIDE_ID)


@dataclass(frozen=True)
class Listing:
    """The individuals of one kind; `term` is its class, None for what has no class of ours."""

    path: str
    members: tuple[NamedNode, ...]
    term: NamedNode | None


class LinkedData:
    """The descriptions of everything in a data set, in every form and language.

    `advice_address` gives the address of the advice about a situation.
    """

    def __init__(
        self,
        engine: Engine,
        store: Store,
        site: Site,
        facets: Facets,
        advice_address: Callable[[Situatie], str],
    ) -> None:
        self.engine = engine
        self.advice_address = advice_address
        self.site = site
        self.resources = Resources(store)
        self.naming = Naming(store)
        self.rules = Rules(engine)
        self.lists = Lists(engine, self.naming, self.rules.by_iri, facets)
        self.ontology = Ontology(engine.knowledge, self.resources, self.rules)
        self._sections = lru_cache(maxsize=len(LANGUAGES))(lambda language: self._make_sections(language))

    def redirect(self, request: Request, path: str) -> Response:
        """From the name of a thing to its description, in the form that the request asks for (303).

        Errors: NotFoundError, NotAcceptableError.
        """
        name, given = split_ending(path)
        self.resources.find(name)
        return to_description(request, f"{self.site.public_base}{DOC}{quote(name)}", given)

    def describe(self, request: Request, path: str) -> Response:
        """The description of a thing, or the list of all things of a kind.

        Errors: NotFoundError, NotAcceptableError; SituationError for a list narrowed down by what no member has.
        """
        name, given = split_ending(path)
        if listing := self.listings.get(name):
            return self._describe_list(request, listing, given)
        node = self.resources.find(name)
        triples = self.resources.triples(node)
        form = asked_form(request, given)
        if form != HTML:
            return self._rdf(request, triples, form, node)
        values = self._thing_values(request, node)
        return self._page(
            request, "wijk.html" if "verhaal" in values else "ding.html", DOC + name, triples, ding=values
        )

    def _describe_list(self, request: Request, listing: Listing, given: str | None) -> Response:
        """A list, narrowed down as its address asks. A page says that it has nothing; RDF refuses what no member has."""
        form, query = asked_form(request, given), request.query_params
        name = listing.path.removeprefix(DOC)
        if form != HTML:
            members = self.lists.narrowed(listing.term, listing.members, query, name)
            return self._rdf(request, self._listed(members), form, None)
        language = page_language(request).language
        listed = self.lists.listed(listing.term, listing.members, query, language, name)
        return self.site.page(
            request,
            "lijst.html",
            vormen=alternates(listing.path, self.lists.asked(listing.term, query)),
            jsonld=self._embedded(self._listed([member.node for member in listed.members])),
            lijst=self._listing_values(listing, listed, language),
        )

    def definitions(self, request: Request, ending: str) -> Response:
        """The ontology.

        Errors: NotFoundError, NotAcceptableError.
        """
        rest, given = split_ending(ending)
        if rest:
            raise NotFoundError(Words(f"Onbekend: {DEFINITIONS}{ending}.", f"Unknown: {DEFINITIONS}{ending}."))
        form = asked_form(request, given)
        triples = self.resources.graph(ONTOLOGY_GRAPH)
        if form != HTML:
            return self._rdf(request, triples, form, ONTOLOGY)
        language = page_language(request).language
        viewer = self._viewer(language)
        return self._page(
            request,
            "ontologie.html",
            DEFINITIONS,
            triples,
            ontologie=viewer.rows(ONTOLOGY),
            secties=self._sections(language)[0],
            regels=self._sections(language)[1],
        )

    def missing(self, request: Request, error: NotFoundError) -> Response:
        """The page for an address at which nothing is described."""
        near = [
            self.naming.ref(self.resources.find(path.removeprefix(DOC)), page_language(request).language)
            for problem in error.problems
            for path in problem.nearest
        ]
        return self.site.page(request, "niet_gevonden.html", status=404, pad=request.url.path, nabij=near)

    @cached_property
    def listings(self) -> dict[str, Listing]:
        """The lists of individuals, by the path segment that their IRIs share."""
        segments = {segment: cls for cls, segment in self.engine.knowledge.segments.items()}
        groups = {"graaf": self.resources.subjects(GRAAF)}
        for node in self.resources.subjects(ID):
            groups.setdefault(short(node).partition("/")[0], []).append(node)
        return {
            name: Listing(DOC + name, tuple(members), segments.get(name))
            for name, members in groups.items()
            if f"{name}/" not in HASHED
        }

    @cached_property
    def _wijken(self) -> frozenset[NamedNode]:
        return frozenset(self.engine.knowledge.instances(WIJK))

    def _rdf(self, request: Request, triples: list[Triple], form: str, node: NamedNode | None) -> Response:
        headers = {"Vary": "Accept"} | ({"Link": f'<{node.value}>; rel="describes"'} if node else {})
        return cached_bytes(request, serialize(triples, self.engine.knowledge, form), form, headers)

    def _page(self, request: Request, template: str, path: str, triples: list[Triple], **values: Any) -> Response:
        return self.site.page(request, template, vormen=alternates(path), jsonld=self._embedded(triples), **values)

    def _embedded(self, triples: list[Triple]) -> Markup:
        """The same as JSON-LD inside the page; nothing in it can end the element it stands in."""
        text = serialize(triples, self.engine.knowledge, JSON_LD).decode()
        return Markup(text.replace("<", "\\u003c"))

    def _thing_values(self, request: Request, node: NamedNode) -> dict[str, object]:
        viewer = self._viewer(page_language(request).language)
        rule = self.rules.by_iri.get(node)
        told = {"verhaal": tell(viewer, node, self.advice_address)} if node in self._wijken else {}
        return told | {
            "ref": viewer.ref(node),
            "betekenis": self.engine.knowledge.text(node, DEFINITION, viewer.language),
            "soort": self._kind(node, viewer),
            "basis": viewer.own_basis(node),
            "rijen": viewer.rows(node),
            "inkomend": viewer.incoming(node),
            "regel": self.rules.view(rule, viewer) if rule else None,
            "graaf": node.value.removeprefix(GRAAF) if node.value.startswith(GRAAF) else None,
        }

    def _kind(self, node: NamedNode, viewer: Viewer) -> tuple[str, str] | None:
        """The list that a thing belongs to, as (label, path)."""
        path = local_path(node)
        assert path is not None  # it is ours
        name = path.removeprefix(DOC).partition("/")[0]
        listing = self.listings.get(name)
        return (self._list_label(listing, viewer), listing.path) if listing else None

    def _listing_values(self, listing: Listing, listed: Listed, language: str) -> dict[str, object]:
        viewer = self._viewer(language)
        return {
            "naam": self._list_label(listing, viewer),
            "pad": listing.path,
            "soort": viewer.ref(listing.term) if listing.term else None,
            "betekenis": self.engine.knowledge.definition(listing.term, language) if listing.term else "",
            "gekozen": listed,
        }

    def _list_label(self, listing: Listing, viewer: Viewer) -> str:
        """What a list is called: the plural of its class, else the last part of its path."""
        if listing.term is None:
            return listing.path.rpartition("/")[2]
        return plural_of(self.engine.knowledge, listing.term, viewer.language)

    def _listed(self, members: Iterable[NamedNode]) -> list[Triple]:
        store = self.resources.store
        return unique(
            quad.triple
            for node in members
            for predicate in (TYPE, PREF_LABEL)
            for quad in store.quads_for_pattern(node, predicate, None, None)
        )

    def _viewer(self, language: str) -> Viewer:
        return Viewer(self.engine, self.resources, self.naming, language)

    def _make_sections(self, language: str) -> tuple[list[Section], list[RuleSummary]]:
        viewer = self._viewer(language)
        return self.ontology.sections(viewer), self.ontology.summaries(viewer)


def linked_router(linked: Callable[[], LinkedData]) -> APIRouter:
    """The routes of linked data."""
    router = APIRouter(include_in_schema=False)
    for prefix in REDIRECTED:
        router.add_api_route(f"/{prefix}{{path:path}}", _redirect(linked, prefix.removeprefix("id/")))

    @router.get(f"{DOC}{{path:path}}")
    def describe(request: Request, path: str) -> Response:
        return _answered(linked, request, lambda: linked().describe(request, path))

    @router.get(DEFINITIONS)
    def definitions(request: Request) -> Response:
        return linked().definitions(request, "")

    @router.get(f"{DEFINITIONS}.{{ending}}")
    def definitions_as(request: Request, ending: str) -> Response:
        return _answered(linked, request, lambda: linked().definitions(request, f".{ending}"))

    return router


def _redirect(linked: Callable[[], LinkedData], prefix: str) -> Callable[..., Response]:
    def redirect(request: Request, path: str) -> Response:
        return _answered(linked, request, lambda: linked().redirect(request, prefix + path))

    return redirect


def _answered(linked: Callable[[], LinkedData], request: Request, answer: Callable[[], Response]) -> Response:
    """An answer; where nothing is found, a page for an asker that prefers one to a problem."""
    try:
        return answer()
    except NotFoundError as error:
        if prefers_page(request):
            return linked().missing(request, error)
        raise
