"""What the data set says about a node: its own statements, what refers to it, and what each statement rests on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from api.http.errors import NotFoundError
from api.linked.naming import ANNOTATED_TARGET, DOC, LABELS, OUTSIDE_ID, is_nameless
from kb.dataset.graphs import GRAAF
from kb.dataset.lineage import statement_name
from kb.errors import Problem, nearest
from kb.language import Words, did_you_mean
from kb.names import BASE, DEF, ID, OWL, short, term

ONTOLOGY = NamedNode(BASE + "def")
DERIVED, LINEAGE = NamedNode(GRAAF + "afgeleid"), NamedNode(GRAAF + "herkomst")
ANNOTATED_SOURCE = NamedNode(OWL + "annotatedSource")
ANNOTATED_PROPERTY = NamedNode(OWL + "annotatedProperty")
BASIS_OF, BASIS_FOR = term("onderbouwtOnderwerp"), term("onderbouwtEigenschap")
# The data set holds thousands of these, named by a hash; nobody misspells one.
HASHED = ("uitspraak/", "afleiding/")

Subject: TypeAlias = NamedNode | BlankNode | Triple
Node: TypeAlias = Subject | Literal


@dataclass(frozen=True)
class Incoming:
    """A statement that refers to a node; `owner` is who says so, also where a nameless node stands in between."""

    owner: NamedNode
    chain: tuple[Triple, ...]

    @property
    def predicate(self) -> NamedNode:
        """The property that points at the node."""
        return self.chain[0].predicate


class Resources:
    """Descriptions of the nodes of a data set that no longer changes."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def find(self, path: str) -> NamedNode:
        """The node that is described at a path below `/doc/`.

        Errors: NotFoundError with the nodes that look like it.
        """
        node = _named((BASE if path.startswith(OUTSIDE_ID) else ID) + path)
        if node is not None and self.describes(node):
            return node
        near = nearest(path.lower(), self._known)
        meant = did_you_mean(near)
        message = Words(f"Onbekend: {path!r}.{meant}", f"Unknown: {path!r}.{meant.en}")
        raise NotFoundError(message, (Problem("", message, tuple(DOC + name for name in near)),))

    def describes(self, node: NamedNode) -> bool:
        """Whether the data set says anything about a node of ours."""
        ours = node.value.startswith(BASE) and not node.value.startswith(DEF)
        return ours and any(self.store.quads_for_pattern(node, None, None, None))

    def outgoing(self, node: Subject) -> list[Quad]:
        """The statements with a node as subject, in a stable order."""
        return sorted(self.store.quads_for_pattern(node, None, None, None), key=_order)

    def incoming(self, node: NamedNode) -> list[Incoming]:
        """The statements that refer to a node, in a stable order; what only annotates a statement is left out."""
        found = {
            incoming
            for quad in self.store.quads_for_pattern(None, None, node, None)
            if quad.graph_name != LINEAGE and quad.predicate not in (ANNOTATED_SOURCE, ANNOTATED_TARGET, BASIS_OF)
            for incoming in self._owned((quad.triple,))
        }
        return sorted(found, key=lambda found: (found.predicate.value, found.owner.value, str(found.chain)))

    def annotations(self, triple: Triple) -> list[Subject]:
        """The nodes that say what a statement rests on: its own annotations, else the basis of all with its property."""
        own = [
            axiom
            for axiom in self._subjects(ANNOTATED_SOURCE, triple.subject)
            if self._has(axiom, ANNOTATED_PROPERTY, triple.predicate)
            and self._has(axiom, ANNOTATED_TARGET, triple.object)
        ]
        return own or [
            basis for basis in self._subjects(BASIS_OF, triple.subject) if self._has(basis, BASIS_FOR, triple.predicate)
        ]

    def triples(self, node: NamedNode) -> list[Triple]:
        """The whole description: what is said, by whom, on what grounds, and what all that is mentioned is called."""
        own = list(self._closure(node))
        noted = [*self._subjects(ANNOTATED_SOURCE, node), *self._subjects(BASIS_OF, node)]
        grounds = [found for annotation in noted for found in self._closure(annotation)]
        lineage = [
            found
            for quad in self.store.quads_for_pattern(node, None, None, DERIVED)
            for found in self._closure(statement_name(quad.triple))
        ]
        incoming = [triple for found in self.incoming(node) for triple in found.chain]
        said = [*own, *grounds, *lineage, *incoming]
        return unique([*said, *self._labels(said)])

    def graph(self, name: NamedNode) -> list[Triple]:
        """Every triple of a named graph, in a stable order."""
        return [quad.triple for quad in sorted(self.store.quads_for_pattern(None, None, None, name), key=_order)]

    def subjects(self, prefix: str) -> list[NamedNode]:
        """Our nodes whose IRI starts with a prefix, in a stable order."""
        return [node for node in self.nodes if node.value.startswith(prefix)]

    @cached_property
    def nodes(self) -> list[NamedNode]:
        """Every node of ours that is described, by name."""
        found = {quad.subject for quad in self.store}
        named = [node for node in found if isinstance(node, NamedNode) and node.value.startswith(BASE)]
        return sorted(named, key=lambda node: node.value)

    @cached_property
    def _known(self) -> dict[str, str]:
        """What `find` finds by name; the terms of the ontology stand on its own page."""
        told = (node for node in self.nodes if not is_nameless(node) and not node.value.startswith(DEF))
        names = [short(node).removeprefix(BASE) for node in told]
        return {name: name for name in names if not name.startswith(HASHED)}

    def _closure(self, node: Subject) -> Iterator[Triple]:
        """What is said about a node and about the nameless nodes it leads to."""
        seen: set[Node] = {node}
        queue = [node]
        while queue:
            for quad in self.outgoing(queue.pop(0)):
                yield quad.triple
                if is_nameless(quad.object) and quad.object not in seen:
                    seen.add(quad.object)
                    queue.append(quad.object)

    def _owned(self, chain: tuple[Triple, ...]) -> Iterator[Incoming]:
        """A chain of statements up to a named owner, through as many nameless nodes as stand in between."""
        top = chain[-1].subject
        if isinstance(top, NamedNode) and not is_nameless(top):
            yield Incoming(top, chain)
            return
        above = [quad.triple for quad in self.store.quads_for_pattern(None, None, top, None)]
        above += [quad.triple for quad in self.store.quads_for_pattern(top, ANNOTATED_SOURCE, None, None)]
        for triple in above:
            if triple.subject != top:
                yield from self._owned((*chain, triple))
            elif isinstance(triple.object, NamedNode):
                yield Incoming(triple.object, (*chain, triple))

    def _labels(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """What the nodes that triples mention are called."""
        nodes = {node for triple in triples for node in (triple.subject, triple.object) if isinstance(node, NamedNode)}
        for node in sorted(nodes, key=str):
            for label in LABELS:
                for quad in self.store.quads_for_pattern(node, NamedNode(label), None, None):
                    yield quad.triple

    def _subjects(self, predicate: NamedNode, object: Node) -> list[Subject]:
        found = {quad.subject for quad in self.store.quads_for_pattern(None, predicate, object, None)}
        return sorted(found, key=str)

    def _has(self, subject: Subject, predicate: NamedNode, object: Node) -> bool:
        return any(self.store.quads_for_pattern(subject, predicate, object, None))


def unique(triples: Iterable[Triple]) -> list[Triple]:
    """The triples in the order in which they first come."""
    return list(dict.fromkeys(triples))


def _order(quad: Quad) -> tuple[str, str, str]:
    return str(quad.subject), str(quad.predicate), str(quad.object)


def _named(iri: str) -> NamedNode | None:
    """The node with this IRI; None when a path does not make one."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None
