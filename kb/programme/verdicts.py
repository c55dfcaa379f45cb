"""What parties find of two works: read row by row, and held against the works as they stand now.

A judgement is about two works as they were. It lapses when either changed or went, or when the party judged again later.
Whether it does is told by the state (`stand1`, `stand2`) or the fingerprint that is kept with it; without these nobody knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from pyoxigraph import NamedNode

from kb.advice.model import Ding
from kb.engine import Engine
from kb.errors import Problem, nearest
from kb.language import Words, catalogue, did_you_mean, show_day, spoken
from kb.programme import terms
from kb.programme.model import (
    GeplandWerk,
    NietGebruikt,
    Oordeel,
    Oordeelstatus,
    Partijoordeel,
    Werkwijziging,
)
from kb.programme.reading import Row, Sheet, read_csv, refused
from kb.programme.state import fingerprint, read_state, state_changes
from kb.programme.works import thing
from kb.situation.messages import problem_of
from kb.situation.model import WERK_VAN

FIELDS = tuple(Partijoordeel.model_fields)
# What the sheet to fill in says of two works, for who fills it in.
TOLD = "toelichting"
KNOWN = (*FIELDS, TOLD)
NEEDED = ("werk1", "werk2", "partij", "oordeel", "datum")
# A row of that sheet in which none of these is filled in is not judged yet.
FILLED_IN = ("oordeel", "reden", "wie", "datum")
# As a spreadsheet on a Dutch computer writes a day.
DUTCH_DAY = "%d-%m-%Y"
# So many terms are named in full to whoever gives one that is unknown.
MOST_NAMED = 5

Pair = frozenset[str]


class Verdicts:
    """The judgements that come with a planning, by the pair of works that they are about."""

    def __init__(self, engine: Engine, day: date, language: str, works: Mapping[str, GeplandWerk]) -> None:
        self.engine = engine
        self.day = day
        self.language = language
        self.works = works
        self.given: list[Oordeel] = []
        self.refused: list[NietGebruikt] = []

    def read(self, sheet: Sheet, *, text: bool) -> None:
        """Take the judgements of a sheet in; rows that are not filled in are passed over."""
        self.refused = [refused(row, [problem], self.language) for row, problem in sheet.broken]
        for row in sheet.rows:
            if text and not any(row.values.get(name) for name in FILLED_IN):
                continue
            found = self._judgement(row, text=text)
            if isinstance(found, Oordeel):
                self.given.append(found)
            else:
                self.refused.append(refused(row, found, self.language))
        self.refused.sort(key=lambda row: row.rij)
        self.given = list(self._latest())

    def about(self, works: Sequence[str]) -> tuple[Oordeel, ...]:
        """The judgements of two works, those that hold first."""
        found = [verdict for verdict in self.given if frozenset(verdict.werken) == frozenset(works)]
        return tuple(sorted(found, key=lambda verdict: (verdict.status == "vervallen", verdict.rij)))

    def wanted(self, works: Sequence[GeplandWerk]) -> tuple[Ding, ...]:
        """The owners of two works of whom no judgement holds."""
        hold = {v.partij.id for v in self.about([work.id for work in works]) if v.status == "geldig"}
        owners = {work.eigenaar.id: work.eigenaar for work in works if work.eigenaar}
        return tuple(owner for owner in owners.values() if owner.id not in hold)

    def besides(self, told: set[Pair]) -> Iterator[Oordeel]:
        """The judgements of works that do not meet, and why these are told apart."""
        say = catalogue(self.language)
        for verdict in self.given:
            if frozenset(verdict.werken) in told:
                continue
            yield verdict if verdict.melding else verdict.model_copy(update={"melding": say("verdict_no_meeting")})

    def _judgement(self, row: Row, *, text: bool) -> Oordeel | list[Problem]:
        try:
            stated = Partijoordeel.model_validate(dict(_values(row.values)) if text else dict(row.values))
        except ValidationError as error:
            return [problem_of(detail, FIELDS) for detail in error.errors()]
        problems = list(self._problems(stated))
        party, verdict = self._term("partij", stated.partij, problems), self._term("oordeel", stated.oordeel, problems)
        if problems or party is None or verdict is None:
            return problems
        status, changed, why = self._held(stated)
        return Oordeel(
            rij=row.number,
            werken=(stated.werk1, stated.werk2),
            partij=self._thing(party),
            oordeel=self._thing(verdict),
            reden=stated.reden,
            wie=stated.wie,
            datum=stated.datum,
            status=status,
            gewijzigd=changed,
            melding=why,
        )

    def _problems(self, stated: Partijoordeel) -> Iterator[Problem]:
        if stated.werk1 == stated.werk2:
            yield Problem(
                "werk2",
                Words("is hetzelfde werk als werk1; geef een ander.", "is the same work as werk1; give another."),
            )
        if stated.datum > self.day:
            yield Problem(
                "datum",
                Words(
                    f"{stated.datum} ligt na de peildatum {self.day}; geef de dag waarop de partij oordeelde.",
                    f"{stated.datum} lies after the reference date {self.day}; give the day on which the party judged.",
                ),
            )
        for field in ("stand1", "stand2"):
            state = getattr(stated, field)
            if state is not None and read_state(state) is None:
                yield Problem(
                    field,
                    Words(
                        "is geen stand van een werk; neem hem over uit het oordeelblad, of laat hem leeg.",
                        "is no state of a work; copy it from the sheet of judgements, or leave it empty.",
                    ),
                )

    def _term(self, field: str, name: str, problems: list[Problem]) -> NamedNode | None:
        cls = self.engine.vocabulary.ranges[WERK_VAN] if field == "partij" else terms.OORDEELSOORT
        found = self.engine.resolver.find(name, cls)
        if found is None:
            knowledge = self.engine.knowledge
            near = self.engine.resolver.nearest(name, cls)
            known = [[knowledge.label(node, lang) for node in knowledge.instances(cls)] for lang in ("nl", "en")]
            few = [f" ({', '.join(sorted(names))})" if len(names) <= MOST_NAMED else "" for names in known]
            meant = did_you_mean(near)
            message = Words(
                f"onbekend als {knowledge.label(cls)}{few[0]}: {name!r}.{meant}",
                f"unknown as {knowledge.label(cls, 'en')}{few[1]}: {name!r}.{meant.en}",
            )
            problems.append(Problem(field, message, near))
        return found

    def _held(self, stated: Partijoordeel) -> tuple[Oordeelstatus, tuple[Werkwijziging, ...], str | None]:
        """Whether a judgement still holds, what changed since, and what else is to be said of that."""
        names = (stated.werk1, stated.werk2)
        if gone := [name for name in names if name not in self.works]:
            return "vervallen", tuple(Werkwijziging(werk=name, soort="vervallen") for name in gone), self._gone(gone)
        say = catalogue(self.language)
        now = [self.works[name] for name in names]
        states = [(work, state) for work, state in zip(now, (stated.stand1, stated.stand2), strict=True) if state]
        if changed := tuple(self._changed(states)):
            return "vervallen", changed, None
        if stated.vingerafdruk and stated.vingerafdruk != pair_fingerprint(*now):
            return "vervallen", (), say("verdict_other_fingerprint")
        if stated.vingerafdruk or len(states) == len(names):
            return "geldig", (), None
        return "ongetoetst", (), say("verdict_unchecked")

    def _changed(self, states: Sequence[tuple[GeplandWerk, str]]) -> Iterator[Werkwijziging]:
        unknown = catalogue(self.language)("programme_unknown")
        for work, before in states:
            if fields := tuple(state_changes(before, work.stand, unknown)):
                yield Werkwijziging(werk=work.id, soort="gewijzigd", velden=fields)

    def _gone(self, names: Sequence[str]) -> str:
        say = catalogue(self.language)
        known = {name: name for name in self.works}
        near = dict.fromkeys(other for name in names for other in nearest(name, known))
        return say("verdict_gone", works=say.listed(names)) + spoken(did_you_mean(near), self.language)

    def _latest(self) -> Iterator[Oordeel]:
        """The judgements; of those of one party of two works all but the last have lapsed."""
        last: dict[tuple[Pair, str], Oordeel] = {}
        for verdict in sorted(self.given, key=lambda verdict: (verdict.datum, verdict.rij)):
            last[frozenset(verdict.werken), verdict.partij.id] = verdict
        for verdict in self.given:
            newer = last[frozenset(verdict.werken), verdict.partij.id]
            if newer is verdict:
                yield verdict
                continue
            day = show_day(newer.datum, self.language)
            why = catalogue(self.language)("verdict_replaced", day=day, row=newer.rij)
            yield verdict.model_copy(update={"status": "vervallen", "gewijzigd": (), "melding": why})

    def _thing(self, node: NamedNode) -> Ding:
        return thing(self.engine.knowledge, node, self.language)


def read_verdicts(data: bytes, name: str = "") -> Sheet:
    """The rows of a sheet of judgements, as CSV.

    Errors: PlanningError when the file as a whole cannot be read or lacks a column that it needs.
    """
    return read_csv(data, name, fields=KNOWN, needed=NEEDED)


def pair_fingerprint(one: GeplandWerk, other: GeplandWerk) -> str:
    """A mark of two works in whatever order: another when either changes."""
    return fingerprint(*sorted((one.vingerafdruk, other.vingerafdruk)))


def _values(cells: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """The cells of known columns as values, the day also as a spreadsheet writes it."""
    for name, cell in cells.items():
        if name == "datum":
            yield name, _day(cell)
        elif name in FIELDS:
            yield name, " ".join(cell.split())


def _day(cell: str) -> str:
    try:
        return datetime.strptime(cell, DUTCH_DAY).date().isoformat()
    except ValueError:
        return cell
