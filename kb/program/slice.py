"""A slice: the part of the ground program that some goals rest on, made small, for many situations at once.

What is derived from one other thing alone is that thing, and what is derived in the same ways is one: each has one column,
of one bit a situation in words of 64. All columns lie in one array, and what rests on nothing that is derived later is worked
out together, level by level, so that thousands of rules take a few dozen operations.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from copy import copy
from itertools import accumulate, chain
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kb.program.levels import Places, by_stratum, layered
from kb.program.program import Program
from kb.program.relevance import relevant_atoms

Words: TypeAlias = NDArray[np.uint64]
Mask: TypeAlias = NDArray[np.bool_]
# All ways to derive something, each as the atoms that must hold and the complements (~) of those that must not.
Ways: TypeAlias = frozenset[frozenset[int]]

WORD = 64
EVERYTHING = np.uint64(2**WORD - 1)


class Level(NamedTuple):
    """What is derived together: some columns, each in some ways, and each way from some columns.

    `heads` are the columns, and `here` the same, as a slice when they are next to each other. `asked[n]` has the n-th column
    that each way asks, of the ways that ask so many; those that ask most come first. `ways` has the places of all ways by
    what they derive, and `firsts` where those of each derived column begin in it. In a `recursive` level they may rest on
    each other.
    """

    recursive: bool
    heads: Places
    here: "slice | Places"
    firsts: Places
    ways: Places
    asked: tuple[Places, ...]

    def derived(self, words: Words) -> Words:
        """What the columns say of those that are derived."""
        # `take` does what an index does, many times as fast; and so does 'and' over whole ways what it does way by way.
        first, *others = self.asked
        found = words.take(first, axis=0)
        for asked in others:
            found[: len(asked)] &= words.take(asked, axis=0)
        return np.bitwise_or.reduceat(found.take(self.ways, axis=0), self.firsts)

    def cut(self, keep: Mask) -> "Level | None":
        """Only what is to be kept, of which it is marked what it asks in turn; None when that is nothing.

        `keep` says it of each column, whatever of its complement. What rests on each other is kept together.
        """
        heads = keep[self.heads]
        if not heads.any():
            return None
        heads |= self.recursive
        counts = np.diff(self.firsts, append=len(self.ways))
        ways = self.ways[np.repeat(heads, counts)]
        kept = np.zeros(len(self.ways), dtype=np.bool_)
        kept[ways] = True
        asked = [part[kept[: len(part)]] for part in self.asked]
        for part in asked:
            keep[part % len(keep)] = True
        firsts = np.cumsum(counts[heads]) - counts[heads]
        ordered = np.cumsum(kept) - 1
        here = self.heads[heads]
        return Level(self.recursive, here, here, firsts, ordered[ways], tuple(part for part in asked if len(part)))


class Columns:
    """A column of bits for each of some goals, one bit a situation, and one more column that is empty.

    `ever` says of each whether it holds in any situation, and `always` whether in all of them.
    """

    def __init__(self, words: Words, width: int) -> None:
        """`words` may have any bits behind the last situation."""
        mask = np.full(words.shape[1], EVERYTHING)
        mask[-1] = (1 << width % WORD) - 1
        self._words = words & mask
        self.ever: Mask = np.asarray(self._words.any(axis=1))
        self.always: Mask = np.asarray((self._words == mask).all(axis=1))

    def numbers(self, places: Places) -> list[int]:
        """The columns at some places, each as a number of as many bits as there are situations."""
        rows = self._words[places].astype("<u8").view(f"V{self._words.shape[1] * WORD // 8}").ravel().tolist()
        return [int.from_bytes(row, "little") for row in rows]


class Slice:
    """What some goals rest on; `atoms` are all that they can rest on."""

    def __init__(self, program: Program, goals: Iterable[int]) -> None:
        goals = tuple(goals)
        self._program = program
        self.atoms = relevant_atoms(program, goals)
        derived = program.compact_by_head.keys() & self.atoms
        # Whether something is stated that can be derived as well is an atom of its own.
        own = {atom: atom + len(program.atoms) for atom in sorted(program.inputs & derived)}
        sources = {atom: atom for atom in sorted(self.atoms - derived)} | own
        ways, twins = _merged(program, derived, own)
        levels = layered(program.head_strata, program.recursive, {head: _asked(found) for head, found in ways.items()})
        # First the columns of what can be stated, then those of what is derived, level by level, then one of what always
        # holds. After all these come their complements: there it stands what does not hold.
        placed = [*sources.values(), *chain.from_iterable(heads for _, heads in levels)]
        columns = {atom: column for column, atom in enumerate(placed)}
        self._always = len(columns)
        self._half = self._always + 1
        self._never = self._always + self._half
        self._stated = {atom: columns[source] for atom, source in sources.items()}
        columns |= {~atom: column + self._half for atom, column in columns.items()}
        self._levels = [self._level(recursive, heads, ways, columns) for recursive, heads in levels]
        self._twins = twins
        asked = dict.fromkeys(twins.get(goal, goal) for goal in goals)
        self._places = {goal: place for place, goal in enumerate(asked)}
        self._shown = np.array([*(columns[goal] for goal in asked), self._never], dtype=np.intp)

    def column(self, goal: int) -> int:
        """The place of a goal among the columns that `evaluate` gives; equal goals have one."""
        return self._places[self._twins.get(goal, goal)]

    def part(self, goal: int) -> "Slice":
        """The slice of one of its goals, cut out of this one: much faster than to make it from the program."""
        shown = self._shown[self.column(goal)]
        keep = np.zeros(self._half, dtype=np.bool_)
        keep[shown] = True
        cut = copy(self)
        cut.atoms = relevant_atoms(self._program, [goal])
        cut._levels = [level for whole in reversed(self._levels) if (level := whole.cut(keep))][::-1]
        cut._places = {self._twins.get(goal, goal): 0}
        cut._shown = np.array([shown, self._never], dtype=np.intp)
        return cut

    @property
    def empty(self) -> int:
        """The place of a column in which no bit is set."""
        return len(self._places)

    def evaluate(self, stated: Set[int], flips: Sequence[Set[int]]) -> list[int]:
        """The columns of the goals, as `columns` does, each as a number."""
        return self.columns(stated, flips).numbers(np.arange(len(self._places)))

    def columns(self, stated: Set[int], flips: Sequence[Set[int]]) -> Columns:
        """The columns of the goals in situations that differ from one of which the stated atoms are known.

        In each some atoms come or go; bit n of a column is situation n. Equals what `evaluate` says of each.
        """
        words = self._encoded(stated, flips)
        absent = words[self._half :]
        for level in self._levels:
            growing = True
            while growing:
                found = level.derived(words)
                growing = level.recursive and not np.array_equal(found, words[level.here])
                words[level.here] = found
            absent[level.here] = ~found
        return Columns(words[self._shown], len(flips))

    def _encoded(self, stated: Set[int], flips: Sequence[Set[int]]) -> Words:
        words = np.zeros((2 * self._half, len(flips) // WORD + 1), dtype=np.uint64)
        known = self._stated
        words[[self._always, *(known[atom] for atom in stated if atom in known)]] = EVERYTHING
        flipped: dict[int, int] = defaultdict(int)
        for row, changed in enumerate(flips):
            for atom in changed:
                if atom in known:
                    flipped[known[atom]] |= 1 << row
        size = words.shape[1] * words.itemsize
        bits = b"".join([column.to_bytes(size, "little") for column in flipped.values()])
        words[list(flipped)] ^= np.frombuffer(bits, dtype="<u8").reshape(-1, words.shape[1])
        np.invert(words[: len(known)], out=words[self._half : self._half + len(known)])
        return words

    def _level(
        self, recursive: bool, heads: Sequence[int], ways: Mapping[int, Ways], columns: Mapping[int, int]
    ) -> Level:
        """The level of these heads, given the column of each atom and of each complement (~)."""
        by_head = [[[*map(columns.__getitem__, way)] or [self._always] for way in ways[head]] for head in heads]
        every = list(chain.from_iterable(by_head))
        ordered = sorted(range(len(every)), key=lambda place: -len(every[place]))
        asked = [[way[n] for place in ordered if n < len(way := every[place])] for n in range(len(every[ordered[0]]))]
        begin = columns[heads[0]]
        return Level(
            recursive,
            np.arange(begin, begin + len(heads)),
            slice(begin, begin + len(heads)),
            _starts(by_head),
            np.argsort(np.array(ordered)),
            tuple(np.array(part, dtype=np.intp) for part in asked),
        )


def _merged(program: Program, derived: Iterable[int], own: Mapping[int, int]) -> tuple[dict[int, Ways], dict[int, int]]:
    """How each atom is derived that is unlike all others, and of each other one to which it is equal."""
    ways: dict[int, Ways] = {}
    twins: dict[int, int] = {}
    known: dict[Ways, int] = {}
    for stratum, heads in by_stratum(program.head_strata, derived):
        for head in heads:
            found = frozenset(
                frozenset([*(twins.get(atom, atom) for atom in some), *(~twins.get(atom, atom) for atom in none)])
                for _, some, none in program.compact_by_head[head]
            )
            if head in own:
                found |= {frozenset([own[head]])}
            if stratum not in program.recursive:
                equal = _only(found)
                twin = known.setdefault(found, head) if equal is None else equal
                if twin != head:
                    twins[head] = twin
                    continue
            ways[head] = found
    return ways, twins


def _only(ways: Ways) -> int | None:
    """The one atom that all of it is, if it is."""
    if len(ways) != 1:
        return None
    (asked,) = ways
    return next(iter(asked)) if len(asked) == 1 and min(asked) >= 0 else None


def _asked(ways: Ways) -> set[int]:
    """The atoms that some way asks, to hold or not to hold."""
    return {atom if atom >= 0 else ~atom for atom in chain.from_iterable(ways)}


def _starts(parts: Iterable[Sequence[object]]) -> Places:
    """Where each part begins when they stand one after the other."""
    return np.array([0, *accumulate(map(len, parts))][:-1], dtype=np.intp)
