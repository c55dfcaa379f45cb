"""A situation as the engine sees it: links to known individuals, nodes of its own (works, measurements), and plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kb.rule.expression import Value

Link = tuple[NamedNode, NamedNode]


@dataclass(frozen=True)
class Node:
    """Something that belongs to one situation, such as a planned work.

    `link` is the property from the situation to the node; `values` are the node's own properties;
    `place` says where it stands in the JSON, such as `werken[0]`.
    """

    link: NamedNode
    values: Mapping[NamedNode, Value]
    place: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything a situation states."""

    links: frozenset[Link] = frozenset()
    nodes: tuple[Node, ...] = ()
    values: Mapping[NamedNode, Value] = field(default_factory=dict)

    def nodes_of(self, link: NamedNode) -> Iterator[Node]:
        """The nodes to which the situation is linked by this property."""
        return (node for node in self.nodes if node.link == link)
