"""In which order rules must run: components of the dependency graph between properties, negation never inside a cycle."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import NamedNode

from kb.errors import RuleError
from kb.names import TYPE, local_name
from kb.rule.rule import SITUATION, Body, Rule


def heads(rule: Rule) -> set[NamedNode]:
    """The properties of a situation that a rule derives."""
    return {pattern.predicate for pattern in rule.head if isinstance(pattern.predicate, NamedNode)}


def uses(body: Body) -> set[NamedNode]:
    """The properties of a situation that a body asks for."""
    predicates = {pattern.predicate for pattern in body.patterns if pattern.subject == SITUATION}
    return {predicate for predicate in predicates if isinstance(predicate, NamedNode) and predicate != TYPE}


def stratify(rules: list[Rule]) -> list[list[Rule]]:
    """The rules in groups that can run one after the other, each to its own fixpoint.

    Errors: RuleError that names the rules of a cycle through negation.
    """
    components = _components(rules)
    place = {prop: index for index, component in enumerate(components) for prop in component}
    groups: list[list[Rule]] = [[] for _ in components]
    for rule in rules:
        own = max(place[prop] for prop in heads(rule))
        _check_negation(rule, own, place, components[own], rules)
        groups[own].append(rule)
    return [group for group in groups if group]


def is_recursive(group: list[Rule]) -> bool:
    """Whether some rule of a group uses what the group derives."""
    derived = {prop for rule in group for prop in heads(rule)}
    return any(uses(rule.body) & derived for rule in group)


def _components(rules: list[Rule]) -> list[set[NamedNode]]:
    """Strongly connected components of the properties, each after those it depends on."""
    graph: dict[NamedNode, set[NamedNode]] = {}
    for rule in rules:
        needed = uses(rule.body).union(*(uses(body) for body in rule.body.absent))
        for prop in heads(rule):
            # Two heads of one rule are derived together, so they belong to one component.
            graph.setdefault(prop, set()).update(needed, heads(rule) - {prop})
    reach = {prop: _reachable(graph, prop) for prop in graph}
    components = {prop: frozenset({prop} | {q for q in reach[prop] if prop in reach.get(q, ())}) for prop in graph}
    order = {
        component: {components[q] for prop in component for q in graph[prop] if q in graph} - {component}
        for component in set(components.values())
    }
    try:
        return [set(component) for component in TopologicalSorter(_sorted(order)).static_order()]
    except CycleError as error:  # pragma: no cover - components have no cycles between them
        raise AssertionError(error) from error


def _sorted(
    order: dict[frozenset[NamedNode], set[frozenset[NamedNode]]],
) -> dict[frozenset[NamedNode], list[frozenset[NamedNode]]]:
    def key(component: frozenset[NamedNode]) -> str:
        return min(prop.value for prop in component)

    return {component: sorted(order[component], key=key) for component in sorted(order, key=key)}


def _reachable(graph: dict[NamedNode, set[NamedNode]], start: NamedNode) -> set[NamedNode]:
    seen: set[NamedNode] = set()
    todo = [start]
    while todo:
        for prop in graph.get(todo.pop(), ()):
            if prop not in seen:
                seen.add(prop)
                todo.append(prop)
    return seen


def _check_negation(
    rule: Rule, own: int, place: dict[NamedNode, int], component: set[NamedNode], rules: list[Rule]
) -> None:
    for prop in sorted(set().union(*(uses(body) for body in rule.body.absent)), key=str):
        if place.get(prop, -1) >= own:
            names = ", ".join(_cycle(component, rules))
            line = line_of(rule, "NOT EXISTS")
            reason = f"een kringloop door NOT EXISTS over :{local_name(prop)}, in de regels {names}; verbreek de kring."
            raise RuleError(rule.path, line, reason)


def _cycle(component: set[NamedNode], rules: list[Rule]) -> Iterator[str]:
    return (rule.slug for rule in rules if heads(rule) & component)


def line_of(rule: Rule, text: str) -> int:
    """The first line of a rule that holds some text."""
    return next((number for number, line in enumerate(rule.text.splitlines(), 1) if text in line), 1)
