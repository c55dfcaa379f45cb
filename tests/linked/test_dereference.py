"""Every IRI of ours answers: 303 to its description, which is a page for people and RDF for machines."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from api.linked.naming import is_nameless, local_path
from kb.engine import Engine
from kb.names import BASE, DEF, ID, SKOS
from tests.client import TestClient
from tests.graphs import some_lineage
from tests.linked.pages import Page
from tests.linked.pages import parse as parse_page

GAS = "opgave/woningen-van-het-gas-af"
# A browser's own header.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
HASHED = (f"{ID}uitspraak/", f"{ID}afleiding/")
PER_KIND = 5

ACCEPTED = [
    # what is accepted, what is given, why
    (BROWSER, "text/html", "a browser"),
    ("", "text/html", "no preference"),
    ("*/*", "text/html", "anything"),
    ("text/turtle", "text/turtle", "one form"),
    ("application/ld+json", "application/ld+json", "one form"),
    ("application/n-triples", "application/n-triples", "one form"),
    ("application/rdf+xml", "application/rdf+xml", "one form"),
    ("text/html;q=0.5, text/turtle", "text/turtle", "Turtle is liked better"),
    ("text/turtle;q=0.3, application/ld+json;q=0.7", "application/ld+json", "JSON-LD is liked better"),
    ("text/*, text/html;q=0", "text/turtle", "any text but HTML"),
    ("application/*;q=0.2, text/turtle;q=0.1", "application/ld+json", "the first of our own order"),
    ("application/json, */*;q=0.1", "text/html", "JSON is not offered, anything else is"),
    ("TEXT/TURTLE; charset=utf-8", "text/turtle", "capitals and a parameter"),
]
ENDINGS = {
    ".html": "text/html",
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
}
RDF = {form: RdfFormat.from_media_type(form) for form in ENDINGS.values() if form != "text/html"}


@pytest.fixture(scope="module")
def dataset(dataset: Store) -> Store:
    """The data set with every graph whole but the lineage.

    That is half a million triples of one shape, and of ours it names nothing that is not in the other graphs but its own
    statements and firings.
    """
    return some_lineage(dataset)


@pytest.fixture(scope="module")
def named(dataset: Store) -> list[NamedNode]:
    """Every IRI of ours in the data set that somebody might follow, be it as subject or as object."""
    nodes = {node for quad in dataset for node in (quad.subject, quad.predicate, quad.object, quad.graph_name)}
    ours = [node for node in nodes if isinstance(node, NamedNode) and node.value.startswith(BASE)]
    return sorted((node for node in ours if not is_nameless(node)), key=str)


@pytest.fixture(scope="module")
def of_things(named: list[NamedNode]) -> list[NamedNode]:
    """The individuals, rules, shapes and graphs, of every kind at least five: all of one kind are made in one way."""
    kinds: dict[str, list[NamedNode]] = defaultdict(list)
    for node in named:
        if path := local_path(node):
            kinds[path.rpartition("/")[0]].append(node)
    docs = (nodes for kind, nodes in kinds.items() if kind.startswith("/doc"))
    return [node for nodes in docs for node in nodes[:: max(1, len(nodes) // PER_KIND)]]


def triples_of(content: bytes, form: str) -> set[Triple]:
    """The triples in some RDF."""
    return {quad.triple for quad in parse(content, format=RDF[form])}


def page(client: TestClient, path: str) -> Page:
    """The page at a path."""
    answer = client.get(path, headers={"Accept": BROWSER, "Accept-Language": "nl"})
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return parse_page(answer.text)


async def dereference(app: FastAPI, nodes: list[NamedNode]) -> AsyncIterator[tuple[NamedNode, list[httpx.Response]]]:
    """What a browser and an RDF client get for each name, and then at the addresses they are sent to."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://wijk.example.org") as client:
        for node in nodes:
            path = "/" + node.value.removeprefix(BASE)
            sent = [await client.get(path, headers={"Accept": form}) for form in (BROWSER, "text/turtle")]
            yield node, sent + [await client.get(answer.headers.get("location", "/")) for answer in sent]


