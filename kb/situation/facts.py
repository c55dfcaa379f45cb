"""A situation as the engine sees it: links to known individuals, nodes of its own (works, measurements), and plain values."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode

from kb.rule.expression import Stated


class Link(NamedTuple):
    """A link between the situation and a known individual: `?situatie property individual`."""

    property: NamedNode
    object: NamedNode


@dataclass(frozen=True)
class Node:
    """An own node: something that belongs to one situation, such as a planned work.

    `property` leads from the situation to the node; `values` are the node's own properties; `place` says where it stands
    in the JSON, such as `werken[0]`. Who reads the same of it time and again keeps that in `read`, under itself.
    """

    property: NamedNode
    values: Mapping[NamedNode, Stated]
    place: str = ""
    read: dict[object, tuple[Stated, ...] | None] = field(default_factory=dict, init=False, compare=False, repr=False)


def subject_of(node: Node) -> NamedNode | None:
    """What an own node is about: the first individual among its values."""
    return next((value for value in node.values.values() if isinstance(value, NamedNode)), None)


@dataclass(frozen=True)
class Facts:
    """Everything a situation states."""

    links: frozenset[Link] = frozenset()
    nodes: tuple[Node, ...] = ()
    values: Mapping[NamedNode, Stated] = field(default_factory=dict)

    def nodes_of(self, property: NamedNode) -> Iterator[Node]:
        """The own nodes that this property leads to."""
        return (node for node in self.nodes if node.property == property)

    def nodes_with(self, property: NamedNode, predicate: NamedNode, value: NamedNode) -> Sequence[Node]:
        """The own nodes that this property leads to and that name this individual."""
        return self.naming.get((property, predicate, value), ())

    @cached_property
    def naming(self) -> Mapping[tuple[NamedNode, NamedNode, NamedNode], Sequence[Node]]:
        """The own nodes by the property that leads to them, and a property of theirs with the individual that it names."""
        found: dict[tuple[NamedNode, NamedNode, NamedNode], list[Node]] = defaultdict(list)
        for node in self.nodes:
            for predicate, value in node.values.items():
                if isinstance(value, NamedNode):
                    found[node.property, predicate, value].append(node)
        return dict(found)


def add_facts(facts: Facts, more: Facts) -> Facts:
    """Both facts together; the plain values of `more` win."""
    together = Facts(facts.links | more.links, facts.nodes + more.nodes, {**facts.values, **more.values})
    here, there = facts.naming, more.naming
    # Known before it is asked for: often little is added to much, time and again.
    vars(together)["naming"] = {
        **here,
        **there,
        **{key: [*here[key], *there[key]] for key in here.keys() & there.keys()},
    }
    return together
