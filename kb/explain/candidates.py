"""What a situation could also state: every single fact that some rule listens to, as a small situation of its own.

For a measured value these are the values at and between the limits that rules compare it with, so that together they
stand for every value it could have.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from pyoxigraph import NamedNode

from kb.knowledge.vocabulary import Vocabulary
from kb.names import slug
from kb.program.program import Program
from kb.rule.expression import number_of
from kb.situation.facts import Facts, Link, subject_of
from kb.situation.model import (
    CYCLUS,
    GEWICHT,
    GROOTHEID,
    LINK_FIELDS,
    OPPOSITES,
    PEILDATUM,
    TRANSITIE,
    WAARDE,
    Situatie,
    Werk,
    dump_situation,
)
from kb.situation.resolve import MAXIMAAL, MINIMAAL, Resolver

DEFAULT_PERIOD = (2027, 2029)
_WITHDRAWS = {**OPPOSITES, **{denied: held for held, denied in OPPOSITES.items()}}
_OPPOSITE = {LINK_FIELDS[field]: LINK_FIELDS[other] for field, other in _WITHDRAWS.items()}


@dataclass(frozen=True, eq=False)
class Candidate:
    """One fact that could be added.

    `topic` names what it answers (a field, or a field with a term): two candidates of one `exclusive` topic exclude each
    other, as two phases or two values of one measurement do.
    """

    topic: str
    exclusive: bool
    situation: Situatie
    facts: Facts

    @cached_property
    def field(self) -> str:
        """The field of a situation that it is stated in."""
        return self.topic.partition(".")[0]

    @cached_property
    def stated(self) -> Mapping[str, Any]:
        """What it adds to a situation, as JSON values."""
        return dump_situation(self.situation)

    @cached_property
    def individuals(self) -> tuple[NamedNode, ...]:
        """The individuals that it is about."""
        subjects = (node for own in self.facts.nodes if (node := subject_of(own)))
        return (*(individual for _, individual in self.facts.links), *subjects)

    @cached_property
    def withdraws(self) -> frozenset[Link]:
        """What a situation no longer states when this is added: who denies a characteristic no longer says that it holds."""
        return frozenset(Link(_OPPOSITE[prop], node) for prop, node in self.facts.links if prop in _OPPOSITE)

    @cached_property
    def about(self) -> frozenset[tuple[NamedNode, NamedNode | None]]:
        """What its own nodes are about, each with the property that leads to the node."""
        return frozenset((node.property, subject_of(node)) for node in self.facts.nodes)


class Candidates:
    """The candidate facts of a program."""

    def __init__(self, program: Program, vocabulary: Vocabulary, resolver: Resolver) -> None:
        self.program = program
        self.vocabulary = vocabulary
        self.resolver = resolver

    @cached_property
    def all(self) -> list[Candidate]:
        """Every candidate that no situation rules out by itself."""
        return [
            *self._links(),
            *self._measurements(),
            *self._works(),
            *self._priorities(),
            *self._dates(),
        ]

    def undug(self, situation: Situatie) -> Iterator[tuple[Candidate, Facts]]:
        """Both answers to whether a stated work digs, where that is not said, each with the whole situation it makes."""
        for werk in situation.werken:
            if werk.graven is None:
                for graven in (True, False):
                    answer = Situatie(werken=(werk.model_copy(update={"graven": graven}),))
                    candidate = self._candidate(f"werken.{werk.cyclus}.graven", True, answer)
                    yield candidate, self.resolver.facts(add_situation(situation, answer))

    def _links(self) -> Iterator[Candidate]:
        fields = {prop: field for field, prop in LINK_FIELDS.items()}
        for number, atom in enumerate(self.program.atoms):
            if not isinstance(atom, Link) or atom.property not in fields or not self.program.watchers[number]:
                continue
            field, name = fields[atom.property], slug(atom.object)
            single = field == "fase"
            stated: Any = {field: name if single else (name,)}
            yield self._candidate(field if single else f"{field}.{name}", single, Situatie(**stated))

    def _measurements(self) -> Iterator[Candidate]:
        limits = self._limits(GROOTHEID, WAARDE)
        for grootheid, values in sorted(limits.items(), key=lambda item: item[0].value):
            for value in self._around(grootheid, sorted(values)):
                name = slug(grootheid)
                yield self._candidate(f"metingen.{name}", True, Situatie(metingen={name: value}))

    def _works(self) -> Iterator[Candidate]:
        van, tot = DEFAULT_PERIOD
        cycles = {slot.individual(CYCLUS) for _, condition in self.program.conditions for slot in condition.slots}
        for cyclus in sorted(filter(None, cycles), key=str):
            for graven in (True, False):
                werk = Werk(cyclus=slug(cyclus), van=van, tot=tot, graven=graven)
                yield self._candidate(f"werken.{slug(cyclus)}", False, Situatie(werken=(werk,)))

    def _priorities(self) -> Iterator[Candidate]:
        for transitie, weights in sorted(self._limits(TRANSITIE, GEWICHT).items(), key=lambda item: item[0].value):
            for weight in sorted(weights):
                name = slug(transitie)
                yield self._candidate(f"prioriteiten.{name}", True, Situatie(prioriteiten={name: int(weight)}))

    def _dates(self) -> Iterator[Candidate]:
        moments = {
            value.date()
            for _, condition in self.program.conditions
            for predicate, _, value in condition.limits()
            if predicate == PEILDATUM and isinstance(value, datetime)
        }
        days = {day for moment in moments for day in (moment - timedelta(days=1), moment, moment + timedelta(days=1))}
        for day in sorted(days):
            yield self._candidate("peildatum", True, Situatie(peildatum=day))

    def _limits(self, key: NamedNode, predicate: NamedNode) -> dict[NamedNode, set[Decimal]]:
        """The constants with which rules compare a value, by the individual that says what the value is of."""
        limits: dict[NamedNode, set[Decimal]] = defaultdict(set)
        for _, condition in self.program.conditions:
            compared = {
                number
                for prop, _, value in condition.limits()
                if prop == predicate and (number := number_of(value)) is not None
            }
            for slot in condition.slots:
                if individual := slot.individual(key):
                    limits[individual] |= compared
        return limits

    def _around(self, grootheid: NamedNode, limits: list[Decimal]) -> list[Decimal]:
        low = Decimal(self.resolver.knowledge.literal(grootheid, MINIMAAL) or 0)
        high = self.resolver.knowledge.literal(grootheid, MAXIMAAL)
        edges = [low, *limits, Decimal(high) if high else limits[-1] * 2 + 1]
        middles = [round((a + b) / 2, 6) for a, b in pairwise(edges)]
        return sorted({*limits, *middles})

    def _candidate(self, topic: str, exclusive: bool, situation: Situatie) -> Candidate:
        facts = self.resolver.facts(situation)
        # What is added to a situation leaves its reference date alone; without one of its own it would bring today's.
        values = facts.values if situation.peildatum else {}
        return Candidate(topic, exclusive, situation, Facts(facts.links, facts.nodes, values))


def add_situation(situation: Situatie, more: Situatie) -> Situatie:
    """Both situations together: lists are joined without repeats, single values of `more` win.

    A work that says more of a stated one takes its place; a characteristic that `more` denies no longer holds, and the
    other way round.
    """
    data: dict[str, Any] = {}
    for name in Situatie.model_fields:
        ours, theirs = getattr(situation, name), getattr(more, name)
        if name == "werken":
            kept = (werk for werk in ours if not any(_says_more(other, werk) for other in theirs))
            data[name] = tuple(dict.fromkeys((*kept, *theirs)))
        elif isinstance(ours, tuple):
            withdrawn = getattr(more, _WITHDRAWS[name]) if name in _WITHDRAWS else ()
            data[name] = tuple(dict.fromkeys((*(one for one in ours if one not in withdrawn), *theirs)))
        elif isinstance(ours, dict):
            data[name] = {**ours, **theirs}
        else:
            data[name] = ours if theirs is None else theirs
    # A value that someone states is no longer the filled-in one.
    filled = {key: origin for key, origin in situation.herkomst.items() if key not in more.metingen}
    return Situatie(**{**data, "herkomst": {**filled, **more.herkomst}})


def remove_situation(situation: Situatie, less: Situatie) -> Situatie:
    """The situation without what `less` names: list items and keys by name, single values when they are equal."""
    data: dict[str, Any] = {}
    for name in Situatie.model_fields:
        ours, theirs = getattr(situation, name), getattr(less, name)
        if isinstance(ours, tuple):
            data[name] = tuple(item for item in ours if item not in theirs)
        elif isinstance(ours, dict):
            data[name] = {key: value for key, value in ours.items() if key not in theirs}
        else:
            data[name] = None if ours == theirs else ours
    kept = {key: origin for key, origin in situation.herkomst.items() if key in data["metingen"]}
    return Situatie(**{**data, "herkomst": kept})


def _says_more(work: Werk, of: Werk) -> bool:
    """Whether a work says all that another says, and more."""
    stated = of.model_dump(exclude_none=True).items()
    return work != of and stated <= work.model_dump(exclude_none=True).items()
