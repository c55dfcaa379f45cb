"""The data set as workers load it: one file, with every named graph also in the default graph."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from kb.names import DCTERMS, RDFS

TEXTS = (RDFS + "label", DCTERMS + "title", DCTERMS + "description")

_SIZES = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
_UNION = "SELECT (COUNT(*) AS ?triples) { SELECT DISTINCT ?s ?p ?o { GRAPH ?graph { ?s ?p ?o } } }"


@dataclass(frozen=True)
class GraphSummary:
    """A named graph: how large it is, and what the data set says of it."""

    iri: NamedNode
    triples: int
    texts: tuple[tuple[NamedNode, Literal], ...]


@dataclass(frozen=True)
class Summary:
    """The number of different triples in all graphs together, and the named graphs by name."""

    triples: int
    graphs: Sequence[GraphSummary]


class Data:
    """A data set that no longer changes, made when first asked for; all its triples are in named graphs."""

    def __init__(self, make: Callable[[], Store]) -> None:
        self._make = make
        self._lock = Lock()

    @property
    def file(self) -> Path:
        """All quads and, without their graphs, all triples, as N-Quads; the file lasts as long as this object.

        With its triples there, the default graph is the union of all graphs, and FROM still replaces it.
        """
        return Path(self._built[0].name)

    @property
    def summary(self) -> Summary:
        """What a service description says of it."""
        return self._built[1]

    def close(self) -> None:
        """Remove the file, if there is one."""
        with self._lock:
            if "_parts" in self.__dict__:
                self._parts[0].close()

    @property
    def _built(self) -> tuple["tempfile._TemporaryFileWrapper[bytes]", Summary]:
        with self._lock:
            return self._parts

    @cached_property
    def _parts(self) -> tuple["tempfile._TemporaryFileWrapper[bytes]", Summary]:
        store = self._make()
        file = tempfile.NamedTemporaryFile(suffix=".nq")  # noqa: SIM115 - it is to last, and goes when we do
        store.dump(file, format=RdfFormat.N_QUADS)
        for graph in store.named_graphs():
            store.dump(file, format=RdfFormat.N_TRIPLES, from_graph=graph)
        file.flush()
        return file, _summary(store)


def _summary(store: Store) -> Summary:
    sizes, union = store.query(_SIZES), store.query(_UNION)
    assert isinstance(sizes, QuerySolutions) and isinstance(union, QuerySolutions)
    graphs = [GraphSummary(graph, int(triples.value), _texts(store, graph)) for graph, triples in sizes]
    return Summary(int(next(union)["triples"].value), graphs)


def _texts(store: Store, graph: NamedNode) -> tuple[tuple[NamedNode, Literal], ...]:
    about = store.quads_for_pattern(graph, None, None, None)
    found = {(q.predicate, q.object) for q in about if q.predicate.value in TEXTS and isinstance(q.object, Literal)}
    return tuple(sorted(found, key=str))
