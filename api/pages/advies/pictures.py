"""Pictures of an advice as numbers: where each shape stands. The templates draw them as SVG, with the same in a table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from textwrap import wrap

from kb.advice.model import Advies, Ding, GenoemdWerk, KomendWerk, Meeliftkans, Opgave, VolgendeOpgave
from kb.language import as_sentence, catalogue
from kb.report.phrases import Phrases

COLUMN, BOX, LINE, GAP, TOP = 232, 196, 17, 12, 34
LETTERS = 23
MOST_RIDING = 6
MOST_CROSSED = 9
LABELS, YEARS_WIDE, ROW, HEAD = 190, 560, 46, 34


@dataclass(frozen=True)
class Bird:
    """A task in the swan: its box, its lines of text, and why it is there (`kind`)."""

    id: str
    label: str
    lines: tuple[str, ...]
    kind: str
    x: int
    y: int
    height: int
    width: int
    transitions: str
    distance: int
    sticks: str
    key: str


@dataclass(frozen=True)
class Tie:
    """A line from a task to the one that it sticks to."""

    x1: int
    y1: int
    x2: int
    y2: int


@dataclass(frozen=True)
class Swan:
    """Who leads and who sticks: columns by distance, with the lines between them."""

    birds: tuple[Bird, ...]
    ties: tuple[Tie, ...]
    heads: tuple[tuple[int, str], ...]
    width: int
    height: int
    more: int


@dataclass(frozen=True)
class Bar:
    """A work on the time line: its years as a bar, and as far as it can move the bar around it."""

    label: str
    lines: tuple[str, ...]
    y: int
    x: float
    width: float
    reach_x: float
    reach_width: float
    kind: str
    years: str
    owner: str
    margin: str
    opens: str
    fits: str
    returns: str
    key: str


@dataclass(frozen=True)
class TimeLine:
    """The coming works over the years, and the years before which couplings must be decided."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[float, int], ...]
    decide: tuple[tuple[float, int], ...]
    width: int
    height: int


@dataclass(frozen=True)
class Mark:
    """What two tasks have to do with each other: `sterk`, `koppelt` or `botst`, and the key of its proof."""

    kind: str
    label: str
    key: str


