"""The page of the country: areas by what follows for them, as a table and a map of the same rows. It needs no script."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pydantic import ValidationError
from pyoxigraph import NamedNode
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site, page_language
from api.http.lazy import Lazy
from api.linked.naming import Ref, local_path
from api.pages.land.looks import Looks
from api.v1.area_models import GebiedenParameters
from kb.country.area import to_decimal
from kb.engine import Engine
from kb.errors import Problem, SituationError
from kb.language import LANGUAGES, Words, catalogue, show_number, spoken
from kb.names import slug
from kb.situation.model import CYCLUS, GROOTHEID, TRANSITIE

if TYPE_CHECKING:
    from api.v1.areas import Areas
    from kb.country.alike import Likeness
    from kb.country.drawing import Cartographer
    from kb.country.screening import Screening

PATH = "/land"
PER_PAGE = 50
MOST_ALIKE = 100
# The filters of the form that are chosen from what is concluded somewhere, by the section of the screening.
CHOSEN = {
    "leidt": "leidendeTransities",
    "opgave": "nodigeOpgaven",
    "koppelkans": "koppelkansen",
    "instrument": "instrumenten",
}


@dataclass(frozen=True)
class Choice:
    """An option of the form."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """An area in the table."""

    code: str
    naam: str
    gemeente: str
    leidt: tuple[Ref, ...]
    nodig: tuple[Ref, ...]
    counts: tuple[int, ...]
    measure: str


class LandPage:
    """Shows the areas that the form asks for."""

    def __init__(self, engine: Engine, site: Site, areas: Callable[[], "Areas"]) -> None:
        self._engine = engine
        self._site = site
        self._areas = areas
        self._cartographer = Lazy(self._make_cartographer)
        self._looks = Looks(engine.knowledge, engine.knowledge.instances(engine.vocabulary.ranges[TRANSITIE]))

    def get(self, request: Request) -> Response:
        """The page; what cannot be understood is told above the form, which keeps what was filled in."""
        language = page_language(request).language
        given = request.query_params
        try:
            found = self._found(given, language)
        except SituationError as error:
            return self._page(request, given, [spoken(problem.words, language) for problem in error.problems], {}, 400)
        return self._page(request, given, [], found, 200)

    def _found(self, given: QueryParams, language: str) -> dict[str, object]:
        query = read_form(given)
        screening, selected = self._areas().selected(query)
        colour = given.get("kleur", "")
        rows = selected.rows if selected.like is None else selected.rows[:MOST_ALIKE]
        groups = dict(self._groups(screening, rows, colour))
        table = self._areas().country.table
        page, last = query.pagina, max(1, ceil(len(rows) / PER_PAGE))
        shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        drawing = self._cartographer().draw(rows, groups)
        return {
            "aantal": len(rows),
            "rijen": [self._row(screening, row, colour, language) for row in shown],
            "gelijkenis": [_likeness(selected.likeness[row], language) for row in shown if row in selected.likeness],
            "zelf": None if selected.like is None else table.area_at(selected.like).code,
            "kaart": drawing,
            "vlakken": [(shape.path, groups[shape.row], table.frame["naam"][shape.row]) for shape in drawing.shapes],
            "legenda": self._looks.legend(groups.values(), language),
            "kleurnaam": self._label_of(colour, language) if colour else "",
            "pagina": page,
            "laatste": last,
            "vorige": _address(given, page - 1) if page > 1 else None,
            "volgende": _address(given, page + 1) if page < last else None,
        }

    def _make_cartographer(self) -> "Cartographer":
        from kb.country.drawing import Cartographer

        return Cartographer(self._areas().country.table)

    def _page(
        self, request: Request, given: QueryParams, problems: list[str], found: Mapping[str, object], status: int
    ) -> Response:
        language = page_language(request).language
        screening = self._areas().screening(GebiedenParameters().assumed())
        keuzes = {
            name: self._choices(screening.sections[section], given.get(name, ""), language)
            for name, section in CHOSEN.items()
        }
        frame = self._areas().country.table.frame
        gemeenten = sorted(frame.filter(frame["soort"] == "GM")["naam"].to_list(), key=str.casefold)
        works = self._engine.knowledge.instances(self._engine.vocabulary.ranges[CYCLUS])
        chosen = given.getlist("werk")
        return self._site.page(
            request,
            "land.html",
            status=status,
            fouten=problems,
            gegeven={name: given.get(name, "") for name in ("gemeente", "soort", "zoals", "meting", "kleur")},
            keuzes=keuzes,
            gemeenten=gemeenten,
            werken=[self._choice(node, chosen, language) for node in _by_label(works, self._engine, language)],
            grootheden=[
                Choice(name, self._label_of(name, language), given.get("kleur") == name)
                for name in self._areas().country.table.grootheden
            ],
            gevonden=found,
        )

    def _row(self, screening: "Screening", row: int, colour: str, language: str) -> Row:
        area, found = self._areas().country.table.area_at(row), screening.of_row(row)
        counts = tuple(len(found[name]) for name in ("koppelkansen", "conflicten", "instrumenten"))
        leading, needed = (
            tuple(self._ref(node, language) for node in found[name]) for name in ("leidendeTransities", "nodigeOpgaven")
        )
        value = screening.values[colour][row] if colour in screening.values.columns else None
        measure = "" if value is None else self._engine.texts.quantity(to_decimal(value), self._node(colour), language)
        return Row(area.code, area.naam, area.gemeente, leading, needed, counts, measure)

    def _groups(self, screening: "Screening", rows: Sequence[int], colour: str) -> Iterator[tuple[int, str]]:
        """What each area looks like on the map: by the transition that leads, or by the fifth that its measure is in."""
        if colour in screening.values.columns:
            ranks = self._areas().country.table.frame[f"{colour}@landelijk"]
            yield from ((row, self._looks.ranked(ranks[row])) for row in rows)
            return
        leading = list(screening.sections["leidendeTransities"].items())
        for row in rows:
            yield row, self._looks.leading([node for node, column in leading if column >> row & 1])

    def _choices(self, found: Mapping[NamedNode, int], chosen: str, language: str) -> list[Choice]:
        return [self._choice(node, [chosen], language) for node in _by_label(found, self._engine, language)]

    def _choice(self, node: NamedNode, chosen: Sequence[str], language: str) -> Choice:
        return Choice(slug(node), self._engine.knowledge.label(node, language), slug(node) in chosen)

    def _node(self, name: str) -> NamedNode:
        found = self._engine.resolver.find(name, self._engine.vocabulary.ranges[GROOTHEID])
        assert found is not None  # the table was made with these names
        return found

    def _label_of(self, name: str, language: str) -> str:
        found = self._engine.resolver.find(name, self._engine.vocabulary.ranges[GROOTHEID])
        return self._engine.knowledge.label(found, language) if found else name

    def _ref(self, node: NamedNode, language: str) -> Ref:
        return Ref(self._engine.knowledge.label(node, language), node.value, local_path(node))


def read_form(given: QueryParams) -> GebiedenParameters:
    """What the form asks; an empty field asks nothing. Without a kind: buurten of one municipality, else wijken.

    Errors: SituationError for a value that cannot be.
    """
    fields = GebiedenParameters.model_fields
    filled = {name: [value for value in given.getlist(name) if value.strip()] for name in given if name in fields}
    several = {name for name, field in fields.items() if field.default == [] and isinstance(field.default, list)}
    values: dict[str, object] = {
        name: texts if name in several else texts[-1] for name, texts in filled.items() if texts
    }
    if "soort" not in values and "zoals" not in values:
        values["soort"] = "buurt" if "gemeente" in values else "wijk"
    try:
        return GebiedenParameters.model_validate(values)
    except ValidationError as error:
        wrong = Words(*(catalogue(language)("land.waarde_kan_niet") for language in LANGUAGES))
        raise SituationError([Problem(str(found["loc"][0]), wrong) for found in error.errors()]) from error


def _likeness(found: "Likeness", language: str) -> tuple[str, str]:
    """How many conclusions only one of two areas has, and how far their measures lie apart."""
    return str(found.different), show_number(Decimal(f"{found.distance:.2f}"), language)


def _address(given: QueryParams, page: int) -> str:
    keys = [(key, value) for key, value in given.multi_items() if key not in ("pagina", "taal") and value]
    return f"{PATH}?{urlencode([*keys, ('pagina', page)])}"


def _by_label(nodes: Mapping[NamedNode, int] | Sequence[NamedNode], engine: Engine, language: str) -> list[NamedNode]:
    return sorted(nodes, key=lambda node: engine.knowledge.label(node, language).casefold())
