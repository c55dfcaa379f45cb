"""Which conclusions rest on assumptions: statements without a source, and whatever is built on them alone."""

from functools import cached_property

from pyoxigraph import Triple, Variable

from kb.knowledge.knowledge import Knowledge
from kb.program.evaluate import Outcome
from kb.program.program import Program
from kb.rule.rule import SITUATION, Binding, Pattern, Rule

ASSUMPTION = "aanname"


class Assumptions:
    """Knows of every ground rule whether it uses an assumption itself; `using` when that was found before."""

    def __init__(self, knowledge: Knowledge, program: Program, using: frozenset[int] | None = None) -> None:
        self.knowledge = knowledge
        self.program = program
        self._found = using

    def uncertain(self, outcome: Outcome) -> frozenset[int]:
        """The atoms that hold and of which every proof has an assumption in it somewhere.

        Only what a fired rule with an assumption leads to, by whatever rules fired, can be among them.
        """
        doubtful = self._doubtful(outcome)
        rules, using = self.program.rules, self.using
        uncertain = doubtful - outcome.stated
        waiting = [number for atom in uncertain for number in outcome.fired[atom] if number not in using]
        before = -1
        while before != len(uncertain):
            before = len(uncertain)
            proving = [number for number in waiting if uncertain.isdisjoint(rules[number].positive)]
            uncertain.difference_update(rules[number].head for number in proving)
        return frozenset(uncertain)

    def _doubtful(self, outcome: Outcome) -> set[int]:
        """What fired rules with an assumption lead to."""
        fired, heads, watchers = {*outcome.fired_rules.tolist()}, self.program.heads, self.program.watchers
        found = {heads[number] for number in self.using & fired}
        reached = list(found)
        for atom in reached:  # grows
            for number in watchers[atom]:
                head = heads[number]
                if head not in found and number in fired:
                    found.add(head)
                    reached.append(head)
        return found

    @cached_property
    def using(self) -> frozenset[int]:
        """The numbers of the ground rules that use an assumption: their own certainty, or a statement they rest on."""
        if self._found is not None:
            return self._found
        premised = _Premised(set(self.statements))
        return frozenset(rule.number for rule in self.program.rules if premised.by(rule.rule, rule.binding))

    @cached_property
    def statements(self) -> frozenset[Triple]:
        """The statements that rest on an assumption, those derived from one included."""
        lineage = self.knowledge.lineage
        premised = _Premised({triple for triple in self._stated() if triple not in lineage})
        # A premise was there before what it led to, so that it is known by then whether it rests on an assumption.
        for triple, (rule, binding) in lineage.items():
            if premised.by(rule, binding):
                premised.add(triple)
        return frozenset(premised.assumed)

    def _stated(self) -> set[Triple]:
        subjects = {node for node, basis in self.knowledge.bases.items() if basis.certainty == ASSUMPTION}
        triples = {triple for subject in subjects for triple in self.knowledge.triples(subject)}
        triples |= {
            Triple(*parts) for parts, basis in self.knowledge.annotations.items() if basis.certainty == ASSUMPTION
        }
        return {
            triple for triple in triples if (basis := self.knowledge.basis(triple)) and basis.certainty == ASSUMPTION
        }


class _Premised:
    """Tells which firings of rules use one of some assumed statements."""

    def __init__(self, assumed: set[Triple]) -> None:
        self.assumed = assumed
        self._predicates = {triple.predicate for triple in assumed}
        self._patterns: dict[int, list[tuple[Pattern, tuple[Variable, ...]]]] = {}

    def add(self, triple: Triple) -> None:
        """One more assumed statement."""
        self.assumed.add(triple)
        if triple.predicate not in self._predicates:
            self._predicates.add(triple.predicate)
            self._patterns.clear()

    def by(self, rule: Rule, binding: Binding) -> bool:
        """Whether a firing uses one, or rests on an assumption of the rule itself."""
        if rule.certainty == ASSUMPTION:
            return True
        if id(rule) not in self._patterns:
            self._patterns[id(rule)] = [
                (pattern, tuple(pattern.variables())) for pattern in rule.body.patterns if self._may_be_assumed(pattern)
            ]
        return any(
            pattern.fill(binding) in self.assumed
            for pattern, variables in self._patterns[id(rule)]
            if all(variable in binding for variable in variables)
        )

    def _may_be_assumed(self, pattern: Pattern) -> bool:
        return pattern.subject != SITUATION and (
            isinstance(pattern.predicate, Variable) or pattern.predicate in self._predicates
        )
