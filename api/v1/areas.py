"""Areas as the API answers them. Imported when areas are first asked for, as it brings polars along."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any

from pyoxigraph import NamedNode

from api import BASE_PATH
from api.http.errors import NotFoundError
from api.http.negotiation import GEO_JSON, JSON, TURTLE
from api.v1.area_models import GebiedenParameters
from kb.country.area import Gebied, Gebiedscijfer
from kb.country.fill import Country, load_country, table_path
from kb.country.graphs import AreaGraphs, elsewhere, write_areas
from kb.country.rows import feature, properties
from kb.country.screening import SECTIONS, Screening
from kb.country.selection import Selected, Selection, select
from kb.engine import Engine
from kb.errors import Problem
from kb.explain.proof import conclusion_key
from kb.language import Words, did_you_mean
from kb.names import short, slug
from kb.situation.facts import Link
from kb.situation.model import GROOTHEID, Situatie

Json = dict[str, Any]
PATH = f"{BASE_PATH}/gebieden"
KEPT = 8
_FILTERS = {"lijktop": "lijktOp"}


class Areas:
    """The areas of the country for one service; screenings of what was last assumed are kept."""

    def __init__(self, engine: Engine, public_base: str) -> None:
        self.engine = engine
        self.public_base = public_base
        self.country: Country = load_country(table_path())
        self._lock = Lock()
        self._kept = lru_cache(maxsize=KEPT)(self._screen)

    def screening(self, assumed: Situatie) -> Screening:
        """All areas with a situation assumed, as of today.

        Errors: SituationError.
        """
        dated = assumed if assumed.peildatum else assumed.model_copy(update={"peildatum": date.today()})
        with self._lock:  # so that two who ask the same do not both work it out
            return self._kept(dated.model_dump_json())

    def selected(self, query: GebiedenParameters) -> tuple[Screening, Selected]:
        """The areas that a query asks for.

        Errors: SituationError with every word that is not known.
        """
        screening = self.screening(query.assumed())
        concluded = {
            section.filter: tuple(getattr(query, _FILTERS.get(section.filter, section.filter))) for section in SECTIONS
        }
        box = tuple(map(float, query.bbox.split(","))) if query.bbox else None
        selection = Selection(
            concluded,
            tuple(query.meting),
            query.gemeente,
            query.soort or "",
            (box[0], box[1], box[2], box[3]) if box else None,
            query.zoals,
        )
        return screening, select(screening, self.country, selection)

    def find(self, code: str) -> Gebied:
        """The area with this code, of this table's year.

        Errors: NotFoundError, with the code that the area has now, or names that look like it.
        """
        area = self.country.table.area(code)
        if area is not None and area.code == code:
            return area
        near = (area.code,) if area else ()
        meant = did_you_mean(near)
        message = Words(f"Onbekend als gebied: {code!r}.{meant}", f"Unknown as area: {code!r}.{meant.en}")
        raise NotFoundError(message, (Problem("id", message, near),))

    # As JSON

    def row_json(self, screening: Screening, selected: Selected, row: int) -> Json:
        """An area in a list."""
        area = self.country.table.area_at(row)
        found = properties(screening, area, row) | {"_links": {"self": self.link(area.code)}}
        if likeness := selected.likeness.get(row):
            found["gelijkenis"] = {
                "anders": likeness.different,
                "afstand": round(likeness.distance, 4),
                "metingen": likeness.measures,
            }
        return found

    def feature_json(self, screening: Screening, row: int) -> Json:
        """An area as a GeoJSON feature with its links."""
        code = self.country.table.area_at(row).code
        return feature(screening, row) | {"links": self.feature_links(code)}

    def plain_feature(self, area: Gebied) -> Json:
        """One area as a GeoJSON feature, with nothing assumed."""
        return self.feature_json(self.screening(Situatie()), self.country.table.row(area.code))

    def area_json(self, area: Gebied) -> Json:
        """One area with everything known about it."""
        screening = self.screening(Situatie())
        row = self.country.table.row(area.code)
        known = self.engine.resolver.known_wijk(area.code)
        parts = [{"code": part.code, "naam": part.naam} for part in self.country.table.parts(area.code)]
        own = properties(screening, area, row)
        measures = own.pop("metingen")
        assert isinstance(measures, dict)
        return own | {
            "indeling": self.country.table.year,
            "eerder": list(area.eerder),
            "delen": parts,
            "elders": list(elsewhere(area)),
            "bekendeWijk": slug(known) if known else None,
            "cijfers": [self._figure(figure) for figure in self.country.look_up(area.code, self.engine).cijfers],
            "conclusies": self._concluded(screening, row),
            "_links": {
                "self": self.link(area.code),
                "collection": {"href": self.public_base + PATH},
                "describedby": {"href": f"{self.public_base}/doc/gebied/{area.code}"},
            },
        }

    def turtle(self, area: Gebied) -> bytes:
        """One area as Turtle, with its geometry."""
        graphs = AreaGraphs(self.screening(Situatie()), self.country, date.today())
        return write_areas(graphs, [self.country.table.row(area.code)], "turtle", outline=True)

    def link(self, code: str) -> Json:
        """A link to one area."""
        return {"href": f"{self.public_base}{PATH}/{code}"}

    def feature_links(self, code: str) -> Sequence[Json]:
        """The links of a feature, as OGC API Features wants them."""
        here = f"{self.public_base}{PATH}/{code}"
        return [
            {"href": f"{here}?f=geojson", "rel": "self", "type": GEO_JSON},
            {"href": f"{here}?f=json", "rel": "alternate", "type": JSON},
            {"href": f"{here}?f=ttl", "rel": "alternate", "type": TURTLE},
            {"href": self.public_base + PATH, "rel": "collection", "type": JSON},
        ]

    def _screen(self, assumed: str) -> Screening:
        return Screening(self.engine, self.country.table, Situatie.model_validate_json(assumed))

    def _concluded(self, screening: Screening, row: int) -> Json:
        found = screening.of_row(row)
        return {
            section.name: [
                {
                    "id": short(node),
                    "label": self._label(node),
                    "conclusie": conclusion_key(Link(section.property, node)),
                }
                for node in found[section.name]
            ]
            for section in SECTIONS
        }

    def _figure(self, figure: Gebiedscijfer) -> Json:
        grootheid = self.engine.resolver.find(figure.grootheid, self.engine.vocabulary.ranges[GROOTHEID])
        name = figure.grootheid
        return figure.as_json(self._label(grootheid) if grootheid else {"nl": name, "en": name})

    def _label(self, node: NamedNode) -> Json:
        label = self.engine.knowledge.label
        return {"nl": label(node), "en": label(node, "en")}
