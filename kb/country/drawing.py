"""A map of areas as paths of SVG: outlines where there are few, a dot in the middle of each where there are many."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import cos, radians

import polars as pl

from kb.country.outlines import Packed, Point, unpack
from kb.country.table import Landtabel

MOST_OUTLINES = 600
WIDTH = 1000  # of the drawing, in its own units
MIDDLE = cos(radians(52.2))  # how much narrower than a degree of latitude one of longitude is here


@dataclass(frozen=True)
class Shape:
    """An area on the map: the `d` of its path, and the row that it stands for."""

    row: int
    path: str


@dataclass(frozen=True)
class Drawing:
    """A map: `shapes` a path an area, or `dots` one path a group; `ground` are the municipalities around them."""

    width: int
    height: int
    ground: tuple[str, ...]
    shapes: tuple[Shape, ...]
    dots: Mapping[str, str]


class Cartographer:
    """Draws areas of one table."""

    def __init__(self, table: Landtabel) -> None:
        self._table = table
        self._codes = table.frame["code"].to_list()

    def draw(self, rows: Sequence[int], groups: Mapping[int, str]) -> Drawing:
        """The areas in these rows on a map that just holds them; `groups` tells which dots have one look."""
        if len(rows) > MOST_OUTLINES or not rows:
            frame, ground = self._country
            return Drawing(WIDTH, frame.height, ground, (), self._dots(frame, rows, groups))
        around = self._table.frame[list(rows)]["gemeente"].unique().sort().to_list()
        frame, ground = self._framed(around)
        outlines = self._outlines(rows)
        shapes = (Shape(row, frame.path(unpack(outlines[row]))) for row in rows if row in outlines)
        return Drawing(WIDTH, frame.height, ground, tuple(shapes), {})

    @cached_property
    def _country(self) -> "tuple[_Frame, tuple[str, ...]]":
        """The whole country, with its municipalities."""
        kinds = self._table.frame.with_row_index("rij").filter(pl.col("soort") == "GM")
        return self._framed(kinds["rij"].to_list())

    def _framed(self, municipalities: Sequence[int]) -> "tuple[_Frame, tuple[str, ...]]":
        rings = [unpack(packed) for packed in self._outlines(municipalities).values()]
        frame = _Frame([point for polygons in rings for ring in polygons for point in ring])
        return frame, tuple(map(frame.path, rings))

    def _outlines(self, rows: Sequence[int]) -> dict[int, Packed]:
        wanted = {self._codes[row]: row for row in rows}
        found = self._table.outlines.filter(pl.col("code").is_in(list(wanted)))
        return {wanted[code]: packed for code, packed in found.iter_rows()}

    def _dots(self, frame: "_Frame", rows: Sequence[int], groups: Mapping[int, str]) -> Mapping[str, str]:
        dots: dict[str, list[str]] = defaultdict(list)
        places = self._table.frame[list(rows)].select("lon", "lat").iter_rows()
        for row, (lon, lat) in zip(rows, places, strict=True):
            if lon is not None:
                dots[groups[row]].append(frame.dot(Point(lon, lat)))
        return {name: "".join(parts) for name, parts in dots.items()}


class _Frame:
    """Brings places to the units of a drawing that just holds some of them."""

    def __init__(self, points: Sequence[Point]) -> None:
        lons, lats = [point.lon for point in points] or [3.3, 7.3], [point.lat for point in points] or [50.7, 53.6]
        self._west, self._north = min(lons), max(lats)
        self._scale = WIDTH / max((max(lons) - self._west) * MIDDLE, (self._north - min(lats)) / 1.3, 1e-6)
        self.height = round((self._north - min(lats)) * self._scale) or 1

    def path(self, rings: Iterable[Sequence[Point]]) -> str:
        """Closed rings, each point as the step from the one before."""
        parts = []
        for ring in rings:
            places = list(dict.fromkeys(map(self._place, ring)))
            if len(places) < 3:
                continue
            steps = (f"{x - u} {y - v}" for (u, v), (x, y) in pairwise(places))
            parts.append("M{} {}l{}z".format(*places[0], " ".join(steps)))
        return "".join(parts).replace(" -", "-")

    def dot(self, point: Point) -> str:
        """A line without length, which a round end makes a dot."""
        return "M{} {}h0".format(*self._place(point))

    def _place(self, point: Point) -> tuple[int, int]:
        x = (point.lon - self._west) * MIDDLE * self._scale
        return round(x), round((self._north - point.lat) * self._scale)
