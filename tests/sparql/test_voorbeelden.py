"""The example queries of the query page: each runs at the live endpoint and finds something."""

import httpx
import pytest
from pyoxigraph import NamedNode
from rdflib import Graph

from api.sparql.example_queries import Voorbeeld, read_voorbeelden
from kb.check.linksets import links
from kb.dataset.graphs import link_files
from kb.engine import Engine
from kb.knowledge.basis import Basis
from kb.knowledge.turtle import read_turtle
from kb.names import ID, term

VOORBEELDEN = read_voorbeelden()


@pytest.mark.parametrize("voorbeeld", VOORBEELDEN, ids=lambda voorbeeld: voorbeeld.slug)
def test_voorbeeld_finds_something(voorbeeld: Voorbeeld, endpoint: str, http: httpx.Client) -> None:
    response = http.post(endpoint, content=voorbeeld.query, headers={"Content-Type": "application/sparql-query"})
    assert response.status_code == 200, response.text
    if "json" in response.headers["content-type"]:
        answer = response.json()
        assert answer["results"]["bindings"]
        unbound = set(answer["head"]["vars"]) - {name for row in answer["results"]["bindings"] for name in row}
        assert not unbound, "columns without any value"
    else:
        assert len(Graph().parse(data=response.text, format="turtle")) > 0


def test_voorbeelden_cover_the_knowledge_by_theme() -> None:
    assert len(VOORBEELDEN) >= 15
    assert len({voorbeeld.thema for voorbeeld in VOORBEELDEN}) >= 5
    assert all(voorbeeld.titel and voorbeeld.uitleg.endswith(".") for voorbeeld in VOORBEELDEN)
    assert len({voorbeeld.titel for voorbeeld in VOORBEELDEN}) == len(VOORBEELDEN)


def _rows(name: str, endpoint: str, http: httpx.Client) -> list[dict[str, str]]:
    voorbeeld = next(voorbeeld for voorbeeld in VOORBEELDEN if voorbeeld.slug == name)
    response = http.post(endpoint, content=voorbeeld.query, headers={"Content-Type": "application/sparql-query"})
    found = response.json()["results"]["bindings"]
    return [{column: value["value"] for column, value in row.items()} for row in found]


def test_aannamen_has_every_assumed_thing_and_statement(endpoint: str, http: httpx.Client, engine: Engine) -> None:
    found = {(row["begrip"], row.get("eigenschap"), row.get("waarde")) for row in _rows("aannamen", endpoint, http)}
    knowledge = engine.knowledge
    things = {(node.value, None, None) for node in knowledge.individuals if _assumed(knowledge.basis_of(node))}
    statements = {
        (getattr(t.subject, "value", ""), t.predicate.value, getattr(t.object, "value", ""))
        for t, b in knowledge.annotations.items()
        if _assumed(b)
    }
    rules = {(f"{ID}regel/{rule.slug}", None, None) for rule in engine.rules if rule.certainty == "aanname"}
    assert rules and found == things | statements | rules


def _assumed(basis: Basis | None) -> bool:
    return basis is not None and basis.certainty == "aanname"


def test_drukte_has_every_element_and_counts_no_vrijgave_as_asking(
    endpoint: str, http: httpx.Client, engine: Engine
) -> None:
    knowledge = engine.knowledge
    found = {row["element"]: int(row["vragend"]) for row in _rows("drukte-per-element", endpoint, http)}
    assert set(found) == {node.value for node in knowledge.instances(term("Element"))}
    asking = {*knowledge.instances(term("GedeeldeClaim")), *knowledge.instances(term("ExclusieveClaim"))}
    for element, count in found.items():
        claims = [claim for claim in knowledge.subjects(term("opElement"), NamedNode(element)) if claim in asking]
        assert count == len({task for claim in claims for task in knowledge.objects(claim, term("vanOpgave"))}), element


def test_koppelingen_with_other_registers_are_all_links(endpoint: str, http: httpx.Client) -> None:
    found = {(row["begrip"], row["elders"]) for row in _rows("koppelingen-met-andere-registers", endpoint, http)}
    stated = [link for path in link_files() for link in links(quad.triple for quad in read_turtle(path))]
    pairs = {(str(link.subject).strip("<>"), str(link.object).strip("<>")) for link in stated}
    assert found == {(ours, theirs) for ours, theirs in pairs if ours.startswith(ID)}


def test_zekerheid_of_a_statement_differs_from_that_of_its_subject(endpoint: str, http: httpx.Client) -> None:
    found = _rows("zekerheid-van-uitspraken", endpoint, http)
    assert found and all(row["zekerheid"] != row["vanBegrip"] for row in found)


def test_every_statement_of_a_rule_has_its_herkomst(endpoint: str, http: httpx.Client) -> None:
    found = _rows("afgeleid-zonder-herkomst", endpoint, http)
    assert found and {row["zonderHerkomst"] for row in found} == {"0"}
