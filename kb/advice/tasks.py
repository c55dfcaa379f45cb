"""The parts of an advice about transitions and tasks: what leads, what follows, what can ride along."""

from functools import partial

from pyoxigraph import NamedNode

from kb.advice.model import (
    Bewijsgrond,
    Bewijssoort,
    Deelopgave,
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
    GAAT_OM_DEEL,
    HEEFT_DEELOPGAVE,
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
    IS_DEEL_VAN_OPGAVE,
    IS_GROND_VAN,
    IS_PLAATS_VAN,
    KLEEFT_AAN_OPGAVE,
    MAAKT_NODIG,
    OP_GROND,
    STAAT_OP_AFSTAND,
    STAAT_OP_ZICHZELF,
    VIA_KOPPELING,
    VOLGNUMMER,
)
from kb.advice.view import Concluded, View, conclusie
from kb.explain.proof import conclusion_key
from kb.names import short
from kb.situation.facts import Link

# Of what the strongest ground follows from, so many are named.
MOST_NAMED = 2

# Why a task is relevant, the strongest first.
EVIDENCE: dict[Bewijssoort, NamedNode] = {
    "gevraagd": HEEFT_GEVRAAGDE_OPGAVE,
    "nodig": HEEFT_NODIGE_OPGAVE,
    "gebruikelijk": HEEFT_GEBRUIKELIJKE_OPGAVE,
}


def transities(view: View, prop: NamedNode) -> tuple[Transitie, ...]:
    """The transitions that lead or play along, each with its grounds, the strongest first."""
    return tuple(_leading(view, link) for link in view.links(prop))


def _leading(view: View, link: Link) -> Transitie:
    """A transition with what is told of its strongest ground; that is not kept with the row."""
    row = view.row(_transitie, link)
    grounds = _grounds(view, link)
    if not grounds:
        return row
    told = {"want": view.reasons(grounds[0], MOST_NAMED), "cijfers": tuple(view.figures(grounds[0]))}
    return row.model_copy(update=told)


def _transitie(view: View, link: Link) -> Transitie:
    return Transitie(
        **view.conclusion(link),
        kort=view.knowledge.in_sentence(link.object, view.language),
        gronden=tuple(view.row(conclusie, ground) for ground in _grounds(view, link)),
    )


def _grounds(view: View, link: Link) -> list[Link]:
    """The grounds of a transition, the strongest first."""
    found = view.among(HEEFT_LEIDGROND, view.knowledge.subjects(IS_GROND_VAN, link.object))
    return sorted(found, key=partial(_strength, view))


def _strength(view: View, link: Link) -> int:
    return int(view.knowledge.literal(view.one(link.object, OP_GROND), VOLGNUMMER) or 0)


def opgaven(view: View, prop: NamedNode) -> tuple[Opgave, ...]:
    """The tasks with this property."""
    return view.rows(_opgave, prop)


def _opgave(view: View, link: Link) -> Opgave:
    return Opgave(**_task(view, link))


def meeliftkansen(view: View) -> tuple[Meeliftkans, ...]:
    """The tasks that can ride along, each with what would make it needed."""
    return view.rows(_meeliftkans, HEEFT_MEELIFTKANS)


def _meeliftkans(view: View, link: Link) -> Meeliftkans:
    return Meeliftkans(**_task(view, link), nodigBij=view.things(_evidence_for(view, link.object)))


def volgend(view: View) -> tuple[VolgendeOpgave, ...]:
    """The following tasks, the closest first."""
    return tuple(sorted(view.rows(_volgend, HEEFT_VOLGENDE_OPGAVE), key=lambda row: row.afstand))


def _volgend(view: View, link: Link) -> VolgendeOpgave:
    places = view.among(HEEFT_PLAATS, view.knowledge.subjects(IS_PLAATS_VAN, link.object))
    ties = view.among(HEEFT_KLEVING, view.knowledge.subjects(HEEFT_VOLGER, link.object))
    return VolgendeOpgave(
        **_task(view, link),
        afstand=_distance(view, places[-1].object),
        kleeftAan=tuple(sorted((_kleving(view, tie) for tie in ties), key=lambda tie: (tie.label, tie.via))),
    )


def _kleving(view: View, link: Link) -> Kleving:
    to = view.thing(view.one(link.object, KLEEFT_AAN_OPGAVE))
    return Kleving(opgave=to, label=to.label, via=short(view.one(link.object, VIA_KOPPELING)))


class _Task(Concluded):
    transities: tuple[Ding, ...]
    waarom: tuple[Bewijsgrond, ...]
    deelopgaven: tuple[Deelopgave, ...]
    gaatOm: tuple[Ding, ...]


def _task(view: View, link: Link) -> _Task:
    parts = view.knowledge.subjects(IS_DEEL_VAN_OPGAVE, link.object)
    return {
        **view.conclusion(link),
        "transities": view.related(link.object, HOORT_BIJ),
        "waarom": tuple(
            Bewijsgrond(soort=kind, conclusie=conclusion_key(found), redenen=view.reasons(found))
            for kind, prop in EVIDENCE.items()
            if view.holds(*(found := Link(prop, link.object)))
        ),
        "deelopgaven": tuple(view.row(_deelopgave, part) for part in view.among(HEEFT_DEELOPGAVE, parts)),
        "gaatOm": tuple(view.thing(part.object) for part in view.among(GAAT_OM_DEEL, parts)),
    }


def _deelopgave(view: View, link: Link) -> Deelopgave:
    return Deelopgave(
        **view.conclusion(link), opZichzelf=view.knowledge.literal(link.object, STAAT_OP_ZICHZELF) == "true"
    )


def _evidence_for(view: View, opgave: NamedNode) -> list[NamedNode]:
    return [node for prop in (MAAKT_NODIG, ACTIVEERT) for node in view.knowledge.subjects(prop, opgave)]


def _distance(view: View, place: NamedNode) -> int:
    return int(view.knowledge.literal(view.one(place, STAAT_OP_AFSTAND), AANTAL_STAPPEN) or 0)
