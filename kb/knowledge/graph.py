"""The triples of the knowledge in plain dictionaries: what a question about one subject or one property is answered from.

A store answers any query, but takes long to fill and longer to ask for one triple than a dictionary does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Subject: TypeAlias = NamedNode | BlankNode
Part: TypeAlias = NamedNode | BlankNode | Literal


class Graph:
    """Triples by subject, then by property; those of a property are turned round when that is first asked for."""

    def __init__(self, triples: dict[Subject, dict[NamedNode, list[Part]]]) -> None:
        self.by_subject = triples
        self._by_object: dict[NamedNode, dict[Part, list[Subject]]] = {}

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> "Graph":
        """These triples; a term that occurs often is kept once."""
        same: dict[Any, Any] = {}
        found: dict[Subject, dict[NamedNode, list[Part]]] = {}
        for triple in triples:
            subject, predicate, object = (same.setdefault(part, part) for part in triple)
            found.setdefault(subject, {}).setdefault(predicate, []).append(object)
        return cls(found)

    def objects(self, subject: Subject, predicate: NamedNode) -> list[Part]:
        """What a subject has for a property."""
        return self.by_subject.get(subject, {}).get(predicate, [])

    def subjects(self, predicate: NamedNode, object: Part) -> list[Subject]:
        """What has an object for a property."""
        return self._turned(predicate).get(object, [])

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Subject, Part]]:
        """The subjects that have a property, each with every object."""
        for subject, properties in self.by_subject.items():
            yield from ((subject, object) for object in properties.get(predicate, ()))

    def match(self, subject: Subject | None, predicate: NamedNode | None, object: Part | None) -> Iterator[Triple]:
        """The triples that match; None matches anything."""
        if subject is None and predicate is not None and object is not None:
            return (Triple(one, predicate, object) for one in self.subjects(predicate, object))
        if subject is None and object is not None:
            return (Triple(one, prop, object) for one, prop in self._leading_to.get(object, ()))
        some = self.by_subject if subject is None else {subject: self.by_subject.get(subject, {})}
        return (
            Triple(one, prop, other)
            for one, properties in some.items()
            for prop in (properties if predicate is None else (predicate,))
            for other in properties.get(prop, ())
            if object is None or other == object
        )

    @cached_property
    def _leading_to(self) -> dict[Part, list[tuple[Subject, NamedNode]]]:
        """What has each object, and for which property."""
        found = defaultdict(list)
        for subject, properties in self.by_subject.items():
            for prop, objects in properties.items():
                for object in objects:
                    found[object].append((subject, prop))
        return dict(found)

    def _turned(self, predicate: NamedNode) -> dict[Part, list[Subject]]:
        """The subjects that have a property, by its object."""
        found = self._by_object.get(predicate)
        if found is None:
            found = defaultdict(list)
            for subject, object in self.pairs(predicate):
                found[object].append(subject)
            self._by_object[predicate] = found = dict(found)
        return found
