"""What can be derived together: what rests on nothing that is derived later than it stands in one level.

The strata say what must be known before what, for whole rules at once; the levels say it of each ground atom, so they are far
fewer, and all rules of one can be tried in a few operations on arrays.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Places: TypeAlias = NDArray[np.intp]

# What it derives, what must hold for that, and what must not.
CompactRule: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...]]


class RuleLevel(NamedTuple):
    """Ground rules that can be tried together: their numbers, and what each derives.

    `asked[n]` has the n-th thing that each asks, of those that ask so many; those that ask most come first. What is asked
    stands as the place of an atom in `truth`. In a `recursive` level they may rest on each other.
    """

    recursive: bool
    rules: Places
    heads: Places
    asked: tuple[Places, ...]


def rule_levels(
    rules: Sequence[CompactRule], size: int, strata: Mapping[int, int], recursive: Set[int]
) -> list[RuleLevel]:
    """The rules over so many atoms by level, in an order in which they can be tried.

    `strata` has the stratum in which each head is derived, and `recursive` those whose atoms may rest on each other.
    """
    by_head: dict[int, list[int]] = defaultdict(list)
    asked: dict[int, set[int]] = defaultdict(set)
    for number, (head, some, none) in enumerate(rules):
        by_head[head].append(number)
        asked[head].update(some, none)
    return [
        _rule_level(rules, size, together, [*chain.from_iterable(map(by_head.__getitem__, heads))])
        for together, heads in layered(strata, recursive, asked)
    ]


def _rule_level(rules: Sequence[CompactRule], size: int, recursive: bool, numbers: Iterable[int]) -> RuleLevel:
    bodies = {}
    for number in numbers:
        _, some, none = rules[number]
        bodies[number] = [*dict.fromkeys(some), *(size + 1 + atom for atom in none)] or [size]
    ordered = sorted(bodies, key=lambda number: -len(bodies[number]))
    most = len(bodies[ordered[0]])
    return RuleLevel(
        recursive,
        np.array(ordered, dtype=np.intp),
        np.array([rules[number][0] for number in ordered], dtype=np.intp),
        tuple(
            np.array([body[place] for number in ordered if place < len(body := bodies[number])], dtype=np.intp)
            for place in range(most)
        ),
    )


def truth(size: int, stated: Iterable[int]) -> NDArray[np.uint8]:
    """One byte for each of so many atoms that says whether it is stated, one for what always holds, then their complements."""
    holds = np.zeros(2 * (size + 1), dtype=np.uint8)
    holds[[*stated, size]] = 1
    np.subtract(1, holds[: size + 1], out=holds[size + 1 :])
    return holds


def layered(
    strata: Mapping[int, int], recursive: Set[int], asked: Mapping[int, Iterable[int]]
) -> list[tuple[bool, list[int]]]:
    """What can be derived together of some atoms, given what each asks; whether they may rest on each other comes first."""
    levels: dict[tuple[int, bool], list[int]] = defaultdict(list)
    depths: dict[int, int] = {}
    for stratum, heads in by_stratum(strata, asked):
        together = stratum in recursive
        # Those of a recursive stratum stay together; none of them has a depth yet when theirs is looked for.
        for group in [heads] if together else [[head] for head in heads]:
            depth = 1 + max((depths.get(atom, 0) for head in group for atom in asked[head]), default=0)
            depths |= dict.fromkeys(group, depth)
            levels[depth, together] += group
    return [(together, heads) for (_, together), heads in sorted(levels.items())]


def by_stratum(strata: Mapping[int, int], atoms: Iterable[int]) -> list[tuple[int, list[int]]]:
    """The atoms that are derived in each stratum, in the order in which the strata can be evaluated."""
    found: dict[int, list[int]] = defaultdict(list)
    for atom in sorted(atoms):
        found[strata[atom]].append(atom)
    return sorted(found.items())
