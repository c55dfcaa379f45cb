"""Two areas side by side: their figures, and what follows for both or for only one. It needs no script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site, page_language
from api.linked.areas import AREA_PAGE
from api.linked.figures import Figure, Figures
from api.linked.naming import Ref
from api.pages.advies.address import PATH as ADVICE
from kb.country.area import Gebied
from kb.country.fill import shown_name
from kb.engine import Engine
from kb.errors import Problem, SituationError
from kb.language import catalogue, spoken
from kb.situation.model import Situatie

if TYPE_CHECKING:
    from api.v1.areas import Areas

COMPARE = "/land/vergelijk"
KEYS = ("eerste", "tweede")
MOST_LETTERS = 200
# From how far apart in the country on, in percent of its areas, two values are marked as different.
FAR = 20


@dataclass(frozen=True)
class Side:
    """One of the two areas."""

    code: str
    name: str
    kind: str
    path: str
    advice: str


@dataclass(frozen=True)
class MeasureRow:
    """A quantity with the figure of each area, and whether they lie far apart."""

    grootheid: Ref
    figures: tuple[Figure | None, Figure | None]
    far: bool


@dataclass(frozen=True)
class Concluded:
    """What follows by one property: for both areas, for the first alone, and for the second alone."""

    property: Ref
    both: tuple[Ref, ...]
    alone: tuple[tuple[Ref, ...], tuple[Ref, ...]]


@dataclass(frozen=True)
class Fault:
    """What is wrong with the name of one of the areas, and addresses with what may be meant in its place."""

    key: str
    text: str
    offers: tuple[tuple[str, str], ...]


class ComparePage:
    """Shows the two areas that an address names."""

    def __init__(self, engine: Engine, site: Site, areas: Callable[[], "Areas"]) -> None:
        self._engine = engine
        self._site = site
        self._areas = areas
        self._figures = Figures(engine)

    def get(self, request: Request) -> Response:
        """The page; with one area or none it is the form, and it says at its field what is wrong."""
        language = page_language(request).language
        given = {key: request.query_params.get(key, "")[:MOST_LETTERS].strip() for key in KEYS}
        faults: list[Fault] = []
        found = [area for key in KEYS if (area := self._found(key, given, faults, language))]
        compared = self._compared(found[0], found[1], language) if len(found) == len(KEYS) else None
        status = 400 if faults else 200
        return self._site.page(
            request, "vergelijk.html", status=status, gegeven=given, fouten=faults, vergelijking=compared
        )

    def _found(self, key: str, given: dict[str, str], faults: list[Fault], language: str) -> Gebied | None:
        if not given[key]:
            return None
        try:
            return self._areas().country.look_up(given[key], self._engine)
        except SituationError as error:
            faults += [self._fault(key, given, problem, language) for problem in error.problems]
            return None

    def _fault(self, key: str, given: dict[str, str], problem: Problem, language: str) -> Fault:
        offers = tuple((self._named(near), _address({**given, key: near})) for near in problem.nearest)
        text = (
            catalogue(language)("vergelijk.niet_een", name=given[key]) if offers else spoken(problem.message, language)
        )
        return Fault(key, text, offers)

    def _named(self, near: str) -> str:
        """The name of an area that is offered by its code."""
        area = self._areas().country.table.area(near)
        return f"{shown_name(area)}, {area.soort} {near}" if area else near

    def _compared(self, first: Gebied, second: Gebied, language: str) -> dict[str, object]:
        concluded = list(self._conclusions(first, second, language))
        return {
            "gebieden": [_side(area) for area in (first, second)],
            "cijfers": list(self._measures(first, second, language)),
            "conclusies": concluded,
            "verschillen": sum(len(alone) for row in concluded for alone in row.alone),
            "omgekeerd": _address({KEYS[0]: second.code, KEYS[1]: first.code}),
        }

    def _measures(self, first: Gebied, second: Gebied, language: str) -> Iterator[MeasureRow]:
        for name in self._areas().country.table.grootheden:
            values = first.by_grootheid.get(name), second.by_grootheid.get(name)
            shown = [
                self._figures.row(value, area, language) if value else None
                for value, area in zip(values, (first, second), strict=True)
            ]
            if any(shown):
                ranks = [value.landelijk for value in values if value and value.landelijk is not None]
                far = len(ranks) == len(KEYS) and abs(ranks[0] - ranks[1]) >= FAR
                named = next(row.grootheid for row in shown if row)
                yield MeasureRow(named, (shown[0], shown[1]), far)

    def _conclusions(self, first: Gebied, second: Gebied, language: str) -> Iterator[Concluded]:
        from kb.country.screening import SECTIONS

        found = self._areas()
        screening = found.screening(Situatie())
        one, other = (screening.of_row(found.country.table.row(area.code)) for area in (first, second))
        for section in SECTIONS:
            mine, theirs = one[section.name], other[section.name]
            if mine or theirs:
                groups = (
                    [node for node in mine if node in theirs],
                    [node for node in mine if node not in theirs],
                    [node for node in theirs if node not in mine],
                )
                both, left, right = (tuple(self._figures.ref(node, language) for node in group) for group in groups)
                yield Concluded(self._figures.heading(section.property, language), both, (left, right))


def compare_path(first: str, second: str = "") -> str:
    """The address at which two areas stand side by side, or at which a second one is asked for."""
    return _address({KEYS[0]: first, KEYS[1]: second})


def _side(area: Gebied) -> Side:
    advice = f"{ADVICE}?{urlencode({'wijk': area.code})}"
    return Side(area.code, shown_name(area), area.soort, AREA_PAGE + area.code, advice)


def _address(given: dict[str, str]) -> str:
    return f"{COMPARE}?{urlencode({key: value for key, value in given.items() if value})}"
