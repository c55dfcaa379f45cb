"""The first screen of an advice: what a council can decide, on one page of A4."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.advice.model import (
    MOST_CONFLICTEN,
    MOST_INSTRUMENTEN,
    MOST_KOPPELKANSEN,
    MOST_VRAGEN,
    Advies,
    Conflict,
    Instrument,
)
from kb.advice.ranking import needed_first
from kb.language import as_sentence
from kb.report.layout import Group, Item, Section, cut, section
from kb.report.phrases import Phrases

MOST_TASKS = 4
MOST_LEFT_OUT = 2
MOST_WARNINGS = 2
MOST_WORKS = 5
MOST_FILLED = 6


def first_screen(advice: Advies, phrases: Phrases, *, shorten: bool) -> Iterator[Section]:
    """What leads, what can be coupled, what clashes, with what means, what is left out, and what to ask."""
    say, language = phrases.say, phrases.language

    def most(number: int) -> int | None:
        return number if shorten else None

    yield section(say("leading"), [Group("", tuple(_leading(advice, phrases)))], name="leading")
    coming = [phrases.coming(row) for row in advice.komendWerk if any(work.van for work in row.werken)]
    yield section(say("coming"), [cut("", coming, most(MOST_WORKS), language)], name="coming")
    couplings = [phrases.coupling(row, whole=not shorten) for row in advice.koppelkansen]
    groups = [
        cut("", couplings or [Item(say("no_couplings"))], most(MOST_KOPPELKANSEN), language, ranked=bool(couplings))
    ]
    yield section(say("couplings"), groups, name="couplings")
    yield section(say("conflicts"), _conflicts(advice, phrases, shorten), name="conflicts")
    means = [phrases.instrument(row, whole=not shorten) for row in in_order_of_need(advice.instrumenten)]
    groups = [cut("", means or [Item(say("no_instruments"))], most(MOST_INSTRUMENTEN), language, ranked=bool(means))]
    yield section(say("instruments"), groups, name="instruments")
    yield section(say("left_out"), [Group("", tuple(_left_out(advice, phrases)))], name="left_out")
    filled = [Item(as_sentence(row.tekst)) for row in advice.ingevuld]
    yield section(say("filled_in"), [cut("", filled, most(MOST_FILLED), language)], say("filled_in_intro"), "filled_in")
    asked = [phrases.question(row) for row in advice.vragen]
    yield section(
        say("questions"), [cut("", asked[: most(MOST_VRAGEN)], None, language, ranked=True)], name="questions"
    )


def _conflicts(advice: Advies, phrases: Phrases, shorten: bool) -> list[Group]:
    """What clashes; on one page only what asks a choice, and what has no sign here yet by its name alone."""
    rows = named_first(advice.conflicten)
    if not shorten:
        return [Group("", tuple(phrases.conflict(row, whole=True) for row in rows))]
    asked = [row for row in rows if row.vraagtKeuze]
    own = [phrases.conflict(row) for row in asked if not row.waarschuwing]
    warned = [row for row in asked if row.waarschuwing]
    shown = cut("", own, MOST_CONFLICTEN, phrases.language)
    if not warned:
        return [shown]
    told = Item(phrases.say("warned", names=phrases.names(warned, MOST_WARNINGS)))
    return [replace(shown, items=(*shown.items, told))]


def in_order_of_need(rows: Sequence[Instrument]) -> list[Instrument]:
    """The same instruments, each that another needs first moved up to stand right above it.

    The first ones stay the first: they are the choices, and each names what it needs that stands further down.
    """
    return [*_needed_first(rows[:MOST_INSTRUMENTEN]), *_needed_first(rows[MOST_INSTRUMENTEN:])]


def needed_by(rows: Sequence[Instrument], row: Instrument) -> list[Instrument]:
    """The instruments that need another first, and so stand below it whatever their own place."""
    return [other for other in rows if row.id in (first.id for first in other.eerst)]


def _needed_first(rows: Sequence[Instrument]) -> Iterator[Instrument]:
    by_id = {row.id: row for row in rows}
    return (by_id[node] for node in needed_first(by_id, lambda node: [first.id for first in by_id[node].eerst]))


def named_first(rows: Sequence[Conflict]) -> list[Conflict]:
    """The conflicts without those that rules found over an element, where a written one is about the same tasks."""
    named = [{task.id for task in row.opgaven} for row in rows if row.vraagtKeuze]
    return [row for row in rows if row.vraagtKeuze or not any(tasks >= {t.id for t in row.opgaven} for tasks in named)]


def _leading(advice: Advies, phrases: Phrases) -> Iterator[Item]:
    say = phrases.say
    most = max((len(row.rangorde) for row in advice.leidendeTransities), default=0)
    first = [row for row in advice.leidendeTransities if len(row.rangorde) == most]
    along = [row for row in advice.leidendeTransities if len(row.rangorde) < most]
    yield from map(phrases.leading, first)
    if not first:
        yield Item(say("no_lead"))
    if len(first) > 1:
        yield Item(say("lead_together"))
    yield from phrases.told(along)
    yield from phrases.told(advice.stilleAanleidingen)
    if advice.meeliftkansen and not first and not advice.komendWerk:
        yield Item(say("could_ride_along", names=phrases.names(advice.meeliftkansen, MOST_TASKS)))
    if advice.medespelers:
        yield Item(say("play_along", names=say.listed([phrases.transition(row) for row in advice.medespelers])))
    front = [say("in_front", names=phrases.tasks(advice.leidend, MOST_TASKS))] if advice.leidend else []
    behind = [say("behind", names=phrases.tasks(advice.volgend, MOST_TASKS))] if advice.volgend else []
    if front or behind:
        yield Item(" ".join([*front, *behind]))
    if advice.losseOpgaven:
        yield Item(say("apart", names=phrases.tasks(advice.losseOpgaven, MOST_TASKS)))


def _left_out(advice: Advies, phrases: Phrases) -> Iterator[Item]:
    say = phrases.say
    expected = [row for row in advice.vervallen if row.rangorde]  # what nobody would look for needs no reason
    for rows in (advice.vervallenAanleidingen, expected):
        yield from phrases.told(rows[:MOST_LEFT_OUT])
    if advice.meeliftkansen and advice.leidendeTransities and not advice.komendWerk:
        yield Item(say("only_ride_along", names=phrases.names(advice.meeliftkansen, MOST_TASKS)))
