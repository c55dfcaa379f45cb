"""Why not: the smallest sets of facts that would make a conclusion hold.

The part of the ground program that a goal can rest on is handed to the answer set solver clingo, with a free choice for
every fact that a situation could also state and that matters to it; nothing else can be in a smallest set. Per question the
stated facts are fixed and clingo minimises the number of changes; because the program is
stratified, each choice has exactly one answer set. Of conditions over several nodes and values the solver cannot tell whether
they hold; so of all that rests on them it works out both whether it may hold and whether it holds for sure, and a rule asks
of what it needs that it may hold, of what it excludes that it does not hold for sure. So no set is missed, and some that are
proposed do not work: every set is applied and evaluated before it is given, so what is promised holds. Of one that does not
work it is learned which conditions do not hold, so that nothing is proposed again that rests on them; when nothing can be
learned and none of a size works, sets of one more are tried. Facts are only taken away when no addition helps.
"""

import gc
import math
import threading
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property, reduce
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pyoxigraph import NamedNode

from kb.explain.candidates import Candidate, Candidates, add_situation
from kb.explain.wording import Texts
from kb.program.condition import Condition, SlotShape
from kb.program.evaluate import run
from kb.program.program import Program, keys_of
from kb.situation.facts import Facts, Link, add_facts
from kb.situation.model import HEEFT_WERK, PEILDATUM, TOT, VAN, Situatie
from kb.situation.resolve import Resolver

if TYPE_CHECKING:
    import clingo

    from kb.program.slice import Slice

PERIODS_AT_ONCE = 32
# Goals of which the encoding is kept: who asks about one often asks again, about another situation.
MOST_ENCODINGS = 16
# How many proposals of the solver are tried before the answer says that there may be more.
MOST_TRIED = 1000
# Lessons in an encoding before it is made anew: those about one situation are of no use to another.
MOST_LESSONS = 2000
# How many things are encoded between two looks at the clock.
AT_ONCE = 64
# How many years after the day that a situation is about a new work may begin and end.
SOON = (1, 3)
# Works in other years that are kept.
MOST_PLANNED = 4096

T = TypeVar("T")
# The first and the last year of a work.
Period: TypeAlias = tuple[int, int]

# What a condition asks of the facts: a node that fills a slot, or a plain value.
Need: TypeAlias = SlotShape | NamedNode


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
    """What the solver proposes: candidates to add, links to take away, and the conditions that may then hold, it says."""

    added: list[Candidate]
    gone: list[int]
    claimed: list[int]


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


class TimeIsUpError(Exception):
    """The time for a search is over before anything was proposed."""


@dataclass
class Encoding:
    """What a goal can rest on in the solver, and the solver's numbers for our atoms and choices.

    * `part`: what can make the goal hold or not;
    * `atoms`: per atom that the goal can rest on, 'it may hold';
    * `sure`: the same, 'it holds for sure'; one and the same where nothing is left open;
    * `stated`: per link or condition, 'the situation states it by itself';
    * `removed`: per link, 'it is taken away';
    * `chosen`: per candidate (by place) that matters to the goal, 'it is added';
    * `filled`: per need of the conditions with several needs, 'the situation gives it';
    * `met`: the same, 'the situation gives it or a candidate does';
    * `any_of`: per set of the solver's atoms, 'one of them holds';
    * `guards`: per question that taught something, 'what it taught is so'.
    """

    control: "clingo.Control"
    part: "Slice"
    atoms: dict[int, int] = field(default_factory=dict)
    sure: dict[int, int] = field(default_factory=dict)
    stated: dict[int, int] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)
    chosen: dict[int, int] = field(default_factory=dict)
    filled: dict[Need, int] = field(default_factory=dict)
    met: dict[Need, int] = field(default_factory=dict)
    any_of: dict[frozenset[int], int] = field(default_factory=dict)
    guards: list[int] = field(default_factory=list)
    taught: int = 0


