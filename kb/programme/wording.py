"""The parts of a programme in words; what they say was concluded by rules and stands in the model."""

from collections.abc import Iterator
from decimal import Decimal

from kb.language import catalogue, show_day, show_number
from kb.programme.model import (
    GeplandWerk,
    Ontmoeting,
    Oordeel,
    Plaats,
    Tussenruimte,
    Veldwijziging,
    Verschuiving,
    Werkprogramma,
    Werkwijziging,
)
from kb.programme.state import GEOMETRY


def meeting_parts(meeting: Ontmoeting, language: str) -> Iterator[str]:
    """What is told of two works, the choice that it asks first."""
    say = catalogue(language)
    yield say(f"programme_in_{meeting.plaatszekerheid}")
    if meeting.tussenruimte:
        yield _apart(meeting.tussenruimte, language)
    if meeting.volgensPlan:
        yield say("programme_as_planned")
    if meeting.verschuivingen:
        yield say("programme_move", ways=_ways(meeting.verschuivingen, language))
    if meeting.eenOpening:
        yield say("programme_one_opening", elements=say.listed([thing.label for thing in meeting.elementen]))
    if meeting.botsing:
        yield say(f"programme_{meeting.botsing}")
    if meeting.uitwegen:
        yield say("programme_ways_out", ways="; ".join(way.label for way in meeting.uitwegen))
    if meeting.koppelingen:
        yield say("programme_couples", couplings="; ".join(row.label for row in meeting.koppelingen))
    yield say("programme_decide", year=meeting.beslisVoor)
    if meeting.volgendeKans:
        yield say("programme_next", year=meeting.volgendeKans)
    for verdict in meeting.oordelen:
        yield verdict_text(verdict, language)
    if meeting.teBeoordelenDoor:
        yield say("verdict_wanted", names=say.listed([party.label for party in meeting.teBeoordelenDoor]))


def meeting_title(meeting: Ontmoeting, works: dict[str, GeplandWerk]) -> str:
    """The two works by name."""
    return " + ".join(f"{works[name].werksoort.label} ({name})" for name in meeting.werken)


def place_parts(place: Plaats, language: str) -> Iterator[str]:
    """What the advice about a place says first."""
    say = catalogue(language)
    if place.leidend:
        yield say("programme_leading", names=say.listed([thing.label for thing in place.leidend]))
    strong = [row.label for row in place.koppelkansen if row.sterk]
    if strong:
        yield say("programme_place_couplings", names="; ".join(strong))


def years(work: GeplandWerk) -> str:
    """The years of a work."""
    return str(work.van) if work.van == work.tot else f"{work.van}–{work.tot}"


def work_cells(work: GeplandWerk, language: str) -> tuple[str, ...]:
    """A work as a row: name, kind, years, margin, certainty, owner."""
    say = catalogue(language)
    unknown = say("programme_unknown")
    margin = unknown if work.schuifruimte is None else say.count("years_moved", work.schuifruimte)
    return (
        work.id,
        work.werksoort.label,
        f"{years(work)} ({work.aanname})" if work.aanname else years(work),
        margin,
        work.zekerheid.label if work.zekerheid else unknown,
        work.eigenaar.label if work.eigenaar else unknown,
    )


def work_heads(language: str) -> tuple[str, ...]:
    """The heads of `work_cells`."""
    say = catalogue(language)
    return tuple(say(f"programme_col_{name}") for name in ("work", "kind", "years", "margin", "certainty", "owner"))


def verdict_text(verdict: Oordeel, language: str) -> str:
    """What a party finds of two works, by whom and when, why, and whether it holds."""
    say = catalogue(language)
    by = ", ".join(part for part in (verdict.wie, show_day(verdict.datum, language)) if part)
    said = say("verdict", party=verdict.partij.label, verdict=verdict.oordeel.label, by=by)
    if verdict.reden:
        said = say("verdict_reason", said=said, reason=verdict.reden)
    return f"{said} – {verdict_status(verdict, language)}"


def verdict_status(verdict: Oordeel, language: str) -> str:
    """Whether a judgement holds, and if not what changed since."""
    say = catalogue(language)
    why = [work_change_text(change, language) for change in verdict.gewijzigd if change.velden]
    why += [verdict.melding] if verdict.melding else []
    return ": ".join([say(f"verdict_{verdict.status}"), "; ".join(why)]) if why else say(f"verdict_{verdict.status}")


def work_change_text(change: Werkwijziging, language: str) -> str:
    """A work that came, went or changed, with the fields that did."""
    say = catalogue(language)
    fields = [_field_change(field, language) for field in change.velden]
    return f"{change.werk} {say(f'programme_{change.soort}')}" + (f" ({'; '.join(fields)})" if fields else "")


def _field_change(field: Veldwijziging, language: str) -> str:
    say = catalogue(language)
    if field.veld == GEOMETRY:  # of a geometry only a mark is kept
        return say("programme_redrawn")
    return say("programme_was", field=field.veld, was=field.was, now=field.wordt)


def verdict_line(verdict: Oordeel, language: str) -> str:
    """A judgement that stands apart, with its works."""
    return f"{' + '.join(verdict.werken)}: {verdict_text(verdict, language)}"


def first_finding(programme: Werkprogramma) -> str | None:
    """A meeting and one of its conclusions, as `--bewijs` takes it."""
    for place in programme.plaatsen:
        for meeting in place.ontmoetingen:
            for finding in meeting.bevindingen:
                return f"{meeting.id} {finding.conclusie}"
    return None


def move_text(move: Verschuiving, language: str) -> str:
    """Which work would have to move how far, and whose it is."""
    say = catalogue(language)
    owner = move.eigenaar.label if move.eigenaar else say("programme_nobody")
    years = say.count("years_moved", abs(move.jaren))
    return say("programme_later" if move.jaren > 0 else "programme_earlier", work=move.werk, years=years, owner=owner)


def _apart(between: Tussenruimte, language: str) -> str:
    """How far apart two works lie, and who says that this is one place."""
    say = catalogue(language)
    most = say(f"programme_near_{between.volgens}", most=show_number(Decimal(str(between.tenHoogste)), language))
    if not between.meter:
        return say("programme_touching")
    return say("programme_apart", apart=between.meter, most=most)


def _ways(moves: tuple[Verschuiving, ...], language: str) -> str:
    """The ways of moving: one or the other, or both."""
    say = catalogue(language)
    alone = [move_text(move, language) for move in moves if not move.alleenSamen]
    both = [move_text(move, language) for move in moves if move.alleenSamen]
    return f" {say('or')} ".join([*alone, say.listed(both)] if both else alone)
