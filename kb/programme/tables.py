"""A programme as CSV: one row a meeting, and every row of the planning that was not used."""

from collections.abc import Iterator

from kb.programme.model import NietGebruikt, Ontmoeting, Oordeel, Plaats, Verschuiving, Werkprogramma
from kb.programme.wording import verdict_status
from kb.spreadsheet import BETWEEN, sheet

COLUMNS = (
    *("soort", "plaats", "naam", "werk1", "werk2", "plaatszekerheid", "volgensPlan", "verschuivingen", "eenOpening"),
    *("botsing", "koppelingen", "beslisVoor", "volgendeKans", "vingerafdruk", "rij", "veld", "melding", "waarden"),
    *("partij", "oordeel", "status", "reden", "wie", "datum"),
)


def programme_csv(programme: Werkprogramma, language: str = "nl") -> str:
    """The meetings with their judgements, the works without one, and the rows that were not used, told apart by `soort`."""
    return sheet(COLUMNS, _rows(programme, language))


def _rows(programme: Werkprogramma, language: str) -> Iterator[dict[str, str]]:
    met: set[str] = set()
    for place in programme.plaatsen:
        for meeting in place.ontmoetingen:
            met.update(meeting.werken)
            yield _meeting(place, meeting)
            yield from (_verdict(verdict, language) | {"plaats": place.sleutel} for verdict in meeting.oordelen)
    for work in programme.werken:
        if work.id not in met:
            yield {"soort": "werk", "plaats": work.plaats, "werk1": work.id, "rij": str(work.rij)}
    yield from (_verdict(verdict, language) for verdict in programme.losseOordelen)
    for row in programme.nietGebruikt:
        yield from _refused(row, "niet-gebruikt")
    for row in programme.nietGebruikteOordelen:
        yield from _refused(row, "oordeel-niet-gebruikt")


def _meeting(place: Plaats, meeting: Ontmoeting) -> dict[str, str]:
    return {
        "soort": "ontmoeting",
        "plaats": place.sleutel,
        "naam": place.naam,
        "werk1": meeting.werken[0],
        "werk2": meeting.werken[1],
        "plaatszekerheid": meeting.plaatszekerheid,
        "volgensPlan": _yes(meeting.volgensPlan),
        "verschuivingen": BETWEEN.join(map(_move, meeting.verschuivingen)),
        "eenOpening": _yes(meeting.eenOpening),
        "botsing": meeting.botsing or "",
        "koppelingen": BETWEEN.join(row.label for row in meeting.koppelingen),
        "beslisVoor": str(meeting.beslisVoor),
        "volgendeKans": str(meeting.volgendeKans or ""),
        "vingerafdruk": meeting.vingerafdruk,
    }


def _verdict(verdict: Oordeel, language: str) -> dict[str, str]:
    return {
        "soort": "oordeel",
        "werk1": verdict.werken[0],
        "werk2": verdict.werken[1],
        "rij": str(verdict.rij),
        "melding": verdict_status(verdict, language),
        "partij": verdict.partij.label,
        "oordeel": verdict.oordeel.label,
        "status": verdict.status,
        "reden": verdict.reden or "",
        "wie": verdict.wie or "",
        "datum": verdict.datum.isoformat(),
    }


def _refused(row: NietGebruikt, kind: str) -> Iterator[dict[str, str]]:
    given = BETWEEN.join(f"{name}={value}" for name, value in row.waarden.items())
    for problem in row.problemen:
        yield {
            "soort": kind,
            "rij": str(row.rij),
            "veld": problem.veld,
            "melding": problem.melding,
            "waarden": given,
        }


def _move(move: Verschuiving) -> str:
    owner = f" ({move.eigenaar.slug})" if move.eigenaar else ""
    together = ", samen met het andere" if move.alleenSamen else ""
    return f"{move.werk} {move.jaren:+d}{owner}{together}"


def _yes(value: bool) -> str:
    return "ja" if value else "nee"
