"""The data set as workers load it: one file of N-Quads, the same bytes in every process and after every start."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, RdfFormat, Store, serialize

from kb.names import DCTERMS, RDFS

TEXTS = (RDFS + "label", DCTERMS + "title", DCTERMS + "description")


@dataclass(frozen=True)
class GraphSummary:
    """A named graph: how large it is, and what the data set says of it."""

    iri: NamedNode
    triples: int
    texts: tuple[tuple[NamedNode, Literal], ...]


class Data:
    """A data set that no longer changes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def n_quads(self) -> bytes:
        """All quads, sorted, with blank nodes named by what they are (RDFC-1.0) and not by chance."""
        dataset = Dataset(self._store)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        written = serialize(dataset, format=RdfFormat.N_QUADS)
        assert written is not None  # it is None only when written to a file
        return b"".join(sorted(written.splitlines(keepends=True)))

    @cached_property
    def version(self) -> str:
        """Changes exactly when the data does."""
        return blake2b(self.n_quads, digest_size=12).hexdigest()

    @cached_property
    def file(self) -> Path:
        """The quads in a file that lasts as long as this object."""
        self._kept = tempfile.NamedTemporaryFile(suffix=".nq")  # noqa: SIM115 - closed, and with that removed, with us
        self._kept.write(self.n_quads)
        self._kept.flush()
        return Path(self._kept.name)

    @cached_property
    def triples(self) -> int:
        """The number of different triples in all graphs together."""
        return len({quad.triple for quad in self._store})

    @cached_property
    def graphs(self) -> Sequence[GraphSummary]:
        """The named graphs by name."""
        named = [node for node in self._store.named_graphs() if isinstance(node, NamedNode)]
        return [self._summary(graph) for graph in sorted(named, key=lambda node: node.value)]

    def _summary(self, graph: NamedNode) -> GraphSummary:
        size = sum(1 for _ in self._store.quads_for_pattern(None, None, None, graph))
        about = self._store.quads_for_pattern(graph, None, None, None)
        texts = {(q.predicate, q.object) for q in about if q.predicate.value in TEXTS and isinstance(q.object, Literal)}
        return GraphSummary(graph, size, tuple(sorted(texts, key=str)))
