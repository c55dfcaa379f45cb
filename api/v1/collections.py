"""The knowledge base as collections of resources. Which collections there are follows from the ontology alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from api import BASE_PATH
from api.http.errors import NotFoundError
from api.v1.explanation import citations_json
from kb.engine import Engine
from kb.errors import Problem, nearest
from kb.knowledge.basis import Basis
from kb.knowledge.knowledge import DEFINITION, PREF_LABEL
from kb.language import Words, did_you_mean
from kb.names import ID, TYPE, XSD, short, show, slug, term
from kb.rdf.prov import DERIVED_FROM
from kb.rule.rule import Rule
from kb.search.facets import REGEL

Json = dict[str, Any]

MOST_RELATED = 250
# Shown in fields of their own, or said better by the field `bronnen`.
_OWN_FIELDS = {TYPE, PREF_LABEL, DEFINITION, term("zekerheid"), term("verwijzing"), DERIVED_FROM}


@dataclass(frozen=True)
class Collection:
    """A collection: its class, its name in the API and the path segment in the IRIs of its individuals."""

    cls: NamedNode
    name: str
    segment: str

    @property
    def path(self) -> str:
        """The path of the collection."""
        return f"{BASE_PATH}/{self.name}"


class Collections:
    """Collections, pages and single resources as JSON; `public_base` stands before every link."""

    def __init__(self, engine: Engine, public_base: str) -> None:
        self.engine = engine
        self.knowledge = engine.knowledge
        self.public_base = public_base
        self.rules = {rule.iri: rule for rule in sorted([*engine.rules, *self.knowledge.rules], key=lambda r: r.slug)}

    @cached_property
    def all(self) -> list[Collection]:
        """Every class with a plural and a path segment, by name."""
        found = [
            Collection(cls, name, segment)
            for cls, segment in self.knowledge.segments.items()
            if (name := self.knowledge.literal(cls, term("meervoud")))
        ]
        return sorted(found, key=lambda collection: collection.name)

    def path_of(self, segment: str) -> str:
        """The path of the collection whose individuals have this path segment."""
        return next(collection.path for collection in self.all if collection.segment == segment)

    def members(self, collection: Collection) -> list[NamedNode]:
        """The individuals of a collection, in a stable order."""
        return list(self.rules) if collection.cls == REGEL else self.knowledge.instances(collection.cls)

    def collection_json(self, collection: Collection) -> Json:
        """A collection in an overview."""
        return {
            "naam": collection.name,
            "label": self._label(collection.cls),
            "definitie": self._definition(collection.cls),
            "aantal": len(self.members(collection)),
            "_links": {"self": self.link(collection.path)},
        }

    def short_json(self, node: NamedNode) -> Json:
        """An individual in a list."""
        return {
            "id": short(node),
            "iri": node.value,
            "label": self._label(node),
            "definitie": self._definition(node),
            "_links": self._self_link(node),
        }

    def find(self, collection: Collection, name: str) -> NamedNode:
        """The member with this slug.

        Errors: NotFoundError with the members that look like it.
        """
        node = NamedNode(f"{ID}{collection.segment}/{name}") if _is_slug(name) else None
        if node is None or node not in self._members[collection.cls]:
            kind, english = self.knowledge.label(collection.cls), self.knowledge.label(collection.cls, "en")
            near = self._meant(collection, name)
            meant = did_you_mean(near)
            message = Words(f"Onbekend als {kind}: {name!r}.{meant}", f"Unknown as {english}: {name!r}.{meant.en}")
            raise NotFoundError(message, (Problem("id", message, near),))
        return node

    def resource_json(self, collection: Collection, node: NamedNode) -> Json:
        """One individual, with everything known about it; a rule with its SPARQL too."""
        rule = self.rules.get(node)
        basis = Basis(rule.certainty, rule.citations) if rule else self.knowledge.basis_of(node)
        resource = {
            "id": short(node),
            "iri": node.value,
            "soort": [self._property_json(cls) for cls in self.knowledge.objects(node, TYPE) or [collection.cls]],
            "label": self._label(node),
            "definitie": self._definition(node),
            "zekerheid": basis.certainty if basis else None,
            "bronnen": citations_json(self.engine, basis.citations) if basis else [],
            "gegevens": self._values(node),
            "relaties": self._relations(self.knowledge.triples(node), "object"),
            "relatiesVan": self._relations(self.knowledge.triples(object=node), "subject"),
            "_links": self._self_link(node) | {"collection": self.link(collection.path)},
        }
        return resource | (self._rule_json(rule) if rule else {})

    def link(self, path: str) -> Json:
        """A link to a path of the service."""
        return {"href": self.public_base + path}

    def _rule_json(self, rule: Rule) -> Json:
        over = "kennis" if rule in self.knowledge.rules else "situatie"
        return {"over": over, "uitleg": rule.explanation, "sparql": rule.text}

    def _label(self, node: NamedNode) -> Json:
        if rule := self.rules.get(node):
            return dict(rule.label)
        name = show(node)
        return {"nl": name, "en": name} | self.knowledge.labels.get(node, {})

    def _definition(self, node: NamedNode) -> Json:
        if rule := self.rules.get(node):
            return dict(rule.explanation)
        return {"nl": "", "en": ""} | self.knowledge.definitions.get(node, {})

    def _property_json(self, node: NamedNode) -> Json:
        return {"id": show(node), "iri": node.value, "label": self._label(node)}

    def _values(self, node: NamedNode) -> list[Json]:
        found = [
            {"eigenschap": self._property_json(triple.predicate), **_value(triple.object)}
            for triple in self.knowledge.triples(node)
            if triple.predicate not in _OWN_FIELDS and not self._is_individual(triple.object)
            if isinstance(triple.object, NamedNode | Literal)
        ]
        return sorted(found, key=lambda row: (row["eigenschap"]["id"], str(row["waarde"]), row["taal"] or ""))

    def _relations(self, triples: Iterable[Triple], end: str) -> list[Json]:
        groups: dict[NamedNode, list[Triple]] = defaultdict(list)
        for triple in triples:
            if triple.predicate not in _OWN_FIELDS and self._is_individual(getattr(triple, end)):
                groups[triple.predicate].append(triple)
        rows = []
        for prop in sorted(groups, key=lambda node: node.value):
            group = sorted(groups[prop], key=lambda triple: str(getattr(triple, end)))
            related = [self._related(triple, getattr(triple, end)) for triple in group[:MOST_RELATED]]
            rows.append({"eigenschap": self._property_json(prop), "aantal": len(group), "met": related})
        return rows

    def _related(self, triple: Triple, other: NamedNode) -> Json:
        rule, basis = self._rests_on(triple)
        return {
            "id": short(other),
            "label": self._label(other),
            "zekerheid": basis.certainty if basis else None,
            "bronnen": citations_json(self.engine, basis.citations) if basis else [],
            "regel": rule.slug if rule else None,
            "_links": self._self_link(other),
        }

    def _rests_on(self, triple: Triple) -> tuple[Rule | None, Basis | None]:
        if triple in self.knowledge.lineage:
            rule, _ = self.knowledge.lineage[triple]
            return rule, Basis(rule.certainty, rule.citations)
        return None, self.knowledge.basis(triple)

    def _self_link(self, node: NamedNode) -> Json:
        kind = self.knowledge.kind(node)
        assert kind is not None  # every individual's IRI has the path segment of its class
        return {"self": self.link(f"{self._paths[kind]}/{slug(node)}")}

    def _is_individual(self, node: NamedNode | BlankNode | Literal | Triple) -> bool:
        return isinstance(node, NamedNode) and self.knowledge.kind(node) in self._paths

    @cached_property
    def _paths(self) -> dict[NamedNode | None, str]:
        return {collection.cls: collection.path for collection in self.all}

    @cached_property
    def _members(self) -> dict[NamedNode, set[NamedNode]]:
        return {collection.cls: set(self.members(collection)) for collection in self.all}

    def _meant(self, collection: Collection, name: str) -> tuple[str, ...]:
        """The slugs of the members that a name could mean: those it is a label of, else those that look like it."""
        if collection.cls == REGEL:
            return nearest(name, {slug(member): slug(member) for member in self.members(collection)})
        dictionary = self.knowledge.dictionary(collection.cls)
        return tuple(map(slug, dictionary.find(name))) or dictionary.nearest(name)


def _is_slug(name: str) -> bool:
    return name.isascii() and name.replace("-", "").replace("_", "").replace(".", "").isalnum()


def _value(node: NamedNode | Literal) -> Json:
    if isinstance(node, NamedNode):
        return {"waarde": node.value, "taal": None}
    kind = node.datatype.value.removeprefix(XSD)
    match kind:
        case "integer":
            value: str | int | float | bool = int(node.value)
        case "decimal" | "double":
            value = float(node.value)
        case "boolean":
            value = node.value in ("true", "1")
        case _:
            value = node.value
    return {"waarde": value, "taal": node.language}
