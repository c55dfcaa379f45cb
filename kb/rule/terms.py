"""The properties and classes that a rule speaks of."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from kb.names import TYPE
from kb.rule.rule import Body, Rule


def derived_terms(rule: Rule) -> list[NamedNode]:
    """The properties and classes in what a rule derives."""
    return _terms(Body(rule.head))


def read_terms(rule: Rule) -> list[NamedNode]:
    """The properties and classes that a rule looks for, those it must not find included."""
    return _terms(rule.body)


def _terms(body: Body) -> list[NamedNode]:
    found = {node.value: node for node in _all_terms(body)}
    return [found[iri] for iri in sorted(found)]


def _all_terms(body: Body) -> Iterator[NamedNode]:
    for pattern in body.patterns:
        used = pattern.object if pattern.predicate == TYPE else pattern.predicate
        if isinstance(used, NamedNode):
            yield used
    for absent in body.absent:
        yield from _all_terms(absent)
