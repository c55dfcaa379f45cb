"""Two advices side by side: which conclusions came, went or moved, and through what.

Each situation is advised on again with the knowledge and the rules of now. What differs between those two differs
through the situation, and the proofs say through which facts. What differs between an advice and the same situation
advised on now differs through the release: through rules whose hash is another, or else through the knowledge.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from kb.advice.model import Advies
from kb.advice.receipt import Ontvangstbewijs, rule_hash
from kb.errors import SituationError
from kb.explain.cause import ChangedFact, Tracer
from kb.explain.proof import Prover, conclusion_key
from kb.explain.wording import Texts
from kb.knowledge.knowledge import Knowledge
from kb.language import catalogue
from kb.program.evaluate import Outcome
from kb.program.program import Program
from kb.rule.rule import Rule
from kb.situation.facts import Link
from kb.situation.model import Situatie, read_situation

Oorzaaksoort = Literal["situatie", "gegevens", "kennis", "regel"]
# What is measured of a place rather than chosen for it.
_DATA_FIELDS = {"metingen", "herkomst"}
T = TypeVar("T")
_RECEIPT = "ontvangstbewijs"


@dataclass(frozen=True)
class Cause:
    """Through what a conclusion changed: a field of the situation, a filled-in value, the knowledge or a rule.

    `what` is the field, `kennis` or the slug of the rule; `before` and `after` are what stood there, in words or as a hash.
    """

    kind: Oorzaaksoort
    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """A conclusion of one section that came, went, or moved: its place (from 1) before and after, and through what.

    `passed` are the rows that came to stand on the other side of one that moved, or no longer stand there. `traced` is
    whether each cause is in a proof; if not, they are all that may have changed it.
    """

    section: str
    key: str
    label: str
    before: int | None
    after: int | None
    causes: tuple[Cause, ...] = ()
    passed: tuple[str, ...] = ()
    traced: bool = True


@dataclass(frozen=True)
class Comparison:
    """What differs in what two advices were made from, by cause, and in what they say."""

    causes: Mapping[Oorzaaksoort, tuple[str, ...]]
    changes: tuple[Change, ...]


class Row(NamedTuple):
    """A conclusion of a section: its place, its name and the criteria that it meets."""

    place: int
    label: str
    criteria: frozenset[str]


Rows = Mapping[str, Row]
Sections = Mapping[str, Rows]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Compare two advices as JSON, each with its receipt, by themselves.

    A difference in what is said has one of the causes that are named; through which of them, `Comparer` finds.
    """
    before, after = (Ontvangstbewijs.model_validate(advice[_RECEIPT]) for advice in (old, new))
    causes: dict[Oorzaaksoort, tuple[str, ...]] = dict(_causes(before, after))
    return Comparison(causes, tuple(_changes(_sections(old), _sections(new))))


def _causes(old: Ontvangstbewijs, new: Ontvangstbewijs) -> Iterator[tuple[Oorzaaksoort, tuple[str, ...]]]:
    fields = _differing(old.invoer | {"peildatum": old.peildatum}, new.invoer | {"peildatum": new.peildatum})
    if chosen := tuple(name for name in fields if name not in _DATA_FIELDS):
        yield "situatie", chosen
    if measured := tuple(name for name in fields if name in _DATA_FIELDS):
        yield "gegevens", measured
    if old.kennis != new.kennis:
        yield "kennis", (old.kennis, new.kennis)
    # A rule that fires in one of them only need not be another rule: the situation can make that difference.
    if changed := tuple(name for name in old.regels if new.regels.get(name, old.regels[name]) != old.regels[name]):
        yield "regel", changed


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _changes(old: Sections, new: Sections) -> Iterator[Change]:
    for section in dict.fromkeys([*old, *new]):
        before, after = old.get(section, {}), new.get(section, {})
        for key in dict.fromkeys([*before, *after]):
            first, now = (rows[key].place if key in rows else None for rows in (before, after))
            if first != now:
                yield Change(section, key, (after.get(key) or before[key]).label, first, now)