class MissingFinder:
    """Finds missing sets; safe to use from several threads, which then wait for each other."""

    def __init__(self, program: Program, candidates: Candidates, resolver: Resolver, texts: Texts) -> None:
        self.program = program
        self.resolver = resolver
        self.texts = texts
        self._candidates = candidates
        self._lock = threading.Lock()
        self._encodings: dict[int, Encoding] = {}
        self._offers: dict[Need, list[int]] = {}
        self._planned: dict[tuple[Candidate, Period], Candidate] = {}

    def find(
        self, situation: Situatie, goal: Link, language: str, most: int, seconds: float | None = None
    ) -> MissingSets:
        """The smallest sets of changes that make `goal` hold, at most `most` of them.

        One empty set when the goal holds already; no set when nothing that can be stated makes it hold. When the search
        takes more than so many seconds, what was found by then, and not `complete`.
        """
        until = math.inf if seconds is None else monotonic() + seconds
        facts = self.resolver.facts(situation)
        number = self.program.find(goal)
        if number is None:
            return MissingSets()
        if run(self.program, self.program.stated(facts))[0][number]:
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
                    yield Choice([], [], [])
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
        added = [place for place, literal in encoding.chosen.items() if model.is_true(literal)]
        touched = {number for place in added for number in self._touched[place]} & encoding.atoms.keys()
        return Choice(
            [self._all[place] for place in added],
            [number for number, literal in encoding.removed.items() if model.is_true(literal)],
            [number for number in touched & self._needs.keys() if model.is_true(encoding.atoms[number])],
        )

    def _realise(self, search: Search, choice: Choice) -> MissingSet | None:
        """The choice as concrete facts that really make the goal hold; works are planned in years that fit.

        Years that may fit are tried many at once, as columns. When none does, that is a lesson.
        """
        facts = self._facts_on(search, choice.added)
        links = [link for number in choice.gone if isinstance(link := self.program.atoms[number], Link)]
        kept = Facts(facts.links - set(links), facts.nodes, facts.values)
        stated = self._stated_with(search, kept, ())
        planned = any(candidate.situation.werken for candidate in choice.added)
        periods = _periods(facts) if planned else [None]
        refuted = set(choice.claimed) - stated
        for start in range(0, len(periods), PERIODS_AT_ONCE):
            if start and monotonic() > search.until:
                return None
            some = periods[start : start + PERIODS_AT_ONCE]
            ways = [[self._in_period(c, period) for c in choice.added] for period in some]
            flips = [self._stated_with(search, kept, way) ^ stated for way in ways]
            (holding,) = self._encoding(search).part.evaluate(stated, flips)
            if holding:
                return self._missing_set(search, ways[(holding & -holding).bit_length() - 1], links)
            refuted.difference_update(*flips)
        self._learn(search, choice, refuted)
        return None

    def _missing_set(self, search: Search, concrete: list[Candidate], links: list[Link]) -> MissingSet:
        addition = reduce(add_situation, (candidate.situation for candidate in concrete), Situatie())
        texts = sorted(self._words(candidate, search.language) for candidate in concrete)
        taken = sorted(f"− {self.texts.link(link, search.language)}" for link in links)
        return MissingSet(addition, tuple(links), (*texts, *taken))

    def _learn(self, search: Search, choice: Choice, refuted: Iterable[int]) -> None:
        """Keep of conditions that the solver took to hold that they do not, in any years, until something else is added.

        Nodes only make a condition true. So on a day on which it does not hold, it does not in any other choice either, as
        long as no other candidate is added that gives it what it needs.
        """
        chosen = self._encoding(search).chosen
        places = {self._place_of[candidate] for candidate in choice.added}
        # A day that the situation states stays as it is.
        other_days = () if search.situation.peildatum else chosen
        days = {place for place in other_days if self._all[place].situation.peildatum}
        for number in sorted(refuted):
            others = {place for need in self._needs[number] for place in self._offering(need)} - places - days
            if places & days:
                clause = [*(-chosen[place] for place in places & days), *(chosen[place] for place in others)]
            else:
                others |= {day for day in days if self._may_hold(search, choice, number, day)}
                clause = [chosen[place] for place in sorted(others)]
            search.lessons.clauses.append([-self._encoding(search).atoms[number], *clause])

    def _may_hold(self, search: Search, choice: Choice, number: int, day: int) -> bool:
        """Whether a condition holds with a choice on another day, in some years."""
        condition = self.program.atoms[number]
        assert isinstance(condition, Condition)
        if day not in search.lessons.on_day:
            search.lessons.on_day[day] = self._facts_on(search, [self._all[day]])
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
                lessons.guard = _choice(backend)
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
            if _is_settled(self._all[place], situation, facts):
                yield -literal
        for need, literal in encoding.filled.items():
            yield literal if _met(need, facts) else -literal
        for guard in encoding.guards:
            yield guard if guard == search.lessons.guard else -guard

    @cached_property
    def _all(self) -> list[Candidate]:
        return self._candidates.all

    @cached_property
    def _place_of(self) -> dict[Candidate, int]:
        return {candidate: place for place, candidate in enumerate(self._all)}

    def _encoding(self, search: Search) -> Encoding:
        goal = search.goal
        encoding = self._encodings.get(goal)
        if encoding is None or (encoding.taught > MOST_LESSONS and search.lessons.guard is None):
            if len(self._encodings) == MOST_ENCODINGS:
                self._encodings.clear()
            with _without_collector():
                encoding = self._encodings[goal] = self._encoded(goal, search.until)
        return encoding

    def _encoded(self, goal: int, until: float) -> Encoding:
        # Solved for every question about the goal: all that differs from situation to situation is a choice, pinned by
        # the assumptions of a question. Free are only the candidates that the situation leaves open and, where asked for,
        # the removals; each of these costs one, so an optimal model makes no change that the goal does not need.
        import clingo  # takes long to import, as the other does, and most questions are others

        from kb.program.slice import Slice

        part = Slice(self.program, [goal])
        relevant = sorted(part.atoms)
        places = sorted({place for number in relevant for place in self._touching.get(number, ())})
        control = clingo.Control(
            ["--opt-mode=optN", "--opt-strategy=usc", "--models=0", "--project=project", "--warn=none"]
        )
        encoding = Encoding(control, part)
        with control.backend() as backend:
            self._encode_rules(backend, encoding, relevant, until)
            encoding.chosen.update((place, _choice(backend)) for place in places)
            offered = self._encode_needs(backend, encoding, until)
            self._encode_stated(backend, encoding, offered, until)
            self._encode_candidates(backend, encoding, offered, until)
            costs = [(literal, 1) for literal in (*encoding.chosen.values(), *encoding.removed.values())]
            backend.add_minimize(0, costs)
            backend.add_project([literal for literal, _ in costs])
        return encoding

    def _encode_rules(
        self, backend: "clingo.Backend", encoding: Encoding, relevant: Sequence[int], until: float
    ) -> None:
        may, sure, rules = encoding.atoms, encoding.sure, self.program.compact_by_head
        unsure = self._unsure(relevant)
        may.update((number, backend.add_atom()) for number in relevant)
        sure.update((n, backend.add_atom() if n in unsure else may[n]) for n in relevant)
        for number in _before(until, relevant):
            for head, positive, negative in rules.get(number, ()):
                backend.add_rule([may[head]], [*(may[a] for a in positive), *(-sure[a] for a in negative)])
                if head in unsure:
                    backend.add_rule([sure[head]], [*(sure[a] for a in positive), *(-may[a] for a in negative)])

    def _encode_stated(
        self, backend: "clingo.Backend", encoding: Encoding, offered: Mapping[Need, int], until: float
    ) -> None:
        for number in _before(until, encoding.atoms):
            atom = self.program.atoms[number]
            if isinstance(atom, Condition) or (isinstance(atom, Link) and number in self.program.inputs):
                stated = encoding.stated[number] = _choice(backend)
                body = [stated]
                if isinstance(atom, Condition):
                    # Another value takes the place of the one that made it hold.
                    body += [-offered[predicate] for predicate, _ in atom.plain]
                    if encoding.sure[number] != encoding.atoms[number]:
                        backend.add_rule([encoding.sure[number]], body)
                        body = [stated]
                if isinstance(atom, Link) and number in self._giving:
                    encoding.removed[number] = _choice(backend)
                    body.append(-encoding.removed[number])
                backend.add_rule([encoding.atoms[number]], body)

    def _encode_candidates(
        self, backend: "clingo.Backend", encoding: Encoding, offered: Mapping[Need, int], until: float
    ) -> None:
        topics: dict[str, list[int]] = defaultdict(list)
        for place, literal in encoding.chosen.items():
            if (candidate := self._all[place]).exclusive:
                topics[candidate.topic].append(literal)
        for literals in topics.values():
            backend.add_weight_rule([], 2, [(literal, 1) for literal in literals])
        for number in _before(until, encoding.atoms):
            for place in self._giving.get(number, ()):
                backend.add_rule([encoding.atoms[number]], [encoding.chosen[place]])
            if len(needs := self._needs.get(number, ())) > 1:
                # Whether the values fit together is left to `_realise`, which may still choose the years of a candidate.
                some = _any_of(backend, encoding, frozenset(offered[need] for need in needs))
                backend.add_rule([encoding.atoms[number]], [some, *(encoding.met[need] for need in needs)])

    def _encode_needs(self, backend: "clingo.Backend", encoding: Encoding, until: float) -> dict[Need, int]:
        """Per need that the situation and a candidate can meet together, the atom 'a candidate that meets it is added'.

        A condition over several nodes and values may hold when each is given by the situation or by a candidate.
        """
        asked = (needs for number in encoding.atoms if (needs := self._needs.get(number)))
        # What fills the one slot of a condition makes it hold by itself.
        several = (needs for needs in asked if len(needs) > 1 or not isinstance(needs[0], SlotShape))
        offered: dict[Need, int] = {}
        for need in _before(until, dict.fromkeys(chain.from_iterable(several))):
            chosen = map(encoding.chosen.__getitem__, self._offering(need))
            offered[need] = _any_of(backend, encoding, frozenset(chosen))
            filled = encoding.filled[need] = _choice(backend)
            encoding.met[need] = _any_of(backend, encoding, frozenset((offered[need], filled)))
        return offered

    def _unsure(self, relevant: Iterable[int]) -> set[int]:
        """The conditions of which the solver cannot tell whether candidates make them hold, and all that rests on them."""
        found = {n for n in relevant if len(needs := self._needs.get(n, ())) > 1 and any(map(self._offering, needs))}
        rules = [rule for number in relevant for rule in self.program.compact_by_head.get(number, ())]
        waiting: dict[int, list[int]] = defaultdict(list)
        for head, positive, negative in rules:
            for atom in (*positive, *negative):
                waiting[atom].append(head)
        queue = list(found)
        for atom in queue:  # grows
            new = {*waiting.get(atom, ())} - found
            found |= new
            queue += new
        return found

    @cached_property
    def _giving(self) -> dict[int, list[int]]:
        """Per atom, the candidates (by place) that state it by themselves."""
        giving: dict[int, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self._all):
            for number in self.program.stated(candidate.facts):
                giving[number].append(place)
        return dict(giving)

    @cached_property
    def _needs(self) -> dict[int, list[Need]]:
        """Per condition, what it asks of the facts."""
        return {number: _needs(condition) for number, condition in self.program.conditions}

    def _offering(self, need: Need) -> list[int]:
        """The candidates (by place) that meet a need."""
        if need not in self._offers:
            places = self._places.get(_key(need), ())
            self._offers[need] = [place for place in places if _met(need, self._all[place].facts)]
        return self._offers[need]

    @cached_property
    def _places(self) -> dict[Hashable, list[int]]:
        """Per key that facts may have, the candidates (by place) that have it."""
        places: dict[Hashable, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self._all):
            for key in {*candidate.facts.values, *(key for node in candidate.facts.nodes for key in keys_of(node))}:
                places[key].append(place)
        return dict(places)

    @cached_property
    def _touched(self) -> list[set[int]]:
        """Per candidate (by place), the atoms that it can make hold or not."""
        touched: list[set[int]] = [set() for _ in self._all]
        for number, places in self._touching.items():
            for place in places:
                touched[place].add(number)
        return touched

    @cached_property
    def _touching(self) -> dict[int, set[int]]:
        """Per atom, the candidates (by place) that can make it hold or not."""
        touching: dict[int, set[int]] = defaultdict(set)
        for number, places in self._giving.items():
            touching[number].update(places)
        for number, needs in self._needs.items():
            touching[number].update(place for need in needs for place in self._offering(need))
        return dict(touching)


