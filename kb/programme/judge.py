"""What the rules say of a planning: of every two works in one place, and of all works in a place together."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from pyoxigraph import NamedNode

from kb.advice.couplings import conflicten
from kb.advice.model import MOST_KOPPELKANSEN, Advies, Ding
from kb.advice.terms import HEEFT_KOPPELKANS, HEEFT_STERKE_KOPPELKANS, KOPPELT_IN
from kb.advice.view import View
from kb.engine import Engine
from kb.errors import Problem, SituationError
from kb.explain.proof import conclusion_key
from kb.language import Words
from kb.names import short
from kb.programme import terms
from kb.programme.distance import between, search_distance
from kb.programme.model import (
    Bevinding,
    Botsing,
    GekoppeldeOpgaven,
    Ontmoeting,
    Plaats,
    PlaatsConflict,
    PlaatsKoppelkans,
    Plaatssoort,
    Verschuiving,
    Werkprogramma,
)
from kb.programme.places import Place, by_place, certainty, shared
from kb.programme.reading import Sheet
from kb.programme.verdicts import Verdicts, pair_fingerprint
from kb.programme.works import Work, Works, as_known, situation_of
from kb.situation.facts import Link
from kb.situation.model import Situatie

# How heavily two works clash with the rest period, by what the rules conclude.
WEIGHTS: dict[NamedNode, Botsing] = {terms.HEEFT_ZWARE_RUSTBOTSING: "zwaar", terms.HEEFT_LICHTE_RUSTBOTSING: "licht"}


def make_programme(
    engine: Engine,
    sheet: Sheet,
    day: date,
    language: str = "nl",
    *,
    text: bool = True,
    with_data: bool = True,
    most_pairs: int | None = None,
    distance: float | None = None,
    verdicts: Sheet | None = None,
) -> Werkprogramma:
    """What comes of a planning on a day. `text` says that its cells are text, as in CSV; `distance` is how many metres apart
    drawn works may lie of which the rows do not say so, in place of what the knowledge has. `verdicts` are the judgements of
    parties that come with it.

    Errors: SituationError when more than `most_pairs` pairs of works would have to be judged; WijkaanpakError when there
    is no table of the country.
    """
    searched = search_distance(engine.knowledge, distance, language)
    works, refused = Works(engine, day, searched, language, with_data=with_data).read(sheet, text=text)
    works.sort(key=_order)
    places = by_place((work.told.id, work.place) for work in works)
    pairs = sum(len(names) * (len(names) - 1) // 2 for names in places.values())
    if most_pairs is not None and pairs > most_pairs:
        raise SituationError([_too_many(pairs, most_pairs)])
    by_id = {work.told.id: work for work in works}
    given = Verdicts(engine, day, language, {name: work.told for name, work in by_id.items()})
    if verdicts is not None:
        given.read(verdicts, text=text)
    judge = _Judge(engine, day, language, given if verdicts is not None else None)
    told = tuple(judge.place(place, [by_id[name] for name in names]) for place, names in places.items())
    met = {frozenset(meeting.werken) for place in told for meeting in place.ontmoetingen}
    return Werkprogramma(
        peildatum=day,
        zoekafstand=searched,
        werken=tuple(work.told for work in works),
        plaatsen=told,
        nietGebruikt=tuple(refused),
        losseOordelen=tuple(given.besides(met)),
        nietGebruikteOordelen=tuple(given.refused),
        nietGelezen=(*sheet.unknown, *(verdicts.unknown if verdicts else ())),
    )


class _Judge:
    def __init__(self, engine: Engine, day: date, language: str, verdicts: Verdicts | None) -> None:
        self.engine = engine
        self.day = day
        self.language = language
        self.verdicts = verdicts
        knowledge = engine.knowledge
        self._pairs: dict[tuple[NamedNode, NamedNode], NamedNode] = {
            (first, second): pair
            for pair in knowledge.instances(terms.WERKPAAR)
            for first in knowledge.objects(pair, terms.EERSTE_WERKSOORT)
            for second in knowledge.objects(pair, terms.TWEEDE_WERKSOORT)
        }

    def place(self, place: Place, works: list[Work]) -> Plaats:
        """What is told of a place."""
        area = next((work.area for work in works if work.place.key == place.key), works[0].area)
        name = ", ".join(part for part in (place.name, area.name or place.area) if part)
        known = [as_known(work, shared(place, work.place)) for work in works]
        situation = situation_of(area, self.day, known, name)
        advice = self.engine.advise(situation, self.language)
        return Plaats(
            sleutel=place.key,
            soort=place.kind,
            naam=name,
            gebied=place.area or None,
            gebiedsnaam=area.name,
            werken=tuple(work.told.id for work in works),
            ontmoetingen=tuple(self._meetings(place, works)),
            leidend=tuple(_bare(row) for row in advice.leidendeTransities),
            koppelkansen=tuple(_couplings(advice)),
            conflicten=tuple(
                PlaatsConflict(id=row.id, label=row.label, conclusie=row.conclusie) for row in advice.conflicten
            ),
            situatie=situation,
        )

    def _meetings(self, place: Place, works: Sequence[Work]) -> Iterator[Ontmoeting]:
        for one, other in combinations(works, 2):
            sure = certainty(place, one.place, other.place)
            if sure is None or one.kind == other.kind:
                continue
            area = one.area if one.place.key == place.key else other.area
            known = [as_known(one, sure), as_known(other, sure)]
            situation = situation_of(area, self.day, known, f"{one.told.id} + {other.told.id}")
            if meeting := self._meeting(one, other, sure, situation):
                yield meeting

    def _meeting(self, one: Work, other: Work, sure: Plaatssoort, situation: Situatie) -> Ontmoeting | None:
        """What is told of two works, or nothing when no rule says anything of them."""
        view = self.engine.view(situation, self.language)
        one, other, pair = self._in_order(view, one, other)
        couplings = tuple(_coupled(view))
        links = [Link(prop, pair) for prop in terms.FINDINGS if view.holds(prop, pair)] if pair else []
        if not links and not couplings:
            return None
        held = {link.property for link in links}
        return Ontmoeting(
            id=f"{one.told.id}+{other.told.id}",
            werken=(one.told.id, other.told.id),
            plaatszekerheid=sure,
            tussenruimte=between(one.place, other.place) if sure == "ligging" else None,
            elementen=tuple(map(_bare, view.related(pair, terms.BEIDE_OPENEN))) if pair else (),
            volgensPlan=terms.HEEFT_SAMENLOOP in held,
            verschuivingen=tuple(_moves(one, other, links)),
            eenOpening=terms.KAN_OPENING_DELEN in held,
            botsing=next((weight for prop, weight in WEIGHTS.items() if prop in held), None),
            uitwegen=tuple(self._ways_out(view)) if terms.HEEFT_ZWARE_RUSTBOTSING in held else (),
            koppelingen=couplings,
            beslisVoor=one.told.van,
            volgendeKans=_next_chance(view, one) if terms.KAN_VOORBIJ_LATEN_GAAN in held else None,
            bevindingen=tuple(_finding(view, link) for link in links),
            oordelen=self.verdicts.about((one.told.id, other.told.id)) if self.verdicts else (),
            teBeoordelenDoor=self.verdicts.wanted((one.told, other.told)) if self.verdicts else (),
            vingerafdruk=pair_fingerprint(one.told, other.told),
            situatie=situation,
        )

    def _in_order(self, view: View, one: Work, other: Work) -> tuple[Work, Work, NamedNode | None]:
        """The two in the order in which the rules say something of them, and the pair of their kinds."""
        ways = [(one, other), (other, one)]
        found = [(first, second, self._pairs.get((first.kind, second.kind))) for first, second in ways]
        told = (way for way in found if way[2] and any(view.holds(prop, way[2]) for prop in terms.FINDINGS))
        return next(told, found[0])

    def _ways_out(self, view: View) -> Iterator[Ding]:
        rest = {view.thing(node).id for node in self.engine.knowledge.instances(terms.RUSTCONFLICT)}
        for conflict in conflicten(view):
            if conflict.id in rest:
                yield from map(_bare, conflict.uitwegen)


def _order(work: Work) -> tuple[int, int, str, str]:
    return work.told.van, work.told.tot, work.kind.value, work.told.id


def _bare(thing: Ding) -> Ding:
    return Ding(id=thing.id, label=thing.label, in_zin=thing.in_zin)


def _finding(view: View, link: Link) -> Bevinding:
    told = view.conclusion(link)
    return Bevinding(
        conclusie=told["conclusie"],
        label=view.label(link.property),
        redenen=told["redenen"],
        rustOpAanname=told["rustOpAanname"],
    )


def _moves(one: Work, other: Work, links: Sequence[Link]) -> Iterator[Verschuiving]:
    """Who would have to move how far, for each way of moving that the rules find."""
    gap = other.told.van - one.told.tot
    later = min(gap, one.told.schuifruimte or 0)
    for link in links:
        key = conclusion_key(link)
        if link.property == terms.KAN_EERSTE_LATEN_WACHTEN:
            yield _move(one, gap, key)
        elif link.property == terms.KAN_TWEEDE_VERVROEGEN:
            yield _move(other, -gap, key)
        elif link.property == terms.KAN_BEIDE_SCHUIVEN:
            yield _move(one, later, key, together=True)
            yield _move(other, later - gap, key, together=True)


def _move(work: Work, years: int, key: str, *, together: bool = False) -> Verschuiving:
    return Verschuiving(
        werk=work.told.id, jaren=years, eigenaar=work.told.eigenaar, alleenSamen=together, conclusie=key
    )


def _coupled(view: View) -> Iterator[GekoppeldeOpgaven]:
    """The pairs of tasks that couple here, and do so in time."""
    for link in view.links(HEEFT_KOPPELKANS):
        if view.holds(KOPPELT_IN["tijd"], link.object):
            yield GekoppeldeOpgaven(
                id=short(link.object),
                label=view.label(link.object),
                sterk=view.holds(HEEFT_STERKE_KOPPELKANS, link.object),
                conclusie=conclusion_key(link),
            )


def _couplings(advice: Advies) -> Iterator[PlaatsKoppelkans]:
    """The couplings that the first screen of an advice shows."""
    for row in advice.koppelkansen[:MOST_KOPPELKANSEN]:
        yield PlaatsKoppelkans(
            id=row.id,
            label=row.label,
            sterk=row.sterk,
            beslisVoor=row.beslisVoor,
            volgendeKans=row.volgendeKans,
            conclusie=row.conclusie,
        )


def _next_chance(view: View, work: Work) -> int | None:
    return next((told.volgendeKans for told in view.works[work.kind]), None)


def _too_many(pairs: int, most: int) -> Problem:
    return Problem(
        "werken",
        Words(
            f"{pairs} paren van werken om te vergelijken, en ten hoogste {most} mag; deel de planning op naar gebied, "
            "of geef vakken en straten.",
            f"{pairs} pairs of works to compare, and at most {most} may be; split the planning by area, "
            "or give sections and streets.",
        ),
    )
