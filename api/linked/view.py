"""A description as it is shown on a page: rows of properties with values, and what each value rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Quad, Triple

from api.linked.naming import ANNOTATED_TARGET, Naming, Ref, is_nameless
from api.linked.resources import (
    ANNOTATED_PROPERTY,
    ANNOTATED_SOURCE,
    BASIS_FOR,
    BASIS_OF,
    Incoming,
    Node,
    Resources,
    Subject,
)
from kb.engine import Engine
from kb.explain.proof import knowledge_premises
from kb.names import TYPE, XSD
from kb.rdf.prov import CERTAINTY, CITATION, DERIVED_FROM, PLACE, SOURCE

MOST_INCOMING = 50
_TEXT = {XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}
_OF_ANNOTATION = {DERIVED_FROM, ANNOTATED_SOURCE, ANNOTATED_PROPERTY, ANNOTATED_TARGET, CERTAINTY, CITATION, TYPE}
_OF_ANNOTATION |= {BASIS_OF, BASIS_FOR}


@dataclass(frozen=True)
class Source:
    """A source, the place in it, and its public address."""

    ref: Ref
    place: str
    page: str | None


@dataclass(frozen=True)
class BasisView:
    """What a statement or a node rests on."""

    certainty: Ref | None = None
    sources: tuple[Source, ...] = ()
    notes: tuple["Row", ...] = ()


@dataclass(frozen=True)
class Derivation:
    """The rule that derived a statement, its explanation filled in, and the statements it used."""

    rule: Ref
    text: str
    premises: tuple[tuple[Ref, Ref, "Value"], ...]


@dataclass(frozen=True)
class Value:
    """One value: a link, a text, or the contents of a nameless node; `graphs` are where it stands."""

    ref: Ref | None = None
    text: str = ""
    language: str | None = None
    kind: str | None = None
    rows: tuple["Row", ...] = ()
    graphs: tuple[Ref, ...] = ()
    derivation: Derivation | None = None
    basis: BasisView | None = None


@dataclass(frozen=True)
class Row:
    """A property with its values."""

    property: Ref
    values: tuple[Value, ...]


@dataclass(frozen=True)
class IncomingRow:
    """Who refers to a node by a property; `more` counts those that are not shown."""

    property: Ref
    owners: tuple[Ref, ...]
    more: int


class Viewer:
    """Makes views of nodes in one language."""

    def __init__(self, engine: Engine, resources: Resources, naming: Naming, language: str) -> None:
        self.engine = engine
        self.resources = resources
        self.naming = naming
        self.language = language

    def ref(self, node: NamedNode) -> Ref:
        """A node as a link."""
        return self.naming.ref(node, self.language)

    def rows(self, node: NamedNode) -> list[Row]:
        """Every property of a node with its values; what kind of thing it is comes first."""
        return self._rows(self.resources.outgoing(node))

    def incoming(self, node: NamedNode) -> list[IncomingRow]:
        """Who refers to a node, by property."""
        found = self.resources.incoming(node)
        rows = [
            self._incoming_row(predicate, list(group))
            for predicate, group in groupby(found, key=lambda item: item.predicate)
        ]
        return sorted(rows, key=lambda row: row.property.text)

    def basis(self, nodes: Iterable[Subject]) -> BasisView | None:
        """What nodes that carry grounds say: certainty, sources, and what else they note."""
        quads = [quad for node in nodes for quad in self.resources.outgoing(node)]
        if not quads:
            return None
        certainty = [quad.object for quad in quads if quad.predicate == CERTAINTY]
        sources = [found for quad in quads if quad.predicate == CITATION for found in self._sources(quad.object)]
        notes = self._rows([quad for quad in quads if quad.predicate not in _OF_ANNOTATION])
        return BasisView(
            next((self.ref(node) for node in certainty if isinstance(node, NamedNode)), None),
            tuple(sorted(dict.fromkeys(sources), key=lambda source: (source.ref.text, source.place))),
            tuple(notes),
        )

    def own_basis(self, node: NamedNode) -> BasisView | None:
        """What a node itself rests on."""
        found = self.basis([node])
        return BasisView(found.certainty, found.sources) if found and (found.certainty or found.sources) else None

    def values(self, triples: Iterable[Triple]) -> list[tuple[Ref, Ref, Value]]:
        """Statements as links."""
        return [
            (self.ref(triple.subject), self.ref(triple.predicate), self._plain(triple.object))
            for triple in triples
            if isinstance(triple.subject, NamedNode)
        ]

    def _rows(self, quads: list[Quad]) -> list[Row]:
        by_triple: dict[Triple, list[Quad]] = {}
        for quad in quads:
            by_triple.setdefault(quad.triple, []).append(quad)
        groups: dict[NamedNode, list[Triple]] = {}
        for triple in by_triple:
            groups.setdefault(triple.predicate, []).append(triple)
        rows = [
            Row(
                self.ref(predicate),
                tuple(sorted((self._value(triple, by_triple[triple]) for triple in group), key=_order)),
            )
            for predicate, group in groups.items()
        ]
        return sorted(rows, key=lambda row: (row.property.iri != TYPE.value, row.property.text.casefold()))

    def _value(self, triple: Triple, quads: list[Quad]) -> Value:
        plain = self._plain(triple.object)
        return Value(
            plain.ref,
            plain.text,
            plain.language,
            plain.kind,
            plain.rows,
            tuple(self.ref(graph) for graph in _graphs(quads)),
            self._derivation(triple),
            self.basis(self.resources.annotations(triple)),
        )

    def _plain(self, node: Node) -> Value:
        """A value by itself, apart from where it stands and what it rests on."""
        match node:
            case Literal():
                kind = node.datatype.value
                language = node.language if node.language != self.language else None
                return Value(
                    text=node.value, language=language, kind=None if kind in _TEXT else kind.rpartition("#")[2]
                )
            case NamedNode() if not is_nameless(node):
                return Value(ref=self.ref(node))
            case NamedNode():
                return Value(rows=tuple(self._rows(self.resources.outgoing(node))))
        return Value(text="…")  # a blank node of the knowledge; in the data set it has a name

    def _derivation(self, triple: Triple) -> Derivation | None:
        found = self.engine.knowledge.lineage.get(triple)
        if found is None:
            return None
        rule, binding = found
        text = self.engine.texts.fill(rule.explanation[self.language], binding, self.language)
        return Derivation(self.ref(rule.iri), text, tuple(self.values(knowledge_premises(rule, binding, set()))))

    def _sources(self, reference: Node) -> list[Source]:
        """The sources that a reference names, each with the place in it."""
        if not is_nameless(reference):
            return []
        said = [(quad.predicate, quad.object) for quad in self.resources.outgoing(reference)]
        place = next((node.value for predicate, node in said if predicate == PLACE and isinstance(node, Literal)), "")
        sources = [node for predicate, node in said if predicate == SOURCE and isinstance(node, NamedNode)]
        return [Source(self.ref(node), place, self.engine.knowledge.source_page(node)) for node in sources]

    def _incoming_row(self, predicate: NamedNode, found: list[Incoming]) -> IncomingRow:
        owners = sorted({self.ref(item.owner) for item in found}, key=lambda ref: ref.text.casefold())
        return IncomingRow(self.ref(predicate), tuple(owners[:MOST_INCOMING]), max(0, len(owners) - MOST_INCOMING))


def _order(value: Value) -> tuple[bool, str]:
    """Values in the language of the page first."""
    return value.language is not None, (value.ref.text if value.ref else value.text).casefold()


def _graphs(quads: Iterable[Quad]) -> list[NamedNode]:
    """The graphs that statements stand in, in an order that does not change from one start to the next."""
    named = {quad.graph_name for quad in quads if isinstance(quad.graph_name, NamedNode)}
    return sorted(named, key=lambda graph: graph.value)
