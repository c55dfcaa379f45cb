"""Which areas of a screening are asked for: filters in words of the vocabulary, and the most alike first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

import polars as pl

from kb.country.alike import Likeness, alike
from kb.country.encoding import unpack
from kb.country.fill import Country
from kb.country.screening import SECTIONS, Screening, Section
from kb.errors import Problem, SelectionError, SituationError, nearest
from kb.knowledge.dictionary import fold
from kb.language import Words, did_you_mean
from kb.names import slug
from kb.rule.expression import OPERATORS
from kb.situation.model import GROOTHEID

KINDS = {"gemeente": "GM", "wijk": "WK", "buurt": "BU"}
_MEASURE = re.compile(r"\s*(?P<name>[^<>=]+?)\s*(?P<sign>[<>]=?|=)\s*(?P<value>-?\d+(?:[.,]\d+)?)\s*")


@dataclass(frozen=True)
class Selection:
    """What is asked of the areas; what is left out asks nothing.

    `concluded` has the individuals that must be concluded, by the filter of their section; `measures` are comparisons such
    as `aandeel-koopwoningen>=0.5`; `box` is west, south, east and north in degrees; `like` is an area by code or name.
    """

    concluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    measures: tuple[str, ...] = ()
    gemeente: str = ""
    kind: str = ""
    box: tuple[float, float, float, float] | None = None
    like: str = ""


@dataclass(frozen=True)
class Selected:
    """The rows of the table that are asked for; with `like` set the most alike first, and how alike each is."""

    rows: tuple[int, ...]
    like: int | None = None
    likeness: Mapping[int, Likeness] = field(default_factory=dict)


def select(screening: Screening, country: Country, selection: Selection) -> Selected:
    """The areas that meet every filter, in the order of the table, or the most alike first.

    Without `kind` these are wijken and buurten, and with `like` areas of the kind of that one.
    Errors: SelectionError with each word that is not known, and the words that look like it.
    """
    problems: list[Problem] = []
    like = _row_of(selection.like, screening, country, problems) if selection.like else None
    bits = _concluded(screening, selection, problems)
    tests = list(_tests(screening, selection, like, problems))
    if problems:
        raise SelectionError(problems)
    met = screening.table.frame.select(reduce(and_, tests).fill_null(False).alias("met"))["met"]
    if bits is not None:
        met &= unpack(bits, screening.height)
    if like is None:
        return Selected(tuple(met.arg_true().to_list()))
    likeness = alike(screening, like, met)
    return Selected(tuple(likeness), like, likeness)


def _concluded(screening: Screening, selection: Selection, problems: list[Problem]) -> int | None:
    found: int | None = None
    for section in SECTIONS:
        for name in selection.concluded.get(section.filter, ()):
            column = _column(screening, section, name, problems)
            found = column if found is None else found & column
    return found


def _column(screening: Screening, section: Section, name: str, problems: list[Problem]) -> int:
    knowledge, cls = screening.engine.knowledge, screening.engine.vocabulary.ranges[section.property]
    found = knowledge.dictionary(cls).find(name)
    if len(found) == 1:
        return screening.sections[section.name].get(found[0], 0)
    near = tuple(map(slug, found)) or knowledge.dictionary(cls).nearest(name)
    kind, english = knowledge.label(cls), knowledge.label(cls, "en")
    problems.append(_unknown(section.filter, name, Words(kind, english), near))
    return 0


def _tests(screening: Screening, selection: Selection, like: int | None, problems: list[Problem]) -> Iterator[pl.Expr]:
    yield pl.lit(True)
    kinds = [KINDS[selection.kind]] if selection.kind in KINDS else ["WK", "BU"]
    if selection.kind and selection.kind not in KINDS:
        problems.append(_unknown("soort", selection.kind, Words("soort gebied", "kind of area"), tuple(KINDS)))
    if like is not None and not selection.kind:
        kinds = [screening.table.frame["soort"][like]]
    yield pl.col("soort").is_in(kinds)
    if selection.gemeente:
        yield pl.col("gemeente") == _gemeente(screening, selection.gemeente, problems)
    if selection.box:
        west, south, east, north = selection.box
        yield pl.col("lon").is_between(west, east) & pl.col("lat").is_between(south, north)
    for text in selection.measures:
        yield _measured(screening, text, problems)


def _gemeente(screening: Screening, name: str, problems: list[Problem]) -> int:
    frame = screening.table.frame.with_row_index("rij").filter(pl.col("soort") == "GM")
    rows: dict[str, int] = {
        fold(text): row for row, *texts in frame.select("rij", "code", "naam").iter_rows() for text in texts
    }
    if (row := rows.get(fold(name))) is not None:
        return row
    names = dict(zip(map(fold, frame["naam"]), frame["naam"], strict=True))
    problems.append(_unknown("gemeente", name, Words("gemeente", "municipality"), nearest(fold(name), names)))
    return -1


def _measured(screening: Screening, text: str, problems: list[Problem]) -> pl.Expr:
    match = _MEASURE.fullmatch(text)
    if match is None:
        message = Words(
            f"{text!r} is geen vergelijking; schrijf een grootheid, een teken (<, <=, =, >=, >) en een getal.",
            f"{text!r} is no comparison; write a quantity, a sign (<, <=, =, >=, >) and a number.",
        )
        problems.append(Problem("meting", message))
        return pl.lit(False)
    engine = screening.engine
    node = engine.resolver.find(match["name"], engine.vocabulary.ranges[GROOTHEID])
    if node is None or slug(node) not in screening.table.grootheden:
        known = {fold(name): name for name in screening.table.grootheden}
        kind = Words("grootheid waarvan cijfers zijn", "quantity with figures")
        problems.append(
            _unknown("meting", match["name"], kind, nearest(fold(match["name"]), known) or tuple(known.values()))
        )
        return pl.lit(False)
    value = float(match["value"].replace(",", "."))
    held = OPERATORS[match["sign"]](pl.lit(screening.values[slug(node)]), value)
    assert isinstance(held, pl.Expr)
    return held


def _row_of(name: str, screening: Screening, country: Country, problems: list[Problem]) -> int | None:
    try:
        return screening.table.row(country.look_up(name, screening.engine).code)
    except SituationError as error:
        problems += [Problem("zoals", problem.message, problem.nearest) for problem in error.problems]
    return None


def _unknown(place: str, name: str, kind: Words, near: tuple[str, ...]) -> Problem:
    meant = did_you_mean(map(repr, near))
    message = Words(f"onbekend als {kind}: {name!r}.{meant}", f"unknown as {kind.en}: {name!r}.{meant.en}")
    return Problem(place, message, near)
