"""Conditions: what is left of a rule's patterns about a situation's own nodes and values once the knowledge is filled in.

'The situation has a measurement of aardgasaandeel with a value of at least 0.85' is one condition; so is 'a work on the sewer
overlaps in years with a work on the road'. A condition is evaluated on the stated facts only, once, before any rule runs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property

from pyoxigraph import NamedNode, Variable

from kb.rule.expression import (
    Comparison,
    Every,
    Expression,
    Judge,
    Not,
    Some,
    Value,
    judge,
    to_sparql,
    value_of,
    variables,
)
from kb.rule.rule import SITUATION, Pattern
from kb.situation.facts import Facts, Node

Witness = dict[Variable, Node]


@dataclass(frozen=True, eq=False)
class SlotShape:
    """What a node must have to fill a slot: the property that leads to it, its fixed values, and some value for others.

    `slot_shape` makes each once, so that they are told apart without looking into them.
    """

    property: NamedNode
    fixed: tuple[tuple[NamedNode, Value], ...]
    some: tuple[NamedNode, ...]

    def admits(self, node: Node) -> bool:
        """Whether the node has every fixed value and some value for each other property."""
        if node.property != self.property:
            return False
        values = node.values
        for predicate, value in self.fixed:
            if values.get(predicate) != value:
                return False
        return all(map(values.__contains__, self.some))


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
    def _named(self) -> tuple[NamedNode, NamedNode] | None:
        """The first fixed value that is an individual, and its property."""
        return next(((predicate, value) for predicate, value in self.fixed if isinstance(value, NamedNode)), None)

    def candidates(self, facts: Facts) -> Iterable[Node]:
        """The nodes that may fill the slot: those that name its individual, when it has one."""
        return facts.nodes_with(self.property, *self._named) if self._named else facts.nodes_of(self.property)

    @cached_property
    def shape(self) -> SlotShape:
        """What a node must have to fill it, whatever its variables are called."""
        return slot_shape(self.property, self.fixed, tuple(predicate for predicate, _ in self.open))

    def admits(self, node: Node) -> bool:
        """Whether the node has every fixed value and some value for each open one."""
        return self.shape.admits(node)


@dataclass(frozen=True)
class Condition:
    """A closed question about a situation's own nodes and values; equal texts are the same condition."""

    text: str
    slots: tuple[Slot, ...] = field(compare=False)
    plain: tuple[tuple[NamedNode, Variable], ...] = field(compare=False)
    filters: tuple[Expression, ...] = field(compare=False)

    @cached_property
    def _judges(self) -> tuple[Judge, ...]:
        return tuple(map(judge, self.filters))

    @cached_property
    def shapes(self) -> tuple[SlotShape, ...]:
        """What the nodes must have that fill its slots."""
        return tuple(slot.shape for slot in self.slots)

    def holds(self, facts: Facts) -> bool:
        """Whether the facts answer the question with yes."""
        stated = facts.values
        for predicate, _ in self.plain:
            if predicate not in stated:
                return False
        return self._fits(facts, 0, {variable: stated[predicate] for predicate, variable in self.plain})

    def _fits(self, facts: Facts, place: int, values: dict[Variable, Value]) -> bool:
        """Whether the slots from this place on can be filled, as `_fill` does, without telling by what."""
        if place == len(self.slots):
            return all(judged(values) is True for judged in self._judges)
        slot = self.slots[place]
        shape = slot.shape
        for node in slot.candidates(facts):
            if not shape.admits(node):
                continue
            given, filled = node.values, values.copy()
            for predicate, variable in slot.open:
                value = given[predicate]
                if filled.setdefault(variable, value) != value:
                    break
            else:
                if self._fits(facts, place + 1, filled):
                    return True
        return False

    def witnesses(self, facts: Facts) -> Iterator[Witness]:
        """The ways to fill the slots with nodes of the situation."""
        values: dict[Variable, Value] = {}
        for predicate, variable in self.plain:
            if predicate not in facts.values:
                return
            values[variable] = facts.values[predicate]
        yield from self._fill(facts, 0, values, {})

    def values(self, witness: Witness, facts: Facts) -> dict[Variable, Value]:
        """The value of every open variable for one way of filling the slots."""
        values: dict[Variable, Value] = {variable: facts.values[predicate] for predicate, variable in self.plain}
        for slot in self.slots:
            values |= {variable: witness[slot.variable].values[predicate] for predicate, variable in slot.open}
        return values

    def _fill(self, facts: Facts, place: int, values: dict[Variable, Value], witness: Witness) -> Iterator[Witness]:
        """The ways to fill the slots from this place on, given the values and nodes of those before."""
        if place == len(self.slots):
            if all(judged(values) is True for judged in self._judges):
                yield witness
            return
        slot = self.slots[place]
        for node in slot.candidates(facts):
            if not slot.admits(node):
                continue
            filled = {variable: node.values[predicate] for predicate, variable in slot.open}
            if values.keys().isdisjoint(filled) or all(
                values.get(each, value) == value for each, value in filled.items()
            ):
                yield from self._fill(facts, place + 1, values | filled, witness | {slot.variable: node})

    def limits(self) -> list[tuple[NamedNode, str, Value]]:
        """The comparisons of one open value with a constant: predicate, operator, constant."""
        predicates = {variable: predicate for slot in self.slots for predicate, variable in slot.open}
        predicates |= {variable: predicate for predicate, variable in self.plain}
        return [
            (predicates[part.left], part.operator, value_of(part.right))
            for part in _comparisons(self.filters)
            if isinstance(part.left, Variable) and not isinstance(part.right, Variable)
        ]


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
