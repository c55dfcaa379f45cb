"""A programme as a calendar (RFC 5545): every work over its years, and the last day to decide on every meeting."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from icalendar import Calendar, Event

from kb import __version__
from kb.language import catalogue
from kb.programme.model import GeplandWerk, Ontmoeting, Plaats, Werkprogramma
from kb.programme.state import fingerprint
from kb.programme.wording import meeting_parts, meeting_title, work_cells, work_heads


def programme_ics(programme: Werkprogramma, language: str) -> bytes:
    """The calendar as text in UTF-8; the same programme gives the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Wijkaanpak//Programma {__version__}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("name", catalogue(language)("programme_title", date=programme.peildatum.isoformat()))
    for event in _events(programme, language):
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _events(programme: Werkprogramma, language: str) -> Iterator[Event]:
    stamp = datetime.combine(programme.peildatum, time(), UTC)
    works = {work.id: work for work in programme.werken}
    names = {place.sleutel: place.naam for place in programme.plaatsen}
    for work in programme.werken:
        yield _work(work, names.get(work.plaats, work.plaats), stamp, language)
    for place in programme.plaatsen:
        for meeting in place.ontmoetingen:
            if meeting.beslisVoor > programme.peildatum.year:
                yield _decision(meeting, place, works, stamp, language)


def _work(work: GeplandWerk, place: str, stamp: datetime, language: str) -> Event:
    said = zip(work_heads(language)[2:], work_cells(work, language)[2:], strict=True)
    event = _event(f"werk-{fingerprint(work.id)}", f"{work.werksoort.label} ({work.id})", place, stamp)
    event.add("dtstart", date(work.van, 1, 1))
    event.add("dtend", date(work.tot + 1, 1, 1))  # the day after the last, as the standard has it
    event.add("description", "\n".join(f"{head}: {cell}" for head, cell in said))
    return event


def _decision(
    meeting: Ontmoeting, place: Plaats, works: dict[str, GeplandWerk], stamp: datetime, language: str
) -> Event:
    title = meeting_title(meeting, works)
    summary = catalogue(language)("programme_decision", meeting=title, place=place.naam)
    event = _event(f"besluit-{fingerprint(place.sleutel, meeting.id)}", summary, place.naam, stamp)
    event.add("dtstart", date(meeting.beslisVoor - 1, 12, 31))
    event.add("dtend", date(meeting.beslisVoor, 1, 1))
    event.add("description", "\n".join(meeting_parts(meeting, language)))
    return event


def _event(name: str, summary: str, place: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{name}@wijkaanpak")
    event.add("dtstamp", stamp)
    event.add("summary", summary)
    event.add("location", place)
    event.add("transp", "TRANSPARENT")
    return event
