"""What changed between two advices as RDF: each conclusion that came, went or moved, and through what.

[] a :Adviesverschil ; :eersteAdvies <…/id/advies/5f…> ; :tweedeAdvies <…/id/advies/9b…> ;
    rdf:predicate :heeftKoppelkans ; rdf:object <…> ; :plaatsNu 3 ;
    :heeftOorzaak [ a :Verschiloorzaak ; :oorzaaksoort "situatie" ; dcterms:description "…"@nl ] .
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kb.advice.compare import Cause, Change, Comparison, cause_text
from kb.engine import Engine
from kb.names import ID, TYPE, declared, expand, term
from kb.rdf.formats import literal, write_triples
from kb.rdf.prov import DERIVED_FROM, DESCRIPTION, PARTS

VERSCHIL, OORZAAK = declared("Adviesverschil"), declared("Verschiloorzaak")
EERSTE, TWEEDE = declared("eersteAdvies"), declared("tweedeAdvies")
PLAATS_EERST, PLAATS_NU = declared("plaatsEerst"), declared("plaatsNu")
HEEFT_OORZAAK, OORZAAKSOORT = declared("heeftOorzaak"), declared("oorzaaksoort")


def comparison_turtle(
    engine: Engine, old: Mapping[str, Any], new: Mapping[str, Any], found: Comparison, language: str = "nl"
) -> str:
    """The differences between two advices, as JSON with their receipts, as Turtle."""
    names = [str(advice["ontvangstbewijs"]["iri"]) for advice in (old, new)]
    triples = list(comparison_triples(names[0], names[1], found, language))
    return write_triples(triples, engine.knowledge, RdfFormat.TURTLE).decode()


def comparison_triples(old: str, new: str, found: Comparison, language: str) -> Iterator[Triple]:
    """The differences between the advices with these names."""
    causes = {cause: None for change in found.changes for cause in change.causes}
    names = {cause: BlankNode(f"oorzaak-{number}") for number, cause in enumerate(causes, start=1)}
    for number, change in enumerate(found.changes, start=1):
        node = BlankNode(f"verschil-{number}")
        yield Triple(node, TYPE, VERSCHIL)
        yield Triple(node, EERSTE, NamedNode(old))
        yield Triple(node, TWEEDE, NamedNode(new))
        yield from _conclusion(node, change)
        yield from (Triple(node, HEEFT_OORZAAK, names[cause]) for cause in change.causes)
    for cause, name in names.items():
        yield from _cause(name, cause, language)


def _conclusion(node: BlankNode, change: Change) -> Iterator[Triple]:
    prop, _, thing = change.key.partition("/")
    yield from (Triple(node, *pair) for pair in zip(PARTS[1:], (term(prop), expand(thing)), strict=True))
    for predicate, place in ((PLAATS_EERST, change.before), (PLAATS_NU, change.after)):
        if place is not None:
            yield Triple(node, predicate, literal(Decimal(place), "integer"))


def _cause(name: BlankNode, cause: Cause, language: str) -> Iterator[Triple]:
    yield Triple(name, TYPE, OORZAAK)
    yield Triple(name, OORZAAKSOORT, Literal(cause.kind))
    yield Triple(name, DESCRIPTION, Literal(cause_text(cause, language), language=language))
    if cause.kind == "regel":
        for hashed in filter(None, (cause.before, cause.after)):
            yield Triple(name, DERIVED_FROM, NamedNode(f"{ID}regel/{cause.what}#{hashed}"))
