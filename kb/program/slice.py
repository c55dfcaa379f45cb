"""A slice: the part of the ground program that some goals rest on, made small, for many situations at once.

What is derived from one other thing alone is that thing, and what is derived in the same ways is one: each has one column.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple, TypeAlias

from kb.program.program import CompactRule, Program
from kb.program.relevance import relevant_atoms

# What must hold, and what must not.
Body: TypeAlias = tuple[frozenset[int], frozenset[int]]


class Definition(NamedTuple):
    """All ways to derive what has the column `head`: one column alone, two together, or some with and some without."""

    head: int
    alone: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    others: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


class Slice:
    """What some goals rest on; `atoms` are all that they can rest on."""

    def __init__(self, program: Program, goals: Iterable[int]) -> None:
        self.atoms = relevant_atoms(program, goals)
        self._columns: dict[int, int] = {}
        self._width = 0
        # In the order in which they can be evaluated; those of a recursive stratum together, the others one by one.
        self._groups: list[tuple[bool, list[Definition]]] = []
        derived = program.compact_by_head.keys() & self.atoms
        for atom in sorted(self.atoms - derived):
            self._add_column(atom)
        self._add_definitions(program, derived)

    def column(self, atom: int) -> int:
        """The place among the columns of what an atom of the slice is, or is equal to."""
        return self._columns[atom]

    def evaluate(self, stated: Set[int], flips: Sequence[Set[int]]) -> list[int]:
        """The columns of what holds in situations that differ from one of which the stated atoms are known.

        In each some atoms come or go; bit n of a column is situation n. Equals what `evaluate` says of each.
        """
        everything = (1 << len(flips)) - 1
        columns = self._encode(stated, flips, everything)
        for recursive, definitions in self._groups:
            while _derive(definitions, columns, everything) and recursive:
                pass
        return columns

    def _encode(self, stated: Set[int], flips: Sequence[Set[int]], everything: int) -> list[int]:
        known = self._columns
        columns = [0] * self._width
        for atom in stated & self.atoms:
            columns[known[atom]] = everything
        for row, changed in enumerate(flips):
            bit = 1 << row
            for atom in changed:
                if atom in known:
                    columns[known[atom]] ^= bit
        return columns

    def _add_column(self, atom: int) -> None:
        self._columns[atom] = self._width
        self._width += 1

    def _add_definitions(self, program: Program, derived: Set[int]) -> None:
        by_stratum: dict[int, list[int]] = defaultdict(list)
        for atom in sorted(derived):
            by_stratum[program.head_strata[atom]].append(atom)
        same: dict[frozenset[Body], int] = {}
        for stratum, heads in sorted(by_stratum.items()):
            rules = {head: program.compact_by_head[head] for head in heads}
            if stratum in program.recursive:
                for head in heads:
                    self._add_column(head)
                self._groups.append((True, [self._definition(head, self._bodies(rules[head])) for head in heads]))
            else:
                # What a situation may state too is not the same as what is derived in the same ways.
                definitions = [self._defined(head, rules[head], same, head in program.inputs) for head in heads]
                self._groups.append((False, [found for found in definitions if found]))

    def _defined(
        self, head: int, rules: Sequence[CompactRule], same: dict[frozenset[Body], int], own: bool
    ) -> Definition | None:
        """How an atom is derived, or None when it has the column of another."""
        bodies = self._bodies(rules)
        equal = None if own else _only(bodies)
        if equal is None and not own:
            equal = same.get(bodies)
        if equal is not None:
            self._columns[head] = equal
            return None
        self._add_column(head)
        if not own:
            same[bodies] = self._columns[head]
        return self._definition(head, bodies)

    def _bodies(self, rules: Iterable[CompactRule]) -> frozenset[Body]:
        column = self._columns.__getitem__
        return frozenset(
            (frozenset(map(column, positive)), frozenset(map(column, negative))) for _, positive, negative in rules
        )

    def _definition(self, head: int, bodies: Iterable[Body]) -> Definition:
        alone, pairs, others = [], [], []
        for positive, negative in sorted((tuple(sorted(some)), tuple(sorted(none))) for some, none in bodies):
            match positive, negative:
                case (one,), ():
                    alone.append(one)
                case (one, two), ():
                    pairs.append((one, two))
                case _:
                    others.append((positive, negative))
        return Definition(self._columns[head], tuple(alone), tuple(pairs), tuple(others))


def _only(bodies: frozenset[Body]) -> int | None:
    """The one column that all of it is, if it is."""
    if len(bodies) != 1:
        return None
    ((positive, negative),) = bodies
    return next(iter(positive)) if len(positive) == 1 and not negative else None


def _derive(definitions: Iterable[Definition], columns: list[int], everything: int) -> bool:
    """Add to the columns what the definitions derive from them, and tell whether that is anything new."""
    # As in `evaluate_columns`, a negated column is final and `&` only takes bits away, so that no mask is needed.
    grown = False
    for head, alone, pairs, others in definitions:
        before = column = columns[head]
        for one in alone:
            column |= columns[one]
        for one, two in pairs:
            column |= columns[one] & columns[two]
        for positive, negative in others:
            part = everything
            for one in positive:
                part &= columns[one]
                if not part:
                    break
            else:
                for one in negative:
                    part &= ~columns[one]
                column |= part
        if column != before:
            columns[head] = column
            grown = True
    return grown
