"""Evaluate the ground program for one situation: what holds, and which ground rules fired for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Variable

from kb.program.condition import Condition
from kb.program.program import GroundRule, Program
from kb.rule.expression import Value
from kb.rule.rule import Rule
from kb.situation.facts import Facts, Link


@dataclass(frozen=True)
class Outcome:
    """What holds in one situation.

    `true` has one byte an atom; `order` are the numbers of the ground rules whose whole body holds, a rule after what it
    rests on; `stated` are the atoms that the situation's facts make true by themselves.
    """

    program: Program
    facts: Facts
    stated: frozenset[int]
    true: bytearray
    order: list[int]
    _values: dict[int, Mapping[Variable, Value]] = field(default_factory=dict, compare=False)

    @cached_property
    def fired(self) -> dict[int, list[GroundRule]]:
        """The ground rules that fired, by the atom that they derive."""
        found: dict[int, list[GroundRule]] = {}
        for rule in map(self.program.rules.__getitem__, self.order):
            if rule[1] in found:  # by place, as a name takes longer to look up and there are thousands
                found[rule[1]].append(rule)
            else:
                found[rule[1]] = [rule]
        return found

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

    def rules(self) -> set[Rule]:
        """The rules of which some ground rule fired."""
        places = set(map(self.program.rule_places.__getitem__, self.order))
        return {self.program.distinct_rules[place] for place in places}

    def derived(self) -> list[Link]:
        """The links that rules derive, whether or not they are stated too."""
        atoms = self.program.atoms
        return [atom for number in self.fired if isinstance(atom := atoms[number], Link)]


def evaluate(program: Program, facts: Facts) -> Outcome:
    """Everything that holds in a situation, stratum by stratum; each rule is touched only when a fact it waits for holds."""
    stated = program.stated(facts)
    true, order = run(program, stated)
    return Outcome(program, facts, frozenset(stated), true, order)


def run(program: Program, stated: Iterable[int]) -> tuple[bytearray, list[int]]:
    """Forward chaining by counting: a rule fires when its last positive atom becomes true and no negated one is.

    Returns one byte an atom, and the numbers of the rules that fired, in the order in which they did.
    """
    watchers, strata, decisions = program.watchers, program.stratum_of, program.decisions
    waiting = program.counts.copy()
    true = bytearray(len(program.atoms))
    order: list[int] = []
    ready = [list(numbers) for numbers in program.unconditional]
    # The same loop stands here twice, as a call for each of thousands of atoms would take as long as all else.
    for atom in sorted(stated):  # in order, so that what comes first never depends on how a set was made
        true[atom] = 1
        for number in watchers[atom]:
            left = waiting[number] - 1
            waiting[number] = left
            if not left:
                ready[strata[number]].append(number)
    for queue in ready:
        for number in queue:  # grows while a recursive stratum runs
            head, negative = decisions[number]
            for atom in negative:
                if true[atom]:
                    break
            else:
                order.append(number)
                if not true[head]:
                    true[head] = 1
                    for watching in watchers[head]:
                        left = waiting[watching] - 1
                        waiting[watching] = left
                        if not left:
                            ready[strata[watching]].append(watching)
    return true, order
