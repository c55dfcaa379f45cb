"""Where a work lies by its own geometry: WKT or GeoJSON, in the national grid or in degrees, made metres of the grid."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.country.outlines import to_rd
from kb.errors import Problem
from kb.language import Words
from kb.programme.model import AfstandVolgens

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# What holds the Netherlands, as west, south, east, north: in metres of the national grid, and in degrees.
RD = (0.0, 300_000.0, 290_000.0, 630_000.0)
DEGREES = (3.0, 50.5, 7.5, 54.0)


@dataclass(frozen=True)
class Reach:
    """How many metres from a work others lie at most to be in one place with it, and who says so."""

    metres: float
    by: AfstandVolgens

    @property
    def own(self) -> bool:
        """Whether it was stated of the work itself."""
        return self.by == "werk"

    def joined(self, other: "Reach") -> "Reach":
        """What decides of two works: the larger of what is stated of either; what holds of all when of neither."""
        return max((self, other), key=lambda reach: (reach.own, reach.metres))

    def widest(self, other: "Reach") -> "Reach":
        """What no other can exceed: the reach of a place with several works, each of which decides for itself."""
        by: AfstandVolgens = "werk" if self.own or other.own else self.by
        return Reach(max(self.metres, other.metres), by)


def read_geometry(text: str) -> "BaseGeometry | Problem":
    """A geometry in metres of the national grid, or what is wrong with the text and what would be right."""
    import shapely  # takes long to import, and few plannings have geometries

    try:
        found = shapely.from_geojson(text) if text.lstrip().startswith("{") else shapely.from_wkt(text)
    except shapely.errors.ShapelyError as error:
        return _problem(f"is niet te lezen: {error}", f"cannot be read: {error}")
    if found.is_empty:
        return _problem("is leeg", "is empty")
    if not found.is_valid:
        reason = shapely.is_valid_reason(found)
        return _problem(f"klopt niet: {reason}", f"is not valid: {reason}")
    flat = shapely.force_2d(found)
    if _within(flat, RD):
        return flat
    if _within(flat, DEGREES):
        return shapely.transform(flat, lambda places: [to_rd(lon, lat) for lon, lat in places])
    return _problem("ligt niet in Nederland", "does not lie in the Netherlands")


def _within(geometry: "BaseGeometry", box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = map(float, geometry.bounds)
    return box[0] <= west and box[1] <= south and east <= box[2] and north <= box[3]


def _problem(nl: str, en: str) -> Problem:
    return Problem(
        "geometrie",
        Words(
            f"{nl}; geef WKT of GeoJSON, in meters (RD, eerst x) of in graden (eerst de lengte), zoals "
            "‘LINESTRING (232500 584000, 232560 584040)’.",
            f"{en}; give WKT or GeoJSON, in metres (RD, x first) or in degrees (longitude first), such as "
            "‘LINESTRING (232500 584000, 232560 584040)’.",
        ),
    )
