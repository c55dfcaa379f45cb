"""What the rows of a planning mean: kinds of work, parties, areas, and the years, assumed where none are stated."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kb.advice.model import Ding
from kb.country.area import Gebied
from kb.country.fill import Filled, fill, load_country, table_path
from kb.engine import Engine
from kb.errors import Problem, SituationError
from kb.knowledge.knowledge import Knowledge
from kb.language import Words, spoken
from kb.names import short, slug
from kb.programme.distance import reach_of
from kb.programme.geometry import read_geometry
from kb.programme.model import GeplandWerk, NietGebruikt, Plaatssoort, Programmawerk, Zoekafstand
from kb.programme.places import Place
from kb.programme.reading import Row, Sheet, parse_row, refused
from kb.programme.state import fingerprint, state_of
from kb.situation.model import CYCLUS, PLANZEKERHEID, WERK_VAN, Situatie, Werk

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Area:
    """An area of the planning: what a situation about it begins with, its code and its name.

    It is `located` when nobody stated it and it was found by the geometry of a work.
    """

    key: str = ""
    name: str | None = None
    base: Situatie = field(default_factory=Situatie)
    located: bool = False


@dataclass(frozen=True)
class Work:
    """A row that was understood: as it is told, as the engine takes it, and where it is."""

    told: GeplandWerk
    stated: Werk
    kind: NamedNode
    place: Place
    area: Area


class Works:
    """Understands the rows of plannings; each area is looked up once."""

    def __init__(
        self, engine: Engine, day: date, distance: Zoekafstand, language: str = "nl", *, with_data: bool = True
    ) -> None:
        self.engine = engine
        self.day = day
        self.distance = distance
        self.language = language
        self.with_data = with_data
        self._areas: dict[str, Area | list[Problem]] = {}

    def read(self, sheet: Sheet, *, text: bool) -> tuple[list[Work], list[NietGebruikt]]:
        """The works of a planning in the order of its rows, and the rows that cannot be used."""
        works: dict[str, Work] = {}
        unused = [self._refused(row, [problem]) for row, problem in sheet.broken]
        for row in sheet.rows:
            found = self._work(row, text=text)
            if isinstance(found, Work) and found.told.id in works:
                first = works[found.told.id].told.rij
                message = Words(
                    f"{found.told.id!r} staat er al, in rij {first}.",
                    f"{found.told.id!r} is there already, in row {first}.",
                )
                found = [Problem("id", message)]
            if isinstance(found, Work):
                works[found.told.id] = found
            else:
                unused.append(self._refused(row, found))
        return _with_areas_of_sections(list(works.values())), sorted(unused, key=lambda row: row.rij)

    def _work(self, row: Row, *, text: bool) -> Work | list[Problem]:
        parsed = parse_row(row, text=text)
        if isinstance(parsed, list):
            return parsed
        problems = list(self._term_problems(parsed))
        shape = read_geometry(parsed.geometrie) if parsed.geometrie else None
        if isinstance(shape, Problem):
            problems.append(shape)
        located = shape is not None and not isinstance(shape, Problem) and not (parsed.gebied or parsed.vak)
        area = self._area_under(shape) if located else self._area(parsed.gebied)
        if isinstance(area, list):
            problems += area
        if problems or isinstance(area, list) or isinstance(shape, Problem):
            return problems
        kind = self._node(parsed.cyclus, CYCLUS)
        assert kind is not None
        years = self._years(parsed, kind)
        if isinstance(years, Problem):
            return [years]
        return self._made(row, parsed, kind, area, years, shape)

    def _made(
        self,
        row: Row,
        parsed: Programmawerk,
        kind: NamedNode,
        area: Area,
        years: tuple[int, int, str | None],
        shape: "BaseGeometry | None",
    ) -> Work:
        first, last, assumed = years
        margin = 0 if parsed.vast and parsed.schuifruimte is None else parsed.schuifruimte
        owner, certainty = self._node(parsed.eigenaar, WERK_VAN), self._node(parsed.zekerheid, PLANZEKERHEID)
        stated = Werk(
            cyclus=slug(kind),
            van=first,
            tot=last,
            graven=parsed.graven,
            schuifruimte=margin,
            zekerheid=slug(certainty) if certainty else None,
            eigenaar=slug(owner) if owner else None,
        )
        name = parsed.id or f"rij {row.number}"
        site = name if shape is not None and not parsed.vak else ""
        reach = reach_of(parsed.afstand, self.distance)
        place = Place(area.key, parsed.straat or "", parsed.vak or "", site, shape, reach)
        terms = {"cyclus": stated.cyclus, "zekerheid": stated.zekerheid, "eigenaar": stated.eigenaar}
        state = state_of(
            parsed,
            area="" if area.located else area.key,
            terms={field: term for field, term in terms.items() if term},
            margin=margin,
            shape=shape,
        )
        told = GeplandWerk(
            id=name,
            rij=row.number,
            plaats=place.key,
            werksoort=self._thing(kind),
            van=first,
            tot=last,
            vroegst=first - (margin or 0),
            laatst=last + (margin or 0),
            schuifruimte=margin,
            zekerheid=self._thing(certainty) if certainty else None,
            graven=parsed.graven,
            eigenaar=self._thing(owner) if owner else None,
            kosten=parsed.kosten,
            geometrie=parsed.geometrie,
            afstand=parsed.afstand,
            gebiedUitLigging=area.located,
            aanname=assumed,
            stand=state,
            vingerafdruk=fingerprint(state),
        )
        return Work(told, stated, kind, place, area)

    def _thing(self, node: NamedNode) -> Ding:
        return thing(self.engine.knowledge, node, self.language)

    def _node(self, name: str | None, prop: NamedNode) -> NamedNode | None:
        return self.engine.resolver.find(name, self.engine.vocabulary.ranges[prop]) if name else None

    def _term_problems(self, parsed: Programmawerk) -> Iterator[Problem]:
        """What is wrong with the terms of a row, as the resolver says it of a situation with that work."""
        work = Werk(cyclus=parsed.cyclus, zekerheid=parsed.zekerheid, eigenaar=parsed.eigenaar)
        try:
            self.engine.resolver.facts(Situatie(peildatum=self.day, werken=(work,)))
        except SituationError as error:
            yield from (replace(problem, field=problem.field.rpartition(".")[2]) for problem in error.problems)

    def _years(self, parsed: Programmawerk, kind: NamedNode) -> tuple[int, int, str | None] | Problem:
        """The first and last year, and what they were assumed from; a work that is overdue is assumed to come now."""
        stated = [year for year in (parsed.van, parsed.tot) if year is not None]
        if stated:
            return stated[0], stated[-1], None
        assert parsed.aangelegd is not None
        lifetime = self.engine.resolver.shortest_lifetime(kind)
        if lifetime is None:
            label = self.engine.knowledge.label(kind)
            message = Words(
                f"ontbreekt; van {label} is geen levensduur bekend, dus uit aangelegd volgt geen jaar.",
                f"is missing; no lifetime of {self.engine.knowledge.label(kind, 'en')} is known, so no year follows.",
            )
            return Problem("van", message)
        due, now = parsed.aangelegd + lifetime, self.day.year
        late = (f"; dat was {due}, dus dit jaar", f"; that was {due}, so this year") if due < now else ("", "")
        assumed = Words(
            f"aangenomen: aangelegd in {parsed.aangelegd}, levensduur ten minste {lifetime} jaar{late[0]}",
            f"assumed: built in {parsed.aangelegd}, lifetime at least {lifetime} years{late[1]}",
        )
        year = max(due, now)
        return year, year, spoken(assumed, self.language)

    def _area(self, name: str | None) -> Area | list[Problem]:
        if name is None:
            return Area()
        if name not in self._areas:
            try:
                self._areas[name] = self._found(fill(Situatie(wijk=name, peildatum=self.day), self.engine))
            except SituationError as error:
                self._areas[name] = [replace(problem, field="gebied") for problem in error.problems]
        return self._areas[name]

    def _area_under(self, shape: "BaseGeometry") -> Area | list[Problem]:
        """The buurt in which a work lies of which only the geometry is stated; no area outside all outlines."""
        code = load_country(table_path()).locator.buurt(shape)
        found = self._area(code)
        return replace(found, located=True) if isinstance(found, Area) and code else found

    def _found(self, filled: Filled) -> Area:
        area, base = filled.gebied, filled.situation
        self.engine.resolver.facts(base)
        if not self.with_data:
            base = base.model_copy(update={"metingen": {}, "herkomst": {}})
        return Area(area.code if area else base.wijk or "", _name(area), base)

    def _refused(self, row: Row, problems: list[Problem]) -> NietGebruikt:
        return refused(row, problems, self.language)


def thing(knowledge: Knowledge, node: NamedNode, language: str) -> Ding:
    """An individual as a row of an answer names it."""
    return Ding(id=short(node), label=knowledge.label(node, language), in_zin=knowledge.in_sentence(node, language))


def as_known(work: Work, sure: Plaatssoort | None) -> Work:
    """The work as it is known beside what it coincides with: of one that only shares the area the street is unknown."""
    if sure != "gebied" or not work.place.vague:
        return work
    return replace(work, stated=work.stated.model_copy(update={"straatOnbekend": True}))


def situation_of(area: Area, day: date, works: list[Work], name: str) -> Situatie:
    """The situation of an area with these works, on a day."""
    return area.base.model_copy(
        update={"peildatum": day, "werken": tuple(work.stated for work in works), "naam": name[:200]}
    )


def _name(area: Gebied | None) -> str | None:
    if area is None:
        return None
    return area.naam if area.soort == "gemeente" else f"{area.naam}, {area.gemeente}"


def _with_areas_of_sections(works: list[Work]) -> list[Work]:
    """The works, those of which only a section is stated in the area that others state for that section."""
    areas: dict[str, dict[str, Area]] = defaultdict(dict)
    for work in works:
        if work.place.section and work.area.key:
            areas[work.place.section][work.area.key] = work.area
    placed = []
    for work in works:
        known = [] if work.area.key else list(areas[work.place.section].values())
        if len(known) == 1:
            area = known[0]
            place = replace(work.place, area=area.key)
            work = replace(work, area=area, place=place, told=work.told.model_copy(update={"plaats": place.key}))
        placed.append(work)
    return placed
