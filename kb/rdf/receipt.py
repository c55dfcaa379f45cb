"""The receipt of an advice as RDF: the advice by name, with what it was made from.

<…/id/advies/5f…> a :Advies, prov:Entity ; :overSituatie <…> ; dcterms:created "2026-11-25"^^xsd:date ;
    :kennisversie "9c…" ; :uitkomsthash "1f…" ; dcterms:license <…> ; prov:wasDerivedFrom <…/id/regel/meeliftkans#2b…> .
<…/id/regel/meeliftkans#2b…> prov:specializationOf <…/id/regel/meeliftkans> .
"""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kb.advice.receipt import Ontvangstbewijs
from kb.knowledge.graph import Subject
from kb.names import DCTERMS, ID, PROV, TYPE, declared
from kb.rdf.formats import literal
from kb.rdf.prov import DERIVED_FROM, ENTITY

ADVIES, OVER, KENNISVERSIE, UITKOMST = map(declared, ("Advies", "overSituatie", "kennisversie", "uitkomsthash"))
CREATED, LICENSE = NamedNode(DCTERMS + "created"), NamedNode(DCTERMS + "license")
SPECIALIZATION = NamedNode(PROV + "specializationOf")


def receipt_triples(receipt: Ontvangstbewijs, situation: Subject) -> list[Triple]:
    """The receipt of an advice about a situation."""
    advice = NamedNode(receipt.iri)
    said: list[tuple[NamedNode, NamedNode | BlankNode | Literal]] = [
        (TYPE, ADVIES),
        (TYPE, ENTITY),
        (OVER, situation),
        (CREATED, literal(receipt.datum.isoformat(), "date")),
        (KENNISVERSIE, Literal(receipt.kennis)),
        (UITKOMST, Literal(receipt.uitkomst)),
        (LICENSE, NamedNode(receipt.licentie)),
    ]
    versions = {NamedNode(f"{ID}regel/{name}#{hashed}"): name for name, hashed in receipt.regels.items()}
    triples = [Triple(advice, prop, value) for prop, value in said]
    triples += [Triple(advice, DERIVED_FROM, version) for version in versions]
    rules = versions.items()
    return triples + [Triple(version, SPECIALIZATION, NamedNode(f"{ID}regel/{name}")) for version, name in rules]


def apart(triples: Iterable[Triple], receipt: Ontvangstbewijs) -> list[Triple]:
    """The triples with blank nodes that no other advice has, so that two in one file stay two."""
    name = receipt.iri.rpartition("/")[2]

    def own(part: Any) -> Any:
        return BlankNode(f"a{name}-{part.value}") if isinstance(part, BlankNode) else part

    return [Triple(own(triple.subject), triple.predicate, own(triple.object)) for triple in triples]
