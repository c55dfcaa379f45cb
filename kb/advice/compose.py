"""Compose an advice from what holds in a situation."""

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode

from kb.advice import cases, couplings, means, tasks
from kb.advice.model import Advies, Antwoord, Conclusie, Ding, Gegeven, Ingevuld, Vraag
from kb.advice.receipt import Ontvangstbewijs
from kb.advice.terms import (
    HEEFT_AFGELEID_KENMERK,
    HEEFT_BEHOEFTE,
    HEEFT_COMBINATIE,
    HEEFT_KOPPELCONCEPT,
    HEEFT_KOPPELKANS,
    HEEFT_LEIDENDE_OPGAVE,
    HEEFT_LEIDENDE_TRANSITIE,
    HEEFT_LOSSE_OPGAVE,
    HEEFT_MEDESPELER,
    HEEFT_MEELIFTKOPPELING,
    HEEFT_RELEVANTE_OPGAVE,
    HEEFT_SIGNAAL,
    HEEFT_STILLE_AANLEIDING,
    HEEFT_VERVALLEN_AANLEIDING,
    HEEFT_VERVALLEN_OPGAVE,
    HEEFT_WEERSPROKEN_OPGAVE,
    OPENT_ELEMENT,
)
from kb.advice.view import View, conclusie
from kb.explain.question import Question
from kb.names import local_name
from kb.program.condition import Condition
from kb.program.evaluate import Outcome
from kb.situation.facts import Node
from kb.situation.model import (
    GEMETEN_IN,
    GEMETEN_OVER,
    GROOTHEID,
    HEEFT_METING,
    ONTLEEND_AAN,
    PEILDATUM,
    TOEGEPAST_OP,
    WAARDE,
    Situatie,
)

# How many conclusions that follow from the same are named in one sentence.
MOST_TOGETHER = 3


def compose(view: View, situation: Situatie, questions: Iterable[Question], receipt: Ontvangstbewijs) -> Advies:
    """The advice about a situation, with these questions open and this receipt."""
    rows = couplings.koppelkansen(view, HEEFT_KOPPELKANS)
    riding = couplings.koppelkansen(view, HEEFT_MEELIFTKOPPELING)
    openings = couplings.openingen(view)
    return Advies(
        situatie=situation,
        uitgangspunten=_stated(view, situation),
        ingevuld=_filled(view),
        leidendeTransities=tasks.transities(view, HEEFT_LEIDENDE_TRANSITIE),
        medespelers=tasks.transities(view, HEEFT_MEDESPELER),
        relevanteOpgaven=tasks.opgaven(view, HEEFT_RELEVANTE_OPGAVE),
        leidend=tasks.opgaven(view, HEEFT_LEIDENDE_OPGAVE),
        volgend=tasks.volgend(view),
        losseOpgaven=tasks.opgaven(view, HEEFT_LOSSE_OPGAVE),
        meeliftkansen=tasks.meeliftkansen(view),
        vervallen=_together(view, HEEFT_VERVALLEN_OPGAVE),
        weersproken=_plain(view, HEEFT_WEERSPROKEN_OPGAVE),
        koppelkansen=rows,
        meeliftkoppelingen=riding,
        koppelconcepten=_plain(view, HEEFT_KOPPELCONCEPT),
        combinaties=_plain(view, HEEFT_COMBINATIE),
        conflicten=couplings.conflicten(view),
        oplossingen=means.oplossingen(view),
        organisatie=means.organisatie(view),
        behoeften=_plain(view, HEEFT_BEHOEFTE),
        instrumenten=means.instrumenten(view),
        bijnaPassend=means.bijna_passend(view),
        aanbevelingen=means.aanbevelingen(view),
        vergelijkbareWijken=cases.vergelijkbare_wijken(view),
        signalen=_plain(view, HEEFT_SIGNAAL),
        afgeleideKenmerken=_plain(view, HEEFT_AFGELEID_KENMERK),
        vervallenAanleidingen=_plain(view, HEEFT_VERVALLEN_AANLEIDING),
        stilleAanleidingen=_plain(view, HEEFT_STILLE_AANLEIDING),
        komendWerk=couplings.komend_werk(view, (*rows, *riding), openings),
        openingen=tuple(openings.values()),
        openElementen=_plain(view, OPENT_ELEMENT),
        stappen=means.stappen(view),
        vragen=tuple(map(vraag, questions)),
        ontvangstbewijs=receipt,
    )


