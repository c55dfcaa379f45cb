"""The advice of every example fits the published shapes; an advice that was tampered with does not."""

from collections.abc import Callable
from functools import cache

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.namespace import SH

from kb import paths
from kb.engine import Engine
from kb.names import DCTERMS, DEF, RDF, RDFS, TYPE, declared
from kb.rdf.advice import advice_triples
from kb.rdf.formats import literal
from kb.rdf.prov import ACTIVITY, GENERATED, HAD_PLAN, PARTS, SOURCE_RULE, USED
from kb.situation.model import Situatie
from tests.shacl import read_shapes, shacl_results

Change = Callable[[list[Triple]], list[Triple]]

RANGE, OBJECT_PROPERTY = NamedNode(RDFS + "range"), NamedNode("http://www.w3.org/2002/07/owl#ObjectProperty")
WAARDE, GRAVEN, GEWICHT, HEEFT_KENMERK = map(declared, ("waarde", "graven", "gewicht", "heeftKenmerk"))
CREATED = NamedNode(DCTERMS + "created")


ABOUT = tuple(map(rdflib.URIRef, (DEF + "Situatie", DEF + "Advies", RDF + "Statement")))


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    """The published shapes; of the knowledge only what an individual is goes along, so those about it have no target."""
    found = read_shapes([paths.ONTOLOGY / "shapes.ttl"])
    for shape, _, target in list(found.triples((None, SH.targetClass, None))):
        if target not in ABOUT:
            found.remove((shape, SH.targetClass, target))
    return found


def known(engine: Engine, advice: list[Triple]) -> list[Triple]:
    """Of the knowledge, what the shapes of an advice ask for: what each thing in it is, and what its properties point at."""
    knowledge = engine.knowledge
    used = {triple.predicate for triple in advice}
    ranges = [
        triple
        for triple in knowledge.triples(predicate=RANGE)
        if triple.subject in used and (triple.subject, OBJECT_PROPERTY) in kinds(engine)
    ]
    things = {triple.object for triple in advice if isinstance(triple.object, NamedNode)}
    types = [Triple(node, TYPE, cls) for node in things for cls in knowledge.objects(node, TYPE)]
    return [*ranges, *(Triple(triple.subject, TYPE, OBJECT_PROPERTY) for triple in ranges), *types]


@cache
def kinds(engine: Engine) -> set[tuple[object, object]]:
    return {
        (triple.subject, triple.object) for triple in engine.knowledge.triples(predicate=TYPE, object=OBJECT_PROPERTY)
    }


@pytest.fixture(scope="module")
def advice(engine: Engine) -> list[Triple]:
    """An advice with everything that a situation can state, and of its lineage a few derived statements."""
    data = {
        "peildatum": "2026-09-01",
        "kenmerken": ["wateroverlast"],
        "werken": [{"cyclus": "riool", "van": 2027, "tot": 2028, "graven": True}],
        "metingen": {"aandeel-koopwoningen": "0.3"},
        "herkomst": {
            "aandeel-koopwoningen": {
                "bron": "cbs-kerncijfers-wijken-en-buurten",
                "jaar": 2024,
                "gebied": "WK001410",
                "toegepastOp": "BU00141000",
            }
        },
        "prioriteiten": {"klimaatadaptatie": 3},
    }
    return with_some_lineage(advice_triples(engine, Situatie.model_validate(data)), 10)


def with_some_lineage(advice: list[Triple], most: int) -> list[Triple]:
    """An advice with the lineage of no more than so many derived statements, premises and all: all lineage has one shape."""
    derived = [triple.subject for triple in advice if triple.predicate == SOURCE_RULE][:most]
    firings = {triple.object for triple in advice if triple.predicate == GENERATED and triple.subject in set(derived)}
    premises = {triple.object for triple in advice if triple.predicate == USED and triple.subject in firings}
    told = {triple.object for triple in advice if triple.subject in firings}
    kept = {*derived, *firings, *premises, *told}
    lineage = {
        triple.subject for triple in advice if triple.predicate in (PARTS[0], HAD_PLAN) or triple.object == ACTIVITY
    } - kept
    return [triple for triple in advice if triple.subject not in lineage]


def test_whole_advies_of_an_example_fits(engine: Engine, situaties: dict[str, Situatie], shapes: rdflib.Graph) -> None:
    triples = advice_triples(engine, situaties["reyeroord"])
    assert shacl_results([*triples, *known(engine, triples)], shapes) == []


def test_advies_of_every_example_fits(engine: Engine, situaties: dict[str, Situatie], shapes: rdflib.Graph) -> None:
    for name, situatie in situaties.items():
        triples = with_some_lineage(advice_triples(engine, situatie), 100)
        assert shacl_results([*triples, *known(engine, triples)], shapes) == [], name


def without(predicate: NamedNode) -> Change:
    return lambda triples: [triple for triple in triples if triple.predicate != predicate]


def instead(predicate: NamedNode, value: NamedNode | Literal) -> Change:
    return lambda triples: [Triple(t.subject, t.predicate, value) if t.predicate == predicate else t for t in triples]


def first_again(predicate: NamedNode, value: Literal) -> Change:
    """Another value beside the one that is there."""
    return lambda triples: [
        *triples,
        *(Triple(t.subject, predicate, value) for t in triples if t.predicate == predicate),
    ]


def elsewhere(predicate: NamedNode) -> Change:
    """The same property pointing at a thing of another kind."""
    return instead(predicate, NamedNode(DEF + "Situatie"))


CORRUPTED: dict[str, Change] = {
    "no date": without(CREATED),
    "a date in words": instead(CREATED, Literal("gisteren")),
    "no version of the knowledge": without(declared("kennisversie")),
    "two outcomes": first_again(declared("uitkomsthash"), Literal("00")),
    "about nothing": without(declared("overSituatie")),
    "no licence": without(NamedNode(DCTERMS + "license")),
    "a value that is no number": instead(WAARDE, Literal("veel")),
    "a priority of nine": instead(GEWICHT, literal("9", "integer")),
    "a measurement from a source of no year": without(declared("gemetenIn")),
    "a measurement over no area": instead(declared("gemetenOver"), Literal("Selwerd")),
    "a measurement from what is no source": elsewhere(declared("ontleendAan")),
    "digging in words": instead(GRAVEN, Literal("ja")),
    "a characteristic that is none": elsewhere(HEEFT_KENMERK),
    "work on nothing": without(declared("cyclus")),
    "a conclusion about a thing of another kind": elsewhere(declared("heeftNodigeOpgave")),
    "a derived statement that nothing made": without(NamedNode("http://www.w3.org/ns/prov#wasGeneratedBy")),
    "a derived statement without certainty": without(declared("zekerheid")),
    "a rule without its statement": lambda triples: [
        t for t in triples if not (t.predicate.value.endswith("#subject") and t.predicate.value.startswith(RDF))
    ],
}


@pytest.mark.parametrize("change", CORRUPTED.values(), ids=CORRUPTED.keys())
def test_advies_that_was_tampered_with_is_refused(
    engine: Engine, advice: list[Triple], shapes: rdflib.Graph, change: Change
) -> None:
    changed = change(advice)
    assert changed != advice
    assert shacl_results([*changed, *known(engine, advice)], shapes) != []


def test_small_advies_fits(engine: Engine, advice: list[Triple], shapes: rdflib.Graph) -> None:
    assert shacl_results([*advice, *known(engine, advice)], shapes) == []
