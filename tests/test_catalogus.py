"""The catalogue: held to DCAT-AP-NL 3.0, with counted sizes."""

import pytest
import rdflib
from pyoxigraph import NamedNode, Store, Triple
from rdflib.namespace import SH

from kb.dataset.description import DATASET, VOID
from kb.dataset.graphs import data_version, graphs
from kb.names import DCTERMS, DEF
from tests.conftest import NORMEN
from tests.graphs import in_graph, rows
from tests.shacl import Result, read_shapes, shacl_results

FOLDER = NORMEN / "dcat-ap-nl"
VOID_PREFIX = f"PREFIX void: <{VOID}>\n"


def read_profile() -> rdflib.Graph:
    """All four files. dcat-ap-SHACL.ttl names two property shapes that no file describes; those references are left out."""
    shapes = read_shapes(sorted(FOLDER.glob("*.ttl")))
    dangling = {shape for shape in shapes.objects(None, SH.property) if not list(shapes.objects(shape, SH.path))}
    for shape in dangling:
        shapes.remove((None, SH.property, shape))
    return shapes


def check(triples: list[Triple]) -> list[Result]:
    return shacl_results(triples, read_profile())


def test_catalogus_passes_dcat_ap_nl_recommendations_and_class_ranges_included(dataset: Store) -> None:
    assert check(in_graph(dataset, "catalogus")) == []


@pytest.mark.parametrize(
    ("property", "severity"),
    [
        ("http://purl.org/dc/terms/license", "Violation"),
        ("http://www.w3.org/ns/dcat#contactPoint", "Violation"),
        ("http://www.w3.org/ns/dcat#landingPage", "Warning"),
        ("http://purl.org/dc/terms/conformsTo", "Warning"),
    ],
)
def test_catalogus_fails_dcat_ap_nl_without(property: str, severity: str, dataset: Store) -> None:
    triples = [t for t in in_graph(dataset, "catalogus") if t.predicate.value != property]
    assert (severity, property) in {(found, path) for found, _, path, _ in check(triples)}


def test_catalogus_fails_dcat_ap_nl_when_a_range_has_no_class(dataset: Store) -> None:
    agent = NamedNode("http://xmlns.com/foaf/0.1/Agent")
    triples = [t for t in in_graph(dataset, "catalogus") if t.object != agent]
    assert "http://purl.org/dc/terms/publisher" in {path for _, _, path, _ in check(triples)}


def test_catalogus_names_every_graph_of_the_dataset(dataset: Store) -> None:
    query = """
        PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        SELECT ?name WHERE { GRAPH graaf:catalogus { ?dataset sd:namedGraph/sd:name ?name } }"""
    assert {name for (name,) in rows(dataset, query)} == {graph.iri.value for graph in graphs()}


def test_catalogus_gives_the_version_of_the_data(dataset: Store) -> None:
    query = "SELECT ?v WHERE { GRAPH graaf:catalogus { ?dataset <http://www.w3.org/ns/dcat#version> ?v } }"
    assert list(rows(dataset, query)) == [(data_version(),)]


@pytest.mark.parametrize("name", [graph.name for graph in graphs() if graph.name != "catalogus"])
def test_catalogus_counts_what_the_graph_holds(name: str, dataset: Store) -> None:
    held = in_graph(dataset, name)
    query = (
        VOID_PREFIX
        + f"""
        SELECT ?triples ?properties WHERE {{ GRAPH graaf:catalogus {{
            graaf:{name} void:triples ?triples ; void:properties ?properties }} }}"""
    )
    assert list(rows(dataset, query)) == [(str(len(held)), str(len({t.predicate for t in held})))]


def test_catalogus_counts_the_individuals_of_a_class(dataset: Store) -> None:
    query = (
        VOID_PREFIX
        + """
        SELECT ?number WHERE { GRAPH graaf:catalogus {
            graaf:kennis void:classPartition [ void:class :Kernopgave ; void:entities ?number ] } }"""
    )
    opgaven = [t for t in in_graph(dataset, "kennis") if t.object == NamedNode(DEF + "Kernopgave")]
    assert list(rows(dataset, query)) == [(str(len(opgaven)),)]


def test_catalogus_gives_one_license_for_the_data(dataset: Store) -> None:
    found = dataset.quads_for_pattern(DATASET, NamedNode(DCTERMS + "license"), None, None)
    licenses = [quad.object.value for quad in found if isinstance(quad.object, NamedNode)]
    assert licenses == ["http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"]
