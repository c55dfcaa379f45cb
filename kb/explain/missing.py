"""Why not: the smallest sets of facts that would make a conclusion hold.

The part of the ground program that a goal can rest on is handed to the answer set solver clingo, with a free choice for
every fact that a situation could also state and that matters to it; nothing else can be in a smallest set. Per question the
stated facts are fixed and clingo minimises the number of changes; because the program is
stratified, each choice has exactly one answer set. Of conditions over several nodes and values the
solver cannot tell whether they hold, so it may guess. One of its guesses is right, so no set is missed, and some that are
proposed do not work: every set is applied and evaluated before it is given, so what is promised holds. Of one that does not
work it is learned which conditions hold or not, so that nothing is proposed again that guesses otherwise; when nothing can be
learned and none of a size works, sets of one more are tried. Facts are only taken away when no addition helps.
"""

import math
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import reduce
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from kb.collector import without_collector
from kb.explain.candidates import Candidate, Candidates, add_situation
from kb.explain.encoding import Encoder, Encoding, TimeIsUpError, free_choice, met
from kb.explain.wording import Texts
from kb.program.condition import Condition
from kb.program.evaluate import Outcome, evaluate
from kb.program.program import Program
from kb.situation.facts import Facts, Link, add_facts
from kb.situation.model import HEEFT_WERK, PEILDATUM, TOT, VAN, Situatie
from kb.situation.resolve import Resolver

if TYPE_CHECKING:
    import clingo


PERIODS_AT_ONCE = 32
# Goals of which the encoding is kept: who asks about one often asks again, about another situation.
MOST_ENCODINGS = 16
# How many proposals of the solver are tried before the answer says that there may be more.
MOST_TRIED = 1000
# Lessons in an encoding before it is made anew: those about one situation are of no use to another.
MOST_LESSONS = 2000
# How many years after the day that a situation is about a new work may begin and end.
SOON = (1, 3)
# Works in other years that are kept.
MOST_PLANNED = 4096

