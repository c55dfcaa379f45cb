"""How lists of an advice are ranked: by the criteria of the knowledge base in their order, then by name.

A criterion is a property that holds of the individual in this situation or does not; each is derived by a rule, so that
a place in a list has a proof like any conclusion.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pyoxigraph import NamedNode

from kb.advice.terms import CRITERIUM, RANGSCHIKT, VOLGNUMMER, VOLGT_UIT_EIGENSCHAP
from kb.knowledge.knowledge import Knowledge
from kb.program.evaluate import Outcome
from kb.situation.facts import Link

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Criterion:
    """What comes first in a list: an individual of which `property` holds."""

    node: NamedNode
    property: NamedNode


class Ranking:
    """The criteria of the knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._ranked: dict[NamedNode, set[NamedNode]] = {}
        numbered = []
        for node in knowledge.instances(CRITERIUM):
            self._ranked[node] = set(knowledge.objects(node, RANGSCHIKT))
            numbered.append((int(knowledge.literal(node, VOLGNUMMER) or 0), node))
        self._criteria = [
            Criterion(node, prop)
            for _, node in sorted(numbered, key=lambda item: (item[0], item[1].value))
            for prop in knowledge.objects(node, VOLGT_UIT_EIGENSCHAP)
        ]

    def criteria(self, *properties: NamedNode) -> tuple[Criterion, ...]:
        """The criteria by which the results of any of these properties are ranked, the heaviest first."""
        return tuple(c for c in self._criteria if not self._ranked[c.node].isdisjoint(properties))


def needed_first(ranked: Iterable[T], needs: Callable[[T], Iterable[T]]) -> Iterator[T]:
    """The same, each that another needs first moved up to stand right above it."""
    known, placed = dict.fromkeys(ranked), set()

    def place(one: T, above: frozenset[T]) -> Iterator[T]:
        if one in placed or one in above:
            return
        for other in needs(one):
            if other in known:
                yield from place(other, above | {one})
        placed.add(one)
        yield one

    for one in known:
        yield from place(one, frozenset())


def met(criteria: Sequence[Criterion], outcome: Outcome, node: NamedNode) -> tuple[bool, ...]:
    """Which criteria an individual meets, in their order."""
    return tuple(outcome.holds(Link(criterion.property, node)) for criterion in criteria)
