"""A programme as RDF: every place with its situation and advice, every two works that meet with what holds of them, and what
parties find of these, with PROV: who, when, and what undid it.

Without lineage, which would be a thousand times as much: each situation is whole, so that `wijkaanpak waarom` or the API
gives the proof of each conclusion.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kb.engine import Engine
from kb.knowledge.knowledge import PREF_LABEL
from kb.names import DCTERMS, PROV, TYPE, expand
from kb.programme import terms
from kb.programme.model import Oordeel, Oordeelstatus, Werkprogramma
from kb.programme.wording import verdict_status
from kb.rdf.formats import literal, write_triples
from kb.rdf.prov import ACTIVITY, COMMENT, DESCRIPTION, ENTITY
from kb.rdf.receipt import apart, receipt_triples
from kb.rdf.situation import HERE, situation_node, situation_triples
from kb.situation.model import Situatie

DATE, IDENTIFIER = NamedNode(DCTERMS + "date"), NamedNode(DCTERMS + "identifier")
# The Dublin Core term that takes a name as text; that of DCMI Terms takes a node.
CREATOR = NamedNode("http://purl.org/dc/elements/1.1/creator")
ATTRIBUTED_TO, INVALIDATED_BY = NamedNode(PROV + "wasAttributedTo"), NamedNode(PROV + "wasInvalidatedBy")
STATUSES: Mapping[Oordeelstatus, NamedNode] = {
    "geldig": terms.GELDIG_OORDEEL,
    "vervallen": terms.VERVALLEN_OORDEEL,
    "ongetoetst": terms.ONGETOETST_OORDEEL,
}


def programme_turtle(engine: Engine, programme: Werkprogramma, language: str = "nl") -> str:
    """The programme as Turtle."""
    triples = dict.fromkeys(_triples(engine, programme, language))
    labels = dict.fromkeys(_labels(engine, triples, language))
    return write_triples([*triples, *labels], engine.knowledge, RdfFormat.TURTLE).decode()


def _triples(engine: Engine, programme: Werkprogramma, language: str) -> Iterator[Triple]:
    for place in programme.plaatsen:
        yield from _said(engine, place.situatie, engine.vocabulary.conclusions, receipt=True)
        for meeting in place.ontmoetingen:
            verdicts = [t for verdict in meeting.oordelen for t in _verdict(verdict, language, HERE)]
            yield from _said(engine, meeting.situatie, terms.FINDINGS, receipt=False, besides=verdicts)
    for verdict in programme.losseOordelen:
        yield from _verdict(verdict, language, None)


def _said(
    engine: Engine,
    situation: Situatie,
    shown: Iterable[NamedNode],
    *,
    receipt: bool,
    besides: Sequence[Triple] = (),
) -> list[Triple]:
    """A situation, what the rules conclude about it with the properties that are shown, and what is said of it besides."""
    properties, node = frozenset(shown), situation_node(situation)
    triples = situation_triples(situation, engine.resolver.facts(situation), node)
    links = (link for link in engine.evaluate(situation).derived() if link.property in properties)
    triples += sorted((Triple(node, link.property, link.object) for link in links), key=str)
    made = engine.receipt(situation)
    return apart([*triples, *besides, *(receipt_triples(made, node) if receipt else [])], made)


def _verdict(verdict: Oordeel, language: str, about: BlankNode | None) -> Iterator[Triple]:
    """A judgement: of what, by whom and when, why, and what undid it."""
    node = BlankNode(f"oordeel-{verdict.rij}")
    yield Triple(node, TYPE, terms.PARTIJOORDEEL)
    yield Triple(node, TYPE, STATUSES[verdict.status])
    yield Triple(node, TYPE, ENTITY)
    yield Triple(node, IDENTIFIER, Literal("+".join(verdict.werken)))
    yield Triple(node, terms.OORDEEL_VAN_SOORT, expand(verdict.oordeel.id))
    yield Triple(node, ATTRIBUTED_TO, expand(verdict.partij.id))
    yield Triple(node, DATE, literal(verdict.datum.isoformat(), "date"))
    if about:
        yield Triple(node, terms.OORDEELT_OVER, about)
    if verdict.wie:
        yield Triple(node, CREATOR, Literal(verdict.wie))
    if verdict.reden:
        yield Triple(node, COMMENT, Literal(verdict.reden))
    if verdict.status == "vervallen":
        change = BlankNode(f"wijziging-{verdict.rij}")
        yield Triple(node, INVALIDATED_BY, change)
        yield Triple(change, TYPE, ACTIVITY)
        yield Triple(change, DESCRIPTION, Literal(verdict_status(verdict, language), language=language))


def _labels(engine: Engine, triples: Iterable[Triple], language: str) -> Iterator[Triple]:
    """The names of the individuals that are spoken of."""
    known = set(engine.knowledge.individuals)
    for triple in triples:
        if isinstance(triple.object, NamedNode) and triple.object in known:
            label = engine.knowledge.label(triple.object, language)
            yield Triple(triple.object, PREF_LABEL, Literal(label, language=language))
