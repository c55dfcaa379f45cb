"""Small plannings for the tests, and the programme that comes of them on a fixed day."""

from datetime import date
from typing import Any

from kb.engine import Engine
from kb.programme.judge import make_programme
from kb.programme.model import Ontmoeting, Werkprogramma
from kb.programme.reading import read_csv, rows_of

DAY = date(2026, 11, 26)
SEWER: dict[str, Any] = {"id": "R", "vak": "V1", "cyclus": "riool", "van": 2028, "tot": 2029, "graven": True}
GAS: dict[str, Any] = {"id": "G", "vak": "V1", "cyclus": "gasnet", "van": 2031, "tot": 2031, "graven": True}


def programme(
    engine: Engine, *works: dict[str, Any], language: str = "nl", distance: float | None = None
) -> Werkprogramma:
    """What comes of works given as JSON, without public data."""
    return make_programme(engine, rows_of(works), DAY, language, text=False, with_data=False, distance=distance)


def from_csv(engine: Engine, text: str) -> Werkprogramma:
    """What comes of a planning given as CSV, without public data."""
    return make_programme(engine, read_csv(text.encode()), DAY, with_data=False)


def meetings(made: Werkprogramma) -> dict[str, Ontmoeting]:
    """The meetings by name."""
    return {meeting.id: meeting for place in made.plaatsen for meeting in place.ontmoetingen}


def moves(made: Werkprogramma, name: str) -> list[tuple[str, int]]:
    """Who would have to move how far for a meeting."""
    return [(move.werk, move.jaren) for move in meetings(made)[name].verschuivingen]