def _sections(advice: Mapping[str, Any]) -> Sections:
    return {name: _ranked(rows) for name, rows in advice.items() if isinstance(rows, list)}


def _ranked(section: list[Any]) -> Rows:
    found = [row for row in section if isinstance(row, dict) and isinstance(row.get("conclusie"), str)]
    return {
        row["conclusie"]: Row(
            place, str(row.get("label", "")), frozenset(criterion["conclusie"] for criterion in row.get("rangorde", ()))
        )
        for place, row in enumerate(found, start=1)
    }


class Release(NamedTuple):
    """The knowledge and the rules that an advice was made with, by their hashes; of a receipt, only rules that fired."""

    knowledge: str
    rules: Mapping[str, str]

    def same_as(self, other: "Release") -> bool:
        """Whether nothing is known in which they differ."""
        return self.knowledge == other.knowledge and not any(self.changed(other, self.rules))

    def changed(self, other: "Release", rules: Iterable[str]) -> Iterator[Cause]:
        """Those of some rules whose text is another."""
        for name in rules:
            hashes = self.rules.get(name), other.rules.get(name)
            if None not in hashes and hashes[0] != hashes[1]:
                yield Cause("regel", name, *hashes)


@dataclass(frozen=True)
class Step:
    """One of the steps from the old advice to the new one: what each side says, and through what a conclusion changes.

    `otherwise` are all causes of the step, for what follows from no conclusion that has a proof.
    """

    before: Sections
    after: Sections
    trace: Callable[[str], Iterable[Cause]]
    otherwise: tuple[Cause, ...]

    def explain(self, change: Change) -> Change:
        """The change with through what the row changed in this step besides, and which rows it passed."""
        rows = self.before.get(change.section, {}), self.after.get(change.section, {})
        before, after = (side.get(change.key) for side in rows)
        moved = change.before is not None and change.after is not None
        if before is not None and after is not None:
            passed = (
                sorted(_above(rows[0], before) ^ _above(rows[1], after))
                if moved and before.place != after.place
                else []
            )
            keys = [key for row in passed for key in self._differing(row, change.key, *rows)]
        else:
            wrong_way = change.before is None if before else change.after is None
            passed, keys = [], [] if before is after or wrong_way else [change.key]
        causes = [cause for key in dict.fromkeys(keys) for cause in self.trace(key)]
        untraced = not causes and bool(keys or passed)
        return replace(
            change,
            causes=_joined(change.causes, self.otherwise if untraced else causes),
            passed=_joined(change.passed, passed),
            traced=change.traced and not untraced,
        )

    def _differing(self, passed: str, key: str, before: Rows, after: Rows) -> Iterable[str]:
        """The conclusions through which one row passed another: the row itself, or the criteria that either meets."""
        if passed not in before or passed not in after:
            return [passed]
        return sorted({c for row in (passed, key) for c in before[row].criteria ^ after[row].criteria})


def _above(rows: Rows, row: Row) -> set[str]:
    return {key for key, other in rows.items() if other.place < row.place}


class Asked(Protocol):
    """What is asked of the expert system of now."""

    def evaluate(self, situation: Situatie) -> Outcome:
        """Everything that holds in a situation."""

    def advise(self, situation: Situatie, language: str = "nl") -> Advies:
        """The advice about a situation."""


