"""What a goal can rest on: the part of the ground program that matters to some atoms, and no more."""

from collections.abc import Iterable

from kb.program.program import CompactRule, Program


def relevant_rules(program: Program, goals: Iterable[int]) -> list[list[CompactRule]]:
    """Per stratum, as `program.compact`, the rules that can make some goal hold or not, by whatever way."""
    deriving, strata = program.compact_by_head, program.head_strata
    found: list[list[CompactRule]] = [[] for _ in program.compact]
    for head in sorted(relevant_atoms(program, goals) & deriving.keys()):
        found[strata[head]] += deriving[head]
    return found


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
