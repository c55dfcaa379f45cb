"""Through what: the facts that made a conclusion come or go between two situations.

A conclusion that came has a rule that fires now and did not before: a premise came, or something that it excludes went.
The shortest proof is followed down along what differs, and along nothing else, to what the situations state.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.explain.proof import Prover
from kb.explain.wording import Texts
from kb.knowledge.knowledge import Knowledge
from kb.program.condition import Condition
from kb.program.evaluate import Outcome
from kb.situation.facts import Link, Node, subject_of
from kb.situation.model import IN_WIJK, LINK_FIELDS, ONTLEEND_AAN, PEILDATUM

_FIELDS = {property: field for field, property in LINK_FIELDS.items()} | {IN_WIJK: "wijk"}


@dataclass(frozen=True)
class ChangedFact:
    """A fact in which two situations differ: its field, and what each of them says in words, if anything.

    `filled` is whether the last that was said of it was filled in from a public source.
    """

    field: str
    before: str | None
    after: str | None
    filled: bool = False


class Tracer:
    """Traces what differs between two outcomes of one program to the facts that differ."""

    def __init__(self, knowledge: Knowledge, texts: Texts, before: Outcome, after: Outcome, language: str) -> None:
        self.texts = texts
        self.language = language
        self.before, self.after = (_Side(outcome, Prover(knowledge, texts, outcome)) for outcome in (before, after))

    def trace(self, link: Link) -> tuple[ChangedFact, ...]:
        """The facts through which a link holds in one of the two only; none when it holds in both or in neither."""
        number = self.before.outcome.program.find(link)
        if number is None or self.before.holds(number) == self.after.holds(number):
            return ()
        sides = (self.before, self.after) if self.before.holds(number) else (self.after, self.before)
        return tuple(dict.fromkeys(self._traced(number, *sides, set())))

    def differences(self) -> tuple[ChangedFact, ...]:
        """Every fact in which the two situations differ."""
        found: dict[ChangedFact, None] = {}
        for holding, lacking in ((self.before, self.after), (self.after, self.before)):
            facts = holding.outcome.facts
            links = sorted(facts.links - lacking.outcome.facts.links, key=str)
            found |= dict.fromkeys(self._link(link, holding) for link in links)
            found |= dict.fromkeys(self._nodes(facts.nodes, holding, lacking))
        if self.before.day() != self.after.day():
            found[self._day()] = None
        return tuple(found)

    def _traced(self, number: int, holding: "_Side", lacking: "_Side", seen: set[int]) -> Iterator[ChangedFact]:
        if number in seen:
            return
        seen.add(number)
        rule = holding.best[number]
        if rule is None:
            yield from self._stated(number, holding, lacking)
            return
        for premise in rule.positive:
            if not lacking.holds(premise):
                yield from self._traced(premise, holding, lacking, seen)
        for excluded in rule.negative:
            if lacking.holds(excluded):
                yield from self._traced(excluded, lacking, holding, seen)

    def _stated(self, number: int, holding: "_Side", lacking: "_Side") -> Iterator[ChangedFact]:
        atom, facts = holding.outcome.program.atoms[number], holding.outcome.facts
        if isinstance(atom, Link):
            yield self._link(atom, holding)
            return
        assert isinstance(atom, Condition)
        yield from self._nodes(next(atom.witnesses(facts)).values(), holding, lacking)
        if any(facts.values[name] != lacking.outcome.facts.values[name] for name, _ in atom.plain):
            yield self._day()

    def _link(self, link: Link, holding: "_Side") -> ChangedFact:
        text = self.texts.link(link, self.language)
        return self._changed(_FIELDS[link.property], holding, text, None, filled=False)

    def _nodes(self, nodes: Iterable[Node], holding: "_Side", lacking: "_Side") -> Iterator[ChangedFact]:
        """The nodes that the other lacks, each beside the one that stands there in its place, if any."""
        for node in nodes:
            others = list(lacking.outcome.facts.nodes_of(node.property))
            if any(other.values == node.values for other in others):
                continue
            instead = next((other for other in others if subject_of(other) == subject_of(node)), None)
            texts = [self.texts.node(each, self.language) if each else None for each in (node, instead)]
            last = instead if instead and holding is self.before else node
            field = node.place.partition("[")[0]
            yield self._changed(field, holding, *texts, filled=ONTLEEND_AAN in last.values)

    def _changed(
        self, field: str, holding: "_Side", said: str | None, instead: str | None, *, filled: bool
    ) -> ChangedFact:
        before, after = (said, instead) if holding is self.before else (instead, said)
        return ChangedFact(field, before, after, filled)

    def _day(self) -> ChangedFact:
        before, after = (self.texts.value(side.day(), self.language) for side in (self.before, self.after))
        return ChangedFact("peildatum", before, after)


class _Side:
    """One of the two outcomes, with the rule of the smallest proof of all that holds in it."""

    def __init__(self, outcome: Outcome, prover: Prover) -> None:
        self.outcome = outcome
        self.best = prover.best_rules()

    def holds(self, number: int) -> bool:
        return bool(self.outcome.true[number])

    def day(self) -> object:
        return self.outcome.facts.values[PEILDATUM]
