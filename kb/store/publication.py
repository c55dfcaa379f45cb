"""What a store holds of the data set: a small graph in the store itself says so, and is replaced last."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from kb.dataset.description import VOID
from kb.dataset.graphs import GRAAF
from kb.dataset.skolem import Skolem
from kb.errors import StoreError
from kb.names import DCTERMS, OWL
from kb.rdf.formats import literal
from kb.store.client import StoreClient

PUBLICATIE = NamedNode(GRAAF + "publicatie")
# The union of all other graphs: stores that take several graphs as one give a triple that is in two of them twice.
ALLES = NamedNode(GRAAF + "alles")

HAS_PART = NamedNode(DCTERMS + "hasPart")
_VERSION = NamedNode(OWL + "versionInfo")
_COUNT = NamedNode(VOID + "triples")
_DIGEST = NamedNode(DCTERMS + "identifier")


@dataclass(frozen=True)
class Holding:
    """What a graph holds: how many triples, and a hash of them."""

    count: int
    digest: str


@dataclass(frozen=True)
class Publication:
    """A version of the data set in a store, with its graphs."""

    version: str
    graphs: Mapping[NamedNode, Holding]

    def lines(self) -> list[str]:
        """The graph that says so, as N-Triples."""
        triples = [Triple(PUBLICATIE, _VERSION, Literal(self.version))]
        for graph, holding in self.graphs.items():
            triples.append(Triple(PUBLICATIE, HAS_PART, graph))
            triples.append(Triple(graph, _COUNT, literal(str(holding.count), "integer")))
            triples.append(Triple(graph, _DIGEST, Literal(holding.digest)))
        return n_triples(triples)


class Release:
    """The data set ready to be sent: every graph as sorted lines of N-Triples, and their union. Blank nodes have names:
    a graph is sent, read and replaced in parts, and a blank node is another one in each part."""

    def __init__(self, dataset: Store, version: str) -> None:
        self.version = version
        skolem = Skolem((quad.triple for quad in dataset), "none")  # over all graphs: a blank node may stand in two
        self.graphs = {
            graph: sorted(set(n_triples([skolem.triple(quad.triple) for quad in _quads(dataset, graph)])))
            for graph in _graphs(dataset)
        }
        self.graphs[ALLES] = sorted(set(chain.from_iterable(self.graphs.values())))

    @cached_property
    def publication(self) -> Publication:
        """What a store says of itself when it holds all of this."""
        return Publication(self.version, {graph: _holding(lines) for graph, lines in self.graphs.items()})


def read_publication(client: StoreClient) -> Publication | None:
    """What a store says that it holds; None when nothing was published there.

    Errors: StoreError.
    """
    stated = Store()
    found = client.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {PUBLICATIE} {{ ?s ?p ?o }} }}")
    stated.extend(Quad(*triple) for triple in found)
    version = _value(stated, PUBLICATIE, _VERSION)
    if not version:
        return None
    graphs = [quad.object for quad in stated.quads_for_pattern(PUBLICATIE, HAS_PART, None)]
    named = sorted((graph for graph in graphs if isinstance(graph, NamedNode)), key=str)
    return Publication(version, {graph: _stated_holding(stated, graph) for graph in named})


def n_triples(triples: list[Triple]) -> list[str]:
    """One line of N-Triples for each triple."""
    data = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert data is not None  # it is None only when written to a file
    return data.decode().split("\n")[:-1]


def _graphs(dataset: Store) -> list[NamedNode]:
    return sorted((graph for graph in dataset.named_graphs() if isinstance(graph, NamedNode)), key=str)


def _quads(dataset: Store, graph: NamedNode) -> Iterator[Quad]:
    return dataset.quads_for_pattern(None, None, None, graph)


def _holding(lines: list[str]) -> Holding:
    return Holding(len(lines), sha256("\n".join(lines).encode()).hexdigest()[:16])


def _stated_holding(stated: Store, graph: NamedNode) -> Holding:
    count = _value(stated, graph, _COUNT)
    if not count.isdecimal():
        raise StoreError(f"de opslag zegt niet hoeveel {graph} bevat; publiceer opnieuw (wijkaanpak publiceer).")
    return Holding(int(count), _value(stated, graph, _DIGEST))


def _value(stated: Store, subject: NamedNode, predicate: NamedNode) -> str:
    found = (quad.object for quad in stated.quads_for_pattern(subject, predicate, None))
    return next((value.value for value in found if isinstance(value, Literal)), "")
