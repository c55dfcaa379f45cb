"""The sheet on which parties write what they find: a row for each meeting and each owner, with how both works stand now.

It is read again as it is (`verdicts.py`), so it is also where judgements are kept: those that hold are filled in.
"""

from collections.abc import Iterator

from kb.programme.model import GeplandWerk, Ontmoeting, Oordeel, Werkprogramma
from kb.programme.verdicts import FIELDS, TOLD
from kb.programme.wording import meeting_parts, meeting_title
from kb.spreadsheet import BETWEEN, sheet

COLUMNS = (*FIELDS[:7], TOLD, *FIELDS[7:])


def verdict_sheet(programme: Werkprogramma, language: str = "nl") -> str:
    """The sheet as CSV. A judgement that lapsed stands in the explanation of the row in which its party judges again."""
    works = {work.id: work for work in programme.werken}
    return sheet(COLUMNS, _rows(programme, works, language))


def _rows(programme: Werkprogramma, works: dict[str, GeplandWerk], language: str) -> Iterator[dict[str, str]]:
    for place in programme.plaatsen:
        for meeting in place.ontmoetingen:
            told = {TOLD: BETWEEN.join([meeting_title(meeting, works), place.naam, *meeting_parts(meeting, language)])}
            now = _now(meeting, works) | told
            hold = [verdict for verdict in meeting.oordelen if verdict.status == "geldig"]
            yield from (now | _filled_in(verdict) for verdict in hold)
            yield from (now | {"partij": party} for party in _parties(meeting, works, hold))


def _parties(meeting: Ontmoeting, works: dict[str, GeplandWerk], hold: list[Oordeel]) -> Iterator[str]:
    """Who is to judge: whoever owns a work or judged before, and nobody by name for an owner who is unknown."""
    owners = [works[name].eigenaar for name in meeting.werken]
    judged = {verdict.partij.slug for verdict in hold}
    known = [party.slug for party in (*owners, *(verdict.partij for verdict in meeting.oordelen)) if party]
    yield from (slug for slug in dict.fromkeys(known) if slug not in judged)
    if None in owners:
        yield ""


def _now(meeting: Ontmoeting, works: dict[str, GeplandWerk]) -> dict[str, str]:
    one, other = (works[name] for name in meeting.werken)
    return {
        "werk1": one.id,
        "werk2": other.id,
        "stand1": one.stand,
        "stand2": other.stand,
        "vingerafdruk": meeting.vingerafdruk,
    }


def _filled_in(verdict: Oordeel) -> dict[str, str]:
    return {
        "partij": verdict.partij.slug,
        "oordeel": verdict.oordeel.label,
        "reden": verdict.reden or "",
        "wie": verdict.wie or "",
        "datum": verdict.datum.isoformat(),
    }
