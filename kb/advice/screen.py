"""What the first screen of an advice shows, for many hypothetical situations at once.

The columns of the ground program say what holds in which situation; the criteria are columns too, so that the first rows
of each ranking follow without composing an advice.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import reduce
from itertools import chain
from operator import or_

import numpy as np
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
from kb.program.levels import Places
from kb.program.program import Program
from kb.program.slice import Columns, Mask, Slice
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
        lists = [_listed(knowledge, program, ranking, properties) for properties, _ in SHOWN]
        rows = chain.from_iterable(chain.from_iterable(lists))
        self._slice = Slice(program, sorted({*chain.from_iterable(rows)} - {NEVER}))
        self._lists = [
            _RankedList(self._placed(results), self._placed(criteria), most)
            for (results, criteria), (_, most) in zip(lists, SHOWN, strict=True)
        ]
        self.atoms = self._slice.atoms

    def _placed(self, rows: Sequence[Sequence[int]]) -> Places:
        """The columns of atoms that stand row by row."""
        part = self._slice
        places = [[part.empty if atom == NEVER else part.column(atom) for atom in row] for row in rows]
        return np.array(places, dtype=np.intp).reshape(len(rows), -1)

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
        columns = self._slice.columns(outcome.stated, [*flips, set()])
        shown = chain.from_iterable(ranked.shown(columns, width) for ranked in self._lists)
        changed = [unlike for column in shown if (unlike := _unlike_last(column, width))]
        return _bits_by_place(changed, width)[:-1]


class _RankedList:
    """One list: its possible rows in the order of their names, and how many of them are shown (None: all).

    `results` has, for each row, the columns of what makes it a row, and `criteria` those of what the rows are ranked by, the
    heaviest last; an empty column stands where there is none.
    """

    def __init__(self, results: Places, criteria: Places, most: int | None) -> None:
        self.results = results
        self.criteria = criteria
        self.most = most
        self._weights = 1 << np.arange(criteria.shape[1], dtype=np.int64)

    def shown(self, columns: Columns, width: int) -> list[int]:
        """In which of `width` situations each row is shown that is shown in some; what is always shown may be left out."""
        rows = np.flatnonzero(self._in_reach(columns))
        present = [reduce(or_, held) for held in _by_row(columns, self.results[rows])]
        if self.most is None:
            return present
        choice = _Choice(present, self.most, width)
        for criterion in self.criteria[rows].T[::-1]:
            choice.prefer(columns, criterion)
        return choice.settle()

    def _in_reach(self, columns: Columns) -> Mask:
        """The rows that may be shown in some situation, and not in all of them by being a row alone.

        What at its best stands behind as many as are shown, each of them always there and at its worst, is never shown. As
        no row before it is left out either, the others are shown as they would be with it.
        """
        sometimes: Mask = np.asarray(columns.ever[self.results].any(axis=1))
        always: Mask = np.asarray(columns.always[self.results].any(axis=1))
        if self.most is None:
            return sometimes & ~always
        worst = columns.always[self.criteria[always]] @ self._weights
        if len(worst) < self.most:
            return sometimes
        in_reach: Mask = columns.ever[self.criteria] @ self._weights >= np.partition(worst, -self.most)[-self.most]
        return sometimes & in_reach


class _Choice:
    """The first rows of a list in many situations at once: rows win a seat by one criterion after the other.

    `_free[n]` are the situations with more than n seats that no row has won yet.
    """

    def __init__(self, present: Sequence[int], seats: int, width: int) -> None:
        everything = (1 << width) - 1
        self._won = [0] * len(present)
        self._waiting = {place: held for place, held in enumerate(present) if held}
        self._free = [everything] * seats + [0]

    def prefer(self, columns: Columns, criterion: Places) -> None:
        """Where those that meet a criterion fit in the free seats they win them, and elsewhere no other row can win any.

        `criterion` has the place of a column for each row.
        """
        if not self._waiting:
            return
        met = columns.numbers(criterion[[*self._waiting]])
        holding = zip(self._waiting.items(), met, strict=True)
        meeting = {place: found for (place, held), column in holding if (found := held & column)}
        if not meeting:
            return
        more = _more_than(meeting.values(), len(self._free))
        tight = reduce(or_, (many & ~free for many, free in zip(more, self._free, strict=True)))
        if not self._free[0] & ~tight:
            self._waiting = meeting
            return
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


def _more_than(columns: Iterable[int], counts: int) -> list[int]:
    """At place n the situations in which more than n of the columns have a bit, for so many numbers n."""
    more = [0] * counts
    for found in columns:
        found &= ~more[-1]  # there it makes no difference any more
        for number, before in enumerate(more):
            if not found:
                break
            more[number] = before | found
            found &= before
    return more


def _listed(
    knowledge: Knowledge, program: Program, ranking: Ranking, properties: tuple[NamedNode, ...]
) -> tuple[list[list[int]], list[list[int]]]:
    """The possible rows of a list by name: the atoms of what makes each a row, and of its criteria, the heaviest last."""

    def atom(prop: NamedNode, node: NamedNode) -> int:
        number = program.find(Link(prop, node))
        return NEVER if number is None else number

    heads = (program.atoms[number] for number in program.by_head)
    nodes = {head.object for head in heads if isinstance(head, Link) and head.property in properties}
    ordered = sorted(nodes, key=lambda node: (knowledge.label(node), node.value))
    criteria = ranking.criteria(*properties)[::-1]
    return (
        [[atom(prop, node) for prop in properties] for node in ordered],
        [[atom(each.property, node) for each in criteria] for node in ordered],
    )


def _by_row(columns: Columns, places: Places) -> Iterator[tuple[int, ...]]:
    """The columns at places that stand row by row."""
    numbers = iter(columns.numbers(places.ravel()))
    return zip(*[numbers] * places.shape[1], strict=True)


def _unlike_last(column: int, width: int) -> int:
    """The situations in which a column is otherwise than in the last one."""
    return column ^ ((1 << width) - 1) if column >> width - 1 & 1 else column


def _bits_by_place(columns: Iterable[int], width: int) -> list[int]:
    """For each of so many situations, in how many columns its bit is set."""
    size = width // 8 + 1
    rows = np.frombuffer(b"".join([column.to_bytes(size, "little") for column in columns]), dtype=np.uint8)
    bits = np.unpackbits(rows.reshape(-1, size), axis=1, count=width, bitorder="little")
    counts: list[int] = bits.sum(axis=0, dtype=np.int64).tolist()
    return counts
