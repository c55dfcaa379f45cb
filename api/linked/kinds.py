"""The kinds of individuals as a reader meets them: those to choose from, the others, and bookkeeping apart."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kb.engine import Engine
from kb.knowledge.knowledge import Knowledge
from kb.names import declared
from kb.search.facets import LIJSTKEUZE, REGEL
from kb.search.things import bookkeeping

MEERVOUD = declared("meervoud")


@dataclass(frozen=True)
class Kind:
    """A kind of which there is a list."""

    label: str
    meaning: str
    path: str
    count: int


@dataclass(frozen=True)
class Kinds:
    """All kinds, each group by name."""

    chosen_from: tuple[Kind, ...]
    others: tuple[Kind, ...]
    bookkeeping: tuple[Kind, ...]


def kinds_of(engine: Engine, language: str) -> Kinds:
    """The kinds of individuals; read from the knowledge, so that no store is made."""
    knowledge, aside = engine.knowledge, bookkeeping(engine.knowledge)
    filtered = {cls for cls in knowledge.segments if cls == REGEL or knowledge.objects(cls, LIJSTKEUZE)}
    rest = knowledge.segments.keys() - filtered - aside
    return Kinds(*(_sorted(engine, group, language) for group in (filtered - aside, rest, aside)))


def plural_of(knowledge: Knowledge, cls: NamedNode, language: str) -> str:
    """What individuals of a class are called together; a plural with an apostrophe stands without it in an address."""
    plural = knowledge.literal(cls, MEERVOUD) if language == "nl" else None
    if plural is None:
        return knowledge.label(cls, language)
    return f"{plural[:-2]}'s" if plural.endswith("-s") else plural.replace("-", " ")


def _sorted(engine: Engine, classes: "set[NamedNode] | frozenset[NamedNode]", language: str) -> tuple[Kind, ...]:
    found = (_kind(engine, cls, language) for cls in classes)
    return tuple(sorted(found, key=lambda kind: kind.label.casefold()))


def _kind(engine: Engine, cls: NamedNode, language: str) -> Kind:
    knowledge = engine.knowledge
    label = plural_of(knowledge, cls, language)
    count = len(engine.rules) + len(knowledge.rules) if cls == REGEL else len(knowledge.instances(cls))
    return Kind(label, knowledge.definition(cls, language), f"/doc/{knowledge.segments[cls]}", count)
