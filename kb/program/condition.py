"""Conditions: what is left of a rule's patterns about a situation's own nodes and values once the knowledge is filled in.

'The situation has a measurement of aardgasaandeel with a value of at least 0.85' is one condition; so is 'a work on the sewer
overlaps in years with a work on the road'. A condition is evaluated on the stated facts only, once, before any rule runs.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from typing import TypeAlias

from pyoxigraph import NamedNode, Variable

from kb.rule.expression import (
    Comparison,
    Every,
    Expression,
    Judge,
    Not,
    Some,
    Stated,
    Value,
    judge,
    to_sparql,
    value_of,
    variables,
)
from kb.rule.rule import SITUATION, Pattern
from kb.situation.facts import Facts, Node

Witness: TypeAlias = dict[Variable, Node]
# The values of a node that a slot leaves open, in the order of the slot; or of a situation that a condition does.
Given: TypeAlias = tuple[Stated, ...]


@dataclass(frozen=True, eq=False)
class SlotShape:
    """What a node must have to fill a slot: the property that leads to it, its fixed values, and some value for others.

    `slot_shape` makes each once, so that they are told apart without looking into them.
    """

    property: NamedNode
    fixed: tuple[tuple[NamedNode, Value], ...]
    some: tuple[NamedNode, ...]

    @cached_property
    def _named(self) -> tuple[NamedNode, NamedNode] | None:
        """The first fixed value that is an individual, and its property."""
        return next(((predicate, value) for predicate, value in self.fixed if isinstance(value, NamedNode)), None)

    @cached_property
    def key(self) -> Hashable:
        """A key that facts have which fill the slot: the link to a node, with the individual that it must name, if any."""
        return (self.property, *self._named) if self._named else self.property

    def candidates(self, facts: Facts) -> Iterable[Node]:
        """The nodes that may fill the slot: those that name its individual, when it has one."""
        return facts.nodes_with(self.property, *self._named) if self._named else facts.nodes_of(self.property)

    def offered(self, facts: Facts) -> "list[Given]":
        """What each node gives that fills the slot."""
        given = self.given
        return [values for node in self.candidates(facts) if (values := given(node)) is not None]

    def admits(self, node: Node) -> bool:
        """Whether the node has every fixed value and some value for each other property."""
        return self.given(node) is not None

    def given(self, node: Node) -> Given | None:
        """The values of a node that fills the slot for the other properties, in their order; None for any other node."""
        try:
            return node.read[self]
        except KeyError:
            found = node.read[self] = self._read(node)
            return found

    def _read(self, node: Node) -> Given | None:
        values = node.values
        if node.property != self.property or any(values.get(predicate) != value for predicate, value in self.fixed):
            return None
        given = tuple(values[predicate] for predicate in self.some if predicate in values)
        return given if len(given) == len(self.some) else None


@cache
def slot_shape(
    property: NamedNode, fixed: tuple[tuple[NamedNode, Value], ...], some: tuple[NamedNode, ...]
) -> SlotShape:
    """The shape of slots with these properties and values."""
    return SlotShape(property, fixed, some)


@dataclass(frozen=True)
class Slot:
    """A node that must exist: the property that leads to it, its fixed values, and the variables that others fill."""

    variable: Variable
    property: NamedNode
    fixed: tuple[tuple[NamedNode, Value], ...]
    open: tuple[tuple[NamedNode, Variable], ...]

    def individual(self, predicate: NamedNode) -> NamedNode | None:
        """The individual that the node must have for this property, if any."""
        value = dict(self.fixed).get(predicate)
        return value if isinstance(value, NamedNode) else None

    @cached_property
    def shape(self) -> SlotShape:
        """What a node must have to fill it, whatever its variables are called."""
        return slot_shape(self.property, self.fixed, tuple(predicate for predicate, _ in self.open))

    def admits(self, node: Node) -> bool:
        """Whether the node has every fixed value and some value for each open one."""
        return self.shape.admits(node)


@dataclass(frozen=True, eq=False)
class Fitting:
    """Whether the values of a condition's variables fit together, given in their order.

    Many conditions have the same: those that compare the values of the same properties in the same way. `equal` has the
    places at which the value of a variable stands again, each with the place at which it stands first.
    """

    equal: tuple[tuple[int, int], ...]
    judges: tuple[Judge, ...]

    def all(self, values: Given) -> bool:
        """Whether these values fit together."""
        for place, first in self.equal:
            if values[place] != values[first]:
                return False
        return all(judged(values) is True for judged in self.judges)

    def some(self, values: Given, offered: Sequence[Sequence[Given]]) -> bool:
        """Whether the first values fit together with one of what is offered for each slot."""
        if not offered:
            return self.all(values)
        first, *rest = offered
        return any(self.some(values + given, rest) for given in first)


@cache
def _fitting(opened: tuple[tuple[NamedNode, Variable], ...], filters: tuple[Expression, ...]) -> Fitting:
    """What these expressions ask of the values of properties, by their variables; what is in common is made once."""
    places = {variable: place for place, (_, variable) in reversed([*enumerate(opened)])}
    again = ((place, places[variable]) for place, (_, variable) in enumerate(opened))
    return Fitting(
        tuple((place, first) for place, first in again if place != first),
        tuple(judge(each, places) for each in filters),
    )


@dataclass(frozen=True)
class Condition:
    """A closed question about a situation's own nodes and values; equal texts are the same condition."""

    text: str
    slots: tuple[Slot, ...] = field(compare=False)
    plain: tuple[tuple[NamedNode, Variable], ...] = field(compare=False)
    filters: tuple[Expression, ...] = field(compare=False)

    @cached_property
    def fitting(self) -> "Fitting":
        """What it asks of the values of its variables together."""
        return _fitting((*self.plain, *chain.from_iterable(slot.open for slot in self.slots)), self.filters)

    @cached_property
    def shapes(self) -> tuple[SlotShape, ...]:
        """What the nodes must have that fill its slots."""
        return tuple(slot.shape for slot in self.slots)

    def holds(self, facts: Facts) -> bool:
        """Whether the facts answer the question with yes."""
        offered = []
        for slot in self.slots:
            found = slot.shape.offered(facts)
            if not found:
                return False
            offered.append(found)
        return self.fits(facts.values, offered)

    def fits(self, stated: Mapping[NamedNode, Stated], offered: Sequence[Sequence[Given]]) -> bool:
        """Whether plain values and one of what is offered for each slot, as `given` tells it, fit together."""
        plain = self.plain_values(stated)
        return plain is not None and self.fitting.some(plain, offered)

    def plain_values(self, stated: Mapping[NamedNode, Stated]) -> Given | None:
        """The plain values that it is about, in their order; None when one of them is not stated."""
        try:
            return tuple([stated[predicate] for predicate, _ in self.plain])
        except KeyError:
            return None

    def witnesses(self, facts: Facts) -> Iterator[Witness]:
        """The ways to fill the slots with nodes of the situation."""
        plain = self.plain_values(facts.values)
        if plain is not None:
            yield from self._fill(facts, 0, plain, {})

    def values(self, witness: Witness, facts: Facts) -> dict[Variable, Value]:
        """The value of every open variable for one way of filling the slots."""
        values: dict[Variable, Value] = {variable: facts.values[predicate] for predicate, variable in self.plain}
        for slot in self.slots:
            values |= {variable: witness[slot.variable].values[predicate] for predicate, variable in slot.open}
        return values

    def _fill(self, facts: Facts, place: int, values: Given, witness: Witness) -> Iterator[Witness]:
        """The ways to fill the slots from this place on, given the values and nodes of those before."""
        if place == len(self.slots):
            if self.fitting.all(values):
                yield witness
            return
        slot = self.slots[place]
        for node in slot.shape.candidates(facts):
            given = slot.shape.given(node)
            if given is not None:
                yield from self._fill(facts, place + 1, values + given, witness | {slot.variable: node})

    def limits(self) -> list[tuple[NamedNode, str, Value]]:
        """The comparisons of one open value with a constant: predicate, operator, constant."""
        predicates = {variable: predicate for slot in self.slots for predicate, variable in slot.open}
        predicates |= {variable: predicate for predicate, variable in self.plain}
        return [
            (predicates[part.left], part.operator, value_of(part.right))
            for part in _comparisons(self.filters)
            if isinstance(part.left, Variable) and not isinstance(part.right, Variable)
        ]


