"""The parts of an advice about means: solutions, organisation, instruments, recommendations and steps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from kb.advice.model import (
    Conclusie,
    Ding,
    Handelingsperspectief,
    Instrument,
    KenmerkVanInstrument,
    Oplossing,
    Organisatievorm,
    Stappen,
    Status,
    Voorwaarde,
)
from kb.advice.terms import (
    BEDRAG,
    BENODIGD,
    DIENT_OPGAVE,
    DOET_HIER_MEER,
    DOET_MEE,
    DOET_NIET_MEE,
    EIST_KENMERK,
    FASE,
    GEBRUIKTE_INSTRUMENT,
    GELDT_KENMERK,
    HAD_KENMERK,
    HEEFT_BEHOEFTE,
    HEEFT_BIJNA_PASSEND_INSTRUMENT,
    HEEFT_DEELOPGAVE,
    HEEFT_INSTRUMENTSOORT,
    HEEFT_KENMERK,
    HEEFT_KOMEND_INSTRUMENT,
    HEEFT_MOGELIJK_INSTRUMENT,
    HEEFT_OPLOSSING,
    HEEFT_ORGANISATIEVORM,
    HEEFT_PASSEND_INSTRUMENT,
    HEEFT_PASSENDE_AANBEVELING,
    HEEFT_RELEVANTE_OPGAVE,
    HEEFT_SCHAARSTE,
    HEEFT_STAP,
    HEEFT_VERVOLGOPLOSSING,
    HELPT_OPGAVE,
    HOORT_IN_FASE,
    KENT_NIET_VOORWAARDE,
    KOMT_NA_FASE,
    MAAKT_MOGELIJK,
    MIST_VOORWAARDE,
    OP_SCHAAL,
    PLAATSELIJK,
    ROEPT_OP,
    SCHAARS_MIDDEL,
    TERMIJN,
    UITGEVOERD_DOOR,
    VALKUIL,
    VAN_OPGAVE,
    VEREIST,
    VERLICHT_SCHAARSTE,
    VOORAL_BIJ_KENMERK,
    VOORZIET_IN,
    VORMEN,
    VRAAGT_BETROKKENE,
    VRAAGT_EERST,
    VRIJWEL_ALTIJD_AAN_TAFEL,
)
from kb.advice.view import View, conclusie
from kb.explain.proof import conclusion_key
from kb.knowledge.knowledge import Knowledge
from kb.names import TYPE, local_name, short
from kb.situation.facts import Link

STATUS: dict[NamedNode, Status] = {
    HEEFT_PASSEND_INSTRUMENT: "past",
    HEEFT_MOGELIJK_INSTRUMENT: "mogelijk",
    HEEFT_KOMEND_INSTRUMENT: "komt",
    HEEFT_BIJNA_PASSEND_INSTRUMENT: "bijna",
}

# What asks for one of more characteristics than these is made for none of them in particular.
MOST_ALTERNATIVES = 2

# The properties of the instruments that can be used, now or later: these stand in one ranking.
USABLE = (HEEFT_PASSEND_INSTRUMENT, HEEFT_MOGELIJK_INSTRUMENT, HEEFT_KOMEND_INSTRUMENT)


def instrumenten(view: View) -> tuple[Instrument, ...]:
    """The instruments that fit, that fit if what is unknown holds, and that are still to open, in one ranking."""
    return view.rows(_usable, *USABLE)


def bijna_passend(view: View) -> tuple[Instrument, ...]:
    """The instruments that fit but for one condition."""
    return view.rows(_almost, HEEFT_BIJNA_PASSEND_INSTRUMENT)


def _usable(view: View, link: Link) -> Instrument:
    return _instrument(view, link, USABLE)


def _almost(view: View, link: Link) -> Instrument:
    return _instrument(view, link, (link.property,), _missing(view, link))


def _missing(view: View, link: Link) -> Ding:
    conditions = view.knowledge.objects(link.object, VEREIST)
    return view.thing(next(node for node in conditions if view.holds(MIST_VOORWAARDE, node)))


def aanbevelingen(view: View) -> tuple[Handelingsperspectief, ...]:
    """The recommendations that fit."""
    return view.rows(_aanbeveling, HEEFT_PASSENDE_AANBEVELING)


def _aanbeveling(view: View, link: Link) -> Handelingsperspectief:
    return Handelingsperspectief(**view.conclusion(link), behoeften=_needs_met(view, link))


def oplossingen(view: View) -> tuple[Oplossing, ...]:
    """The solutions that serve several relevant tasks, and those they make possible; what serves most comes first."""
    links = view.concluded(HEEFT_VERVOLGOPLOSSING) | view.concluded(HEEFT_OPLOSSING)
    rows = [view.row(_oplossing, link) for link in links.values()]
    return tuple(sorted(rows, key=lambda row: (-len(row.opgaven), row.label)))


def organisatie(view: View) -> tuple[Organisatievorm, ...]:
    """The forms of organisation, by task."""
    rows = view.rows(_organisatievorm, HEEFT_ORGANISATIEVORM)
    return tuple(sorted(rows, key=lambda row: (row.opgave.label, row.label)))


def _organisatievorm(view: View, link: Link) -> Organisatievorm:
    kinds = {triple.object for triple in view.knowledge.triples(link.object, TYPE)}
    return Organisatievorm(
        **view.conclusion(link),
        opgave=view.thing(view.one(link.object, VAN_OPGAVE)),
        vorm=next(local_name(vorm) for vorm in VORMEN if vorm in kinds),
        betrokkenen=view.related(link.object, VRAAGT_BETROKKENE),
    )


def stappen(view: View) -> tuple[Stappen, ...]:
    """The steps, phase by phase."""
    groups: dict[NamedNode, list[Conclusie]] = defaultdict(list)
    for link in view.links(HEEFT_STAP):
        groups[view.one(link.object, HOORT_IN_FASE)].append(view.row(conclusie, link))
    return tuple(
        Stappen(fase=view.thing(fase), label=view.label(fase), stappen=tuple(groups[fase]))
        for fase in _phases(view.knowledge)
        if groups[fase]
    )


def _parties(view: View, instrument: NamedNode) -> list[NamedNode]:
    """Who carries an instrument out, without who is not there."""
    every = view.knowledge.objects(instrument, UITGEVOERD_DOOR)
    return [party for party in every if not view.holds(DOET_NIET_MEE, party)]


def _named(view: View, parties: Iterable[NamedNode]) -> tuple[Ding, ...]:
    return tuple(sorted(map(view.thing, parties), key=lambda party: party.label.casefold()))


def _at_the_table(view: View, party: NamedNode) -> bool:
    """Whether a party takes part, or nearly always does."""
    return view.holds(DOET_MEE, party) or view.knowledge.literal(party, VRIJWEL_ALTIJD_AAN_TAFEL) == "true"


def _instrument(view: View, link: Link, ranked_as: tuple[NamedNode, ...], missing: Ding | None = None) -> Instrument:
    node = link.object
    parties = _parties(view, node)
    helps = view.knowledge.objects(node, HELPT_OPGAVE)
    return Instrument(
        **view.conclusion(link, *ranked_as),
        behoeften=_needs_met(view, link),
        status=STATUS[link.property],
        gaNa=tuple(_unknown(view, node)),
        soort=view.related(node, HEEFT_INSTRUMENTSOORT),
        wie=_named(view, parties),
        aanTafel=_named(view, (party for party in parties if _at_the_table(view, party))),
        schaal=view.related(node, OP_SCHAAL),
        termijn=view.text(node, TERMIJN),
        bedrag=view.text(node, BEDRAG),
        benodigd=view.text(node, BENODIGD),
        eerst=view.related(node, VRAAGT_EERST),
        valkuil=view.text(node, VALKUIL),
        plaatselijk=view.knowledge.literal(node, PLAATSELIJK) == "true",
        helpt=view.things(_at_issue(view, helps)),
        bijKenmerken=view.things(_does_more_with(view, node)),
        gemaaktVoor=tuple(_made_for(view, node)),
        tegenSchaarste=_relieved(view, node),
        wijken=view.examples(GEBRUIKTE_INSTRUMENT, node),
        ontbreekt=missing.label if missing else None,
        voorwaarde=missing,
    )


def _at_issue(view: View, tasks: Iterable[NamedNode]) -> list[NamedNode]:
    """Those of some tasks, and parts of them, that are at issue here."""
    return [task for task in tasks if view.holds(HEEFT_RELEVANTE_OPGAVE, task) or view.holds(HEEFT_DEELOPGAVE, task)]


def _does_more_with(view: View, node: NamedNode) -> list[NamedNode]:
    """The characteristics of this wijk with which the rules find that an instrument does more here."""
    if not view.holds(DOET_HIER_MEER, node):
        return []
    suited = view.knowledge.objects(node, VOORAL_BIJ_KENMERK)
    return [kenmerk for kenmerk in suited if view.holds(GELDT_KENMERK, kenmerk)]


def _made_for(view: View, node: NamedNode) -> Iterator[KenmerkVanInstrument]:
    """The characteristics of this wijk that an instrument requires or with which it does more, by name."""
    asked = [view.knowledge.objects(condition, EIST_KENMERK) for condition in view.knowledge.objects(node, VEREIST)]
    narrow = {kenmerk for kenmerken in asked if len(kenmerken) <= MOST_ALTERNATIVES for kenmerk in kenmerken}
    required = {kenmerk for kenmerk in narrow if view.holds(GELDT_KENMERK, kenmerk)}
    for kenmerk in sorted({*required, *_does_more_with(view, node)}, key=view.label):
        yield KenmerkVanInstrument(
            id=short(kenmerk),
            label=view.label(kenmerk),
            in_zin=view.stated_as(kenmerk).said,
            vereist=kenmerk in required,
            opgegeven=view.holds(HEEFT_KENMERK, kenmerk),
            wijken=len(view.knowledge.subjects(HAD_KENMERK, kenmerk)),
        )


def _relieved(view: View, node: NamedNode) -> tuple[Ding, ...]:
    """The stated scarcities that the rules find an instrument relieves, which is for a task at issue here or for any task."""
    helps = view.knowledge.objects(node, HELPT_OPGAVE)
    if not view.holds(VERLICHT_SCHAARSTE, node) or (helps and not _at_issue(view, helps)):
        return ()
    needs = set(view.knowledge.objects(node, VOORZIET_IN))
    scarce = (each for each in view.knowledge.instances(SCHAARS_MIDDEL) if view.holds(HEEFT_SCHAARSTE, each))
    return view.things(each for each in scarce if needs.intersection(view.knowledge.objects(each, ROEPT_OP)))


def _unknown(view: View, node: NamedNode) -> list[Voorwaarde]:
    """The conditions of which it is not known whether they hold."""
    return [
        Voorwaarde(
            id=short(condition),
            label=view.label(condition),
            in_zin=view.thing(condition).said,
            conclusie=conclusion_key(Link(KENT_NIET_VOORWAARDE, condition)),
        )
        for condition in view.knowledge.objects(node, VEREIST)
        if view.holds(KENT_NIET_VOORWAARDE, condition)
    ]


def _needs_met(view: View, link: Link) -> tuple[Ding, ...]:
    needs = view.knowledge.objects(link.object, VOORZIET_IN)
    return view.things(need for need in needs if view.holds(HEEFT_BEHOEFTE, need))


def _oplossing(view: View, link: Link) -> Oplossing:
    node = link.object
    serves = view.knowledge.objects(node, DIENT_OPGAVE)
    enabled, enabling = view.knowledge.objects(node, MAAKT_MOGELIJK), view.knowledge.subjects(MAAKT_MOGELIJK, node)
    return Oplossing(
        **view.conclusion(link),
        opgaven=view.things(opgave for opgave in serves if view.holds(HEEFT_RELEVANTE_OPGAVE, opgave)),
        maaktMogelijk=view.things(other for other in enabled if _is_solution(view, other)),
        dankzij=view.things(other for other in enabling if _is_solution(view, other)),
    )


def _is_solution(view: View, node: NamedNode) -> bool:
    return view.holds(HEEFT_OPLOSSING, node) or view.holds(HEEFT_VERVOLGOPLOSSING, node)


def _phases(knowledge: Knowledge) -> list[NamedNode]:
    """The phases in the order in which they come."""
    before = {fase: knowledge.objects(fase, KOMT_NA_FASE) for fase in knowledge.instances(FASE)}

    def rank(fase: NamedNode) -> int:
        return 1 + max((rank(earlier) for earlier in before[fase]), default=0)

    return sorted(before, key=rank)
