"""A programme as a page: per place a drawn calendar, a table that says the same, and what meets. It needs no script."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from kb.language import catalogue
from kb.programme.model import GeplandWerk, Plaats, Werkprogramma
from kb.programme.wording import meeting_parts, meeting_title, place_parts, verdict_line, work_cells, work_heads, years

# Heights in the drawing in pixels: of a work, of its name above its bar, and of the years above all works. Its widths are
# shares of the page, so that the whole of it is seen on any screen.
ROW, NAME, TOP = 46, 18, 24
MOST_TICKS = 14
# A year that begins behind this share of a narrow drawing has no room for its name.
LAST_NAMED = 88


@dataclass(frozen=True)
class Axis:
    """The years of the whole planning, the same for every place."""

    first: int
    last: int

    @classmethod
    def over(cls, works: Sequence[GeplandWerk]) -> "Axis":
        """The years in which any of the works can be."""
        return cls(min((w.vroegst for w in works), default=0), max((w.laatst for w in works), default=0))

    def x(self, year: int) -> float:
        """Where a year begins in the drawing, in percents of its width."""
        return round(100 * (year - self.first) / (self.last - self.first + 1), 2)


@dataclass(frozen=True)
class Bar:
    """A work in the drawing: its years, and the years in which it can be."""

    name: str
    title: str
    y: int
    x: float
    width: float
    margin_x: float
    margin_width: float
    unsure: bool


@dataclass(frozen=True)
class Tick:
    """A year on the axis; one that is not `named` on a narrow screen would run into another, or off the drawing."""

    year: int
    x: float
    named: bool


@dataclass(frozen=True)
class Chart:
    """The drawing of one place."""

    first: int
    last: int
    height: int
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Told:
    """A meeting in words."""

    title: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """A place on the page."""

    plaats: Plaats
    chart: Chart
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    meetings: tuple[Told, ...]


def programme_html(programme: Werkprogramma, language: str) -> str:
    """The page."""
    say = catalogue(language)
    rows = {"programme_refused": programme.nietGebruikt, "verdicts_refused": programme.nietGebruikteOordelen}
    return _template().render(
        programme=programme,
        language=language,
        say=say,
        heads=work_heads(language),
        places=shown_places(programme, language),
        besides=[verdict_line(verdict, language) for verdict in programme.losseOordelen],
        refused=[(say(title), found) for title, found in rows.items() if found],
    )


def shown_places(programme: Werkprogramma, language: str) -> list[Shown]:
    """Each place with its drawing, its table and what meets there."""
    works = {work.id: work for work in programme.werken}
    axis = Axis.over(programme.werken)
    return [_shown(place, works, axis, language) for place in programme.plaatsen]


def chart(works: Sequence[GeplandWerk], axis: Axis) -> Chart:
    """The calendar of some works: the full bar is the plan, the dashed outline is where it can move."""
    step = max(1, -(-(axis.last - axis.first + 1) // MOST_TICKS))
    return Chart(
        axis.first,
        axis.last,
        TOP + len(works) * ROW,
        tuple(
            Tick(year, axis.x(year), number % 2 == 0 and axis.x(year) < LAST_NAMED)
            for number, year in enumerate(range(axis.first, axis.last + 1, step))
        ),
        tuple(_bars(works, axis)),
    )


def _bars(works: Iterable[GeplandWerk], axis: Axis) -> Iterator[Bar]:
    for number, work in enumerate(works):
        yield Bar(
            name=f"{work.id}: {work.werksoort.label}",
            title=f"{work.werksoort.label}, {years(work)}",
            y=TOP + number * ROW + NAME,
            x=axis.x(work.van),
            width=round(axis.x(work.tot + 1) - axis.x(work.van), 2),
            margin_x=axis.x(work.vroegst),
            margin_width=round(axis.x(work.laatst + 1) - axis.x(work.vroegst), 2),
            unsure=work.aanname is not None,
        )


def _shown(place: Plaats, works: dict[str, GeplandWerk], axis: Axis, language: str) -> Shown:
    here = [works[name] for name in place.werken]
    return Shown(
        place,
        chart(here, axis),
        tuple(work_cells(work, language) for work in here),
        tuple(place_parts(place, language)),
        tuple(
            Told(meeting_title(meeting, works), tuple(meeting_parts(meeting, language)))
            for meeting in place.ontmoetingen
        ),
    )


@cache
def _template() -> Template:
    source = Path(__file__).with_name("kalender.html").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(source)
