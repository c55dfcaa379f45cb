"""What the first screen of an advice shows, for many hypothetical situations at once.

The columns of the ground program say what holds in which situation; the criteria are columns too, so that the first rows
of each ranking follow without composing an advice.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from itertools import chain
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
from kb.program.evaluate import Outcome
from kb.program.program import Program
from kb.program.slice import Slice
from kb.situation.facts import Link

# The lists of the first screen: their properties, and how many rows are shown (None: all of them).
SHOWN: tuple[tuple[tuple[NamedNode, ...], int | None], ...] = (
    ((HEEFT_LEIDENDE_TRANSITIE,), None),
    ((HEEFT_KOPPELKANS,), MOST_KOPPELKANSEN),
    ((HEEFT_PASSEND_INSTRUMENT, HEEFT_MOGELIJK_INSTRUMENT, HEEFT_KOMEND_INSTRUMENT), MOST_INSTRUMENTEN),
    ((HEEFT_CONFLICT,), None),
)

# In the place of the atom of what can never hold.
NEVER = -1


class FirstScreen:
    """Tells how many rows of a first screen come and go when a situation changes; `atoms` are all that it can rest on."""

    def __init__(self, knowledge: Knowledge, program: Program, ranking: Ranking) -> None:
        lists = [_listed(knowledge, program, ranking, props, most) for props, most in SHOWN]
        self._slice = Slice(program, sorted({atom for ranked in lists for atom in ranked.atoms()}))
        self._lists = [ranked.placed(self._slice) for ranked in lists]
        self.atoms = self._slice.atoms

    def changes(self, outcome: Outcome, flips: Sequence[Set[int]]) -> list[int]:
        """For each change of a situation, how many rows it changes.

        A change is given by the stated atoms that come or go. Many are one and the same as far as this screen goes.
        """
        mattering = [frozenset(flip & self.atoms) for flip in flips]
        distinct = list(dict.fromkeys(mattering))
        counts = dict(zip(distinct, self._counted(outcome, distinct), strict=True))
        return [counts[flip] for flip in mattering]

    def _counted(self, outcome: Outcome, flips: Sequence[Set[int]]) -> list[int]:
        width = len(flips) + 1
        columns = [*self._slice.evaluate(outcome.stated, [*flips, set()]), 0]
        counts = [0] * width
        for ranked in self._lists:
            for shown in ranked.shown(columns, width):
                for situation in _bits(_unlike_last(shown, width)):
                    counts[situation] += 1
        return counts[:-1]


@dataclass(frozen=True)
class _RankedList:
    """One list: its possible rows in the order of their names, and how many of them are shown (None: all).

    `results` are what makes each a row; `criteria` what the rows are ranked by, the heaviest first, each with an atom for
    each row, NEVER for what it can never meet.
    """

    results: list[tuple[int, ...]]
    criteria: list[tuple[int, ...]]
    most: int | None

    def atoms(self) -> set[int]:
        """All that the list rests on."""
        return {*chain.from_iterable(self.results), *chain.from_iterable(self.criteria)} - {NEVER}

    def placed(self, part: Slice) -> "_RankedList":
        """The same list with columns of a slice in the place of atoms; NEVER is the last column of all."""

        def placed(rows: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
            return [tuple(NEVER if atom == NEVER else part.column(atom) for atom in row) for row in rows]

        return _RankedList(placed(self.results), placed(self.criteria), self.most)

    def shown(self, columns: Sequence[int], width: int) -> list[int]:
        """By row, in which of `width` situations it is shown."""
        present = [_either(columns, results) for results in self.results]
        if self.most is None:
            return present
        choice = _Choice(present, self.most, width)
        for criterion in self.criteria:
            choice.prefer(columns, criterion)
        return choice.settle()


class _Choice:
    """The first rows of a list in many situations at once: rows win a seat by one criterion after the other.

    `_free[n]` are the situations with more than n seats that no row has won yet.
    """

    def __init__(self, present: Sequence[int], seats: int, width: int) -> None:
        everything = (1 << width) - 1
        self._won = [0] * len(present)
        self._waiting = {place: held for place, held in enumerate(present) if held}
        self._free = [everything] * seats + [0]

    def prefer(self, columns: Sequence[int], criterion: Sequence[int]) -> None:
        """Where those that meet a criterion fit in the free seats they win them, and elsewhere no other row can win any."""
        meeting = {place: found for place, held in self._waiting.items() if (found := held & columns[criterion[place]])}
        if not meeting:
            return
        # more[n]: the situations in which more than n rows meet it, up to one more than there are seats.
        more = [0] * len(self._free)
        for found in meeting.values():
            for number, before in enumerate(more):
                more[number] = before | found
                found &= before
                if not found:
                    break
        tight = reduce(or_, (many & ~free for many, free in zip(more, self._free, strict=True)))
        for place, found in meeting.items():
            self._won[place] |= found & ~tight
        self._take(more, tight)
        some_free = self._free[0]
        waiting = (
            (place, held & (meeting.get(place, 0) ^ ~tight) & some_free) for place, held in self._waiting.items()
        )
        self._waiting = {place: held for place, held in waiting if held}

    def settle(self) -> list[int]:
        """By row, the situations in which it won; the seats that are free go by name."""
        for place, held in self._waiting.items():
            found = held & self._free[0]
            self._won[place] |= found
            self._take([found], 0)
        return self._won

    def _take(self, more: Sequence[int], tight: int) -> None:
        """Take seats: one wherever more than none do, another wherever more than one do, and so on; none where it is tight."""
        for many in more:
            taking = many & ~tight
            if not taking:
                return
            free = self._free
            self._free = [here & (~taking | after) for here, after in zip(free, [*free[1:], 0], strict=True)]


def _listed(
    knowledge: Knowledge, program: Program, ranking: Ranking, properties: tuple[NamedNode, ...], most: int | None
) -> _RankedList:
    def atom(prop: NamedNode, node: NamedNode) -> int:
        number = program.find(Link(prop, node))
        return NEVER if number is None else number

    heads = (program.atoms[number] for number in program.by_head)
    nodes = {head.object for head in heads if isinstance(head, Link) and head.property in properties}
    ordered = sorted(nodes, key=lambda node: (knowledge.label(node), node.value))
    return _RankedList(
        [tuple(number for prop in properties if (number := atom(prop, node)) != NEVER) for node in ordered],
        [tuple(atom(each.property, node) for node in ordered) for each in ranking.criteria(*properties)],
        most,
    )


def _unlike_last(column: int, width: int) -> int:
    """The situations in which a column is otherwise than in the last one."""
    return column ^ ((1 << width) - 1) if column >> width - 1 & 1 else column


def _either(columns: Sequence[int], numbers: Iterable[int]) -> int:
    """The situations in which one of the atoms holds."""
    return reduce(or_, (columns[number] for number in numbers), 0)


def _bits(column: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while column:
        low = column & -column
        yield low.bit_length() - 1
        column ^= low
