"""What a goal can rest on, handed to the answer set solver: rules, what a situation may state, and what may be added.

How the solver is used, and what it may be wrong about, `kb.explain.missing` tells.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pyoxigraph import NamedNode

from kb.explain.candidates import Candidate, Candidates
from kb.program.condition import Condition, SlotShape
from kb.program.program import Program, keys_of
from kb.situation.facts import Facts, Link

if TYPE_CHECKING:
    import clingo

    from kb.program.slice import Slice

# How many things are encoded between two looks at the clock.
AT_ONCE = 64

T = TypeVar("T")

# What a condition asks of the facts: a node that fills a slot, or a plain value.
Need: TypeAlias = SlotShape | NamedNode


class TimeIsUpError(Exception):
    """The time for a search is over before anything was proposed."""


@dataclass
class Encoding:
    """What a goal can rest on in the solver, and the solver's numbers for our atoms and choices.

    * `part`: what can make the goal hold or not;
    * `atoms`: per atom that the goal can rest on, 'it holds';
    * `stated`: per link or condition, 'the situation states it by itself';
    * `removed`: per link, 'it is taken away';
    * `chosen`: per candidate (by place) that matters to the goal, 'it is added';
    * `filled`: per need of the conditions with several needs, 'the situation gives it';
    * `met`: the same, 'the situation gives it or a candidate does';
    * `any_of`: per set of the solver's atoms, 'one of them holds';
    * `guards`: per question that taught something, 'what it taught is so'; `taught` is the number of lessons.
    """

    control: "clingo.Control"
    part: "Slice"
    atoms: dict[int, int] = field(default_factory=dict)
    stated: dict[int, int] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)
    chosen: dict[int, int] = field(default_factory=dict)
    filled: dict[Need, int] = field(default_factory=dict)
    met: dict[Need, int] = field(default_factory=dict)
    any_of: dict[frozenset[int], int] = field(default_factory=dict)
    guards: list[int] = field(default_factory=list)
    taught: int = 0


class Encoder:
    """Encodes goals of a program, with these candidates as what may be added."""

    def __init__(self, program: Program, candidates: Candidates) -> None:
        self.program = program
        self._candidates = candidates
        self._offers: dict[Need, list[int]] = {}

    @cached_property
    def all(self) -> list[Candidate]:
        """The candidates; each has a place among them."""
        return self._candidates.all

    @cached_property
    def place_of(self) -> dict[Candidate, int]:
        """The place of each candidate."""
        return {candidate: place for place, candidate in enumerate(self.all)}

    def encoded(self, goal: int, until: float) -> Encoding:
        """What a goal can rest on, in a solver of its own.

        Errors: TimeIsUpError.
        """
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
            encoding.chosen.update((place, free_choice(backend)) for place in places)
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
        atoms, rules = encoding.atoms, self.program.compact_by_head
        atoms.update((number, backend.add_atom()) for number in relevant)
        for number in _before(until, relevant):
            for head, positive, negative in rules.get(number, ()):
                backend.add_rule([atoms[head]], [*(atoms[a] for a in positive), *(-atoms[a] for a in negative)])

    def _encode_stated(
        self, backend: "clingo.Backend", encoding: Encoding, offered: Mapping[Need, int], until: float
    ) -> None:
        for number in _before(until, encoding.atoms):
            atom = self.program.atoms[number]
            if isinstance(atom, Condition) or (isinstance(atom, Link) and number in self.program.inputs):
                stated = encoding.stated[number] = free_choice(backend)
                body = [stated]
                if isinstance(atom, Condition):
                    # Another value takes the place of the one that made it hold.
                    body += [-offered[predicate] for predicate, _ in atom.plain]
                body += [-encoding.chosen[place] for place in self._withdrawing.get(number, ())]
                if isinstance(atom, Link) and number in self._giving:
                    encoding.removed[number] = free_choice(backend)
                    body.append(-encoding.removed[number])
                backend.add_rule([encoding.atoms[number]], body)

    def _encode_candidates(
        self, backend: "clingo.Backend", encoding: Encoding, offered: Mapping[Need, int], until: float
    ) -> None:
        topics: dict[str, list[int]] = defaultdict(list)
        for place, literal in encoding.chosen.items():
            if (candidate := self.all[place]).exclusive:
                topics[candidate.topic].append(literal)
        for literals in topics.values():
            backend.add_weight_rule([], 2, [(literal, 1) for literal in literals])
        for number in _before(until, encoding.atoms):
            if len(needs := self.needs.get(number, ())) <= 1:
                for place in self._giving.get(number, ()):
                    backend.add_rule([encoding.atoms[number]], [encoding.chosen[place]])
            else:
                # Whether the values fit together the solver may guess, as the years of a candidate are chosen later.
                some = _any_of(backend, encoding, frozenset(offered[need] for need in needs))
                fits = free_choice(backend)
                backend.add_rule([encoding.atoms[number]], [some, *(encoding.met[need] for need in needs), fits])

    def _encode_needs(self, backend: "clingo.Backend", encoding: Encoding, until: float) -> dict[Need, int]:
        """Per need that the situation and a candidate can meet together, the atom 'a candidate that meets it is added'.

        A condition over several nodes and values may hold when each is given by the situation or by a candidate.
        """
        asked = (needs for number in encoding.atoms if (needs := self.needs.get(number)))
        # What fills the one slot of a condition makes it hold by itself.
        several = (needs for needs in asked if len(needs) > 1 or not isinstance(needs[0], SlotShape))
        offered: dict[Need, int] = {}
        for need in _before(until, dict.fromkeys(chain.from_iterable(several))):
            chosen = map(encoding.chosen.__getitem__, self.offering(need))
            offered[need] = _any_of(backend, encoding, frozenset(chosen))
            filled = encoding.filled[need] = free_choice(backend)
            encoding.met[need] = _any_of(backend, encoding, frozenset((offered[need], filled)))
        return offered

    @cached_property
    def _giving(self) -> dict[int, list[int]]:
        """Per atom, the candidates (by place) that state it by themselves."""
        giving: dict[int, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self.all):
            for number in self.program.stated(candidate.facts):
                giving[number].append(place)
        return dict(giving)

    @cached_property
    def _withdrawing(self) -> dict[int, list[int]]:
        """Per atom, the candidates (by place) that take it away by stating its opposite."""
        withdrawing: dict[int, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self.all):
            for link in candidate.withdraws:
                if (number := self.program.find(link)) is not None:
                    withdrawing[number].append(place)
        return dict(withdrawing)

    @cached_property
    def needs(self) -> dict[int, list[Need]]:
        """Per condition, what it asks of the facts."""
        return {number: _needs_of(condition) for number, condition in self.program.conditions}

    def offering(self, need: Need) -> list[int]:
        """The candidates (by place) that meet a need."""
        if need not in self._offers:
            places = self._places.get(_key(need), ())
            self._offers[need] = [place for place in places if met(need, self.all[place].facts)]
        return self._offers[need]

    @cached_property
    def _places(self) -> dict[Hashable, list[int]]:
        """Per key that facts may have, the candidates (by place) that have it."""
        places: dict[Hashable, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self.all):
            for key in {*candidate.facts.values, *(key for node in candidate.facts.nodes for key in keys_of(node))}:
                places[key].append(place)
        return dict(places)

    @cached_property
    def touched(self) -> list[set[int]]:
        """Per candidate (by place), the atoms that it can make hold or not."""
        touched: list[set[int]] = [set() for _ in self.all]
        for number, places in self._touching.items():
            for place in places:
                touched[place].add(number)
        return touched

    @cached_property
    def _touching(self) -> dict[int, set[int]]:
        """Per atom, the candidates (by place) that can make it hold or not."""
        touching: dict[int, set[int]] = defaultdict(set)
        for number, places in chain(self._giving.items(), self._withdrawing.items()):
            touching[number].update(places)
        for number, needs in self.needs.items():
            touching[number].update(place for need in needs for place in self.offering(need))
        return dict(touching)


def _needs_of(condition: Condition) -> list[Need]:
    """What a condition asks of the facts."""
    return [*condition.shapes, *(predicate for predicate, _ in condition.plain)]


def _key(need: Need) -> Hashable:
    """A key that facts which meet a need have, as `keys_of` names them."""
    return need.key if isinstance(need, SlotShape) else need


def met(need: Need, facts: Facts) -> bool:
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


def _before(until: float, things: Iterable[T]) -> Iterator[T]:
    """The same things one by one, as long as there is time.

    Errors: TimeIsUpError.
    """
    for number, thing in enumerate(things):
        if number % AT_ONCE == 0 and monotonic() > until:
            raise TimeIsUpError
        yield thing


def free_choice(backend: "clingo.Backend") -> int:
    """An atom that the solver is free to make hold."""
    atom: int = backend.add_atom()
    backend.add_rule([atom], choice=True)
    return atom
