"""A programme as calendar, page, CSV and RDF, and what a change changes."""

import csv
import io
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

from icalendar import Calendar
from pyoxigraph import RdfFormat, parse

from kb.engine import Engine
from kb.names import DEF
from kb.programme.changes import changes
from kb.programme.html import programme_html
from kb.programme.ics import programme_ics
from kb.programme.rdf import programme_turtle
from kb.programme.tables import programme_csv
from tests.plan.planning import GAS, SEWER, meetings, programme

MOVABLE = SEWER | {"schuifruimte": 2, "eigenaar": "gemeente"}


def test_ics_is_read_again(engine: Engine) -> None:
    made = programme(engine, MOVABLE, GAS)
    events = {str(event["summary"]): event for event in _events(programme_ics(made, "nl"))}
    assert set(events) == {"riool (R)", "gasnet (G)", "Besluit: riool (R) + gasnet (G) (V1)"}
    sewer = events["riool (R)"]
    assert (sewer["dtstart"].dt, sewer["dtend"].dt) == (date(2028, 1, 1), date(2030, 1, 1))
    assert events["Besluit: riool (R) + gasnet (G) (V1)"]["dtstart"].dt == date(2027, 12, 31)
    assert len({str(event["uid"]) for event in events.values()}) == 3


def test_ics_keeps_to_the_standard(engine: Engine) -> None:
    text = programme_ics(programme(engine, MOVABLE, GAS), "nl")
    assert text == programme_ics(programme(engine, MOVABLE, GAS), "nl")  # the same planning, the same bytes
    lines = text.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75
    assert b"\n" not in text.replace(b"\r\n", b"")


def test_uid_stays_when_a_werk_moves(engine: Engine) -> None:
    first, second = (_events(programme_ics(programme(engine, SEWER | {"van": van}), "nl")) for van in (2027, 2028))
    assert [str(event["uid"]) for event in first] == [str(event["uid"]) for event in second]


def _events(text: bytes) -> list[Any]:
    """The events of a calendar, read again."""
    return list(Calendar.from_ical(text).walk("VEVENT"))


class Page(HTMLParser):
    """What a page holds: its tags, and what people read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and its attributes."""
        self.attributes += attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.said += data


def test_html_draws_and_tells_without_script(engine: Engine) -> None:
    page = Page(programme_html(programme(engine, MOVABLE, GAS), "nl"))
    assert "svg" in page.tags and "table" in page.tags and "script" not in page.tags
    assert "R 2 jaar later (gemeente)" in page.said
    assert "2028–2029" in page.said
    assert not [value for name, value in page.attributes if name in ("src", "href") and value]  # no other host


def test_html_escapes_what_is_given(engine: Engine) -> None:
    made = programme(engine, SEWER | {"id": "<script>alert(1)</script>"}, {"cyclus": "<b>"})
    text = programme_html(made, "nl")
    assert "<script" not in text and "<b>" not in text


def test_html_shows_rows_that_were_not_used(engine: Engine) -> None:
    page = Page(programme_html(programme(engine, {"cyclus": "rioll", "vak": "V", "van": 2028}), "nl"))
    assert "Geen enkel werk was te gebruiken." in page.said and "'rioll'" in page.said


def test_csv_loses_no_row(engine: Engine) -> None:
    far = {"id": "ver", "vak": "V9", "cyclus": "groen", "van": 2030}
    made = programme(engine, MOVABLE, GAS, far, {"cyclus": "rioll", "vak": "=1+1", "van": 2028})
    rows = list(csv.DictReader(io.StringIO(programme_csv(made)), delimiter=";"))
    assert [row["soort"] for row in rows] == ["ontmoeting", "werk", "niet-gebruikt"]
    assert rows[0]["verschuivingen"] == "R +2 (gemeente)"
    assert rows[1]["werk1"] == "ver"
    assert "vak==1+1" in rows[2]["waarden"]


def test_csv_holds_no_formula(engine: Engine) -> None:
    text = programme_csv(programme(engine, SEWER | {"id": "=SOM(A1)"}))
    assert not re.search(r"(^|;)[=+@-]", text, re.MULTILINE)


def test_turtle_holds_every_plaats_and_ontmoeting(engine: Engine) -> None:
    made = programme(engine, MOVABLE, GAS)
    triples = list(parse(programme_turtle(engine, made).encode(), format=RdfFormat.TURTLE))
    situations = {quad.subject for quad in triples if str(quad.object) == f"<{DEF}Situatie>"}
    assert len(situations) == len(made.plaatsen) + len(meetings(made)) == 2
    assert [
        str(q.object).rpartition("/")[2] for q in triples if q.predicate.value == f"{DEF}kanEersteLatenWachten"
    ] == ["riool--gasnet>"]


def test_sinds_tells_what_moved_and_what_that_changes(engine: Engine) -> None:
    certain = {"zekerheid": "vast"}
    old = programme(engine, SEWER | certain, GAS | certain)
    new = programme(engine, SEWER | certain, GAS | certain | {"van": 2029, "tot": 2029})
    found = changes(old, new)
    assert [(field.veld, field.was, field.wordt) for field in found.werken[0].velden] == [
        ("van", "2031", "2029"),
        ("tot", "2031", "2029"),
    ]
    (meeting,) = found.ontmoetingen
    assert "samen volgens plan" in meeting.erbij
    assert meeting.eraf == ("zware botsing met de rustperiode",)
    assert meeting.oordeelVervallen


def test_sinds_tells_new_and_lapsed_werk(engine: Engine) -> None:
    found = changes(programme(engine, SEWER), programme(engine, GAS))
    assert [(work.werk, work.soort) for work in found.werken] == [("G", "nieuw"), ("R", "vervallen")]


def test_same_planning_changes_nothing(engine: Engine) -> None:
    made = programme(engine, MOVABLE, GAS)
    found = changes(made, made)
    assert not found.werken and not found.ontmoetingen


def test_programme_speaks_english(engine: Engine) -> None:
    made = programme(engine, MOVABLE, GAS, {"cyclus": "rioll", "vak": "V", "van": 2028}, language="en")
    assert made.werken[0].werksoort.label == "sewer"
    assert "unknown as" in made.nietGebruikt[0].problemen[0].melding
    assert "together if: R 2 years later (municipality)" in Page(programme_html(made, "en")).said
