"""The service description (SPARQL 1.1 Service Description): what is given to who asks without a query."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from api.sparql.data import GraphSummary, Summary
from api.sparql.formats import SOLUTIONS, TRIPLES
from kb.names import TYPE
from kb.rdf.formats import datatype

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
VOID = "http://rdfs.org/ns/void#"
SIMPLE = NamedNode("http://www.w3.org/ns/entailment/Simple")

# The W3C's name of each format we answer with.
FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
}


def describe(endpoint: str, summary: Summary, *, federated: bool, media_type: str) -> bytes:
    """The description of the service at an address, in a format of triples."""
    format = RdfFormat.from_media_type(media_type)
    assert format is not None  # it is one of TRIPLES
    prefixes = {"sd": SD, "void": VOID} if format == RdfFormat.TURTLE else None
    written = serialize(description(endpoint, summary, federated=federated), format=format, prefixes=prefixes)
    assert written is not None  # it is None only when written to a file
    return written


def description(endpoint: str, summary: Summary, *, federated: bool) -> Iterator[Triple]:
    """The description as triples about the address itself."""
    service = NamedNode(endpoint)
    yield Triple(service, TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), service)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    if federated:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    yield Triple(service, _sd("defaultEntailmentRegime"), SIMPLE)
    for media_type in dict.fromkeys([*SOLUTIONS.values(), *TRIPLES.values()]):
        yield Triple(service, _sd("resultFormat"), NamedNode(FORMATS + FORMAT_NAMES[media_type]))
    yield from _dataset(service, summary)


def _dataset(service: NamedNode, summary: Summary) -> Iterator[Triple]:
    dataset, default = BlankNode("dataset"), BlankNode("default")
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield from _graph(default, summary.triples)
    for number, graph in enumerate(summary.graphs):
        yield from _named_graph(dataset, graph, number)


def _named_graph(dataset: BlankNode, summary: GraphSummary, number: int) -> Iterator[Triple]:
    named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
    yield Triple(dataset, _sd("namedGraph"), named)
    yield Triple(named, TYPE, _sd("NamedGraph"))
    yield Triple(named, _sd("name"), summary.iri)
    yield Triple(named, _sd("graph"), graph)
    yield from _graph(graph, summary.triples)
    yield from (Triple(graph, predicate, text) for predicate, text in summary.texts)


def _graph(graph: BlankNode, triples: int) -> Iterator[Triple]:
    yield Triple(graph, TYPE, _sd("Graph"))
    yield Triple(graph, NamedNode(VOID + "triples"), Literal(str(triples), datatype=datatype("integer")))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