@dataclass(frozen=True)
class Matrix:
    """Tasks against each other: the names of the columns, and for each row its name and the marks in its cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Mark, ...], ...]], ...]


def matrix(advice: Advies) -> Matrix | None:
    """The couplings and conflicts between the tasks that lead and follow; None when there are none."""
    tasks = list(chain(advice.leidend, advice.volgend))[:MOST_CROSSED]
    marks = _marks(advice)
    joined = [task for task in tasks if any(task.slug in pair for pair in marks)]
    if len(joined) < 2:
        return None
    names = [as_sentence(task.label) for task in joined]
    rows = [
        (
            names[number],
            tuple(tuple(marks.get(frozenset({task.slug, other.slug}), ())) for other in joined[:number]),
        )
        for number, task in enumerate(joined)
        if number
    ]
    return Matrix(tuple(names[:-1]), tuple(rows))


def _marks(advice: Advies) -> dict[frozenset[str], list[Mark]]:
    """The couplings and conflicts of each pair of tasks."""
    marks: dict[frozenset[str], list[Mark]] = defaultdict(list)
    for coupling in advice.koppelkansen:
        kind = "sterk" if coupling.sterk else "koppelt"
        marks[frozenset(task.slug for task in coupling.opgaven)].append(Mark(kind, coupling.label, coupling.conclusie))
    for conflict in advice.conflicten:
        for pair in combinations(sorted({task.slug for task in conflict.opgaven}), 2):
            marks[frozenset(pair)].append(Mark("botst", conflict.label, conflict.conclusie))
    return marks


def swan(advice: Advies, language: str) -> Swan | None:
    """The swan of an advice; None when nothing leads."""
    if not advice.leidend:
        return None
    say = catalogue(language)
    farthest = max((row.afstand for row in advice.volgend), default=0)
    riding = advice.meeliftkansen[:MOST_RIDING]
    columns: list[tuple[str, Sequence[Opgave]]] = [(say("leading_tasks"), advice.leidend)]
    for distance in range(1, farthest + 1):
        following = [row for row in advice.volgend if row.afstand == distance]
        columns.append((say("following_tasks", n=distance), following))
    if riding:
        columns.append((say("ride_along"), riding))
    birds = {}
    for number, (_, rows) in enumerate(columns):
        y = TOP
        for row in rows:
            bird = _bird(row, number, y, language)
            birds[row.id] = bird
            y += bird.height + GAP
    ties = [
        _tie(birds[row.id], birds[tie.opgave.id])
        for row in advice.volgend
        for tie in row.kleeftAan
        if row.id in birds and tie.opgave.id in birds and birds[tie.opgave.id].x < birds[row.id].x
    ]
    return Swan(
        tuple(birds.values()),
        tuple(ties),
        tuple((number * COLUMN, as_sentence(title)) for number, (title, _) in enumerate(columns)),
        (len(columns) - 1) * COLUMN + BOX + 2,
        max(bird.y + bird.height for bird in birds.values()) + 2,
        len(advice.meeliftkansen) - len(riding),
    )


def time_line(advice: Advies, language: str) -> TimeLine | None:
    """The time line of an advice; None when no coming work has years."""
    dated = [(row, work) for row in advice.komendWerk for work in row.werken if work.van or work.tot]
    if not dated:
        return None
    decide = sorted({row.beslisVoor for row in advice.koppelkansen if row.beslisVoor})
    spans = [_span(work) for _, work in dated]
    years = list(chain.from_iterable((first - margin, last + margin) for first, last, margin in spans))
    start, end = min(years + decide) - 1, max(years) + 2
    step = YEARS_WIDE / (end - start)

    def at(year: int) -> float:
        return round(LABELS + (year - start) * step, 1)

    phrases = Phrases(language, 0, advice)
    bars = [_bar(row, work, number, at, phrases) for number, (row, work) in enumerate(dated)]
    every = max(1, -(-(end - start) // 10))
    return TimeLine(
        tuple(bars),
        tuple((at(year), year) for year in range(start, end) if (year - start) % every == 0),
        tuple((at(year), year) for year in decide),
        LABELS + YEARS_WIDE,
        HEAD + ROW * len(bars) + 24,
    )


def _bird(row: Opgave, column: int, y: int, language: str) -> Bird:
    lines = tuple(wrap(as_sentence(row.label), LETTERS))
    sticks = [tie.label for tie in row.kleeftAan] if isinstance(row, VolgendeOpgave) else []
    say = catalogue(language)
    return Bird(
        id=row.id,
        label=as_sentence(row.label),
        lines=lines,
        kind="meelift" if isinstance(row, Meeliftkans) else next((g.soort for g in row.waarom), "meelift"),
        x=column * COLUMN + 1,
        y=y,
        height=LINE * len(lines) + 14,
        width=BOX,
        transitions=_names(row.transities, Phrases(language, 0)),
        distance=row.afstand if isinstance(row, VolgendeOpgave) else 0,
        sticks=say.listed(list(dict.fromkeys(sticks))) if sticks else "",
        key=row.conclusie,
    )


def _tie(later: Bird, earlier: Bird) -> Tie:
    return Tie(earlier.x + BOX, earlier.y + earlier.height // 2, later.x, later.y + later.height // 2)


def _span(work: GenoemdWerk) -> tuple[int, int, int]:
    """The first and last year of a work, and how many years it can move."""
    first = work.van or work.tot or 0
    return first, work.tot or first, work.schuifruimte or 0


def _bar(row: KomendWerk, work: GenoemdWerk, number: int, at: Callable[[int], float], phrases: Phrases) -> Bar:
    say = phrases.say
    first, last, margin = _span(work)
    x, reach = at(first), at(first - margin)
    return Bar(
        label=as_sentence(work.werksoort.label),
        lines=tuple(wrap(as_sentence(work.werksoort.label), 24)[:2]),
        y=HEAD + number * ROW,
        x=x,
        width=round(at(last + 1) - x, 1),
        reach_x=reach,
        reach_width=round(at(last + margin + 1) - reach, 1),
        kind="dicht" if row.zonderOpening else "open",
        years="–".join(dict.fromkeys(map(str, (first, last)))),
        owner=as_sentence(work.eigenaar.label) if work.eigenaar else "",
        margin=say.count("year", work.schuifruimte) if work.schuifruimte else "",
        opens=_names(row.gaatOpen, phrases) or " ".join(row.zonderOpening[:1]),
        fits=_names(row.hierPast, phrases),
        returns=str(work.volgendeKans or ""),
        key=row.conclusie,
    )


def _names(things: Iterable[Ding], phrases: Phrases) -> str:
    """Names in a row, closed off."""
    found = tuple(things)
    return phrases.names(found) if found else ""
