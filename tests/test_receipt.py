"""The receipt of an advice: equal input and knowledge give an equal one, and two advices tell what made them differ."""

import json

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from kb.advice.compare import compare
from kb.engine import Engine
from kb.names import DCTERMS, SH, TYPE, term
from kb.rdf.advice import advice_triples, advice_turtle
from kb.rdf.situation import read_situation_rdf, unknown_terms, write_situation_rdf
from kb.situation.model import Situatie

EXAMPLES = ["deventer", "kerckebosch", "leiden-zuid-west", "paddepoel", "reyeroord", "selwerd"]
IRI = "https://data.example.org/situatie/1"


def as_json(engine: Engine, situation: Situatie) -> dict[str, object]:
    """The advice as JSON that was written and read again."""
    found: dict[str, object] = json.loads(engine.advise(situation).model_dump_json())
    return found


@pytest.mark.parametrize("name", EXAMPLES)
def test_advies_equals_itself(name: str, engine: Engine, situaties: dict[str, Situatie]) -> None:
    found = compare(as_json(engine, situaties[name]), as_json(engine, situaties[name]))
    assert (dict(found.causes), found.changes) == ({}, ())


@pytest.mark.parametrize("name", EXAMPLES)
def test_advies_of_a_changed_situatie_differs_through_the_situatie(
    name: str, engine: Engine, situaties: dict[str, Situatie]
) -> None:
    changed = situaties[name].model_copy(update={"opgaven": ("gebouwen-isoleren", "fietsnetwerk-voltooien")})
    found = compare(as_json(engine, situaties[name]), as_json(engine, changed))
    assert found.causes == {"situatie": ("opgaven",)}
    assert found.changes


def _receipt(advice: dict[str, object], **changes: object) -> dict[str, object]:
    receipt = advice["ontvangstbewijs"]
    assert isinstance(receipt, dict)
    return advice | {"ontvangstbewijs": receipt | changes}


def test_advies_differs_through_gegevens_kennis_and_regel(engine: Engine, situaties: dict[str, Situatie]) -> None:
    old = as_json(engine, situaties["selwerd"])
    rules = old["ontvangstbewijs"]["regels"]  # type: ignore[index]  # it is an object in JSON
    first = min(rules)
    assert compare(old, _receipt(old, kennis="anders")).causes.keys() == {"kennis"}
    assert compare(old, _receipt(old, regels=rules | {first: "anders"})).causes == {"regel": (first,)}
    assert compare(old, _receipt(old, invoer=old["ontvangstbewijs"]["invoer"] | {"metingen": {}})).causes == {  # type: ignore[index]  # as above
        "gegevens": ("metingen",)
    }


def test_synonym_gives_the_same_receipt(engine: Engine) -> None:
    one, other = Situatie(opgaven=("gebouwen-isoleren",)), Situatie(opgaven=("Isolatie",))
    assert engine.receipt(one) == engine.receipt(other)


def test_situatie_keeps_its_iri_and_what_is_not_known(engine: Engine) -> None:
    turtle = f"""
        PREFIX : <https://w3id.org/wijkaanpak/def#> PREFIX dcterms: <{DCTERMS}>
        PREFIX geo: <http://www.opengis.net/ont/geosparql#>
        <{IRI}> a :Situatie ; dcterms:title "Paddepoel"@nl ; geo:sfWithin <https://example.org/groningen> ;
            :cbsCode "BU00141001" . <https://example.org/groningen> dcterms:title "Groningen"@nl ."""
    situation = read_situation_rdf(turtle.encode(), "turtle", engine)
    assert (situation.iri, situation.naam, situation.wijk) == (IRI, "Paddepoel", "BU00141001")
    assert "http://www.opengis.net/ont/geosparql#sfWithin" in unknown_terms(situation)
    assert read_situation_rdf(write_situation_rdf(engine, situation, "turtle"), "turtle", engine) == situation
    said = set(advice_triples(engine, situation))
    within = NamedNode("http://www.opengis.net/ont/geosparql#sfWithin")
    assert Triple(NamedNode(IRI), within, NamedNode("https://example.org/groningen")) in said
    assert Triple(NamedNode(IRI), term("cbsCode"), Literal("BU00141001")) in said


def test_two_adviezen_in_one_file_stay_two(engine: Engine, situaties: dict[str, Situatie]) -> None:
    store = Store()
    text = "".join(advice_turtle(engine, situaties[name]) for name in ("selwerd", "reyeroord"))
    store.extend(parse(text.encode(), format=RdfFormat.TURTLE))
    for cls in ("Advies", "Situatie"):
        assert len(list(store.quads_for_pattern(None, TYPE, term(cls), None))) == 2


def test_receipt_names_the_rules_that_fired_with_their_hash(engine: Engine, situaties: dict[str, Situatie]) -> None:
    receipt = engine.receipt(situaties["selwerd"])
    fired = {
        t.object for t in advice_triples(engine, situaties["selwerd"]) if t.predicate == NamedNode(SH + "sourceRule")
    }
    assert {rule.value.rpartition("/")[2] for rule in fired if isinstance(rule, NamedNode)} <= receipt.regels.keys()
