"""In which order rules must run: components of the dependency graph between properties, negation never inside a cycle."""

from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter

from pyoxigraph import NamedNode

from kb.errors import RuleError
from kb.names import TYPE, local_name
from kb.rule.rule import SITUATION, Body, Pattern, Rule


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
    components = _in_order(_graph(rules))
    place = {prop: index for index, component in enumerate(components) for prop in component}
    groups: list[list[Rule]] = [[] for _ in components]
    for rule in rules:
        own = max(place[prop] for prop in heads(rule))
        _check_negation(rule, own, place, components[own], rules)
        groups[own].append(rule)
    return [group for group in groups if group]


def check_counts(rules: list[Rule]) -> None:
    """Refuse a rule that counts what depends on a count: when it runs, that is not there yet.

    Errors: RuleError that names both rules.
    """
    made = {kind: rule for rule in rules if rule.counts for kind in _kinds(rule.head)}
    growing = True
    while growing:
        before = len(made)
        for rule in rules:
            by = next((made[kind] for kind in _kinds(rule.body.patterns) if kind in made), None)
            if by is not None and not rule.counts:
                made = {**dict.fromkeys(_kinds(rule.head), by), **made}
        growing = len(made) > before
    for rule in rules:
        for kind in _kinds(_asked(rule)) if rule.counts else ():
            if kind in made:
                name, other = local_name(kind[1] or kind[0]), made[kind].slug
                reason = (
                    f":{name} volgt uit de telregel {other}; een telregel kan niet gebruiken wat een telregel afleidt."
                )
                raise RuleError(rule.path, line_of(rule, name), reason)


def _asked(rule: Rule) -> list[Pattern]:
    return [pattern for body in (rule.body, *rule.body.absent) for pattern in body.patterns]


def _kinds(patterns: Iterable[Pattern]) -> Iterator[tuple[NamedNode, NamedNode | None]]:
    """The properties of patterns and, for `a`, the class; a pattern without a fixed one says nothing here."""
    for pattern in patterns:
        if isinstance(pattern.predicate, NamedNode) and pattern.predicate != TYPE:
            yield pattern.predicate, None
        elif pattern.predicate == TYPE and isinstance(pattern.object, NamedNode):
            yield TYPE, pattern.object


def is_recursive(group: list[Rule]) -> bool:
    """Whether some rule of a group uses what the group derives."""
    derived = {prop for rule in group for prop in heads(rule)}
    return any(uses(rule.body) & derived for rule in group)


def _graph(rules: list[Rule]) -> dict[NamedNode, set[NamedNode]]:
    """Which derived properties each derived property depends on."""
    graph: dict[NamedNode, set[NamedNode]] = {}
    for rule in rules:
        needed = uses(rule.body).union(*(uses(body) for body in rule.body.absent))
        for prop in heads(rule):
            # Two heads of one rule are derived together, so they belong to one component.
            graph.setdefault(prop, set()).update(needed, heads(rule) - {prop})
    return {prop: others & graph.keys() for prop, others in graph.items()}


def _in_order(graph: dict[NamedNode, set[NamedNode]]) -> list[set[NamedNode]]:
    """The components, each after those it depends on; what is free in that goes by name, so that advice is reproducible."""
    components = {prop: frozenset(component) for component in _components(graph) for prop in component}
    order = {
        component: {components[other] for prop in component for other in graph[prop]} - {component}
        for component in components.values()
    }

    def first_name(component: frozenset[NamedNode]) -> str:
        return min(prop.value for prop in component)

    by_name = {component: sorted(order[component], key=first_name) for component in sorted(order, key=first_name)}
    return [set(component) for component in TopologicalSorter(by_name).static_order()]


def _components(graph: dict[NamedNode, set[NamedNode]]) -> list[set[NamedNode]]:
    """Strongly connected components of the properties (Tarjan 1972).

    A property from which no earlier one on the stack can be reached (`lowest` is its own number) is the first of its
    component, and the rest of that component is exactly what lies above it on the stack: what lies there can reach it,
    or it would have been taken off as a component before.
    """
    numbers: dict[NamedNode, int] = {}
    lowest: dict[NamedNode, int] = {}
    stack: list[NamedNode] = []
    components: list[set[NamedNode]] = []

    def visit(prop: NamedNode) -> None:
        numbers[prop] = lowest[prop] = len(numbers)
        stack.append(prop)
        for other in sorted(graph[prop], key=str):
            if other not in numbers:
                visit(other)
                lowest[prop] = min(lowest[prop], lowest[other])
            elif other in stack:
                lowest[prop] = min(lowest[prop], numbers[other])
        if lowest[prop] == numbers[prop]:
            first = stack.index(prop)
            components.append(set(stack[first:]))
            del stack[first:]

    for prop in sorted(graph, key=str):
        if prop not in numbers:
            visit(prop)
    return components


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
