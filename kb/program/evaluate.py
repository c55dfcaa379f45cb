"""Evaluate the ground program for one situation: what holds, and which ground rules fired for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from pyoxigraph import Variable

from kb.program.condition import Condition
from kb.program.program import GroundRule, Program
from kb.rule.expression import Value
from kb.situation.facts import Facts, Link


@dataclass(frozen=True)
class Outcome:
    """What holds in one situation.

    `true` has one byte an atom; `fired` holds, per derived atom, the numbers of the ground rules whose whole body holds;
    `stated` are the atoms that the situation's facts make true by themselves.
    """

    program: Program
    facts: Facts
    stated: frozenset[int]
    true: bytearray
    fired: dict[int, list[int]]
    _values: dict[int, Mapping[Variable, Value]] = field(default_factory=dict, compare=False)

    def firings(self, number: int) -> list[GroundRule]:
        """The ground rules that fired for an atom."""
        return [self.program.rules[rule] for rule in self.fired.get(number, ())]

    def rule_places(self) -> set[int]:
        """The places in `program.distinct_rules` of the rules of which some ground rule fired."""
        return set(map(self.program.rule_places.__getitem__, chain.from_iterable(self.fired.values())))

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


def run(program: Program, stated: Iterable[int]) -> tuple[bytearray, dict[int, list[int]]]:
    """Forward chaining by counting: a rule fires when its last positive atom becomes true and no negated one is.

    Returns one byte an atom and, per derived atom, the numbers of the rules that fired for it, in the order in which they
    did; the atoms are in the order in which they were derived.
    """
    # What takes the time here is fetching from memory what lies scattered over it. So the loops read small arrays, not the
    # ground rules themselves, and the one that settles an atom stands here twice, as a call would cost as much again.
    watchers, strata, heads, negatives = program.watchers, program.stratum_of, program.heads, program.negatives
    waiting = bytearray(program.counts)
    true = bytearray(len(program.atoms))
    fired: dict[int, list[int]] = {}
    ready = [list(numbers) for numbers in program.unconditional]
    for atom in sorted(stated):  # in order, so that what comes first never depends on how a set was made
        true[atom] = 1
        for number in watchers[atom]:
            left = waiting[number] - 1
            waiting[number] = left
            if not left:
                ready[strata[number]].append(number)
    for queue in ready:
        for number in queue:  # grows while a recursive stratum runs
            for atom in negatives[number]:
                if true[atom]:
                    break
            else:
                head = heads[number]
                if head in fired:
                    fired[head].append(number)
                    continue
                fired[head] = [number]
                if true[head]:
                    continue
                true[head] = 1
                for watching in watchers[head]:
                    left = waiting[watching] - 1
                    waiting[watching] = left
                    if not left:
                        ready[strata[watching]].append(watching)
    return true, fired
