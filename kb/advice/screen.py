"""What the first screen of an advice shows, for many hypothetical situations at once.

The columns of the ground program say what holds in which situation; the criteria are columns too, so that the first rows
of each ranking follow without composing an advice.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import reduce
from itertools import islice
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
from kb.program.columns import encode_flips, evaluate_columns
from kb.program.evaluate import Outcome
from kb.program.program import Program
from kb.program.relevance import relevant_atoms, relevant_rules
from kb.situation.facts import Link

# The lists of the first screen: their properties, and how many rows are shown (None: all of them).
SHOWN: tuple[tuple[tuple[NamedNode, ...], int | None], ...] = (
    ((HEEFT_LEIDENDE_TRANSITIE,), None),
    ((HEEFT_KOPPELKANS,), MOST_KOPPELKANSEN),
    ((HEEFT_PASSEND_INSTRUMENT, HEEFT_MOGELIJK_INSTRUMENT, HEEFT_KOMEND_INSTRUMENT), MOST_INSTRUMENTEN),
    ((HEEFT_CONFLICT,), None),
)


class FirstScreen:
    """Tells how many rows of a first screen come and go when a situation changes; `atoms` are all that it can rest on."""

    def __init__(self, knowledge: Knowledge, program: Program, ranking: Ranking) -> None:
        self._program = program
        self._lists = [_RankedList(knowledge, program, ranking, props, most) for props, most in SHOWN]
        shown = {atom for ranked in self._lists for atom in ranked.atoms()}
        self.atoms = relevant_atoms(program, shown)
        self._rules = relevant_rules(program, shown)

    def changes(self, outcome: Outcome, flips: Sequence[Set[int]]) -> list[int]:
        """For each change of a situation, how many rows it changes.

        A change is given by the stated atoms that come or go.
        """
        program, width = self._program, len(flips) + 1
        stated = encode_flips(program, outcome.stated, [*flips, set()])
        columns = evaluate_columns(program, stated, width, self._rules)
        counts = [0] * width
        for ranked in self._lists:
            ranked.count_changes(columns, counts)
        return counts[:-1]


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

    def atoms(self) -> set[int]:
        """What the list is made of."""
        return {number for results, criteria in self.rows for number in (*results, *criteria) if number is not None}

    def count_changes(self, columns: Sequence[int], counts: list[int]) -> None:
        """Add to each situation's count how many rows of the list differ from those of the last situation."""
        last = len(counts) - 1
        present = [_either(columns, results) for results, _ in self.rows]
        touched: dict[int, list[int]] = defaultdict(list)
        for place, held in enumerate(present):
            if held:
                for situation in _bits(self._differing(columns, place, held, last)):
                    touched[situation].append(place)
        if self.most is None:
            for situation, places in touched.items():
                counts[situation] += sum(
                    present[place] >> situation & 1 != present[place] >> last & 1 for place in places
                )
            return
        rank = {place: self._ranker(columns, place, last) for place, held in enumerate(present) if held}
        base = sorted(rank[place](last) for place, held in enumerate(present) if held >> last & 1)
        shown = self._first(base)
        worst = base[self.most - 1] if len(base) >= self.most else math.inf
        for situation, places in touched.items():
            anew = [rank[place](situation) for place in places if present[place] >> situation & 1]
            if shown.isdisjoint(places) and min(anew, default=math.inf) > worst:
                continue  # it all happens below what is shown
            # What is ranked as before keeps its order, so that only the rest is ranked anew.
            moved = set(places)
            kept = list(islice((one for one in base if one % len(present) not in moved), self.most))
            counts[situation] += len(shown ^ self._first(sorted([*kept, *anew])))

    def _differing(self, columns: Sequence[int], place: int, held: int, last: int) -> int:
        """The situations in which a row comes or goes, or is there and ranked otherwise than in the last one."""
        everything = (2 << last) - 1
        found = 0
        for number in self.rows[place][1]:
            if number is not None:
                column = columns[number]
                found |= column ^ everything if column >> last & 1 else column
        return found & held | (held ^ everything if held >> last & 1 else held)

    def _ranker(self, columns: Sequence[int], place: int, last: int) -> Callable[[int], int]:
        """By what a row stands in each situation's list: the criteria that it misses, the heaviest first, then its name."""
        everything, rows = (2 << last) - 1, len(self.rows)
        always, sometimes = place, []
        for weight, number in enumerate(reversed(self.rows[place][1])):
            column = 0 if number is None else columns[number]
            if not column:
                always += rows << weight
            elif column != everything:
                sometimes.append((rows << weight, column))
        return lambda situation: always + sum(missed for missed, column in sometimes if not column >> situation & 1)

    def _first(self, ranks: Sequence[int]) -> set[int]:
        """The places of what the list shows, of rows in the order of their ranks."""
        return {rank % len(self.rows) for rank in ranks[: self.most]}


def _either(columns: Sequence[int], numbers: Iterable[int]) -> int:
    """The situations in which one of the atoms holds."""
    return reduce(or_, (columns[number] for number in numbers), 0)


def _bits(column: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while column:
        low = column & -column
        yield low.bit_length() - 1
        column ^= low