class Fits:
    """Whether values fit a condition, found out once for equal values and all conditions that ask the same of them."""

    def __init__(self) -> None:
        self._known: dict[tuple[Fitting, Given, tuple[tuple[Given, ...], ...]], bool] = {}

    def __call__(
        self, condition: Condition, stated: Mapping[NamedNode, Stated], offered: Sequence[Sequence[Given]]
    ) -> bool:
        """The same as `condition.fits`."""
        plain = condition.plain_values(stated)
        if plain is None:
            return False
        fitting = condition.fitting
        key = fitting, plain, tuple(map(tuple, offered))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = fitting.some(plain, offered)
        return found


def make_conditions(
    patterns: Iterable[Pattern], filters: Iterable[Expression], own_nodes: frozenset[NamedNode]
) -> list[Condition]:
    """Split patterns and filters over a situation's own nodes into conditions that share no variable.

    The patterns have no variable left but for those nodes and their values; `own_nodes` are the properties that lead
    from a situation to a node of its own.
    """
    groups = _connected(list(patterns), list(filters))
    return [_make_condition(group_patterns, group_filters, own_nodes) for group_patterns, group_filters in groups]


def _comparisons(filters: Iterable[Expression]) -> Iterator[Comparison]:
    for part in filters:
        match part:
            case Comparison():
                yield part
            case Every(parts) | Some(parts):
                yield from _comparisons(parts)
            case Not(inner):
                yield from _comparisons([inner])


