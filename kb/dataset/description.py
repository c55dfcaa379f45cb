"""The description of the data set: what ontology/catalogus.ttl states, and what is counted (VoID) and named (SPARQL-SD).

Nothing that can be counted is typed: the version, the number of triples and entities, and which classes and properties
each graph holds are worked out from the graphs themselves.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kb import paths
from kb.dataset.skolem import skolemise
from kb.knowledge.knowledge import bindings
from kb.knowledge.turtle import read_turtle
from kb.names import BASE, TYPE, XSD

VOID = "http://rdfs.org/ns/void#"
SD = "http://www.w3.org/ns/sparql-service-description#"
DCAT = "http://www.w3.org/ns/dcat#"
DATASET = NamedNode(BASE + "id/dataset/wijkaanpak")

# Each counts one thing per graph; ?number is the count, ?what what is counted apart (a class or a property).
_TOTALS = {
    "triples": "SELECT ?graph (COUNT(*) AS ?number) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph",
    "entities": "SELECT ?graph (COUNT(DISTINCT ?s) AS ?number) WHERE { GRAPH ?graph { ?s a ?type } } GROUP BY ?graph",
}
_PARTS = {
    "class": "SELECT ?graph ?what (COUNT(DISTINCT ?s) AS ?number) WHERE { GRAPH ?graph { ?s a ?what } } GROUP BY ?graph ?what",
    "property": "SELECT ?graph ?what (COUNT(*) AS ?number) WHERE { GRAPH ?graph { ?s ?what ?o } } GROUP BY ?graph ?what",
}
_COUNTED = {
    "class": ("classes", "classPartition", "entities"),
    "property": ("properties", "propertyPartition", "triples"),
}


def catalogue_triples(
    store: Store, graphs: Iterable[NamedNode], version: str, ontology: Path = paths.ONTOLOGY
) -> list[Triple]:
    """The catalogue: the stated description, the version, the graphs by name, and the counts of the graphs in `store`."""
    stated = [quad.triple for quad in read_turtle(ontology / "catalogus.ttl")]
    described = [*stated, Triple(DATASET, NamedNode(DCAT + "version"), Literal(version))]
    described += [triple for graph in graphs for triple in _named_graph(graph)]
    return skolemise([*described, *void_statistics(store)])


def void_statistics(store: Store) -> Iterator[Triple]:
    """The counts of every named graph in a store, as VoID, and the number of triples of all of them together."""
    yield from _totals(store)
    yield from _partitions(store)
    yield Triple(DATASET, _void("triples"), _integer(len(store)))


def _totals(store: Store) -> Iterator[Triple]:
    for name, query in _TOTALS.items():
        for row in _rows(store, query):
            yield Triple(row["graph"], _void(name), row["number"])


def _partitions(store: Store) -> Iterator[Triple]:
    for kind, query in _PARTS.items():
        total, partition, counted = _COUNTED[kind]
        parts: dict[NamedNode, int] = {}
        for row in _rows(store, query):
            graph, part = row["graph"], BlankNode()
            parts[graph] = parts.get(graph, 0) + 1
            yield Triple(graph, _void(partition), part)
            yield Triple(part, _void(kind), row["what"])
            yield Triple(part, _void(counted), row["number"])
        yield from (Triple(graph, _void(total), _integer(number)) for graph, number in parts.items())


def _named_graph(graph: NamedNode) -> Iterator[Triple]:
    """A graph as part of the SPARQL data set; its description hangs on the graph's own name."""
    named = BlankNode()
    yield Triple(DATASET, NamedNode(SD + "namedGraph"), named)
    yield Triple(named, TYPE, NamedNode(SD + "NamedGraph"))
    yield Triple(named, NamedNode(SD + "name"), graph)
    yield Triple(named, NamedNode(SD + "graph"), graph)
    yield Triple(graph, TYPE, NamedNode(SD + "Graph"))


def _rows(store: Store, query: str) -> list[dict[str, Any]]:
    return [{variable.value: value for variable, value in row.items()} for row in bindings(store, query)]


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))
