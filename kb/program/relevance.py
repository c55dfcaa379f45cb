"""What a goal can rest on: the part of the ground program that matters to some atoms, and no more."""

from collections.abc import Iterable

from kb.program.program import CompactRule, Program


def relevant_rules(program: Program, goals: Iterable[int]) -> list[list[CompactRule]]:
    """Per stratum, as `program.compact`, the rules that can make some goal hold or not, by whatever way."""
    needed = relevant_atoms(program, goals)
    return [[rule for rule in stratum if rule[0] in needed] for stratum in program.compact]


def relevant_atoms(program: Program, goals: Iterable[int]) -> frozenset[int]:
    """The goals, and every atom that a rule for one of them asks for."""
    deriving = program.compact_by_head
    found = set(goals)
    waiting = list(found)
    while waiting:
        for _, positive, negative in deriving.get(waiting.pop(), ()):
            new = {*positive, *negative} - found
            found |= new
            waiting += new
    return frozenset(found)
