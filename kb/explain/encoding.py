"""What a goal can rest on, handed to the answer set solver: rules, what a situation may state, and what may be added.

How the solver is used, and what it may be wrong about, `kb.explain.missing` tells.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

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

# What names begin with of candidates that are added and links that are taken away; their numbers follow.
ADDED, REMOVED = "a", "r"

NOTHING = frozenset[int]()

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
    * `guards`: per question that taught something, 'what it taught is so'; `taught` is the number of lessons.
    """

    control: "clingo.Control"
    part: "Slice"
    atoms: Mapping[int, int]
    stated: Mapping[int, int]
    removed: Mapping[int, int]
    chosen: Mapping[int, int]
    filled: Mapping[Need, int]
    guards: list[int] = field(default_factory=list)
    taught: int = 0


class Told(NamedTuple):
    """What the solver is told of one atom: in aspif, its own language, in which it reads much faster than it is called.

    `stated` and `removed` are the numbers of these choices, 0 where there is none; `needs` and `any_of` is what is to be
    told besides.
    """

    text: str
    stated: int
    removed: int
    needs: tuple[Need, ...]
    any_of: frozenset[int]


class Encoder:
    """Encodes goals of a program, with these candidates as what may be added.

    What is told of an atom is the same for every goal that can rest on it, so it is written once, and so are all numbers.
    """

    def __init__(self, program: Program, candidates: Candidates) -> None:
        self.program = program
        self._candidates = candidates
        self._whole: Slice | None = None
        self._offers: dict[Need, list[int]] = {}
        self._numbers: dict[Hashable, int] = {}
        self._told: dict[int, Told] = {}
        self._needed: dict[Need, str] = {}

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
        import clingo  # takes long to import, and most questions are others

        part = self._part(goal)
        told = {number: self.told(number) for number in _before(until, sorted(part.atoms))}
        needs = dict.fromkeys(chain.from_iterable(each.needs for each in told.values()))
        touching = filter(None, map(self._touching.get, told))
        chosen = {place: self._chosen(place) for place in sorted(set[int]().union(*touching))}
        removed = {number: each.removed for number, each in told.items() if each.removed}
        control = clingo.Control(
            ["--opt-mode=optN", "--opt-strategy=usc", "--models=0", "--project=project", "--warn=none", "--eq=0"]
        )
        texts = (
            *(each.text for each in told.values()),
            *map(self._told_of_need, needs),
            *map(self._any_of, dict.fromkeys(each.any_of for each in told.values())),
            *self._told_of_choices(chosen, removed),
        )
        _read(control, texts)
        return Encoding(
            control,
            part,
            {number: self._number(number) for number in told},
            {number: each.stated for number, each in told.items() if each.stated},
            removed,
            chosen,
            {need: self._number("filled", need) for need in needs},
        )

    def prepare(self) -> None:
        """Make beforehand what all goals need, which takes longer than one of them: for who will be asked about many."""
        from kb.program.slice import Slice

        # Anything that rules derive may be a goal.
        self._whole = Slice(self.program, self.program.by_head)
        for number in range(len(self.program.atoms)):
            for need in self.told(number).needs:
                self._told_of_need(need)

    def _part(self, goal: int) -> "Slice":
        from kb.program.slice import Slice  # takes long to import too

        if self._whole is None or goal not in self.program.by_head:
            return Slice(self.program, [goal])
        return self._whole.part(goal)

    def changes(self, model: "clingo.Model") -> tuple[list[int], list[int]]:
        """The candidates (by place) that a model adds, and the links that it takes away."""
        names = [symbol.name for symbol in model.symbols(shown=True)]
        added, removed = (sorted(int(name[1:]) for name in names if name[0] == kind) for kind in (ADDED, REMOVED))
        return added, removed

    def told(self, number: int) -> Told:
        """What the solver is told of an atom; written when it is first asked for."""
        found = self._told.get(number)
        if found is None:
            found = self._told[number] = self._tell(number)
        return found

    def _number(self, *what: Hashable) -> int:
        """The solver's number of an atom of ours, by its own, or of something else."""
        return self._numbers.setdefault(what, len(self._numbers) + 1)

    def _chosen(self, place: int) -> int:
        return self._number("chosen", place)

    def _tell(self, number: int) -> Told:
        atom, needs = self.program.atoms[number], self._several(number)
        texts = [
            _rule(self._number(head), [*map(self._number, some), *(-self._number(each) for each in none)])
            for head, some, none in self.program.compact_by_head.get(number, ())
        ]
        stated = removed = 0
        if isinstance(atom, Condition) or (isinstance(atom, Link) and number in self.program.inputs):
            stated = self._number("stated", number)
            body = [stated]
            if isinstance(atom, Condition):
                # Another value takes the place of the one that made it hold.
                body += [-self._offered(predicate) for predicate, _ in atom.plain]
            body += [-self._chosen(place) for place in self._withdrawing.get(number, ())]
            if isinstance(atom, Link) and number in self._giving:
                removed = self._number("removed", number)
                texts.append(_free(removed))
                body.append(-removed)
            texts += [_free(stated), _rule(self._number(number), body)]
        texts += self._tell_of_candidates(number)
        any_of = frozenset(map(self._offered, needs)) if len(needs) > 1 else NOTHING
        return Told("".join(texts), stated, removed, needs, any_of)

    def _tell_of_candidates(self, number: int) -> Iterator[str]:
        """How an atom comes to hold by what is added."""
        head, needs = self._number(number), self.needs.get(number, ())
        if len(needs) <= 1:
            for place in self._giving.get(number, ()):
                yield _rule(head, [self._chosen(place)])
            return
        # Whether the values fit together the solver may guess, as the years of a candidate are chosen later.
        offered = self._one_of(frozenset(map(self._offered, needs)))
        yield _free(head, [offered, *(self._number("met", need) for need in needs)])

    def _several(self, number: int) -> tuple[Need, ...]:
        """The needs of a condition that the situation and a candidate can meet together.

        A condition over several nodes and values may hold when each is given by the situation or by a candidate. What
        fills the one slot of a condition makes it hold by itself.
        """
        needs = self.needs.get(number, ())
        return tuple(needs) if len(needs) > 1 or not all(isinstance(need, SlotShape) for need in needs) else ()

    def _told_of_need(self, need: Need) -> str:
        if need not in self._needed:
            chosen = frozenset(map(self._chosen, self.offering(need)))
            filled, met = self._number("filled", need), self._number("met", need)
            given = (_rule(met, [self._one_of(chosen)]), _rule(met, [filled]))
            self._needed[need] = "".join((self._any_of(chosen), _free(filled), *given))
        return self._needed[need]

    def _offered(self, need: Need) -> int:
        """The number of 'a candidate that meets it is added'."""
        return self._one_of(frozenset(map(self._chosen, self.offering(need))))

    def _one_of(self, atoms: frozenset[int]) -> int:
        """The number of 'one of these holds'."""
        return next(iter(atoms)) if len(atoms) == 1 else self._number("any of", atoms)

    def _any_of(self, atoms: frozenset[int]) -> str:
        """What that is, wherever it is asked."""
        return "" if len(atoms) == 1 else "".join(_rule(self._one_of(atoms), [atom]) for atom in sorted(atoms))

    def _told_of_choices(self, chosen: Mapping[int, int], removed: Mapping[int, int]) -> Iterator[str]:
        """That candidates may be added, but not two that exclude each other; and what every change costs."""
        topics: dict[str, list[int]] = defaultdict(list)
        for place, literal in chosen.items():
            yield _free(literal)
            if (candidate := self.all[place]).exclusive:
                topics[candidate.topic].append(literal)
        for literals in topics.values():
            yield _never_two(literals)
        for kind, choices in ((ADDED, chosen), (REMOVED, removed)):
            yield from (_shown(f"{kind}{number}", literal) for number, literal in choices.items())
        changes = [*chosen.values(), *removed.values()]
        yield _line(2, 0, len(changes), *_each_costs_one(changes))
        yield _line(3, len(changes), *changes)

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


def _rule(head: int, body: Sequence[int]) -> str:
    """'This holds when all of that does, and what is negative does not.'"""
    return _line(1, 0, 1, head, 0, len(body), *body)


def _free(atom: int, body: Sequence[int] = ()) -> str:
    """'The solver may make this hold', when all of that does."""
    return _line(1, 1, 1, atom, 0, len(body), *body)


def _shown(name: str, atom: int) -> str:
    """'A model that makes this hold names it so.'"""
    return f"4 {len(name)} {name} 1 {atom}\n"


def _never_two(atoms: Sequence[int]) -> str:
    return _line(1, 0, 0, 1, 2, len(atoms), *_each_costs_one(atoms))


def _each_costs_one(atoms: Iterable[int]) -> Iterator[int]:
    return chain.from_iterable((atom, 1) for atom in atoms)


def _line(*numbers: int) -> str:
    return " ".join(map(str, numbers)) + "\n"


def _read(control: "clingo.Control", texts: Iterable[str]) -> None:
    """Tell a new solver all this; it reads files only."""
    with NamedTemporaryFile("w", encoding="ascii", suffix=".aspif") as file:
        file.writelines(("asp 1 0 0\n", *texts, "0\n"))
        file.flush()
        control.load_aspif([file.name])


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
