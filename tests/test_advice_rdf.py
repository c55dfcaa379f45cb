"""An advice as RDF: every derived statement with the rule and the premises of its shortest proof."""

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import DCTERMS, PROV, RDF, SKOS, Graph
from rdflib.term import Identifier, Node

from kb.engine import Engine
from kb.explain.proof import conclusion_key
from kb.names import DEF, ID, SH
from kb.rdf.advice import advice_triples, advice_turtle, write_advice_rdf
from kb.rdf.formats import FORMATS
from kb.rdf.situation import HERE
from kb.situation.model import Situatie

SOURCE_RULE = rdflib.URIRef(SH + "sourceRule")
SITUATIE = rdflib.URIRef(DEF + "Situatie")


@pytest.fixture(scope="module")
def situation(situaties: dict[str, Situatie]) -> Situatie:
    """An example that uses works, measurements and a reference date."""
    return situaties["reyeroord"]


@pytest.fixture(scope="module")
def graph(engine: Engine, situation: Situatie) -> Graph:
    """The advice on it as rdflib reads it."""
    return Graph().parse(data=advice_turtle(engine, situation), format="turtle")


def statements(graph: Graph) -> dict[tuple[Node | None, ...], Node]:
    """The reified statements by what they say."""
    parts = (RDF.subject, RDF.predicate, RDF.object)
    return {tuple(graph.value(node, part) for part in parts): node for node in graph.subjects(RDF.type, RDF.Statement)}


def test_advies_in_turtle_reads_the_same_in_rdflib_and_oxigraph(
    engine: Engine, situation: Situatie, graph: Graph
) -> None:
    turtle = advice_turtle(engine, situation)
    assert len(list(parse(turtle, format=RdfFormat.TURTLE))) == len(graph) == len(advice_triples(engine, situation))


def test_advies_in_every_format_holds_the_same_number_of_triples(engine: Engine, situation: Situatie) -> None:
    triples = advice_triples(engine, situation)
    for format, rdf_format in FORMATS.items():
        assert len(list(parse(write_advice_rdf(engine, situation, format), format=rdf_format))) == len(triples)


def test_advies_in_turtle_is_the_same_twice(engine: Engine, situation: Situatie) -> None:
    assert advice_turtle(engine, situation) == advice_turtle(engine, situation)


def test_advies_states_everything_that_is_derived_with_rule_and_premises(
    engine: Engine, situation: Situatie, graph: Graph
) -> None:
    node = graph.value(None, RDF.type, SITUATIE)
    said = statements(graph)
    stated = engine.resolver.facts(situation).links
    derived = engine.evaluate(situation).derived()
    assert derived
    for link in derived:
        prop, individual = rdflib.URIRef(link.property.value), rdflib.URIRef(link.object.value)
        assert (node, prop, individual) in graph
        statement = said[node, prop, individual]
        if link in stated:
            continue
        [proof] = engine.why(situation, conclusion_key(link))
        rule = graph.value(statement, SOURCE_RULE)
        activity = graph.value(statement, PROV.wasGeneratedBy)
        assert rule == graph.value(graph.value(activity, PROV.qualifiedAssociation), PROV.hadPlan)
        assert isinstance(rule, Identifier)
        assert rule.startswith(ID + "regel/")
        assert (rule, RDF.type, PROV.Plan) in graph
        assert bool(list(graph.objects(activity, PROV.used))) == any(p.kind != "niets-bekend" for p in proof.premises)
        assert graph.value(activity, DCTERMS.description).language == "nl"


def test_advies_premises_are_statements_that_hold_or_nodes_of_the_situation(graph: Graph) -> None:
    own = {DEF + name for name in ("Werk", "Meting", "Prioriteit")}
    for premise in graph.objects(None, PROV.used):
        types = {str(kind) for kind in graph.objects(premise, RDF.type)}
        assert types & own or str(RDF.Statement) in types


def test_advies_lineage_never_runs_in_a_circle(graph: Graph) -> None:
    above: dict[Node, set[Node]] = {
        statement: set(graph.objects(activity, PROV.used))
        for statement, activity in graph.subject_objects(PROV.wasGeneratedBy)
    }
    while above:
        grounded = [statement for statement, premises in above.items() if not premises & above.keys()]
        assert grounded, "the statements left rest on each other"
        for statement in grounded:
            del above[statement]


def test_advies_premises_from_the_knowledge_base_name_their_source(graph: Graph) -> None:
    cited = [
        statement
        for (subject, _, _), statement in statements(graph).items()
        if isinstance(subject, rdflib.URIRef) and graph.value(statement, PROV.wasDerivedFrom)
    ]
    assert cited
    for statement in cited:
        places = {
            graph.value(reference, rdflib.URIRef(DEF + "plaatsInBron"))
            for reference in graph.objects(statement, rdflib.URIRef(DEF + "verwijzing"))
        }
        assert places and None not in places


def test_advies_labels_every_individual_in_it(graph: Graph) -> None:
    individuals = {
        part for triple in graph for part in triple if isinstance(part, rdflib.URIRef) and part.startswith(ID)
    }
    assert individuals
    assert all(graph.value(individual, SKOS.prefLabel) for individual in individuals)


def test_advies_in_english_has_english_texts(engine: Engine, situation: Situatie) -> None:
    graph = Graph().parse(data=advice_turtle(engine, situation, "en"), format="turtle")
    assert {text.language for text in graph.objects(None, DCTERMS.description)} == {"en"}


def test_advies_tells_a_stated_fact_from_a_derived_one(engine: Engine) -> None:
    situation = Situatie(aanleidingen=("vervanging-riool",))
    graph = Graph().parse(data=advice_turtle(engine, situation), format="turtle")
    node = graph.value(None, RDF.type, SITUATIE)
    prop, individual = rdflib.URIRef(DEF + "heeftAanleiding"), rdflib.URIRef(ID + "aanleiding/vervanging-riool")
    statement = statements(graph)[node, prop, individual]
    assert graph.value(statement, PROV.wasGeneratedBy) is None


def test_advies_can_be_about_a_node_of_choice(engine: Engine, situation: Situatie) -> None:
    node = NamedNode("https://example.org/situatie")
    triples = advice_triples(engine, situation, node=node)
    assert any(triple.subject == node for triple in triples)
    assert not any(HERE in (triple.subject, triple.object) for triple in triples)
