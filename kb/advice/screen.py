"""What the first screen of an advice shows, for many hypothetical situations at once.

The columns of the ground program say what holds in which situation; the criteria are columns too, so that the first rows
of each ranking follow without composing an advice.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from pyoxigraph import NamedNode

from kb.advice.model import MOST_INSTRUMENTEN, MOST_KOPPELKANSEN
from kb.advice.ranking import Ranking
from kb.advice.terms import (
    HEEFT_CONFLICT,
    HEEFT_KOMEND_INSTRUMENT,
    HEEFT_KOPPELKANS,
    HEEFT_LEIDENDE_TRANSITIE,
    HEEFT_MOGELIJK_INSTRUMENT,
    HEEFT_PASSEND_INSTRUMENT,
)
from kb.knowledge.knowledge import Knowledge
from kb.program.program import Program
from kb.situation.facts import Link

# The lists of the first screen: their properties, and how many rows are shown (None: all of them).
SHOWN: tuple[tuple[tuple[NamedNode, ...], int | None], ...] = (
    ((HEEFT_LEIDENDE_TRANSITIE,), None),
    ((HEEFT_KOPPELKANS,), MOST_KOPPELKANSEN),
    ((HEEFT_PASSEND_INSTRUMENT, HEEFT_MOGELIJK_INSTRUMENT, HEEFT_KOMEND_INSTRUMENT), MOST_INSTRUMENTEN),
    ((HEEFT_CONFLICT,), None),
)


class FirstScreen:
    """Tells what a first screen shows, and how many of its rows come and go."""

    def __init__(self, knowledge: Knowledge, program: Program, ranking: Ranking) -> None:
        self._lists = [_RankedList(knowledge, program, ranking, props, most) for props, most in SHOWN]

    def changes(self, columns: Sequence[int], width: int) -> list[int]:
        """For each situation but the last, how many rows of the first screen differ from those of the last."""
        counts = [0] * (width - 1)
        last = width - 1
        for ranked in self._lists:
            differing = list(_bits(ranked.differing(columns, width)))
            shown = ranked.shown(columns, width, [*differing, last])
            for number in differing:
                counts[number] += len(shown[number] ^ shown[last])
        return counts


class _RankedList:
    """One list: the atoms of its results in the order of their names, and of what each is ranked by."""

    def __init__(
        self,
        knowledge: Knowledge,
        program: Program,
        ranking: Ranking,
        properties: tuple[NamedNode, ...],
        most: int | None,
    ) -> None:
        def atom(prop: NamedNode, node: NamedNode) -> int | None:
            return program.find(Link(prop, node))

        heads = (program.atoms[number] for number in program.by_head)
        nodes = {head.object for head in heads if isinstance(head, Link) and head.property in properties}
        criteria = ranking.criteria(*properties)
        self.most = most
        ordered = sorted(nodes, key=lambda node: (knowledge.label(node), node.value))
        self.rows = [
            (
                [number for prop in properties if (number := atom(prop, node)) is not None],
                [atom(criterion.property, node) for criterion in criteria],
            )
            for node in ordered
        ]

    def differing(self, columns: Sequence[int], width: int) -> int:
        """The situations that differ from the last one in anything that the list is made of."""
        everything, last = (1 << width) - 1, width - 1
        found = 0
        for results, criteria in self.rows:
            for number in (*results, *(criterion for criterion in criteria if criterion is not None)):
                column = columns[number]
                found |= column ^ everything if column >> last & 1 else column
        return found

    def shown(self, columns: Sequence[int], width: int, situations: Iterable[int]) -> dict[int, frozenset[int]]:
        """For each of these situations, the places in `rows` of what the list shows."""
        # A column written out as zeros and ones is indexed by situation; side by side, the columns of a row's criteria
        # give its sort key in every situation at once.
        present = [_written(_either(columns, results), width) for results, _ in self.rows]
        keys = [self._keys(columns, width, criteria) for _, criteria in self.rows] if self.most is not None else []
        shown = {}
        for situation in situations:
            found = [place for place, held in enumerate(present) if held[situation] == "1"]
            if self.most is not None and len(found) > self.most:
                key = {place: keys[place][situation] for place in found}
                found.sort(key=key.__getitem__, reverse=True)
                found = found[: self.most]
            shown[situation] = frozenset(found)
        return shown

    def _keys(self, columns: Sequence[int], width: int, criteria: Sequence[int | None]) -> list[tuple[str, ...]]:
        """By situation, which criteria a row meets, in order."""
        written = [_written(0 if number is None else columns[number], width) for number in criteria]
        return list(zip(*written, strict=True)) if written else [()] * width


def _either(columns: Sequence[int], numbers: Iterable[int]) -> int:
    """The situations in which one of the atoms holds."""
    return reduce(or_, (columns[number] for number in numbers), 0)


def _written(column: int, width: int) -> str:
    """A column as zeros and ones, the first situation first."""
    return f"{column:0{width}b}"[::-1]


def _bits(column: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while column:
        low = column & -column
        yield low.bit_length() - 1
        column ^= low
