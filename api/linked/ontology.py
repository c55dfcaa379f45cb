"""The ontology as it is shown: every class, property and other term with its meaning, examples, and what uses it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TypeVar

from pyoxigraph import Literal, NamedNode, Triple

from api.linked.naming import DOC, Ref
from api.linked.resources import Resources
from api.linked.rules import Rules
from api.linked.view import BasisView, Value, Viewer
from kb.knowledge.knowledge import DEFINITION, Knowledge
from kb.names import DEF, OWL, RDFS, TYPE, local_name, term
from kb.rule.rule import Rule
from kb.rule.terms import derived_terms

MOST_EXAMPLES, MOST_STATEMENTS = 5, 3
SUBCLASS, SUBPROPERTY = NamedNode(RDFS + "subClassOf"), NamedNode(RDFS + "subPropertyOf")
DOMAIN, RANGE, INVERSE = NamedNode(RDFS + "domain"), NamedNode(RDFS + "range"), NamedNode(OWL + "inverseOf")
CLASS = NamedNode(OWL + "Class")
Item = TypeVar("Item")
PROPERTIES = tuple(NamedNode(OWL + kind) for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))


@dataclass(frozen=True)
class Relation:
    """A kind of link from a term to others; `name` is what the catalogue knows it by."""

    name: str
    terms: tuple[Ref, ...]


@dataclass(frozen=True)
class TermView:
    """One term as it is shown; `listed` is where all individuals of a class stand."""

    ref: Ref
    name: str
    kinds: tuple[Ref, ...]
    definition: str
    relations: tuple[Relation, ...]
    instances: tuple[Ref, ...]
    count: int
    listed: str | None
    statements: tuple[tuple[Ref, Ref, Value], ...]
    basis: BasisView | None


@dataclass(frozen=True)
class RuleSummary:
    """A rule in the list of rules."""

    ref: Ref
    slug: str
    explanation: str
    derives: tuple[Ref, ...]
    about_situation: bool


@dataclass(frozen=True)
class Section:
    """A group of terms under one heading; `anchor` is also what the catalogue knows that heading by."""

    anchor: str
    terms: tuple[TermView, ...]


class Ontology:
    """Views of the ontology's terms."""

    def __init__(self, knowledge: Knowledge, resources: Resources, rules: Rules) -> None:
        self.knowledge = knowledge
        self.resources = resources
        self.rules = rules

    def sections(self, viewer: Viewer) -> list[Section]:
        """Every term of the ontology under its heading."""
        classes = self._of_kind(CLASS)
        links, values, notes = (self._of_kind(kind) for kind in PROPERTIES)
        shown = {*classes, *links, *values, *notes}
        rest = [node for node in self.terms if node not in shown]
        headings = [
            ("klassen", classes),
            ("relaties", links),
            ("waarden", values),
            ("annotaties", notes),
            ("overige", rest),
        ]
        return [
            Section(anchor, tuple(self._view(node, viewer) for node in _by_label(nodes, viewer)))
            for anchor, nodes in headings
        ]

    def summaries(self, viewer: Viewer) -> list[RuleSummary]:
        """Every rule in short, by label."""
        found = [
            RuleSummary(
                viewer.ref(rule.iri),
                rule.slug,
                rule.explanation[viewer.language],
                tuple(viewer.ref(node) for node in derived_terms(rule)),
                rule in self.rules.engine.rules,
            )
            for rule in self.rules.by_iri.values()
        ]
        return sorted(found, key=lambda summary: summary.ref.text.casefold())

    @cached_property
    def terms(self) -> list[NamedNode]:
        """Every term of the ontology's own namespace, by name."""
        return self.resources.subjects(DEF)

    def _of_kind(self, kind: NamedNode) -> list[NamedNode]:
        return [node for node in self.terms if any(self.knowledge.triples(node, TYPE, kind))]

    def _view(self, node: NamedNode, viewer: Viewer) -> TermView:
        instances = [found for found in self.knowledge.instances(node) if found != node]
        return TermView(
            ref=viewer.ref(node),
            name=local_name(node),
            kinds=tuple(viewer.ref(kind) for kind in self.knowledge.objects(node, TYPE)),
            definition=self.knowledge.text(node, DEFINITION, viewer.language) or "",
            relations=tuple(relation for relation in self._relations(node, viewer) if relation.terms),
            instances=tuple(viewer.ref(found) for found in _spread(instances, MOST_EXAMPLES)),
            count=len(instances),
            listed=self._listed(node),
            statements=tuple(viewer.values(self._statements(node))),
            basis=viewer.own_basis(node),
        )

    def _relations(self, node: NamedNode, viewer: Viewer) -> list[Relation]:
        def refs(nodes: Iterable[NamedNode]) -> tuple[Ref, ...]:
            return tuple(viewer.ref(found) for found in _by_label([n for n in nodes if n != node], viewer))

        def rules(found: Iterable[Rule]) -> tuple[Ref, ...]:
            return refs(rule.iri for rule in found)

        objects, subjects = self.knowledge.objects, self.knowledge.subjects
        return [
            Relation("is_een_soort", refs(objects(node, SUBCLASS))),
            Relation("soorten_ervan", refs(subjects(SUBCLASS, node))),
            Relation("is_een_vorm_van", refs(objects(node, SUBPROPERTY))),
            Relation("vormen_ervan", refs(subjects(SUBPROPERTY, node))),
            Relation("gaat_uit_van", refs(objects(node, DOMAIN))),
            Relation("wijst_naar", refs(objects(node, RANGE))),
            Relation("omgekeerde", refs({*objects(node, INVERSE), *subjects(INVERSE, node)})),
            Relation("rol_in_een_situatie", refs(objects(node, term("rol")))),
            Relation("eigenschappen_die_hiervan_uitgaan", refs(subjects(DOMAIN, node))),
            Relation("eigenschappen_die_hiernaar_wijzen", refs(subjects(RANGE, node))),
            Relation("regels_die_dit_afleiden", rules(self.rules.deriving(node))),
            Relation("regels_die_dit_gebruiken", rules(self.rules.reading(node))),
        ]

    def _statements(self, node: NamedNode) -> list[Triple]:
        """A few statements with a property, no two about the same individual."""
        found: dict[object, Triple] = {}
        for triple in islice(self._uses.get(node, []), 400):
            found.setdefault(triple.subject, triple)
        return _spread(list(found.values()), MOST_STATEMENTS)

    @cached_property
    def _uses(self) -> dict[NamedNode, list[Triple]]:
        """The statements with each property of ours that a reader can follow."""
        uses: dict[NamedNode, list[Triple]] = defaultdict(list)
        for triple in self.knowledge.triples():
            ours = triple.predicate.value.startswith(DEF)
            if ours and isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
                uses[triple.predicate].append(triple)
        return {property: sorted(triples, key=str) for property, triples in uses.items()}

    def _listed(self, node: NamedNode) -> str | None:
        segment = self.knowledge.segments.get(node)
        return DOC + segment if segment else None


def _spread(items: list[Item], most: int) -> list[Item]:
    """A few items from all over a list, so that examples differ from each other."""
    step = max(1, len(items) // most)
    return items[::step][:most]


def _by_label(nodes: Iterable[NamedNode], viewer: Viewer) -> list[NamedNode]:
    return sorted(nodes, key=lambda node: viewer.ref(node).text.casefold())
