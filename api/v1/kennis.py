"""The knowledge base: an overview, and per collection of the ontology a list and single resources."""

from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi import Path as PathParameter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import API_VERSION, BASE_PATH
from api.http.caching import cached_response
from api.http.negotiation import JSON, accepted_form, header
from api.http.paging import link_header, page_links
from api.v1.collections import Collection, Collections
from api.v1.filters import filter_parameters
from api.v1.models import GeenParameters, Individu, Lijst, LijstParameters, Overzicht, Regel
from kb.names import local_name
from kb.search.facets import REGEL, Facets, check_wanted, chosen

TITLE = "Wijkaanpak"


def knowledge_router(collections: Collections, facets: Facets) -> APIRouter:
    """The routes over the knowledge, one pair for each collection so that the API document lists them."""
    router = APIRouter()
    overview = _overview(collections)
    router.add_api_route(
        BASE_PATH,
        overview,
        response_model=Overzicht,
        summary="Overzicht",
        description="Wat de API biedt: de verzamelingen met hun aantallen, en de adressen.",
        response_description="Het overzicht.",
        operation_id="overzicht",
        tags=["over"],
    )
    # How a client joins the server's address and the path `/` of the document.
    router.add_api_route(f"{BASE_PATH}/", _without_slash(collections), include_in_schema=False)
    for collection in collections.all:
        _add_collection(router, collections, facets, collection)
    return router


def _without_slash(collections: Collections) -> Callable[..., Response]:
    def redirect() -> Response:
        return RedirectResponse(collections.public_base + BASE_PATH, 308)

    return redirect


def _add_collection(router: APIRouter, collections: Collections, facets: Facets, collection: Collection) -> None:
    knowledge = collections.knowledge
    kind, plural = knowledge.label(collection.cls), collection.name.replace("-", " ")
    router.add_api_route(
        collection.path,
        _list(collections, facets, collection),
        response_model=Lijst,
        summary=f"Alle {plural}",
        description=knowledge.definition(collection.cls),
        response_description=f"Een pagina met {plural}.",
        operation_id=f"lijst{local_name(collection.cls)}",
        tags=["kennis"],
    )
    router.add_api_route(
        f"{collection.path}/{{id}}",
        _single(collections, collection),
        response_model=Regel if collection.cls == REGEL else Individu,
        summary=f"Eén {kind}",
        description=f"Alles wat bekend is over één {kind}: betekenis, bronnen en relaties.",
        response_description=f"Eén {kind}.",
        operation_id=f"lees{local_name(collection.cls)}",
        tags=["kennis"],
    )


def _overview(collections: Collections) -> Callable[..., Response]:
    def overview(request: Request, _query: Annotated[GeenParameters, Query()]) -> Response:
        accepted_form(header(request.scope, "accept"), [JSON])
        links = {
            "self": collections.link(BASE_PATH),
            "service-desc": collections.link(f"{BASE_PATH}/openapi.json"),
            "adviezen": collections.link(f"{BASE_PATH}/adviezen"),
            "programmas": collections.link(f"{BASE_PATH}/programmas"),
            "problemen": collections.link(f"{BASE_PATH}/problemen"),
            "zoekresultaten": collections.link(f"{BASE_PATH}/zoekresultaten"),
        }
        listed = [collections.collection_json(collection) for collection in collections.all]
        content = {"titel": TITLE, "versie": API_VERSION, "verzamelingen": listed, "_links": links}
        return cached_response(request, content)

    return overview


def _list(collections: Collections, facets: Facets, collection: Collection) -> Callable[..., Response]:
    def list_members(request: Request, query: LijstParameters) -> Response:
        accepted_form(header(request.scope, "accept"), [JSON])
        wanted = {key: value for key in facets.properties(collection.cls) if (value := getattr(query, key))}
        found = _members(collections, facets, collection, query.zoek.strip(), wanted)
        links = _page_links(collections, collection, query, wanted, len(found))
        start = (query.pagina - 1) * query.perPagina
        content = {
            "verzameling": collection.name,
            "aantal": len(found),
            "pagina": query.pagina,
            "perPagina": query.perPagina,
            "resultaten": [collections.short_json(node) for node in found[start : start + query.perPagina]],
            "_links": {relation: {"href": address} for relation, address in links.items()},
        }
        return cached_response(request, content, {"Link": link_header(links)})

    # Which parameters a list has follows from the ontology, so that no annotation in the source can say it.
    list_members.__annotations__["query"] = Annotated[filter_parameters(collections, facets, collection), Query()]
    return list_members


def _members(
    collections: Collections, facets: Facets, collection: Collection, words: str, wanted: Mapping[str, str]
) -> list[NamedNode]:
    """The members of a collection that are asked for.

    Errors: SituationError for a value that no member has.
    """
    members = collections.members(collection)
    known = facets.of(collection.cls, members) if wanted else ()
    check_wanted(known, wanted)
    return chosen(known, facets.with_words(words, collection.segment, members) if words else members, wanted)


def _single(collections: Collections, collection: Collection) -> Callable[..., Response]:
    members = collections.members(collection)
    example = {"example": {"value": members[0].value.rpartition("/")[2]}} if members else {}

    def get_member(
        request: Request,
        id: Annotated[str, PathParameter(description="Laatste deel van het kenmerk.", openapi_examples=example)],
        _query: Annotated[GeenParameters, Query()],
    ) -> Response:
        accepted_form(header(request.scope, "accept"), [JSON])
        return cached_response(request, collections.resource_json(collection, collections.find(collection, id)))

    return get_member


def _page_links(
    collections: Collections, collection: Collection, query: LijstParameters, wanted: Mapping[str, str], count: int
) -> dict[str, str]:
    def address(page: int) -> str:
        keys = {"zoek": query.zoek} if query.zoek else {}
        keys |= {**wanted, "pagina": str(page), "perPagina": str(query.perPagina)}
        return f"{collections.public_base}{collection.path}?{urlencode(keys)}"

    return page_links(address, query.pagina, count, query.perPagina)