def vraag(question: Question) -> Vraag:
    """An open question as part of an advice."""
    answers = (Antwoord(toevoegen={**a.stated}, verandert=a.changes) for a in question.answers)
    return Vraag(veld=question.topic, vraag=question.text, antwoorden=tuple(answers), verandert=question.changes)


def _plain(view: View, prop: NamedNode) -> tuple[Conclusie, ...]:
    """The conclusions of one property."""
    return view.rows(conclusie, prop)


def _together(view: View, prop: NamedNode) -> tuple[Conclusie, ...]:
    """The conclusions of one property, each with how it is told together with those that follow from the same.

    What meets no criterion nobody would look for, and it is told by itself.
    """
    rows = {link: view.row(conclusie, link) for link in view.links(prop)}
    expected = [link for link, row in rows.items() if row.rangorde]
    told = dict(zip(expected, view.together(expected, MOST_TOGETHER), strict=True))
    return tuple(row.model_copy(update={"samen": told.get(link, "")}) for link, row in rows.items())


def _stated(view: View, situation: Situatie) -> tuple[Gegeven, ...]:
    """What the situation states, in words; not the reference date when it is only today’s."""
    facts, texts = view.outcome.facts, view.texts
    stated: dict[NamedNode, list[str]] = defaultdict(list)
    named: dict[NamedNode, list[Ding]] = defaultdict(list)
    for prop, node in sorted(facts.links, key=lambda link: view.label(link.object)):
        stated[prop].append(view.label(node))
        named[prop].append(view.thing(node))
    if situation.peildatum:
        stated[PEILDATUM].append(texts.value(facts.values[PEILDATUM], view.language))
    for own in facts.nodes:
        stated[own.property].append(texts.node(own, view.language))
    return tuple(
        Gegeven(eigenschap=local_name(prop), label=view.label(prop), waarden=tuple(values), dingen=tuple(named[prop]))
        for prop, values in stated.items()
    )


def _filled(view: View) -> tuple[Ingevuld, ...]:
    """The measurements that were filled in from a public source; those that some rule made use of first."""
    found = [own for own in view.outcome.facts.nodes_of(HEEFT_METING) if ONTLEEND_AAN in own.values]
    if not found:
        return ()
    used = _used(view.outcome)
    return tuple(_origin(view, own) for own in sorted(found, key=lambda own: own.place not in used))


def _used(outcome: Outcome) -> set[str]:
    """The places of the situation's own nodes that rules which fired rest on."""
    atoms, rules = outcome.program.atoms, outcome.program.rules
    numbers = {atom for fired in outcome.fired.values() for number in fired for atom in rules[number].positive}
    conditions = [atom for number in numbers if isinstance(atom := atoms[number], Condition)]
    return {own.place for each in conditions for own in next(each.witnesses(outcome.facts)).values()}


def _origin(view: View, own: Node) -> Ingevuld:
    values = own.values
    grootheid, bron = values[GROOTHEID], values[ONTLEEND_AAN]
    assert isinstance(grootheid, NamedNode) and isinstance(bron, NamedNode)
    return Ingevuld(
        grootheid=view.thing(grootheid),
        waarde=float(str(values[WAARDE])),
        tekst=view.texts.node(own, view.language),
        bron=view.thing(bron),
        jaar=int(str(values[GEMETEN_IN])),
        gebied=str(values[GEMETEN_OVER]),
        toegepastOp=str(values[TOEGEPAST_OP]) if TOEGEPAST_OP in values else None,
    )
