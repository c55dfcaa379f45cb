"""Outlines of areas: read from GeoJSON, brought to longitude and latitude, made coarse, and packed for a table."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain, groupby, pairwise
from math import hypot
from typing import Any, NamedTuple, TypeAlias


class Point(NamedTuple):
    """A place in longitude and latitude (WGS84, degrees)."""

    lon: float
    lat: float


Ring: TypeAlias = tuple[Point, ...]
Polygons: TypeAlias = tuple[Ring, ...]  # outer rings only: holes are too small to draw
Packed: TypeAlias = list[list[int]]

STEP = 10_000  # an outline is kept in ten-thousandths of a degree, about ten metres

# Schreutelkamp and Strang van Hees (2001), "Benaderingsformules voor de transformatie tussen RD- en WGS84-kaartcoördinaten":
# within a metre. Each row is the power of x, the power of y and the coefficient in seconds of arc.
_LAT = (
    *((0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.2475), (2, 1, -0.84978), (0, 3, -0.0655), (2, 2, -0.01709)),
    *((1, 0, -0.00738), (4, 0, 0.0053), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012)),
)
_LON = (
    *((1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607)),
    *((0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026)),
)


def from_rd(x: float, y: float) -> Point:
    """Longitude and latitude of a place in the Dutch national grid (EPSG:28992, metres)."""
    dx, dy = (x - 155_000) / 100_000, (y - 463_000) / 100_000
    lat = 52.15517440 + sum(k * dx**p * dy**q for p, q, k in _LAT) / 3600
    return Point(5.38720621 + sum(k * dx**p * dy**q for p, q, k in _LON) / 3600, lat)


# The same source, the other way: the power of latitude, the power of longitude and the coefficient in metres.
_X = (
    *((0, 1, 190094.945), (1, 1, -11832.228), (2, 1, -114.221), (0, 3, -32.391), (1, 0, -0.705)),
    *((3, 1, -2.340), (1, 3, -0.608), (0, 2, -0.008), (2, 3, 0.148)),
)
_Y = (
    *((1, 0, 309056.544), (0, 2, 3638.893), (2, 0, 73.077), (1, 2, -157.984), (3, 0, 59.788)),
    *((0, 1, 0.433), (2, 2, -6.439), (1, 1, -0.032), (0, 4, 0.092), (1, 4, -0.054)),
)


def to_rd(lon: float, lat: float) -> tuple[float, float]:
    """The place in the Dutch national grid (EPSG:28992, metres) of a longitude and latitude."""
    north, east = 0.36 * (lat - 52.15517440), 0.36 * (lon - 5.38720621)
    x = 155_000 + sum(k * north**p * east**q for p, q, k in _X)
    return x, 463_000 + sum(k * north**p * east**q for p, q, k in _Y)


def polygons_of(geometry: Mapping[str, Any], crs: str) -> Polygons:
    """The outer rings of a GeoJSON geometry; what is no polygon has none. `crs` says whether it is in the national grid."""
    coordinates = geometry.get("coordinates") or ()
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")), [])
    place = from_rd if "28992" in crs else Point
    return tuple(tuple(place(x, y) for x, y, *_ in polygon[0]) for polygon in polygons if polygon)


def centre(polygons: Polygons) -> Point:
    """The middle of the largest part of an area."""
    ring = max(polygons, key=lambda ring: abs(_area(ring)))
    area = _area(ring)
    if not area:
        return ring[0]
    origin = ring[0]  # so that small areas are not lost in the large numbers of their coordinates
    moved = [Point(lon - origin.lon, lat - origin.lat) for lon, lat in ring]
    crosses = [(a, b, a.lon * b.lat - b.lon * a.lat) for a, b in pairwise(moved)]
    lon = sum((a.lon + b.lon) * cross for a, b, cross in crosses) / (6 * area)
    lat = sum((a.lat + b.lat) * cross for a, b, cross in crosses) / (6 * area)
    return Point(origin.lon + lon, origin.lat + lat)


def pack(polygons: Polygons, tolerance: float) -> Packed:
    """The outline made coarse (no point further than `tolerance` degrees off) as whole numbers: each ring a list of
    longitude, latitude, and then the steps to the next point, all in ten-thousandths of a degree."""
    rings = [_whole(simplify(ring, tolerance)) for ring in polygons]
    return [ring for ring in rings if len(ring) >= 8]


def unpack(packed: Packed) -> Polygons:
    """The rings of a packed outline."""
    return tuple(
        tuple(
            Point(lon / STEP, lat / STEP)
            for lon, lat in zip(accumulate(ring[0::2]), accumulate(ring[1::2]), strict=True)
        )
        for ring in packed
    )


def geojson(packed: Packed) -> dict[str, Any]:
    """A packed outline as a GeoJSON geometry."""
    return {"type": "MultiPolygon", "coordinates": [[[list(point) for point in ring]] for ring in unpack(packed)]}


def simplify(ring: Sequence[Point], tolerance: float) -> Ring:
    """The ring with only the points that matter (Douglas and Peucker, 1973)."""
    kept = {0, len(ring) - 1}
    # A closed ring begins where it ends, so it is first cut at the point furthest from there.
    todo = [(0, len(ring) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        index = max(range(first + 1, last), key=lambda i: _off(ring[i], ring[first], ring[last]))
        if _off(ring[index], ring[first], ring[last]) > tolerance:
            kept.add(index)
            todo += [(first, index), (index, last)]
    return tuple(ring[index] for index in sorted(kept))


def _off(point: Point, start: Point, end: Point) -> float:
    dx, dy = end.lon - start.lon, end.lat - start.lat
    length = hypot(dx, dy)
    if not length:
        return hypot(point.lon - start.lon, point.lat - start.lat)
    return abs(dx * (start.lat - point.lat) - dy * (start.lon - point.lon)) / length


def _area(ring: Sequence[Point]) -> float:
    lon, lat = ring[0]
    return sum((a.lon - lon) * (b.lat - lat) - (b.lon - lon) * (a.lat - lat) for a, b in pairwise(ring)) / 2


def _whole(ring: Iterable[Point]) -> list[int]:
    points = [(round(point.lon * STEP), round(point.lat * STEP)) for point in ring]
    distinct = [point for point, _ in groupby(points)]
    steps = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(distinct))
    return [*distinct[0], *chain.from_iterable(steps)]