class Comparer:
    """Says of each difference between two advices through what it is there."""

    def __init__(self, knowledge: Knowledge, texts: Texts, program: Program, asked: Asked) -> None:
        self.knowledge = knowledge
        self.texts = texts
        self.program = program
        self.asked = asked
        rules: Iterable[Rule] = [*knowledge.rules, *program.distinct_rules]
        self.release = Release(knowledge.release, {rule.slug: rule_hash(rule) for rule in rules})
        links = (atom for atom in program.atoms if isinstance(atom, Link))
        self._links = {conclusion_key(link): link for link in links}

    def compare(self, old: Mapping[str, Any], new: Mapping[str, Any], language: str = "nl") -> Comparison:
        """Compare two advices as JSON, each with its receipt."""
        found = compare(old, new)
        steps = list(self._steps(old, new, language))
        return Comparison(found.causes, tuple(reduce(_explained, steps, change) for change in found.changes))

    def _steps(self, old: Mapping[str, Any], new: Mapping[str, Any], language: str) -> Iterator[Step]:
        receipts = [Ontvangstbewijs.model_validate(advice[_RECEIPT]) for advice in (old, new)]
        said, releases = [_sections(old), _sections(new)], [self._release(receipt) for receipt in receipts]
        try:
            situations = [_situation(receipt) for receipt in receipts]
            outcomes = [self.asked.evaluate(situation) for situation in situations]
        except SituationError:  # a term that is no longer known
            yield Step(said[0], said[1], lambda _: (), tuple(_between(releases[0], releases[1])))
            return
        now = said
        if not releases[0].same_as(releases[1]):
            now = [
                sections
                if release is self.release
                else _sections(self.asked.advise(one, language).model_dump(mode="json"))
                for sections, release, one in zip(said, releases, situations, strict=True)
            ]
            yield self._through_release(said[0], now[0], outcomes[0], releases)
            yield self._through_release(now[1], said[1], outcomes[1], releases)
        tracer = Tracer(self.knowledge, self.texts, outcomes[0], outcomes[1], language)
        differences = tuple(map(_cause, tracer.differences()))
        yield Step(now[0], now[1], partial(self._through_facts, tracer), differences)

    def _release(self, receipt: Ontvangstbewijs) -> Release:
        """The release of a receipt: that of now when it is the same, as of that one all rules are known."""
        found = Release(receipt.kennis, receipt.regels)
        return (
            self.release
            if found.same_as(self.release) and receipt.regels.keys() <= self.release.rules.keys()
            else found
        )

    def _through_facts(self, tracer: Tracer, key: str) -> Iterable[Cause]:
        link = self._links.get(key)
        return map(_cause, tracer.trace(link)) if link else ()

    def _through_release(
        self, before: Sections, after: Sections, outcome: Outcome, releases: Sequence[Release]
    ) -> Step:
        old, new = releases
        prover = Prover(self.knowledge, self.texts, outcome)

        def trace(key: str) -> Iterable[Cause]:
            return _between(old, new, self._rules_of(key, prover))

        return Step(before, after, trace, tuple(_between(old, new)))

    def _rules_of(self, key: str, prover: Prover) -> Iterable[str]:
        """The rules in the proof of a conclusion; when it does not hold now, those that can draw it."""
        link = self._links.get(key)
        if link is None:
            return ()
        if proof := prover.shortest(link):
            return sorted(proof.rules())
        return sorted({rule.rule.slug for rule in self.program.by_head.get(self.program.number(link), ())})


def _between(old: Release, new: Release, rules: Iterable[str] | None = None) -> Iterator[Cause]:
    """In what two releases differ: those of some rules (or of all) whose text is another, and the knowledge."""
    yield from old.changed(new, sorted(old.rules) if rules is None else rules)
    if old.knowledge != new.knowledge:
        yield Cause("kennis", "kennis", old.knowledge, new.knowledge)


def _situation(receipt: Ontvangstbewijs) -> Situatie:
    """The situation of a receipt, on the day that the advice is about."""
    return read_situation(receipt.invoer | {"peildatum": receipt.peildatum.isoformat()})


def _cause(fact: ChangedFact) -> Cause:
    return Cause("gegevens" if fact.filled else "situatie", fact.field, fact.before, fact.after)


def _explained(change: Change, step: Step) -> Change:
    return step.explain(change)


def _joined(known: tuple[T, ...], more: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys([*known, *more]))


def cause_text(cause: Cause, language: str) -> str:
    """A cause in words."""
    say = catalogue(language)
    which = "cause_new" if cause.before is None else "cause_gone" if cause.after is None else "cause_other"
    change = say(which, before=cause.before, after=cause.after)
    return say(f"cause_{cause.kind}", what=cause.what, change=change)