def _needs(condition: Condition) -> list[Need]:
    """What a condition asks of the facts."""
    return [*condition.shapes, *(predicate for predicate, _ in condition.plain)]


def _key(need: Need) -> Hashable:
    """A key that facts which meet a need have, as `keys_of` names them."""
    return need.key if isinstance(need, SlotShape) else need


def _met(need: Need, facts: Facts) -> bool:
    """Whether the facts meet a need."""
    return bool(need.offered(facts)) if isinstance(need, SlotShape) else need in facts.values


def _any_of(backend: "clingo.Backend", encoding: Encoding, atoms: frozenset[int]) -> int:
    """The atom 'one of these holds'."""
    if len(atoms) == 1:
        return next(iter(atoms))
    if atoms not in encoding.any_of:
        found = encoding.any_of[atoms] = backend.add_atom()
        for atom in sorted(atoms):
            backend.add_rule([found], [atom])
    return encoding.any_of[atoms]


@contextmanager
def _without_collector() -> Iterator[None]:
    """An encoding is made of so many objects that cycles would be looked for among all that is in memory, time and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _before(until: float, things: Iterable[T]) -> Iterator[T]:
    """The same things one by one, as long as there is time.

    Errors: TimeIsUpError.
    """
    for number, thing in enumerate(things):
        if number % AT_ONCE == 0 and monotonic() > until:
            raise TimeIsUpError
        yield thing


def _choice(backend: "clingo.Backend") -> int:
    atom: int = backend.add_atom()
    backend.add_rule([atom], choice=True)
    return atom


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
