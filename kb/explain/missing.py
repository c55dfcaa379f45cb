"""Why not: the smallest sets of facts that would make a conclusion hold.

The ground program is handed to the answer set solver clingo once, with a free choice for every fact a situation could also
state. Per question the stated facts are fixed and clingo minimises the number of changes; because the program is
stratified, each choice has exactly one answer set, so the optimum is exact. Facts are only taken away when no addition
helps. Every set found is applied and evaluated before it is given, so what is promised holds.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import clingo

from kb.explain.candidates import Candidate, Candidates, add_facts, add_situation
from kb.explain.wording import Texts
from kb.program.condition import Condition, Slot
from kb.program.evaluate import run
from kb.program.program import Program
from kb.situation.facts import Facts, Link
from kb.situation.model import HEEFT_WERK, TOT, VAN, Situatie
from kb.situation.resolve import Resolver


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


@dataclass
class Encoding:
    """The ground program in the solver, and the solver's numbers for our atoms and choices.

    * `atoms`: per atom of the program;
    * `stated`: per link or condition, 'the situation states it by itself';
    * `removed`: per link, 'it is taken away';
    * `chosen`: per candidate, 'it is added';
    * `filled`: per slot of a condition with several slots, 'a node of the situation fits it'.
    """

    control: clingo.Control
    atoms: list[int] = field(default_factory=list)
    stated: dict[int, int] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)
    chosen: list[int] = field(default_factory=list)
    filled: dict[tuple[int, int], int] = field(default_factory=dict)


class MissingFinder:
    """Finds missing sets; safe to use from several threads, which then wait for each other."""

    def __init__(self, program: Program, candidates: Candidates, resolver: Resolver, texts: Texts) -> None:
        self.program = program
        self.resolver = resolver
        self.texts = texts
        self._candidates = candidates
        self._lock = threading.Lock()

    def find(self, situation: Situatie, goal: Link, language: str, most: int) -> list[MissingSet]:
        """The smallest sets of changes that make `goal` hold, at most `most` of them.

        One empty set when the goal holds already; no set when nothing that can be stated makes it hold.
        """
        facts = self.resolver.facts(situation)
        number = self.program.find(goal)
        if number is None:
            return []
        if run(self.program, self.program.stated(facts))[0][number]:
            return [MissingSet(Situatie())]
        with self._lock:
            return self._solve(situation, facts, number, language, most, removal=False) or self._solve(
                situation, facts, number, language, most, removal=True
            )

    def _solve(
        self, situation: Situatie, facts: Facts, goal: int, language: str, most: int, *, removal: bool
    ) -> list[MissingSet]:
        encoding = self._encoding
        assumptions = [*self._assumptions(situation, facts, removal=removal), encoding.atoms[goal]]
        found: dict[tuple[str, ...], MissingSet] = {}
        with encoding.control.solve(assumptions=assumptions, yield_=True) as handle:
            for model in handle:
                if not model.optimality_proven:
                    continue  # on its way to the smallest size clingo also shows larger sets
                # Models with the same topics make one answer. What is answered holds, as `_realise` evaluates it, and
                # is smallest among the solver's choices. Where these promise too much (a condition over several nodes)
                # the set is left out and no larger one is sought: there may then be fewer answers, never a wrong one.
                added = [c for c, lit in zip(self._all, encoding.chosen, strict=True) if model.is_true(lit)]
                gone = [number for number, lit in encoding.removed.items() if model.is_true(lit)]
                topics = tuple(sorted(c.topic for c in added)) + tuple(map(str, gone))
                if topics not in found and (missing := self._realise(facts, goal, added, gone, language)):
                    found[topics] = missing
                if len(found) >= most:
                    break
        return sorted(found.values(), key=lambda missing: missing.texts)

    def _realise(
        self, facts: Facts, goal: int, added: list[Candidate], gone: list[int], language: str
    ) -> MissingSet | None:
        """The choice as concrete facts that really make the goal hold; works are planned in years that fit."""
        links = [link for number in gone if isinstance(link := self.program.atoms[number], Link)]
        kept = Facts(facts.links - set(links), facts.nodes, facts.values)
        for period in _periods(facts):
            concrete = [self._in_period(candidate, period) for candidate in added]
            together, addition = kept, Situatie()
            for candidate in concrete:
                together = add_facts(together, candidate.facts)
                addition = add_situation(addition, candidate.situation)
            if run(self.program, self.program.stated(together))[0][goal]:
                texts = sorted(self._words(candidate, language) for candidate in concrete)
                taken = sorted(f"− {self.texts.link(link, language)}" for link in links)
                return MissingSet(addition, tuple(links), (*texts, *taken))
        return None

    def _words(self, candidate: Candidate, language: str) -> str:
        parts = [self.texts.link(link, language) for link in candidate.facts.links]
        parts += [self.texts.node(node, language) for node in candidate.facts.nodes]
        return "; ".join(parts) or f"{candidate.topic}: {candidate.situation.peildatum}"

    def _in_period(self, candidate: Candidate, period: tuple[int, int] | None) -> Candidate:
        if period is None or not candidate.situation.werken:
            return candidate
        werk = candidate.situation.werken[0].model_copy(update={"van": period[0], "tot": period[1]})
        situation = Situatie(werken=(werk,))
        return Candidate(candidate.topic, candidate.exclusive, situation, self.resolver.facts(situation))

    def _assumptions(self, situation: Situatie, facts: Facts, *, removal: bool) -> Iterator[int]:
        encoding = self._encoding
        stated = self.program.stated(facts)
        for number, literal in encoding.stated.items():
            yield literal if number in stated else -literal
        for number, literal in encoding.removed.items():
            if not removal or number not in stated:
                yield -literal
        for candidate, literal in zip(self._all, encoding.chosen, strict=True):
            if _is_settled(candidate, situation, facts):
                yield -literal
        for (number, place), literal in encoding.filled.items():
            condition = self.program.atoms[number]
            assert isinstance(condition, Condition)
            slot = condition.slots[place]
            yield literal if any(slot.admits(node) for node in facts.nodes_of(slot.property)) else -literal

    @cached_property
    def _all(self) -> list[Candidate]:
        return self._candidates.all

    @cached_property
    def _encoding(self) -> Encoding:
        # Made once, solved for every question: all that differs from situation to situation is a choice, pinned by the
        # assumptions of a question. Free are only the candidates that the situation leaves open and, where asked for,
        # the removals; each of these costs one, so an optimal model makes no change that the goal does not need.
        control = clingo.Control(["--opt-mode=optN", "--models=0", "--warn=none"])
        encoding = Encoding(control)
        with control.backend() as backend:
            encoding.atoms = [backend.add_atom() for _ in self.program.atoms]
            for head, positive, negative in (rule for stratum in self.program.compact for rule in stratum):
                body = [encoding.atoms[a] for a in positive] + [-encoding.atoms[a] for a in negative]
                backend.add_rule([encoding.atoms[head]], body)
            self._encode_stated(backend, encoding)
            self._encode_candidates(backend, encoding)
            costs = [(literal, 1) for literal in (*encoding.chosen, *encoding.removed.values())]
            backend.add_minimize(0, costs)
        return encoding

    def _encode_stated(self, backend: clingo.Backend, encoding: Encoding) -> None:
        inputs = {link for candidate in self._all for link in candidate.facts.links}
        for number, atom in enumerate(self.program.atoms):
            if isinstance(atom, Condition) or (isinstance(atom, Link) and number in self.program.inputs):
                stated = encoding.stated[number] = _choice(backend)
                body = [stated]
                if isinstance(atom, Link) and atom in inputs:
                    encoding.removed[number] = _choice(backend)
                    body.append(-encoding.removed[number])
                backend.add_rule([encoding.atoms[number]], body)

    def _encode_candidates(self, backend: clingo.Backend, encoding: Encoding) -> None:
        encoding.chosen = [_choice(backend) for _ in self._all]
        topics: dict[str, list[int]] = defaultdict(list)
        for candidate, literal in zip(self._all, encoding.chosen, strict=True):
            for number in self.program.stated(candidate.facts):
                backend.add_rule([encoding.atoms[number]], [literal])
            if candidate.exclusive:
                topics[candidate.topic].append(literal)
        for literals in topics.values():
            backend.add_weight_rule([], 2, [(literal, 1) for literal in literals])
        for number, condition in self.program.conditions:
            if len(condition.slots) > 1:
                self._encode_slots(backend, encoding, number, condition)

    def _encode_slots(self, backend: clingo.Backend, encoding: Encoding, number: int, condition: Condition) -> None:
        """A condition over several nodes can hold when each slot is filled by a node of the situation or by a candidate.

        Whether their values fit together is left to `_realise`, which may still choose the years of a candidate.
        """
        parts = []
        for place, slot in enumerate(condition.slots):
            filled = encoding.filled[number, place] = _choice(backend)
            part = backend.add_atom()
            for literal in (filled, *self._fitting(slot, encoding)):
                backend.add_rule([part], [literal])
            parts.append(part)
        some = backend.add_atom()
        for place, slot in enumerate(condition.slots):
            others = [part for other, part in enumerate(parts) if other != place]
            for literal in self._fitting(slot, encoding):
                backend.add_rule([some], [literal, *others])
        backend.add_rule([encoding.atoms[number]], [some, *parts])

    def _fitting(self, slot: Slot, encoding: Encoding) -> list[int]:
        pairs = zip(self._all, encoding.chosen, strict=True)
        return [literal for candidate, literal in pairs if any(slot.admits(node) for node in candidate.facts.nodes)]


def _choice(backend: clingo.Backend) -> int:
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


def _periods(facts: Facts) -> list[tuple[int, int] | None]:
    """The years in which a new work may run: as proposed, or as one of the situation's own works."""
    periods: list[tuple[int, int] | None] = []
    for node in facts.nodes_of(HEEFT_WERK):
        van, tot = node.values.get(VAN), node.values.get(TOT)
        if isinstance(van, Decimal) and isinstance(tot, Decimal):
            periods.append((int(van), int(tot)))
    return [*dict.fromkeys(periods), None]
