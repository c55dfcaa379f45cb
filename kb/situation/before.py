"""A known wijk as a situation: what was known of it before its approach began."""

from datetime import date

from pyoxigraph import NamedNode

from kb.knowledge.knowledge import Knowledge
from kb.names import declared, slug
from kb.situation.model import Situatie, Werk

WIJK = declared("Wijk")
HAD_AANLEIDING, HAD_OPGAVE, HAD_KENMERK, HAD_BETROKKENE, HAD_WERK, BEGON_IN_JAAR = map(
    declared, ("hadAanleiding", "hadOpgave", "hadKenmerk", "hadBetrokkene", "hadWerk", "begonInJaar")
)


def situation_before(knowledge: Knowledge, wijk: NamedNode) -> Situatie:
    """The situation of a known wijk on the first day of the year in which its approach began."""
    began = knowledge.literal(wijk, BEGON_IN_JAAR)
    return Situatie(
        wijk=slug(wijk),
        peildatum=date(int(began), 1, 1) if began else None,
        aanleidingen=slugs(knowledge, wijk, HAD_AANLEIDING),
        opgaven=slugs(knowledge, wijk, HAD_OPGAVE),
        kenmerken=slugs(knowledge, wijk, HAD_KENMERK),
        betrokkenen=slugs(knowledge, wijk, HAD_BETROKKENE),
        werken=tuple(Werk(cyclus=name) for name in slugs(knowledge, wijk, HAD_WERK)),
    )


def slugs(knowledge: Knowledge, node: NamedNode, property: NamedNode) -> tuple[str, ...]:
    """The short names of what a node is linked to by a property."""
    return tuple(map(slug, knowledge.objects(node, property)))
