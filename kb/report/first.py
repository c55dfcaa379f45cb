"""The first screen of an advice: what a council can decide, on one page of A4."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from kb.advice.model import (
    MOST_CONFLICTEN,
    MOST_INSTRUMENTEN,
    MOST_KOPPELKANSEN,
    MOST_VRAGEN,
    Advies,
    Conclusie,
    Conflict,
    Ding,
    GenoemdWerk,
    Instrument,
    KenmerkVanInstrument,
    Koppelkans,
    Opgave,
)
from kb.advice.ranking import needed_first
from kb.language import as_sentence
from kb.names import local_name
from kb.report.layout import Group, Item, Section, cut, section
from kb.report.phrases import Phrases
from kb.situation.model import LINK_FIELDS

MOST_TASKS = 4
# More tasks than these are not told on one line.
MOST_TOGETHER = 9
MOST_CUSTOMARY = 1
MOST_LEFT_OUT = 2
MOST_WARNINGS = 2
MOST_WORKS = 5
MOST_FILLED = 6
MOST_FOR_TASK = 2
MOST_RIDING = 2
MOST_KENMERKEN = 2
HEEFT_OPGAVE = local_name(LINK_FIELDS["opgaven"])


def first_screen(advice: Advies, phrases: Phrases, *, shorten: bool) -> Iterator[Section]:
    """What leads, what can be coupled, what clashes, with what means, what is left out, and what to ask."""
    say, language = phrases.say, phrases.language

    def most(number: int) -> int | None:
        return number if shorten else None

    yield section(say("leading"), [Group("", tuple(_leading(advice, phrases)))], name="leading")
    coming = [row for row in advice.komendWerk if any(work.van for work in row.werken)]
    works = cut("", phrases.coming_works(coming), most(MOST_WORKS), language)
    yield section(say("coming"), [works], name="coming")
    couplings = (
        _bundled(advice.koppelkansen, phrases, phrases.decided(coming[:MOST_WORKS]))
        if shorten
        else [phrases.coupling(row, whole=True) for row in advice.koppelkansen]
    )
    groups = [
        cut("", couplings or [Item(say("no_couplings"))], most(MOST_KOPPELKANSEN), language, ranked=bool(couplings))
    ]
    yield section(say("couplings"), groups, name="couplings")
    yield section(say("conflicts"), _conflicts(advice, phrases, shorten), name="conflicts")
    yield section(say("instruments"), list(_means(advice, phrases, most(MOST_INSTRUMENTEN))), name="instruments")
    yield section(say("left_out"), [Group("", tuple(_left_out(advice, phrases)))], name="left_out")
    filled = [Item(as_sentence(row.tekst)) for row in advice.ingevuld]
    yield section(say("filled_in"), [cut("", filled, most(MOST_FILLED), language)], say("filled_in_intro"), "filled_in")
    asked = [phrases.question(row, whole=not shorten) for row in advice.vragen]
    yield section(
        say("questions"), [cut("", asked[: most(MOST_VRAGEN)], None, language, ranked=True)], name="questions"
    )


def _bundled(rows: Sequence[Koppelkans], phrases: Phrases, decided: Set[GenoemdWerk]) -> list[Item]:
    """The pairs, each that couples in the same way as an earlier one with a task of it told there and not by itself.

    By when to decide is told with the `decided` works themselves.
    """
    told: list[tuple[Koppelkans, str, dict[str, Ding]]] = []
    for row in rows:
        manner, tasks = phrases.manner(row), {task.id: task for task in row.opgaven}
        for first, how, also in told:
            shared = tasks.keys() & {task.id for task in first.opgaven}
            if how and how == manner and shared:
                also |= {name: task for name, task in tasks.items() if name not in shared}
                break
        else:
            told.append((row, manner, {}))
    return [phrases.coupling(row, also=tuple(also.values()), decided=decided) for row, _, also in told]


def _means(advice: Advies, phrases: Phrases, most: int | None) -> Iterator[Group]:
    """The instruments; after a few of them, what serves a task that the asker names and none of those serve."""
    rows = in_order_of_need(advice.instrumenten)
    means = [phrases.instrument(row, whole=most is None) for row in rows]
    if not means:
        yield Group("", (Item(phrases.say("no_instruments")),))
        return
    yield cut("", means, most, phrases.language, ranked=True)
    if most is not None:
        unserved = [_for_task(task, rows[most:], phrases) for task in _named(advice) if not _serving(task, rows[:most])]
        yield Group("", tuple(item for item in unserved if item))
        yield Group("", tuple(_for_kenmerken(advice, rows, most, phrases)))
        yield Group("", tuple(_for_schaarste(advice, rows, most, phrases)))


def _named(advice: Advies) -> list[Conclusie]:
    """The relevant tasks, and parts of them, that the asker names."""
    named = {thing.id for fact in advice.uitgangspunten if fact.eigenschap == HEEFT_OPGAVE for thing in fact.dingen}
    rows = [row for task in advice.relevanteOpgaven for row in (task, *task.deelopgaven)]
    return [row for row in rows if row.id in named]


def _serving(task: Conclusie, rows: Iterable[Instrument]) -> list[Instrument]:
    return [row for row in rows if task.id in (helped.id for helped in row.helpt)]


def _for_task(task: Conclusie, rows: Iterable[Instrument], phrases: Phrases) -> Item | None:
    """The first instruments for a task, in one line."""
    if not (serving := _serving(task, rows)):
        return None
    listed = phrases.say.listed([row.label for row in serving[:MOST_FOR_TASK]])
    return phrases.item(serving[0], text=phrases.say("for_named_task", task=task.said, names=listed))


def _for_kenmerken(advice: Advies, rows: Sequence[Instrument], most: int, phrases: Phrases) -> Iterator[Item]:
    """What is made for a characteristic of this neighbourhood, in one line each: what is stated first, then what is rare.

    That is what requires a stated one, or serves who leads or follows and does more with one. A characteristic that one
    of the first instruments suits is not repeated, and an instrument is named once.
    """
    tasks = _led_tasks(advice)
    told = {kenmerk.id for row in rows[:most] for kenmerk in row.gemaaktVoor}
    fitting: dict[str, tuple[KenmerkVanInstrument, Instrument]] = {}
    for row in rows[most:]:
        serves = _serves(row, tasks)
        suited = {suit.id for suit in row.bijKenmerken}
        for kenmerk in sorted(row.gemaaktVoor, key=_telling):
            suits = (kenmerk.vereist and kenmerk.opgegeven) or (serves and kenmerk.id in suited)
            if suits and kenmerk.id not in told:
                fitting.setdefault(kenmerk.id, (kenmerk, row))
    named: set[str] = set()
    for kenmerk, row in sorted(fitting.values(), key=lambda pair: _telling(pair[0])):
        if len(named) < MOST_KENMERKEN and row.id not in named:
            named.add(row.id)
            yield phrases.item(row, text=phrases.say("for_kenmerk", kenmerk=kenmerk.said, name=row.label))


def _led_tasks(advice: Advies) -> set[str]:
    """The tasks that lead or follow."""
    return {task.id for task in (*advice.leidend, *advice.volgend)}


def _serves(row: Instrument, tasks: set[str]) -> bool:
    return any(task.id in tasks for task in row.helpt)


def _for_schaarste(advice: Advies, rows: Sequence[Instrument], most: int, phrases: Phrases) -> Iterator[Item]:
    """For each stated scarcity that none of the first instruments relieves, the first that does.

    That is one for what leads or follows, or for any task.
    """
    tasks = _led_tasks(advice)
    told = {scarce.id for row in rows[:most] for scarce in row.tegenSchaarste}
    for row in rows[most:]:
        for scarce in row.tegenSchaarste:
            if scarce.id not in told and (not row.helpt or _serves(row, tasks)):
                told.add(scarce.id)
                yield phrases.item(row, text=phrases.say("for_schaarste", schaarste=scarce.said, name=row.label))


def _telling(kenmerk: KenmerkVanInstrument) -> tuple[bool, int]:
    """How much a characteristic tells of this wijk, the most first: who asks states it, and few known wijken had it."""
    return not kenmerk.opgegeven, kenmerk.wijken


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
    yield from phrases.told(advice.weersproken)
    yield from phrases.told(advice.stilleAanleidingen)
    if advice.meeliftkansen and not first and not advice.komendWerk:
        yield Item(say("could_ride_along", names=phrases.names(advice.meeliftkansen, MOST_TASKS)))
    if advice.medespelers:
        yield Item(say("play_along", names=say.listed([phrases.transition(row) for row in advice.medespelers])))
    grounded = [row for row in advice.volgend if not _only_elsewhere(row)]
    elsewhere = [row for row in advice.volgend if _only_elsewhere(row)]
    front = [say("in_front", names=phrases.tasks(advice.leidend, MOST_TASKS))] if advice.leidend else []
    behind = [say("behind", names=phrases.tasks(grounded, MOST_TASKS))] if grounded else []
    customary = [" ".join(_customary(elsewhere, phrases))] if elsewhere else []
    if told := [*front, *behind, *customary]:
        few = len(advice.leidend) + len(grounded) + len(elsewhere[: MOST_CUSTOMARY + 1]) <= MOST_TOGETHER
        yield from map(Item, [" ".join(told)] if few else told)
    if advice.losseOpgaven:
        yield Item(say("apart", names=phrases.tasks(advice.losseOpgaven, MOST_TASKS)))


def _customary(rows: Sequence[Opgave], phrases: Phrases) -> Iterator[str]:
    """In how many known wijken the first task was taken up; the others by name."""
    yield rows[0].waarom[0].redenen[0]
    if others := rows[1:]:
        yield phrases.say("customary", names=phrases.tasks(others, MOST_CUSTOMARY))


def _only_elsewhere(row: Opgave) -> bool:
    """Whether nothing here asks for a task: it only was customary in comparable wijken."""
    return all(ground.soort == "gebruikelijk" for ground in row.waarom)


def _left_out(advice: Advies, phrases: Phrases) -> Iterator[Item]:
    say = phrases.say
    expected = [row for row in advice.vervallen if row.rangorde]  # what nobody would look for needs no reason
    for rows in (advice.vervallenAanleidingen, expected):
        yield from phrases.told(rows)[:MOST_LEFT_OUT]
    if advice.meeliftkansen and advice.leidendeTransities and not advice.komendWerk:
        yield Item(say("only_ride_along", names=phrases.names(advice.meeliftkansen, MOST_RIDING)))
