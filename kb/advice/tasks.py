"""The parts of an advice about transitions and tasks: what leads, what follows, what can ride along."""

from collections import defaultdict

from pyoxigraph import NamedNode

from kb.advice.model import (
    Bewijsgrond,
    Bewijssoort,
    Conclusie,
    Ding,
    Kleving,
    Meeliftkans,
    Opgave,
    Transitie,
    VolgendeOpgave,
)
from kb.advice.terms import (
    AANTAL_STAPPEN,
    ACTIVEERT,
    HEEFT_GEBRUIKELIJKE_OPGAVE,
    HEEFT_GEVRAAGDE_OPGAVE,
    HEEFT_KLEVING,
    HEEFT_LEIDGROND,
    HEEFT_MEELIFTKANS,
    HEEFT_NODIGE_OPGAVE,
    HEEFT_PLAATS,
    HEEFT_VOLGENDE_OPGAVE,
    HEEFT_VOLGER,
    HOORT_BIJ,
    IS_GROND_VAN,
    IS_PLAATS_VAN,
    KLEEFT_AAN_OPGAVE,
    MAAKT_NODIG,
    OP_GROND,
    STAAT_OP_AFSTAND,
    VIA_KOPPELING,
    VOLGNUMMER,
)
from kb.advice.view import Concluded, View
from kb.explain.proof import conclusion_key
from kb.names import short
from kb.situation.facts import Link

# Why a task is relevant, the strongest first.
EVIDENCE: dict[Bewijssoort, NamedNode] = {
    "gevraagd": HEEFT_GEVRAAGDE_OPGAVE,
    "nodig": HEEFT_NODIGE_OPGAVE,
    "gebruikelijk": HEEFT_GEBRUIKELIJKE_OPGAVE,
}


def transities(view: View, prop: NamedNode) -> tuple[Transitie, ...]:
    """The transitions that lead or play along, each with its grounds, the strongest first."""
    grounds: dict[NamedNode, list[Conclusie]] = defaultdict(list)
    for link in sorted(view.links(HEEFT_LEIDGROND), key=lambda link: _strength(view, link)):
        grounds[view.one(link.object, IS_GROND_VAN)].append(Conclusie(**view.conclusion(link)))
    return tuple(
        Transitie(
            **view.conclusion(link),
            kort=view.knowledge.in_sentence(link.object, view.language),
            gronden=tuple(grounds[link.object]),
        )
        for link in view.links(prop)
    )


def _strength(view: View, link: Link) -> int:
    return int(view.knowledge.literal(view.one(link.object, OP_GROND), VOLGNUMMER) or 0)


def opgaven(view: View, prop: NamedNode) -> tuple[Opgave, ...]:
    """The tasks with this property."""
    return tuple(Opgave(**_task(view, link)) for link in view.links(prop))


def meeliftkansen(view: View) -> tuple[Meeliftkans, ...]:
    """The tasks that can ride along, each with what would make it needed."""
    return tuple(
        Meeliftkans(**_task(view, link), nodigBij=view.things(_evidence_for(view, link.object)))
        for link in view.links(HEEFT_MEELIFTKANS)
    )


def volgend(view: View) -> tuple[VolgendeOpgave, ...]:
    """The following tasks, the closest first."""
    distances = {
        view.one(link.object, IS_PLAATS_VAN): _distance(view, link.object) for link in view.links(HEEFT_PLAATS)
    }
    ties: dict[NamedNode, list[Kleving]] = defaultdict(list)
    for link in view.links(HEEFT_KLEVING):
        to = view.thing(view.one(link.object, KLEEFT_AAN_OPGAVE))
        via = short(view.one(link.object, VIA_KOPPELING))
        ties[view.one(link.object, HEEFT_VOLGER)].append(Kleving(opgave=to, label=to.label, via=via))
    rows = [
        VolgendeOpgave(
            **_task(view, link),
            afstand=distances[link.object],
            kleeftAan=tuple(sorted(ties[link.object], key=lambda tie: (tie.label, tie.via))),
        )
        for link in view.links(HEEFT_VOLGENDE_OPGAVE)
    ]
    return tuple(sorted(rows, key=lambda row: row.afstand))


class _Task(Concluded):
    transities: tuple[Ding, ...]
    waarom: tuple[Bewijsgrond, ...]


def _task(view: View, link: Link) -> _Task:
    return {
        **view.conclusion(link),
        "transities": view.related(link.object, HOORT_BIJ),
        "waarom": tuple(
            Bewijsgrond(soort=kind, conclusie=conclusion_key(found), redenen=view.reasons(found))
            for kind, prop in EVIDENCE.items()
            if view.outcome.holds(found := Link(prop, link.object))
        ),
    }


def _evidence_for(view: View, opgave: NamedNode) -> list[NamedNode]:
    return [node for prop in (MAAKT_NODIG, ACTIVEERT) for node in view.knowledge.subjects(prop, opgave)]


def _distance(view: View, place: NamedNode) -> int:
    return int(view.knowledge.literal(view.one(place, STAAT_OP_AFSTAND), AANTAL_STAPPEN) or 0)
