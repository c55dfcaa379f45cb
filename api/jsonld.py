"""An advice as JSON-LD: the same JSON, with a context that makes it RDF and the statements about the situation as links.

The lists of an advice group conclusions for people, sometimes of several properties. What they say about the situation is
therefore added as `uitspraken`, property by property; the lists themselves give the individuals with their labels.
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from pyoxigraph import NamedNode

from kb.compose import Json
from kb.engine import Engine
from kb.expression import Value
from kb.facts import Facts
from kb.names import ID, RDFS, SITUATIE, SKOS, XSD, local_name, short
from kb.situation import Situatie

RANGE = NamedNode(RDFS + "range")


def advice_jsonld(engine: Engine, situation: Situatie, advice: Json, language: str) -> Json:
    """The advice with `@context`, `@type` and `uitspraken` added."""
    facts = engine.resolver.facts(situation)
    links = [(link.property, link.object) for link in engine.evaluate(situation).derived()]
    shown = {link for link in links if link[0] in engine.vocabulary.conclusions} | facts.links
    return {
        "@context": _context(engine, advice, language),
        "@type": local_name(SITUATIE),
        "uitspraken": _statements(shown, facts),
        **advice,
    }


def _statements(links: set[tuple[NamedNode, NamedNode]], facts: Facts) -> dict[str, Any]:
    statements: dict[str, Any] = defaultdict(list)
    for prop, node in sorted(links, key=str):
        statements[local_name(prop)].append(short(node))
    for own in facts.nodes:
        statements[local_name(own.link)].append({local_name(prop): _plain(value) for prop, value in own.values.items()})
    return statements | {local_name(prop): _plain(value) for prop, value in facts.values.items()}


def _context(engine: Engine, advice: Json, language: str) -> Json:
    """What each name means. Names that are not in it, such as `redenen`, are for people and no RDF."""
    lists = {
        name for name, part in advice.items() if isinstance(part, list) and any("conclusie" in row for row in part)
    }
    vocabulary = engine.vocabulary
    properties: dict[str, Any] = {local_name(prop): {"@id": prop.value, "@type": "@id"} for prop in vocabulary.ranges}
    return {
        "@version": 1.1,
        "@base": ID,
        **dict.fromkeys(sorted(lists), "@included"),
        "id": "@id",
        "label": {"@id": f"{SKOS}prefLabel", "@language": language},
        local_name(SITUATIE): SITUATIE.value,
        "uitspraken": "@nest",
        **properties,
        **_value_terms(engine),
    }


def _value_terms(engine: Engine) -> Json:
    """The properties with plain values, each with the datatype that the ontology gives."""
    terms = {}
    for triple in engine.knowledge.triples(predicate=RANGE):
        prop, kind = triple.subject, triple.object
        if isinstance(prop, NamedNode) and isinstance(kind, NamedNode) and kind.value.startswith(XSD):
            terms[local_name(prop)] = {"@id": prop.value, "@type": kind.value}
    return terms


def _plain(value: Value) -> object:
    """A value as JSON; a number as text, because its datatype is in the context and JSON-LD would make it a double."""
    match value:
        case NamedNode():
            return short(value)
        case bool():
            return value
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return value
