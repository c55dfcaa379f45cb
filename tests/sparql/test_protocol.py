"""The protocol beyond the W3C's entries: forms of answers, methods, headers, and errors that say what is wrong."""

import asyncio
import csv
import json
import xml.etree.ElementTree as ElementTree
from io import StringIO

import httpx
import pytest
from pyoxigraph import Store
from rdflib import Graph
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from api.http.settings import Settings
from api.sparql.endpoint import SparqlEndpoint, SparqlMiddleware
from tests.sparql.conftest import SELECT

CONSTRUCT = "CONSTRUCT { ?t a <urn:t> } { ?t a <https://w3id.org/wijkaanpak/def#Transitie> }"
QUERY = {"Content-Type": "application/sparql-query"}


def rows(response: httpx.Response) -> int:
    """The number of solutions in an answer of any form."""
    media_type = response.headers["content-type"].partition(";")[0]
    if media_type == "text/csv":
        return len(list(csv.reader(StringIO(response.text)))) - 1
    if media_type == "text/tab-separated-values":
        return len(response.text.splitlines()) - 1
    if media_type.endswith("xml"):
        return len(ElementTree.fromstring(response.text).findall(".//{http://www.w3.org/2005/sparql-results#}result"))
    return len(json.loads(response.text)["results"]["bindings"])


@pytest.fixture(scope="module")
def opgaven(endpoint: str, http: httpx.Client) -> int:
    """The number of solutions of SELECT."""
    return rows(http.get(endpoint, params={"query": SELECT}))


accepted_solutions = [
    ("", "application/sparql-results+json"),  # nothing said: our first form
    ("*/*", "application/sparql-results+json"),
    ("application/sparql-results+xml", "application/sparql-results+xml"),
    ("text/csv", "text/csv"),
    ("text/tab-separated-values", "text/tab-separated-values"),
    ("application/json", "application/json"),
    ("text/turtle, text/csv;q=0.2, application/sparql-results+xml;q=0.7", "application/sparql-results+xml"),
    ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
    ("application/sparql-results+json;q=0.4, text/*;q=0.5", "text/csv"),
    ("text/html, application/xml;q=0.9, */*;q=0.8", "application/xml"),  # a browser, where no page is served
]


@pytest.mark.parametrize(("accept", "form"), accepted_solutions)
def test_solutions_come_in_the_form_that_is_liked_best(
    accept: str, form: str, endpoint: str, http: httpx.Client, opgaven: int
) -> None:
    response = http.get(endpoint, params={"query": SELECT}, headers={"Accept": accept} if accept else {})
    assert response.headers["content-type"].partition(";")[0] == form
    assert rows(response) == opgaven > 0
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "turtle"),
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("application/sparql-results+json, application/rdf+xml;q=0.5, text/turtle;q=0.4", "xml"),
    ],
)
def test_triples_come_in_the_form_that_is_liked_best(accept: str, form: str, endpoint: str, http: httpx.Client) -> None:
    response = http.get(endpoint, params={"query": CONSTRUCT}, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    assert len(Graph().parse(data=response.text, format=form)) >= 6


def test_form_in_the_address_goes_before_accept(endpoint: str, http: httpx.Client) -> None:
    asked = {"query": SELECT, "format": "csv"}
    response = http.get(endpoint, params=asked, headers={"Accept": "text/html, */*;q=0.1"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(("query", "accept"), [(SELECT, "image/png"), (SELECT, "text/turtle"), (CONSTRUCT, "text/csv")])
def test_form_that_does_not_exist_is_not_acceptable(query: str, accept: str, endpoint: str, http: httpx.Client) -> None:
    response = http.get(endpoint, params={"query": query}, headers={"Accept": accept})
    assert response.status_code == 406
    assert "application/" in response.json()["detail"]


bad_requests = [
    ({"query": "SELECT * {\n  ?s ?p }"}, "regel 2, kolom 10"),
    ({"query": ""}, "regel 1, kolom 1"),
    ({"query": ["ASK {}", "ASK {}"]}, "geef er één"),
    ({"query": "ASK {}", "default-graph-uri": "geen iri"}, "default-graph-uri 'geen iri'"),
    ({"query": "CLEAR ALL"}, "regel 1"),  # an update where a query belongs
]


@pytest.mark.parametrize(("parameters", "said"), bad_requests)
def test_query_that_cannot_be_read_says_where(
    parameters: dict[str, str], said: str, endpoint: str, http: httpx.Client
) -> None:
    response = http.get(endpoint, params=parameters)
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"\xff", QUERY, 400),  # not UTF-8
        (b"query=%FF", {"Content-Type": "application/x-www-form-urlencoded"}, 400),  # not UTF-8 either
        (b"a=1", {"Content-Type": "application/x-www-form-urlencoded"}, 400),  # no query
        (b"ASK {}", {"Content-Type": "application/json"}, 415),
        (b"ASK {}", {**QUERY, "Content-Encoding": "gzip"}, 415),
        (b"#" * 300_000, QUERY, 413),
        (b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 403),
    ],
)
def test_post_that_cannot_be_taken_says_so(
    content: bytes, headers: dict[str, str], status: int, endpoint: str, http: httpx.Client
) -> None:
    response = http.post(endpoint, content=content, headers=headers)
    assert response.status_code == status, response.text
    assert response.json()["status"] == status