# The first and the last year of a work.
Period: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class MissingSet:
    """Facts to add (as one small situation) and stated facts to take away, with the words for each change."""

    add: Situatie
    remove: tuple[Link, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The number of changes."""
        return len(self.texts)


class MissingSets(list[MissingSet]):
    """The sets that were found; `complete` is whether the search came to its end."""

    def __init__(self, sets: Iterable[MissingSet] = (), *, complete: bool = True) -> None:
        super().__init__(sets)
        self.complete = complete


@dataclass(frozen=True)
class Search:
    """What is searched for: changes of a situation that make a goal hold; `removal` is whether facts may be taken away."""

    situation: Situatie
    facts: Facts
    goal: int
    language: str
    most: int
    until: float
    removal: bool
    lessons: "Lessons"


@dataclass(frozen=True)
class Choice:
    """What the solver proposes: candidates to add and links to take away.

    `touched` are the conditions that the candidates can make hold or not, and `guessed` those that then hold, it says.
    """

    added: list[Candidate]
    gone: list[int]
    touched: frozenset[int]
    guessed: frozenset[int]


@dataclass
class Lessons:
    """What proposals that do not work have taught about a situation, as clauses of the solver's literals.

    `taught` of them are part of the encoding by now, where they hold if `guard` does. `tried` is the number of proposals.
    `on_day` has the facts on other days, each by the place of the candidate that states it.
    """

    clauses: list[list[int]] = field(default_factory=list)
    taught: int = 0
    guard: int | None = None
    tried: int = 0
    on_day: dict[int, Facts] = field(default_factory=dict)


class MissingFinder:
    """Finds missing sets; safe to use from several threads, which then wait for each other."""

    def __init__(self, program: Program, candidates: Candidates, resolver: Resolver, texts: Texts) -> None:
        self.program = program
        self.resolver = resolver
        self.texts = texts
        self._encoder = Encoder(program, candidates)
        self._lock = threading.Lock()
        self._encodings: dict[int, Encoding] = {}
        self._planned: dict[tuple[Candidate, Period], Candidate] = {}

    def prepare(self) -> None:
        """Make beforehand what all questions need: for who will be asked many."""
        with self._lock, without_collector():
            self._encoder.prepare()

    def find(
        self,
        situation: Situatie,
        goal: Link,
        language: str,
        most: int,
        seconds: float | None = None,
        outcome: Outcome | None = None,
    ) -> MissingSets:
        """The smallest sets of changes that make `goal` hold, at most `most` of them; `outcome` where it is known already.

        One empty set when the goal holds already; no set when nothing that can be stated makes it hold. When the search
        takes more than so many seconds, what was found by then, and not `complete`.
        """
        until = math.inf if seconds is None else monotonic() + seconds
        number = self.program.find(goal)
        if number is None:
            return MissingSets()
        outcome = outcome or evaluate(self.program, self.resolver.facts(situation))
        facts = outcome.facts
        if outcome.true[number]:
            return MissingSets([MissingSet(Situatie())])
        if not self._lock.acquire(timeout=-1 if seconds is None else seconds):
            return MissingSets(complete=False)
        try:
            lessons = Lessons()
            for removal in (False, True):
                search = Search(situation, facts, number, language, most, until, removal, lessons)
                found = self._solve(search)
                if found or not found.complete:
                    return found
            return found
        except TimeIsUpError:
            return MissingSets(complete=False)
        finally:
            self._lock.release()

    def _solve(self, search: Search) -> MissingSets:
        """The smallest choices that work; each time that none of the smallest does, the solver is taught why."""
        lessons = search.lessons
        while True:
            found, size = self._tried(search, None)
            if found or not found.complete or size is None:
                return found
            if len(lessons.clauses) == lessons.taught:
                return self._tried(search, size + 1)[0]
            self._teach(search)

    def _tried(self, search: Search, bound: int | None) -> tuple[MissingSets, int | None]:
        """The choices that really work, and the size of the last one tried: the smallest, or all up to a bound."""
        found: dict[tuple[str, ...], MissingSet] = {}
        complete, size = True, None
        for choice in self._choices(search, bound):
            if monotonic() > search.until or search.lessons.tried == MOST_TRIED:
                complete = False
                break
            search.lessons.tried += 1
            size = len(choice.added) + len(choice.gone)
            topics = tuple(sorted(c.topic for c in choice.added)) + tuple(map(str, choice.gone))
            if topics not in found and (missing := self._realise(search, choice)):
                found[topics] = missing
            if len(found) >= search.most:
                break
        return MissingSets(sorted(found.values(), key=lambda missing: missing.texts), complete=complete), size

    def _choices(self, search: Search, bound: int | None) -> Iterator[Choice]:
        """The choices that the solver finds; once its time is over, an empty one, to be thrown away."""
        encoding = self._encoding(search)
        configuration = encoding.control.configuration.solve
        configuration.opt_mode = "optN" if bound is None else f"enum,{bound}"
        assumptions = [*self._assumptions(search), encoding.atoms[search.goal]]
        learned = search.lessons.taught
        with encoding.control.solve(assumptions=assumptions, yield_=True, async_=True) as handle:
            while True:
                handle.resume()
                if not handle.wait(None if search.until == math.inf else max(0.0, search.until - monotonic())):
                    handle.cancel()
                    yield Choice([], [], frozenset(), frozenset())
                    return
                model = handle.model()
                if model is None:
                    return
                if bound is not None or model.optimality_proven:
                    yield self._proposed(encoding, model)
                    for clause in search.lessons.clauses[learned:]:
                        model.context.add_clause(clause)
                    learned = len(search.lessons.clauses)

    def _proposed(self, encoding: Encoding, model: "clingo.Model") -> Choice:
        encoder = self._encoder
        added, gone = encoder.changes(model)
        touched = {number for place in added for number in encoder.touched[place]} & encoding.atoms.keys()
        conditions = frozenset(touched & encoder.needs.keys())
        return Choice(
            [encoder.all[place] for place in added],
            gone,
            conditions,
            frozenset(number for number in conditions if model.is_true(encoding.atoms[number])),
        )

    def _realise(self, search: Search, choice: Choice) -> MissingSet | None:
        """The choice as concrete facts that really make the goal hold; works are planned in years that fit.

        Years that may fit are tried many at once, as columns. When none does, that is a lesson.
        """
        facts = self._facts_on(search, choice.added)
        links = [link for number in choice.gone if isinstance(link := self.program.atoms[number], Link)]
        withdrawn = {link for candidate in choice.added for link in candidate.withdraws}
        kept = Facts(facts.links - withdrawn.union(links), facts.nodes, facts.values)
        stated = self._stated_with(search, kept, ())
        planned = any(candidate.situation.werken for candidate in choice.added)
        periods = _periods(facts) if planned else [None]
        ever, always = frozenset[int](), choice.touched - choice.guessed
        for start in range(0, len(periods), PERIODS_AT_ONCE):
            if start and monotonic() > search.until:
                return None
            some = periods[start : start + PERIODS_AT_ONCE]
            ways = [[self._in_period(c, period) for c in choice.added] for period in some]
            flips = [self._stated_with(search, kept, way) ^ stated for way in ways]
            (holding,) = self._encoding(search).part.evaluate(stated, flips)
            if holding:
                return self._missing_set(search, ways[(holding & -holding).bit_length() - 1], links)
            for flipped in flips:
                held = stated ^ flipped
                ever |= choice.guessed & held
                always &= held
        self._learn(search, choice, choice.guessed - ever, always)
        return None

    def _missing_set(self, search: Search, concrete: list[Candidate], links: list[Link]) -> MissingSet:
        addition = reduce(add_situation, (candidate.situation for candidate in concrete), Situatie())
        texts = sorted(self._words(candidate, search.language) for candidate in concrete)
        taken = sorted(f"− {self.texts.link(link, search.language)}" for link in links)
        return MissingSet(addition, tuple(links), (*texts, *taken))

    def _learn(self, search: Search, choice: Choice, refuted: Iterable[int], overlooked: Iterable[int]) -> None:
        """Keep of conditions that they do not hold in any years, or hold in all, where the solver guessed otherwise.

        Nodes only make a condition true. So on a day on which it does not hold, it does not in any other choice either, as
        long as no other candidate is added that gives it what it needs; and where it holds, it does as long as those are
        added that give it that.
        """
        encoding, encoder = self._encoding(search), self._encoder
        chosen = encoding.chosen
        added = {encoder.place_of[candidate] for candidate in choice.added}
        # A day that the situation states stays as it is.
        other_days = () if search.situation.peildatum else chosen
        days = {place for place in other_days if encoder.all[place].situation.peildatum}
        same_day = [-chosen[place] for place in sorted(added & days)]
        for number in sorted(refuted):
            others = self._offering(number) - added - days
            if not same_day:
                others |= {day for day in days if self._may_hold(search, choice, number, day)}
            clause = [-encoding.atoms[number], *same_day, *(chosen[place] for place in sorted(others))]
            search.lessons.clauses.append(clause)
        other_day = same_day or [chosen[place] for place in sorted(days)]
        for number in sorted(overlooked):
            giving = self._offering(number) & added - days
            clause = [encoding.atoms[number], *other_day, *(-chosen[place] for place in sorted(giving))]
            search.lessons.clauses.append(clause)

    def _offering(self, number: int) -> set[int]:
        """The candidates (by place) that give a condition something that it needs."""
        return {place for need in self._encoder.needs[number] for place in self._encoder.offering(need)}

    def _may_hold(self, search: Search, choice: Choice, number: int, day: int) -> bool:
        """Whether a condition holds with a choice on another day, in some years."""
        condition = self.program.atoms[number]
        assert isinstance(condition, Condition)
        if day not in search.lessons.on_day:
            search.lessons.on_day[day] = self._facts_on(search, [self._encoder.all[day]])
        facts = search.lessons.on_day[day]
        given = [shape.offered(facts) for shape in condition.shapes]
        for period in _periods(facts):
            added = [self._in_period(candidate, period).facts for candidate in choice.added]
            new = ([*chain.from_iterable(map(shape.offered, added))] for shape in condition.shapes)
            if condition.fits(facts.values, [own + more for own, more in zip(given, new, strict=True)]):
                return True
        return False

    def _teach(self, search: Search) -> None:
        """Make what was learned part of the encoding, for this question alone."""
        encoding, lessons = self._encoding(search), search.lessons
        with encoding.control.backend() as backend:
            if lessons.guard is None:
                lessons.guard = free_choice(backend)
                encoding.guards.append(lessons.guard)
            for clause in lessons.clauses[lessons.taught :]:
                backend.add_rule([], [lessons.guard, *(-literal for literal in clause)])
        encoding.taught += len(lessons.clauses) - lessons.taught
        lessons.taught = len(lessons.clauses)

    def _facts_on(self, search: Search, added: list[Candidate]) -> Facts:
        """The facts on the day that is chosen: on another day a work without years begins and ends in other years."""
        day = next((candidate.situation.peildatum for candidate in added if candidate.situation.peildatum), None)
        if day is None:
            return search.facts
        return self.resolver.facts(search.situation.model_copy(update={"peildatum": day}))

    def _stated_with(self, search: Search, facts: Facts, way: Iterable[Candidate]) -> set[int]:
        """The atoms that facts state with what is added, of those that matter to the goal."""
        together = reduce(add_facts, (candidate.facts for candidate in way), facts)
        return self.program.stated(together, self._encoding(search).part.atoms)

    def _words(self, candidate: Candidate, language: str) -> str:
        parts = [self.texts.link(link, language) for link in candidate.facts.links]
        parts += [self.texts.node(node, language) for node in candidate.facts.nodes]
        return "; ".join(parts) or f"{candidate.topic}: {candidate.situation.peildatum}"

    def _in_period(self, candidate: Candidate, period: Period | None) -> Candidate:
        """A work in other years, any other candidate as it is; kept, as many choices have the same works."""
        if period is None or not candidate.situation.werken:
            return candidate
        key = candidate, period
        if key not in self._planned:
            if len(self._planned) == MOST_PLANNED:
                self._planned.clear()
            self._planned[key] = self._plan(candidate, period)
        return self._planned[key]

    def _plan(self, candidate: Candidate, period: Period) -> Candidate:
        werk = candidate.situation.werken[0].model_copy(update={"van": period[0], "tot": period[1]})
        situation = Situatie(werken=(werk,))
        facts = self.resolver.facts(situation)
        # Without the reference date, which stays that of the situation it is added to.
        return Candidate(candidate.topic, candidate.exclusive, situation, Facts(facts.links, facts.nodes))

    def _assumptions(self, search: Search) -> Iterator[int]:
        encoding, situation, facts = self._encoding(search), search.situation, search.facts
        stated = self.program.stated(facts)
        for number, literal in encoding.stated.items():
            yield literal if number in stated else -literal
        for number, literal in encoding.removed.items():
            if not search.removal or number not in stated:
                yield -literal
        for place, literal in encoding.chosen.items():
            if _is_settled(self._encoder.all[place], situation, facts):
                yield -literal
        for need, literal in encoding.filled.items():
            yield literal if met(need, facts) else -literal
        for guard in encoding.guards:
            yield guard if guard == search.lessons.guard else -guard

    def _encoding(self, search: Search) -> Encoding:
        goal = search.goal
        encoding = self._encodings.get(goal)
        if encoding is None or (encoding.taught > MOST_LESSONS and search.lessons.guard is None):
            if len(self._encodings) == MOST_ENCODINGS:
                del self._encodings[next(iter(self._encodings))]
            with without_collector():
                encoding = self._encodings[goal] = self._encoder.encoded(goal, search.until)
        return encoding


def _is_settled(candidate: Candidate, situation: Situatie, facts: Facts) -> bool:
    """Whether the situation already states this candidate, or another answer that excludes it."""
    if candidate.facts.links and candidate.facts.links <= facts.links:
        return True
    field_name, _, name = candidate.topic.partition(".")
    given = getattr(situation, field_name)
    return candidate.exclusive and (name in given if name else given is not None)


def _periods(facts: Facts) -> list[Period | None]:
    """The years in which a new work may run: as one of the situation's own works, soon after its day, or as proposed."""
    periods: list[Period | None] = []
    for node in facts.nodes_of(HEEFT_WERK):
        van, tot = node.values.get(VAN), node.values.get(TOT)
        if isinstance(van, Decimal) and isinstance(tot, Decimal):
            periods.append((int(van), int(tot)))
    day = facts.values[PEILDATUM]
    assert isinstance(day, datetime)
    return [*dict.fromkeys([*periods, (day.year + SOON[0], day.year + SOON[1])]), None]
