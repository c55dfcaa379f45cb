"""Evaluate the ground program for one situation: what holds, and which ground rules fired for it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Variable

from kb.program.condition import Condition
from kb.program.program import GroundRule, Program
from kb.rule.expression import Value
from kb.situation.facts import Facts, Link


@dataclass(frozen=True)
class Outcome:
    """What holds in one situation.

    `true` has one byte an atom; `fired` holds, per derived atom, the ground rules whose whole body holds;
    `stated` are the atoms that the situation's facts make true by themselves.
    """

    program: Program
    facts: Facts
    stated: frozenset[int]
    true: bytearray
    fired: dict[int, list[GroundRule]]
    _values: dict[int, Mapping[Variable, Value]] = field(default_factory=dict, compare=False)

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
    """Everything that holds in a situation, stratum by stratum; each rule is touched only when a fact it waits for holds."""
    stated = program.stated(facts)
    true, fired = run(program, stated)
    return Outcome(program, facts, frozenset(stated), true, fired)


def run(program: Program, stated: set[int]) -> tuple[bytearray, dict[int, list[GroundRule]]]:
    """Forward chaining by counting: a rule fires when its last positive atom becomes true and no negated one is."""
    rules, watchers, strata, decisions = program.rules, program.watchers, program.stratum_of, program.decisions
    waiting = program.counts.copy()
    true = bytearray(len(program.atoms))
    fired: dict[int, list[GroundRule]] = defaultdict(list)
    ready = [list(indices) for indices in program.unconditional]

    def settle(atom: int) -> None:
        true[atom] = 1
        for index in watchers[atom]:
            left = waiting[index] - 1
            waiting[index] = left
            if not left:
                ready[strata[index]].append(index)

    for atom in stated:
        settle(atom)
    for queue in ready:
        for index in queue:  # grows while a recursive stratum runs
            head, negative = decisions[index]
            for atom in negative:
                if true[atom]:
                    break
            else:
                fired[head].append(rules[index])
                if not true[head]:
                    settle(head)
    return true, fired
