"""In which buurt something lies, by the outlines of the table: they are coarse, so near a border it can be the next one."""

from functools import cached_property
from typing import TYPE_CHECKING

from kb.country.outlines import STEP, Packed, from_rd

if TYPE_CHECKING:
    from shapely import STRtree
    from shapely.geometry.base import BaseGeometry

    from kb.country.table import Landtabel

BUURT = "BU"


class Locator:
    """Finds the buurt of a geometry; the outlines are read at the first question, which takes a second."""

    def __init__(self, table: "Landtabel") -> None:
        self._table = table

    def buurt(self, shape: "BaseGeometry") -> str | None:
        """The code of the buurt that holds most of a geometry in metres of the national grid; None outside all outlines."""
        import shapely  # takes long to import, and few ask for this

        place = shapely.transform(shape, lambda points: [from_rd(x, y) for x, y in points])
        codes, tree = self._outlines
        met = [(tree.geometries[index].intersection(place), codes[index]) for index in tree.query(place, "intersects")]
        # The size of a part is its surface, else its length; a point has neither, and lies in one outline.
        return max(met, key=lambda found: (found[0].area, found[0].length, found[1]))[1] if met else None

    @cached_property
    def _outlines(self) -> tuple[list[str], "STRtree"]:
        import shapely

        kept = [(code, packed) for code, packed in self._table.outlines.iter_rows() if code.startswith(BUURT)]
        # Making an outline coarse can make it cross itself.
        drawn = shapely.make_valid([_polygons(packed) for _, packed in kept])
        return [code for code, _ in kept], shapely.STRtree(drawn)


def _polygons(packed: Packed) -> "BaseGeometry":
    """The rings of a packed outline, as `unpack` gives them, by arrays: there are fifteen thousand."""
    import numpy as np
    import shapely

    rings = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / STEP for ring in packed]
    return shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings])
