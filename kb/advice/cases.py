"""The part of an advice about known wijken: what they share with the situation, how they ended and what they teach."""

from decimal import Decimal

from pyoxigraph import NamedNode

from kb.advice.model import Cijfer, Wijk
from kb.advice.terms import (
    CIJFEREENHEID,
    CIJFERWAARDE,
    GELDT_KENMERK,
    HAD_AANLEIDING,
    HAD_BETROKKENE,
    HAD_KENMERK,
    HAD_LEIDENDE_TRANSITIE,
    HEEFT_AFLOOP,
    HEEFT_CIJFER,
    HEEFT_GELDENDE_AANLEIDING,
    IN_GEMEENTE,
    IN_JAAR,
    LES,
    LIJKT_OP,
    PAKTE_OPGAVE_OP,
)
from kb.advice.view import View
from kb.language import show_number
from kb.names import short
from kb.situation.facts import Link
from kb.situation.model import LINK_FIELDS

# What was known of a wijk before, and how the same is told of the situation.
SHARED = {
    HAD_AANLEIDING: HEEFT_GELDENDE_AANLEIDING,
    HAD_KENMERK: GELDT_KENMERK,
    HAD_BETROKKENE: LINK_FIELDS["betrokkenen"],
}


def vergelijkbare_wijken(view: View) -> tuple[Wijk, ...]:
    """The known wijken that resemble the situation; those that share most with it first."""
    return tuple(sorted(view.rows(_wijk, LIJKT_OP), key=lambda row: -len(row.gedeeld)))


def _wijk(view: View, link: Link) -> Wijk:
    wijk = link.object
    shared = [
        node for had, here in SHARED.items() for node in view.knowledge.objects(wijk, had) if view.holds(here, node)
    ]
    figures = [_cijfer(view, node) for node in view.knowledge.objects(wijk, HEEFT_CIJFER)]
    return Wijk(
        **view.conclusion(link),
        gemeente=view.optional(view.first(wijk, IN_GEMEENTE)),
        gedeeld=view.things(shared),
        leidend=view.related(wijk, HAD_LEIDENDE_TRANSITIE),
        opgaven=view.related(wijk, PAKTE_OPGAVE_OP),
        afloop=view.optional(view.first(wijk, HEEFT_AFLOOP)),
        les=view.text(wijk, LES),
        cijfers=tuple(figures),
    )


def _cijfer(view: View, node: NamedNode) -> Cijfer:
    value = show_number(Decimal(view.knowledge.literal(node, CIJFERWAARDE) or 0), view.language)
    unit = view.text(node, CIJFEREENHEID) or ""
    year = view.knowledge.literal(node, IN_JAAR)
    return Cijfer(
        id=short(node), label=view.label(node), waarde=f"{value} {unit}".strip(), jaar=int(year) if year else None
    )
