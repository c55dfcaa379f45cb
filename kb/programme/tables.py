"""A programme as CSV: one row a meeting, and every row of the planning that was not used."""

from collections.abc import Iterator

from kb.programme.model import NietGebruikt, Ontmoeting, Plaats, Verschuiving, Werkprogramma
from kb.spreadsheet import BETWEEN, sheet

COLUMNS = (
    *("soort", "plaats", "naam", "werk1", "werk2", "plaatszekerheid", "volgensPlan", "verschuivingen", "eenOpening"),
    *("botsing", "koppelingen", "beslisVoor", "volgendeKans", "vingerafdruk", "rij", "veld", "melding", "waarden"),
)


def programme_csv(programme: Werkprogramma) -> str:
    """The meetings, the works without one, and the rows that were not used, told apart by `soort`."""
    return sheet(COLUMNS, _rows(programme))


def _rows(programme: Werkprogramma) -> Iterator[dict[str, str]]:
    met: set[str] = set()
    for place in programme.plaatsen:
        for meeting in place.ontmoetingen:
            met.update(meeting.werken)
            yield _meeting(place, meeting)
    for work in programme.werken:
        if work.id not in met:
            yield {"soort": "werk", "plaats": work.plaats, "werk1": work.id, "rij": str(work.rij)}
    for row in programme.nietGebruikt:
        yield from _refused(row)


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


def _refused(row: NietGebruikt) -> Iterator[dict[str, str]]:
    given = BETWEEN.join(f"{name}={value}" for name, value in row.waarden.items())
    for problem in row.problemen:
        yield {
            "soort": "niet-gebruikt",
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