def _connected(patterns: list[Pattern], filters: list[Expression]) -> list[tuple[list[Pattern], list[Expression]]]:
    # Union-find in its plainest form: each item joins every group with which it shares a variable into one. After each
    # item the groups share no variable among them, so at the end they are the connected parts. There are a handful of
    # items, so lists do; their order is kept, as it shows in the name of a condition.
    groups: list[tuple[set[Variable], list[Pattern], list[Expression]]] = []
    items: list[tuple[set[Variable], list[Pattern], list[Expression]]] = [
        *((set(pattern.variables()) - {SITUATION}, [pattern], []) for pattern in patterns),
        *((set(variables(expression)), [], [expression]) for expression in filters),
    ]
    for names, own_patterns, own_filters in items:
        touching = [group for group in groups if group[0] & names]
        groups = [group for group in groups if not group[0] & names]
        merged = names.union(*(group[0] for group in touching))
        joined_patterns = [pattern for group in touching for pattern in group[1]] + own_patterns
        joined_filters = [expression for group in touching for expression in group[2]] + own_filters
        groups.append((merged, joined_patterns, joined_filters))
    return [(group_patterns, group_filters) for _, group_patterns, group_filters in groups]


def _make_condition(patterns: list[Pattern], filters: list[Expression], own_nodes: frozenset[NamedNode]) -> Condition:
    text = " ".join([*sorted(map(str, patterns)), *sorted(f"FILTER{to_sparql(expression)}" for expression in filters)])
    return Condition(text, *_shape(patterns, own_nodes), tuple(filters))


def _shape(
    patterns: list[Pattern], own_nodes: frozenset[NamedNode]
) -> tuple[tuple[Slot, ...], tuple[tuple[NamedNode, Variable], ...]]:
    slots, plain = [], []
    for pattern in patterns:
        if pattern.subject != SITUATION:
            continue
        assert isinstance(pattern.predicate, NamedNode) and isinstance(pattern.object, Variable)
        if pattern.predicate in own_nodes:
            own = [other for other in patterns if other.subject == pattern.object]
            slots.append(_slot(pattern.object, pattern.predicate, own))
        else:
            plain.append((pattern.predicate, pattern.object))
    return tuple(slots), tuple(plain)


def _slot(variable: Variable, property: NamedNode, patterns: list[Pattern]) -> Slot:
    fixed, unbound = [], []
    for pattern in patterns:
        assert isinstance(pattern.predicate, NamedNode)
        if isinstance(pattern.object, Variable):
            unbound.append((pattern.predicate, pattern.object))
        else:
            fixed.append((pattern.predicate, value_of(pattern.object)))
    return Slot(variable, property, tuple(fixed), tuple(unbound))