def test_iri_of_every_kind_of_thing_leads_to_a_page_with_its_name_and_to_turtle_about_it(
    app: FastAPI, of_things: list[NamedNode], engine: Engine
) -> None:
    async def check() -> list[str]:
        return [
            node.value
            async for node, answers in dereference(app, of_things)
            if [answer.status_code for answer in answers] != [303, 303, 200, 200]
            or engine.knowledge.labels.get(node, {"nl": ""})["nl"] not in unescape(answers[2].text)
            or node not in {triple.subject for triple in triples_of(answers[3].content, "text/turtle")}
        ]

    assert asyncio.run(check()) == []


def test_page_of_every_kind_is_well_formed(client: TestClient, of_things: list[NamedNode]) -> None:
    kinds = {(local_path(node) or "").rpartition("/")[0]: local_path(node) or "" for node in of_things}
    problems = {path: page(client, path).problems for path in kinds.values()}
    assert {path: wrong for path, wrong in problems.items() if wrong} == {}


def test_statements_named_by_a_hash_are_all_described(named: list[NamedNode], dataset: Store) -> None:
    described = {quad.subject for quad in dataset}
    assert [node for node in named if node.value.startswith(HASHED) and node not in described] == []


def test_iri_of_a_term_answers_at_def_with_an_anchor_and_in_turtle(client: TestClient, named: list[NamedNode]) -> None:
    terms = {node for node in named if node.value.startswith(DEF) and node.value != DEF}
    anchors = page(client, "/def").values("id")
    turtle = triples_of(client.get("/def", headers={"Accept": "text/turtle"}).content, "text/turtle")
    assert {term.value.removeprefix(DEF) for term in terms} <= set(anchors)
    assert terms <= {triple.subject for triple in turtle}


