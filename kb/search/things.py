"""All that can be found: individuals, rules, classes and properties of the ontology, and areas."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kb.country.area import AREA, KINDS
from kb.country.matching import bare_name
from kb.engine import Engine
from kb.knowledge.knowledge import Knowledge
from kb.language import Words
from kb.names import DEF, ID, OWL, SKOS, TYPE, declared, local_name
from kb.rule.rule import Rule
from kb.search.model import Named

if TYPE_CHECKING:
    from kb.country.table import Landtabel

BOEKHOUDING = declared("boekhouding")
HIDDEN_LABEL = NamedNode(SKOS + "hiddenLabel")
TERM_KINDS = tuple(
    NamedNode(OWL + kind) for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
# The kinds of what is no individual; those of individuals are the path segments of their classes.
REGEL, TERM, GEBIED = "regel", "def", "gebied"
_SIZES = tuple(KINDS)


def bookkeeping(knowledge: Knowledge) -> frozenset[NamedNode]:
    """The classes of which the ontology says that their individuals are only there to reason with."""
    said = knowledge.literals(BOEKHOUDING)
    return frozenset(cls for cls, value in said if isinstance(cls, NamedNode) and value.value == "true")


def things(engine: Engine, table: "Landtabel") -> Iterator[Named]:
    """Everything, in the order in which equals are shown."""
    yield from individuals(engine.knowledge)
    yield from map(_rule, (*engine.rules, *engine.knowledge.rules))
    yield from terms(engine.knowledge)
    yield from areas(table)


def individuals(knowledge: Knowledge) -> Iterator[Named]:
    """Every individual of the knowledge."""
    aside, weights = bookkeeping(knowledge), _weights(knowledge)
    for node in knowledge.individuals:
        cls = knowledge.kind(node)
        assert cls is not None  # every individual's IRI has the path segment of its class
        yield Named(
            node.value,
            knowledge.segments[cls],
            label := _label(knowledge, node),
            _meaning(knowledge, node),
            _distinct((label, label.en)),
            _distinct(_others(knowledge, node)),
            sorts=_distinct((knowledge.label(cls), knowledge.label(cls, "en"))),
            weight=weights[node],
            aside=cls in aside,
        )


def terms(knowledge: Knowledge) -> Iterator[Named]:
    """Every class and property of the ontology."""
    found = {node for kind in TERM_KINDS for node in knowledge.subjects(TYPE, kind) if node.value.startswith(DEF)}
    for node in sorted(found, key=lambda node: node.value):
        label = _label(knowledge, node)
        names = _distinct((label, label.en, local_name(node)))
        yield Named(node.value, TERM, label, _meaning(knowledge, node), names, _distinct(_others(knowledge, node)))


def areas(table: "Landtabel") -> Iterator[Named]:
    """Every municipality, wijk and buurt, the larger first."""
    rows = table.frame.select("code", "naam", "soort", "gemeente").rows()
    names = [name for _, name, _, _ in rows]
    for code, name, kind, within in sorted(rows, key=lambda row: _SIZES.index(row[2])):
        gemeente = "" if within is None or kind == "GM" else names[within]
        shown = bare_name(name)
        label = f"{shown} ({gemeente})" if gemeente else shown
        yield Named(
            AREA + code,
            GEBIED,
            Words(label, label),
            Words("", ""),
            _distinct((shown, name, code)),
            within=gemeente,
            sorts=(KINDS[kind],),
        )


def _rule(rule: Rule) -> Named:
    label, meaning = (Words(texts["nl"], texts["en"]) for texts in (rule.label, rule.explanation))
    return Named(rule.iri.value, REGEL, label, meaning, _distinct((label, label.en)), (rule.slug,))


def _label(knowledge: Knowledge, node: NamedNode) -> Words:
    return Words(knowledge.label(node), knowledge.label(node, "en"))


def _meaning(knowledge: Knowledge, node: NamedNode) -> Words:
    return Words(knowledge.definition(node), knowledge.definition(node, "en"))


def _others(knowledge: Knowledge, node: NamedNode) -> Iterator[str]:
    """What people call a node besides: its synonyms, and misspellings that are known."""
    yield from knowledge.synonyms.get(node, ())
    yield from (value.value for _, value in knowledge.literals(HIDDEN_LABEL, node))


def _weights(knowledge: Knowledge) -> Counter[NamedNode]:
    """How many statements of individuals refer to each individual."""
    return Counter(
        triple.object
        for triple in knowledge.triples()
        if isinstance(triple.object, NamedNode)
        and triple.object.value.startswith(ID)
        and isinstance(triple.subject, NamedNode)
        and triple.predicate.value.startswith(DEF)
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, names)))
