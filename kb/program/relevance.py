"""What a goal can rest on: the part of the ground program that matters to some atoms, and no more."""

from collections.abc import Iterable

from kb.program.program import Program

NOTHING = frozenset[int]()


def relevant_atoms(program: Program, goals: Iterable[int]) -> frozenset[int]:
    """The goals, and every atom that a rule for one of them asks for."""
    asked = program.asked_by_head
    found = set(goals)
    waiting = list(found)
    while waiting:
        new = asked.get(waiting.pop(), NOTHING) - found
        if new:
            found |= new
            waiting += new
    return frozenset(found)
