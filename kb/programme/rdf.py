"""A programme as RDF: every place with its situation and advice, and every two works that meet with what holds of them.

Without lineage, which would be a thousand times as much: each situation is whole, so that `wijkaanpak waarom` or the API
gives the proof of each conclusion.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from kb.engine import Engine
from kb.knowledge.knowledge import PREF_LABEL
from kb.programme import terms
from kb.programme.model import Werkprogramma
from kb.rdf.formats import write_triples
from kb.rdf.receipt import apart, receipt_triples
from kb.rdf.situation import situation_node, situation_triples
from kb.situation.model import Situatie


def programme_turtle(engine: Engine, programme: Werkprogramma, language: str = "nl") -> str:
    """The programme as Turtle."""
    triples = dict.fromkeys(_triples(engine, programme))
    labels = dict.fromkeys(_labels(engine, triples, language))
    return write_triples([*triples, *labels], engine.knowledge, RdfFormat.TURTLE).decode()


def _triples(engine: Engine, programme: Werkprogramma) -> Iterator[Triple]:
    for place in programme.plaatsen:
        yield from _said(engine, place.situatie, engine.vocabulary.conclusions, receipt=True)
        for meeting in place.ontmoetingen:
            yield from _said(engine, meeting.situatie, terms.FINDINGS, receipt=False)


def _said(engine: Engine, situation: Situatie, shown: Iterable[NamedNode], *, receipt: bool) -> list[Triple]:
    """A situation and what the rules conclude about it with the properties that are shown."""
    properties, node = frozenset(shown), situation_node(situation)
    triples = situation_triples(situation, engine.resolver.facts(situation), node)
    links = (link for link in engine.evaluate(situation).derived() if link.property in properties)
    triples += sorted((Triple(node, link.property, link.object) for link in links), key=str)
    made = engine.receipt(situation)
    return apart(triples + (receipt_triples(made, node) if receipt else []), made)


def _labels(engine: Engine, triples: Iterable[Triple], language: str) -> Iterator[Triple]:
    """The names of the individuals that are spoken of."""
    known = set(engine.knowledge.individuals)
    for triple in triples:
        if isinstance(triple.object, NamedNode) and triple.object in known:
            label = engine.knowledge.label(triple.object, language)
            yield Triple(triple.object, PREF_LABEL, Literal(label, language=language))
