"""Evaluate the ground program for one situation: what holds, and which ground rules fired for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from pyoxigraph import Variable

from kb.program.condition import Condition
from kb.program.levels import Places, truth
from kb.program.program import GroundRule, Program
from kb.rule.expression import Value
from kb.situation.facts import Facts, Link


@dataclass(frozen=True)
class Outcome:
    """What holds in one situation.

    `true` has one byte an atom; `fired_rules` are the numbers of the ground rules whose whole body holds; `stated` are the
    atoms that the situation's facts make true by themselves.
    """

    program: Program
    facts: Facts
    stated: frozenset[int]
    true: bytes
    fired_rules: Places
    _values: dict[int, Mapping[Variable, Value]] = field(default_factory=dict, compare=False)

    @cached_property
    def derived_atoms(self) -> Places:
        """What each of the rules that fired derives, in their order."""
        return np.asarray(self.program.heads).take(self.fired_rules)

    @cached_property
    def fired(self) -> dict[int, list[int]]:
        """The numbers of the ground rules that fired, by what they derive."""
        found: dict[int, list[int]] = {}
        for head, rule in zip(self.derived_atoms.tolist(), self.fired_rules.tolist(), strict=True):
            if head in found:
                found[head].append(rule)
            else:
                found[head] = [rule]
        return found

    def firings(self, number: int) -> list[GroundRule]:
        """The ground rules that fired for an atom."""
        return [self.program.rules[rule] for rule in self.fired.get(number, ())]

    def rule_places(self) -> set[int]:
        """The places in `program.distinct_rules` of the rules of which some ground rule fired."""
        return set(np.asarray(self.program.rule_places).take(self.fired_rules).tolist())

    def values(self, number: int) -> Mapping[Variable, Value]:
        """The situation's own values that make a condition hold, by the condition's variables; nothing for any other atom."""
        if number not in self._values:
            condition = self.program.atoms[number]
            found = (
                condition.values(next(condition.witnesses(self.facts)), self.facts)
                if isinstance(condition, Condition)
                else {}
            )
            self._values[number] = found
        return self._values[number]

    def holds(self, link: Link) -> bool:
        """Whether a link holds, stated or derived."""
        number = self.program.find(link)
        return number is not None and bool(self.true[number])

    def derived(self) -> list[Link]:
        """The links that rules derive, whether or not they are stated too."""
        atoms = self.program.atoms
        return [atom for number in self.fired if isinstance(atom := atoms[number], Link)]


def evaluate(program: Program, facts: Facts) -> Outcome:
    """Everything that holds in a situation."""
    stated = program.stated(facts)
    true, fired = run(program, stated)
    return Outcome(program, facts, frozenset(stated), true, fired)


def run(program: Program, stated: Iterable[int]) -> tuple[bytes, Places]:
    """Forward chaining, level by level: all rules of a level are tried at once, and a recursive one until nothing is new.

    Returns one byte an atom, and the numbers of the rules that fired, in the order of their levels.
    """
    holds = truth(len(program.atoms), stated)
    absent = holds[len(program.atoms) + 1 :]
    fired = []
    for level in program.levels:
        growing = True
        while growing:
            # `take` does what an index does, many times as fast.
            first, *others = level.asked
            found = holds.take(first)
            for asked in others:
                found[: len(asked)] &= holds.take(asked)
            firing = found.nonzero()[0]
            heads = level.heads.take(firing)
            growing = level.recursive and not holds.take(heads).all()
            holds[heads] = 1
            absent[heads] = 0
        fired.append(level.rules.take(firing))
    return holds[: len(program.atoms)].tobytes(), np.concatenate([*fired, np.zeros(0, dtype=np.intp)])
