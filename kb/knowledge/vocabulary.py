"""What the ontology says about situations: which properties are entered, which derived, which lead to nodes of its own."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kb.knowledge.knowledge import BEGRIP, Knowledge, class_of
from kb.names import OWL, RDFS, TYPE, term


@dataclass(frozen=True)
class Vocabulary:
    """Properties of a situation by the part they play.

    * `inputs`: entered links to individuals, each with the individuals it may point to;
    * `own_nodes`: entered properties that lead to the situation's own nodes (works, measurements, priorities);
    * `values`: entered plain values;
    * `conclusions`: derived links that an advice shows;
    * `steps`: derived links that other conclusions are built on;
    * `ranges`: the class of the object of each object property of the ontology.
    """

    inputs: dict[NamedNode, list[NamedNode]]
    own_nodes: frozenset[NamedNode]
    values: frozenset[NamedNode]
    conclusions: frozenset[NamedNode]
    steps: frozenset[NamedNode]
    ranges: dict[NamedNode, NamedNode]


def read_vocabulary(knowledge: Knowledge) -> Vocabulary:
    """Read the vocabulary of situations from the ontology."""
    entered = _with_role(knowledge, "invoer")
    ranges = {prop: cls for prop in _properties(knowledge) if (cls := class_of(knowledge.store, prop, "range"))}
    plain = {prop for prop in entered if _is_a(knowledge, prop, "DatatypeProperty")}
    inputs = {prop for prop in entered - plain if _is_begrip(knowledge, ranges[prop])}
    return Vocabulary(
        inputs={prop: knowledge.instances(ranges[prop]) for prop in sorted(inputs, key=str)},
        own_nodes=frozenset(entered - plain - inputs),
        values=frozenset(plain),
        conclusions=frozenset(_with_role(knowledge, "conclusie")),
        steps=frozenset(_with_role(knowledge, "tussenstap")),
        ranges=ranges,
    )


def _with_role(knowledge: Knowledge, role: str) -> set[NamedNode]:
    return set(knowledge.subjects(term("rol"), term(role)))


def _properties(knowledge: Knowledge) -> list[NamedNode]:
    return knowledge.subjects(TYPE, NamedNode(OWL + "ObjectProperty"))


def _is_a(knowledge: Knowledge, prop: NamedNode, kind: str) -> bool:
    return any(knowledge.triples(prop, TYPE, NamedNode(OWL + kind)))


def _is_begrip(knowledge: Knowledge, cls: NamedNode) -> bool:
    return cls == BEGRIP or any(knowledge.triples(cls, NamedNode(RDFS + "subClassOf"), BEGRIP))