def test_method_outside_the_protocol_is_told_which_there_are(endpoint: str, http: httpx.Client) -> None:
    response = http.delete(endpoint)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_head_has_the_headers_of_get_and_no_body(endpoint: str, http: httpx.Client) -> None:
    head, get = (http.request(method, endpoint, params={"query": SELECT}) for method in ("HEAD", "GET"))
    assert head.content == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == get.headers[name]


def test_options_tells_what_can_be_sent(endpoint: str, http: httpx.Client) -> None:
    response = http.options(endpoint)
    assert response.status_code == 204
    assert "POST" in response.headers["allow"]
    assert "application/sparql-query" in response.headers["accept-post"]


def test_script_of_another_origin_may_read_the_answer(endpoint: str, http: httpx.Client) -> None:
    origin = {"Origin": "https://elders.example"}
    preflight = http.options(endpoint, headers={**origin, "Access-Control-Request-Method": "POST"})
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for query in (SELECT, "ASK {"):
        response = http.get(endpoint, params={"query": query}, headers=origin)
        assert response.headers["access-control-allow-origin"] == "*"


def test_answer_carries_the_security_headers(endpoint: str, http: httpx.Client) -> None:
    for _ in range(2):  # the second comes from memory
        response = http.get(endpoint, params={"query": "ASK { ?s ?p ?o }"})
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["api-version"]


def test_from_replaces_the_union_of_all_graphs(endpoint: str, http: httpx.Client) -> None:
    rule = "<http://www.w3.org/ns/shacl#SPARQLRule>"
    everywhere = http.get(endpoint, params={"query": f"ASK {{ ?s a {rule} }}"})
    elsewhere = http.get(
        endpoint, params={"query": f"ASK FROM <https://w3id.org/wijkaanpak/graaf/kennis> {{ ?s a {rule} }}"}
    )
    assert everywhere.json()["boolean"] is True
    assert elsewhere.json()["boolean"] is False


@pytest.mark.parametrize("form", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_service_description_comes_in_every_form_of_triples(form: str, endpoint: str, http: httpx.Client) -> None:
    response = http.get(endpoint, headers={"Accept": form})
    described = Graph().parse(data=response.text, format=form)
    names = {str(name) for name in described.objects(predicate=None) if "/graaf/" in str(name)}
    assert "https://w3id.org/wijkaanpak/graaf/kennis" in names


def test_browser_without_a_form_in_the_address_gets_the_page_of_the_app(dataset: Store) -> None:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await HTMLResponse("<title>Vragen</title>")(scope, receive, send)

    endpoint = SparqlEndpoint(lambda: dataset, Settings())
    app = SparqlMiddleware(page, endpoint, pages=True)
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

    async def media_types() -> list[str]:
        asked: list[tuple[dict[str, str], dict[str, str]]] = [
            ({}, browser),
            ({"query": "ASK {}"}, browser),
            ({"query": "ASK {}", "format": "csv"}, browser),  # a link to download
            ({"query": "ASK {}"}, {}),
            ({}, {}),
        ]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            answers = [await client.get("/sparql", params=query, headers=accept) for query, accept in asked]
        return [answer.headers["content-type"].partition(";")[0] for answer in answers]

    try:
        found = asyncio.run(media_types())
    finally:
        endpoint.close()
    assert found == ["text/html", "text/html", "text/csv", "application/sparql-results+json", "text/turtle"]
