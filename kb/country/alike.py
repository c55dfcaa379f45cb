"""Which areas are most alike one: those of which most of the same is concluded, and then those with measures most alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from kb.country.encoding import unpack
from kb.country.screening import Screening

# With fewer measures in common than this share of those of the area itself, two areas are not compared.
LEAST_SHARED = 0.5


@dataclass(frozen=True)
class Likeness:
    """How alike two areas are: the conclusions that only one of them has, and how far their measures lie apart.

    `distance` is the root mean square difference in standard deviations over the `measures` that both have.
    """

    different: int
    distance: float
    measures: int


def alike(screening: Screening, row: int, among: pl.Series) -> Mapping[int, Likeness]:
    """How alike the rows that `among` marks are to the area in `row`, the most alike first, and that area left out.

    First go those with the fewest conclusions that only one of the two has; of those with as many, those whose measures
    lie nearest. No conclusion or measure weighs more than another.
    """
    columns = (column for found in screening.sections.values() for column in found.values())
    different = _count(_differing(columns, row, screening.height), screening.height)
    frame = pl.DataFrame({"different": different, "met": among}).with_row_index("rij")
    frame = pl.concat([frame, _distances(screening, row)], how="horizontal")
    own = frame["measures"][row]
    frame = frame.filter(pl.col("met") & (pl.col("rij") != row) & (pl.col("measures") >= max(1, own * LEAST_SHARED)))
    frame = frame.sort("different", "distance", "rij").select("rij", "different", "distance", "measures")
    return {place: Likeness(*rest) for place, *rest in frame.iter_rows()}


def _differing(columns: Iterable[int], row: int, height: int) -> Iterator[int]:
    """For each column the rows that do not have in it what `row` has."""
    everything = (1 << height) - 1
    for column in columns:
        yield column ^ everything if column >> row & 1 else column


def _count(columns: Iterable[int], height: int) -> pl.Series:
    """How many of the columns have each row. Counted in all rows at once: plane n has bit n of every row's count."""
    planes: list[int] = []
    for column in columns:
        carry = column
        for number, plane in enumerate(planes):
            planes[number], carry = plane ^ carry, plane & carry
        if carry:
            planes.append(carry)
    total = pl.Series([0], dtype=pl.Int32).new_from_index(0, height)
    for number, plane in enumerate(planes):
        total += unpack(plane, height).cast(pl.Int32) * (1 << number)
    return total


def _distances(screening: Screening, row: int) -> pl.DataFrame:
    """How far the measures of every row lie from those of one, over those that both have."""
    values = screening.values
    kind = screening.table.frame["soort"]
    same = values.filter(kind == kind[row])
    squares = []
    for name in values.columns:
        own, spread = values[name][row], same[name].std()
        if own is not None and isinstance(spread, float) and spread > 0:
            squares.append((((pl.col(name) - own) / spread) ** 2).alias(name))
    if not squares:
        return pl.DataFrame({"distance": [0.0] * values.height, "measures": [0] * values.height})
    return values.select(squares).select(
        pl.mean_horizontal(pl.all()).sqrt().alias("distance"),
        pl.sum_horizontal(pl.all().is_not_null()).cast(pl.Int32).alias("measures"),
    )