def test_other_iris_of_ours_answer(client: TestClient, named: list[NamedNode]) -> None:
    others = {local_path(node) or "" for node in named if not node.value.startswith((ID, DEF))}
    wrong = [
        path for path in sorted(others) if client.get(path, headers={"Accept": "*/*"}).status_code not in (200, 303)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("accept", "form", "why"), ACCEPTED, ids=[f"{a or 'nothing'} - {why}" for a, _, why in ACCEPTED]
)
def test_description_comes_in_the_form_that_is_liked_best(client: TestClient, accept: str, form: str, why: str) -> None:
    answer = client.get(f"/doc/{GAS}", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == form, why
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("accept", "form", "why"), ACCEPTED, ids=[f"{a or 'nothing'} - {why}" for a, _, why in ACCEPTED]
)
def test_redirect_leads_to_the_form_that_is_liked_best(client: TestClient, accept: str, form: str, why: str) -> None:
    answer = client.get(f"/id/{GAS}", headers={"Accept": accept})
    ending = "" if form == "text/html" else next(ending for ending, known in ENDINGS.items() if known == form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/doc/{GAS}{ending}"), why
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(("ending", "form"), ENDINGS.items())
def test_ending_of_the_address_goes_before_what_is_accepted(client: TestClient, ending: str, form: str) -> None:
    described = client.get(f"/doc/{GAS}{ending}", headers={"Accept": "image/png"})
    assert described.headers["content-type"].partition(";")[0] == form
    assert client.get(f"/id/{GAS}{ending}").headers["location"] == f"/doc/{GAS}{ending}"
    assert client.get(f"/def{ending}").headers["content-type"].partition(";")[0] == form


def test_form_that_is_not_offered_is_refused_with_those_that_are(client: TestClient) -> None:
    for path in (f"/id/{GAS}", f"/doc/{GAS}", "/def"):
        problem = client.get(path, headers={"Accept": "image/png"})
        assert problem.status_code == 406
        assert "text/turtle" in problem.json()["detail"]


@pytest.mark.parametrize(
    "path", [f"/doc/{GAS}", "/doc/regel/koppeling-gedeeld", "/doc/graaf/kennis", "/doc/opgave", "/def"]
)
def test_all_forms_of_a_description_say_the_same(client: TestClient, path: str) -> None:
    said = [triples_of(client.get(path, headers={"Accept": form}).content, form) for form in RDF]
    assert said[0]
    assert said == [said[0]] * len(RDF)


@pytest.mark.parametrize(
    "path", [f"/doc/{GAS}", "/doc/bron/poster", "/doc/regel/koppeling-gedeeld", "/doc/opgave", "/def"]
)
def test_page_embeds_the_same_triples_as_json_ld(client: TestClient, path: str) -> None:
    embedded = json.dumps(page(client, path).json_ld()).encode()
    turtle = client.get(path, headers={"Accept": "text/turtle"}).content
    assert triples_of(embedded, "application/ld+json") == triples_of(turtle, "text/turtle")


def test_description_has_own_statements_references_labels_and_grounds(client: TestClient, dataset: Store) -> None:
    opgave, energie = NamedNode(ID + GAS), NamedNode(ID + "transitie/energie")
    said = triples_of(client.get(f"/doc/{GAS}.nt").content, "application/n-triples")
    own = {quad.triple for quad in dataset.quads_for_pattern(opgave, None, None, None)}
    assert own <= said
    assert any(triple.object == opgave for triple in said), "what refers to it"
    assert any(triple.subject == energie and triple.predicate.value == SKOS + "prefLabel" for triple in said)
    assert {"plaatsInBron", "bron"} <= {_local(triple.predicate) for triple in said}, "the citation, at a nameless node"
    assert any(_local(triple.predicate) == "sourceRule" for triple in said), "the rule of what is derived"


def _local(node: NamedNode) -> str:
    return node.value.rpartition("#")[2]


def test_graphs_and_kinds_are_listed(client: TestClient, dataset: Store) -> None:
    graphs = {f"/doc/graaf/{quad.graph_name.value.rpartition('/')[2]}" for quad in dataset}
    assert graphs <= set(page(client, "/doc/graaf").links())
    assert f"/doc/{GAS}" in set(page(client, "/doc/opgave").links())


UNKNOWN = [
    ("/id/opgave/woningen-van-gas-af", "/doc/opgave/woningen-van-het-gas-af", "a word is missing"),
    ("/doc/opgave/woningen-renoverren", "/doc/opgave/woningen-renoveren", "a letter too many"),
    ("/doc/opgave/woningen-renoverren.ttl", "/doc/opgave/woningen-renoveren", "with an ending"),
    ("/graaf/kenis", "/doc/graaf/kennis", "a graph"),
    ("/doc/REGEL/koppeling-gedeelt", "/doc/regel/koppeling-gedeeld", "a rule, in capitals"),
]


@pytest.mark.parametrize(("path", "near", "why"), UNKNOWN, ids=[why for _, _, why in UNKNOWN])
def test_unknown_iri_is_a_problem_that_names_the_nearest(client: TestClient, path: str, near: str, why: str) -> None:
    problem = client.get(path, headers={"Accept": "application/json"})
    assert problem.status_code == 404, why
    assert problem.headers["content-type"] == "application/problem+json"
    assert near in problem.json()["fouten"][0]["nabij"]


@pytest.mark.parametrize(("path", "near", "why"), UNKNOWN, ids=[why for _, _, why in UNKNOWN])
def test_unknown_iri_is_a_page_with_links_to_the_nearest(client: TestClient, path: str, near: str, why: str) -> None:
    answer = client.get(path, headers={"Accept": BROWSER})
    assert answer.status_code == 404, why
    assert near in set(parse_page(answer.text).links())


@pytest.mark.parametrize(
    "path",
    ["/id/", "/id/a b", "/id/%00", "/id/<x>", "/doc/%22", "/doc/" + "x" * 3000, "/doc/opgave/é", "/def.foo", "/graaf/"],
)
def test_address_that_no_iri_can_have_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"Accept": "application/json"}).status_code == 404


def test_description_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    for form in ("text/html", "text/turtle"):
        first = client.get(f"/doc/{GAS}", headers={"Accept": form})
        again = client.get(f"/doc/{GAS}", headers={"Accept": form, "If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_description_is_there_to_head(client: TestClient) -> None:
    answer = client.head(f"/doc/{GAS}.ttl")
    assert (answer.status_code, answer.content) == (200, b"")


def test_links_stay_below_the_public_base(engine: Engine) -> None:
    from api.app import create_app
    from api.http.settings import Settings

    base = "https://wijk.example.org/kennis"
    client = TestClient(create_app(engine, Settings(public_base=base)), follow_redirects=False)
    assert client.get(f"/id/{GAS}").headers["location"] == f"{base}/doc/{GAS}"
    links = set(page(client, f"/doc/{GAS}").links())
    assert f"{base}/doc/transitie/energie" in links
    assert f"{base}/def#Opgave" in links
    assert not [link for link in links if link.startswith(BASE)]
