"""The data set as workers load it: one file of N-Quads, and what a service says of it."""

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
    """A data set that no longer changes, made when first asked for; all its triples are in named graphs.

    `kept` gives a file of its quads that was kept from an earlier start, or None.
    """

    def __init__(self, make: Callable[[], Store], kept: Callable[[], Path | None] = lambda: None) -> None:
        self._make = make
        self._kept = kept
        self._lock = Lock()

    @property
    def file(self) -> Path:
        """All quads as N-Quads; the file lasts at least as long as this object."""
        with self._lock:
            return self._kept() or Path(self._dumped.name)

    @property
    def summary(self) -> Summary:
        """What a service description says of it."""
        with self._lock:
            return self._summary

    def close(self) -> None:
        """Remove the file, if one was made here."""
        with self._lock:
            if "_dumped" in self.__dict__:
                self._dumped.close()

    @cached_property
    def _dumped(self) -> "tempfile._TemporaryFileWrapper[bytes]":
        file = tempfile.NamedTemporaryFile(suffix=".nq")  # noqa: SIM115 - it is to last, and goes when we do
        self._store.dump(file, format=RdfFormat.N_QUADS)
        file.flush()
        return file

    @cached_property
    def _summary(self) -> Summary:
        return _summary(self._store)

    @cached_property
    def _store(self) -> Store:
        return self._make()


def _summary(store: Store) -> Summary:
    sizes, union = store.query(_SIZES), store.query(_UNION)
    assert isinstance(sizes, QuerySolutions) and isinstance(union, QuerySolutions)
    graphs = [GraphSummary(graph, int(triples.value), _texts(store, graph)) for graph, triples in sizes]
    return Summary(int(next(union)["triples"].value), graphs)


def _texts(store: Store, graph: NamedNode) -> tuple[tuple[NamedNode, Literal], ...]:
    about = store.quads_for_pattern(graph, None, None, None)
    found = {(q.predicate, q.object) for q in about if q.predicate.value in TEXTS and isinstance(q.object, Literal)}
    return tuple(sorted(found, key=str))
