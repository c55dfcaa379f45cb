"""One search over all over HTTP: the knowledge, the rules, the ontology and the areas."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.http.caching import cached_response
from api.http.models import Vorm
from api.http.negotiation import JSON, accepted_form, header
from api.http.paging import link_header, page_links
from api.v1.collections import Collections
from api.v1.models import LijstParameters, Paginalinks, Tekst, Verwijzing
from kb.errors import Problem, SituationError, nearest
from kb.language import Words, did_you_mean
from kb.names import BASE, DEF, ID
from kb.search.index import Found, Index
from kb.search.model import Hit
from kb.search.things import GEBIED, TERM

Json = dict[str, Any]
PATH = f"{BASE_PATH}/zoekresultaten"


class ZoekParameters(LijstParameters):
    """What is searched, and which part of what is found."""

    zoek: str = Field(
        min_length=1,
        max_length=200,
        description="Naam, synoniem of woorden daaruit, in het Nederlands of Engels; kleine tikfouten mogen.",
        examples=["gaskraan dicht"],
    )
    soort: str = Field(
        default="",
        max_length=60,
        description=f"Alleen deze soort: het padsegment van een verzameling, `{TERM}` of `{GEBIED}`.",
        examples=["instrument"],
    )


class Treffer(Vorm):
    """Something found."""

    id: str = Field(description="Kenmerk: soort/slug.")
    iri: str = Field(description="Naam op het web.")
    soort: str = Field(description="Padsegment van de soort.")
    label: Tekst
    definitie: Tekst
    reden: Literal["naam", "begin", "synoniem", "woorden", "betekenis", "bedoeld"] = Field(
        description="Waarom het gevonden is: `bedoeld` is wat bijna zo heet."
    )
    gevonden: str = Field(description="De naam waarop het gevonden is; leeg als het om de betekenis gaat.")
    links: dict[str, Verwijzing] = Field(alias="_links")


class Soorttelling(Vorm):
    """How much is found of a kind."""

    soort: str
    aantal: int


class Zoekresultaten(Vorm):
    """A page of what is found."""

    vraag: str
    aantal: int = Field(description="Aantal treffers, over alle pagina's.")
    pagina: int
    perPagina: int
    soorten: list[Soorttelling] = Field(description="Aantal per soort, ook van andere soorten dan gevraagd.")
    resultaten: list[Treffer]
    links: Paginalinks = Field(alias="_links")


def search_router(collections: Collections, index: Callable[[], Index]) -> APIRouter:
    """The route of the search; `index` is not called before something is searched."""
    router = APIRouter()

    @router.get(
        PATH,
        response_model=Zoekresultaten,
        summary="Zoek in alles",
        response_description="Een pagina met treffers.",
        operation_id="zoek",
        tags=["kennis"],
    )
    def search(request: Request, query: Annotated[ZoekParameters, Query()]) -> Response:
        """Alles wat een naam heeft: individuen, regels, begrippen van de ontologie, bronnen en gebieden. Wat zo heet komt
        eerst, dan wat zo begint, dan synoniemen, en wat bijna zo heet het laatst."""
        accepted_form(header(request.scope, "accept"), [JSON])
        check_kind(collections, query.soort)
        content = search_json(collections, index(), query)
        links = {relation: link["href"] for relation, link in content["_links"].items()}
        return cached_response(request, content, {"Link": link_header(links)})

    return router


def search_json(collections: Collections, index: Index, query: ZoekParameters) -> Json:
    """A page of what is found."""
    everything = index.find(query.zoek)
    found = everything.of_kind(query.soort) if query.soort else everything

    def address(page: int) -> str:
        keys = {"zoek": query.zoek} | ({"soort": query.soort} if query.soort else {})
        keys |= {"pagina": str(page), "perPagina": str(query.perPagina)}
        return f"{collections.public_base}{PATH}?{urlencode(keys)}"

    hits = found.hits((query.pagina - 1) * query.perPagina, query.perPagina)
    links = page_links(address, query.pagina, len(found), query.perPagina)
    return {
        "vraag": query.zoek,
        "aantal": len(found),
        "pagina": query.pagina,
        "perPagina": query.perPagina,
        "soorten": _counted(everything),
        "resultaten": [_hit_json(collections, hit) for hit in hits],
        "_links": {relation: {"href": href} for relation, href in links.items()},
    }


def check_kind(collections: Collections, kind: str) -> None:
    """Refuse a kind that nothing has.

    Errors: SituationError with the kinds that look like it.
    """
    known = {name: name for name in (*(collection.segment for collection in collections.all), TERM, GEBIED)}
    if kind and kind not in known:
        near = nearest(kind, known)
        meant = did_you_mean(near)
        message = Words(f"onbekende soort {kind!r}.{meant}", f"unknown kind {kind!r}.{meant.en}")
        raise SituationError([Problem("soort", message, near)])


def _counted(found: Found) -> list[Json]:
    return [{"soort": kind, "aantal": count} for kind, count in found.counts().items()]


def _hit_json(collections: Collections, hit: Hit) -> Json:
    named = hit.named
    return {
        "id": named.iri.removeprefix(ID).removeprefix(BASE),
        "iri": named.iri,
        "soort": named.kind,
        "label": {"nl": str(named.label), "en": named.label.en},
        "definitie": {"nl": str(named.meaning), "en": named.meaning.en},
        "reden": hit.reason.value,
        "gevonden": hit.by,
        "_links": _links(collections, named.iri, named.kind),
    }


def _links(collections: Collections, iri: str, kind: str) -> Json:
    """Where a thing is described, and the thing itself where the API has it."""
    if kind == TERM:
        return {"describedby": collections.link(f"/def#{iri.removeprefix(DEF)}")}
    name = iri.removeprefix(ID)
    path = f"{BASE_PATH}/gebieden" if kind == GEBIED else collections.path_of(kind)
    return {
        "self": collections.link(f"{path}/{name.partition('/')[2]}"),
        "describedby": collections.link(f"/doc/{name}"),
    }
