"""An advice as JSON-LD: the same JSON, with a context that makes it RDF.

A list of an advice whose conclusions all have one property is that property of the situation. What the lists do not say by
themselves is added as `uitspraken`: what was stated, and the conclusions of lists that mix several properties.
"""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from pyoxigraph import NamedNode

from kb.advice.model import Advies
from kb.engine import Engine
from kb.names import DEF, ID, SITUATIE, SKOS, XSD, local_name, short, term
from kb.rdf.situation import KINDS, NODE_KINDS, TITLE, stated_of, stated_values
from kb.rule.expression import Value
from kb.situation.facts import Facts
from kb.situation.model import CBS_CODE, IN_WIJK, Situatie

Json = dict[str, Any]
NAAM = "naam"


def advice_jsonld(engine: Engine, advies: Advies, language: str) -> Json:
    """The advice with `@context`, `@type` and `uitspraken` added."""
    situation, advice = advies.situatie, advies.model_dump(mode="json")
    lists = _lists(advice)
    facts = engine.resolver.facts(situation)
    shown = engine.vocabulary.conclusions - {term(name) for name in lists.values()}
    derived = {(link.property, link.object) for link in engine.evaluate(situation).derived() if link.property in shown}
    statements = _links(engine, derived | facts.links, language) | _nodes(facts) | _values(situation, facts)
    context = _context(lists, _value_terms(), set(statements), language)
    return {"@context": context, "@type": local_name(SITUATIE), "uitspraken": statements, **advice}


def _lists(advice: Json) -> dict[str, str]:
    """The lists of conclusions that all have one property, with that property."""
    found = {}
    for name, rows in advice.items():
        if isinstance(rows, list):
            properties = {row["conclusie"].partition("/")[0] if "conclusie" in row else None for row in rows}
            if len(properties) == 1 and (prop := properties.pop()):
                found[name] = prop
    return found


def _links(engine: Engine, links: set[tuple[NamedNode, NamedNode]], language: str) -> Json:
    found: Json = defaultdict(list)
    for prop, node in sorted(links, key=str):
        found[local_name(prop)].append({"id": short(node), "label": engine.knowledge.label(node, language)})
    return found


def _nodes(facts: Facts) -> Json:
    found: Json = defaultdict(list)
    for own in facts.nodes:
        found[local_name(own.property)].append(
            {local_name(prop): _plain(value) for prop, value in stated_of(own).items()}
        )
    return found


def _values(situation: Situatie, facts: Facts) -> Json:
    values = {local_name(prop): _plain(value) for prop, value in stated_values(situation, facts).items()}
    if situation.naam is not None:
        values[NAAM] = situation.naam
    if situation.wijk is not None and not any(prop == IN_WIJK for prop, _ in facts.links):
        values[local_name(CBS_CODE)] = situation.wijk
    return values


def _context(lists: dict[str, str], values: Json, stated: set[str], language: str) -> Json:
    """What each name means. Names that are not in it, such as `redenen`, are for people and no RDF."""
    links: Json = {name: {"@id": DEF + name} for name in sorted(stated - values.keys())}
    names = {**links, **values, **lists}
    # Inside a conclusion the same names mean other things, or nothing.
    inside = dict.fromkeys(sorted(names))
    return {
        "@version": 1.1,
        "@base": ID,
        "id": "@id",
        "label": {"@id": f"{SKOS}prefLabel", "@language": language},
        local_name(SITUATIE): SITUATIE.value,
        "uitspraken": "@nest",
        **links,
        **values,
        **{name: {"@id": DEF + prop, "@context": inside} for name, prop in lists.items()},
    }


def _value_terms() -> Json:
    """The properties of a situation's own nodes and values, each with the type of its values."""
    types = {prop: XSD + kind for prop, kind in KINDS.items()} | {
        prop: "@id" for kind in NODE_KINDS.values() for prop in (kind.key, *kind.links)
    }
    terms = {local_name(prop): {"@id": prop.value, "@type": type} for prop, type in types.items()}
    return {NAAM if name == TITLE.value else name: meaning for name, meaning in terms.items()}


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
