"""Names for blank nodes that do not change from run to run, so that data can be hashed, compared and asked for.

A blank node is named after what it says and what points at it; the names are IRIs under `/.well-known/genid/`, as RDF 1.1
recommends, so that readers can tell them from names that people gave. What OWL and SHACL want blank stays blank, under a
stable label: to SHACL an IRI at the end of `sh:path` is a property, and OWL reads axioms and lists from blank nodes.
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Literal

from pyoxigraph import BlankNode, NamedNode, Triple

from kb.names import BASE, OWL, RDF, TYPE

FIRST = NamedNode(RDF + "first")
GENID = BASE + ".well-known/genid/"


def digest(text: str) -> str:
    """A short hash of a text, the same in every run."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


class Skolem:
    """Names the blank nodes of some triples. Blank nodes must not point at each other in a circle, as in Turtle's `[ ]`.

    `blank` says which stay blank: those that OWL wants so, all, or (for a store that tears a graph in parts) none.
    """

    def __init__(self, triples: Iterable[Triple], blank: Literal["owl", "all", "none"] = "owl") -> None:
        self._blank = blank
        self._out: dict[BlankNode, list[Triple]] = defaultdict(list)
        self._in: dict[BlankNode, list[Triple]] = defaultdict(list)
        for triple in triples:
            if isinstance(triple.subject, BlankNode):
                self._out[triple.subject].append(triple)
            if isinstance(triple.object, BlankNode):
                self._in[triple.object].append(triple)
        self._contents: dict[BlankNode, str] = {}
        self._names: dict[BlankNode, NamedNode | BlankNode] = {}

    def triple(self, triple: Triple) -> Triple:
        """The triple with names for its blank nodes."""
        subject, object = triple.subject, triple.object
        if not isinstance(subject, BlankNode) and not isinstance(object, BlankNode):
            return triple
        return Triple(self.name(subject), triple.predicate, self.name(object))

    def name(self, node: Any) -> Any:
        """The name of a blank node; any other node stays as it is."""
        if not isinstance(node, BlankNode):
            return node
        if node not in self._names:
            parents = sorted(f"{self.name(triple.subject)} {triple.predicate}" for triple in self._in[node])
            name = digest("\n".join([*parents, self._content(node)]))
            self._names[node] = BlankNode(f"b{name}") if self._stays_blank(node) else NamedNode(GENID + name)
        return self._names[node]

    def _stays_blank(self, node: BlankNode) -> bool:
        return self._blank == "all" or (self._blank == "owl" and any(map(_is_owl, self._out[node])))

    def _content(self, node: BlankNode) -> str:
        if node not in self._contents:
            parts = sorted(f"{triple.predicate} {self._described(triple.object)}" for triple in self._out[node])
            self._contents[node] = digest("\n".join(parts))
        return self._contents[node]

    def _described(self, object: object) -> str:
        return self._content(object) if isinstance(object, BlankNode) else str(object)


def _is_owl(triple: Triple) -> bool:
    """Whether a statement makes its subject part of OWL's own syntax: an axiom, a restriction, a cell of a list."""
    kind = triple.object.value if isinstance(triple.object, NamedNode) else ""
    return triple.predicate == FIRST or (triple.predicate == TYPE and kind.startswith(OWL))


def skolemise(triples: Iterable[Triple], blank: Literal["owl", "all", "none"] = "owl") -> list[Triple]:
    """The triples with stable names for their blank nodes, and stable labels for those that stay blank."""
    held = list(triples)
    skolem = Skolem(held, blank)
    return [skolem.triple(triple) for triple in held]
