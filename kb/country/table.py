"""The table of the country: what is known of every area, as columns and one area at a time.

Columns, in this order: `code`, `naam`, `soort` (GM, WK or BU), `gemeente` and `wijk` (the row of the municipality and of the
wijk that an area is in; of itself for those), `provincie`, `stedelijkheid` (1 very to 5 not), `lon`, `lat` (WGS84), `eerder`
(codes of other years), and then for every quantity five: the value in the unit of its quantity, `…@bron` (slug of the
source), `…@jaar`, `…@landelijk` and `…@stedelijk` (percentile among areas of the same kind, in the country and among those
of equal urbanity). Rows stand in the order of the codes: each municipality, then each of its wijken before its buurten.
"""

import json
from collections.abc import Iterator, Set
from functools import cached_property
from pathlib import Path

import polars as pl

from kb.country.area import Gebied, Gebiedscijfer, to_decimal
from kb.country.outlines import Packed
from kb.errors import WijkaanpakError

SOORTEN = ("GM", "WK", "BU")
PERCENTILE = pl.UInt8
BRON, JAAR, LANDELIJK, STEDELIJK = "@bron", "@jaar", "@landelijk", "@stedelijk"
DESCRIBED = ("code", "naam", "soort", "gemeente", "wijk", "provincie", "stedelijkheid", "lon", "lat", "eerder")
OUTLINES = "omtrekken.parquet"
LEVEL = 19  # of zstd: slow to write, as small and fast to read


class Landtabel:
    """The areas of one year with their measures; see the module for its columns."""

    def __init__(self, frame: pl.DataFrame, outlines: pl.DataFrame, grootheden: tuple[str, ...], year: int) -> None:
        self.frame = frame
        self.outlines = outlines
        self.grootheden = grootheden
        self.year = year

    # As columns

    def areas(self) -> pl.DataFrame:
        """What the areas are, without their measures, a row an area."""
        return self.frame.select(DESCRIBED)

    def values(self) -> pl.DataFrame:
        """The measures alone, a column a quantity in the order of `grootheden`, a row an area; unknown is null."""
        return self.frame.select(self.grootheden)

    def values_with_wijk(self, sums: Set[str]) -> pl.DataFrame:
        """As `values`, with for a buurt of which nothing is known the value of its wijk, as when a situation is filled.

        `sums` are the quantities of which a wijk says nothing about a part of it.
        """
        return self._with_wijk("", sums)

    def years_with_wijk(self, sums: Set[str]) -> pl.DataFrame:
        """The year of each value of `values_with_wijk`, under the name of its quantity."""
        return self._with_wijk(JAAR, sums)

    def _with_wijk(self, part: str, sums: Set[str]) -> pl.DataFrame:
        in_wijk = pl.when(pl.col("soort") == "BU").then(pl.col("wijk"))
        return self.frame.select(
            (
                pl.col(slug + part) if slug in sums else pl.coalesce(slug + part, pl.col(slug + part).gather(in_wijk))
            ).alias(slug)
            for slug in self.grootheden
        )

    def long(self) -> pl.DataFrame:
        """The measures as rows: `code`, `grootheid`, `waarde`, `bron`, `jaar`."""
        parts = [
            self.frame.select(
                "code",
                pl.lit(slug).alias("grootheid"),
                pl.col(slug).alias("waarde"),
                pl.col(slug + BRON).alias("bron"),
                pl.col(slug + JAAR).alias("jaar"),
            ).drop_nulls("waarde")
            for slug in self.grootheden
        ]
        return pl.concat(parts)

    # One area at a time

    def area(self, code: str) -> Gebied | None:
        """The area with this code, of this table's year or another."""
        row = self._rows[code] if code in self._rows else self._earlier.get(code)
        return None if row is None else self.area_at(row)

    def row(self, code: str) -> int:
        """The row of an area, by its code of this table's year."""
        return self._rows[code]

    def area_at(self, row: int) -> Gebied:
        """The area in a row."""
        values = self.frame.row(row, named=True)
        gemeente, wijk = (
            self._codes[up] if (up := values[name]) is not None else None for name in ("gemeente", "wijk")
        )
        place = (values["lon"], values["lat"]) if values["lon"] is not None else None
        return Gebied(
            code=values["code"],
            naam=values["naam"],
            gemeentecode=gemeente or values["code"],
            gemeente=self._names[values["gemeente"]] if gemeente else values["naam"],
            wijkcode=wijk,
            wijk=self._names[values["wijk"]] if wijk else None,
            provincie=values["provincie"],
            stedelijkheid=values["stedelijkheid"],
            plaats=place,
            eerder=tuple(values["eerder"]),
            cijfers=tuple(self._figures(values)),
        )

    def parts(self, code: str) -> Iterator[Gebied]:
        """The areas that lie right in one: the wijken of a municipality, the buurten of a wijk."""
        row = self._rows[code]
        within, kind = ("gemeente", "WK") if code.startswith("GM") else ("wijk", "BU")
        found = self.frame.with_row_index("rij").filter((pl.col(within) == row) & (pl.col("soort") == kind))["rij"]
        yield from map(self.area_at, found.to_list() if not code.startswith("BU") else ())

    def outline(self, code: str) -> Packed | None:
        """The packed outline of an area, for drawing only."""
        found = self.outlines.filter(pl.col("code") == code)["omtrek"].to_list()
        return found[0] if found else None

    def named(self) -> Iterator[tuple[str, str]]:
        """Every code with the name of its area."""
        return zip(self._codes, self._names, strict=True)

    def _figures(self, values: dict[str, object]) -> Iterator[Gebiedscijfer]:
        for slug in self.grootheden:
            value, year = values[slug], values[slug + JAAR]
            if isinstance(value, float) and isinstance(year, int):
                yield Gebiedscijfer(
                    grootheid=slug,
                    waarde=to_decimal(value),
                    bron=str(values[slug + BRON]),
                    jaar=year,
                    gebied=str(values["code"]),
                    landelijk=_int(values[slug + LANDELIJK]),
                    stedelijk=_int(values[slug + STEDELIJK]),
                )

    @cached_property
    def _codes(self) -> list[str]:
        return self.frame["code"].to_list()

    @cached_property
    def _names(self) -> list[str]:
        return self.frame["naam"].to_list()

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {code: row for row, code in enumerate(self._codes)}

    @cached_property
    def _earlier(self) -> dict[str, int]:
        """The row of each code of another year that one area alone had, and that is no code of this year."""
        codes = self.frame.select("eerder").with_row_index().explode("eerder").drop_nulls()
        alone = codes.filter(pl.col("eerder").is_unique())
        return {old: row for row, old in alone.iter_rows() if old not in self._rows}


def write_table(table: Landtabel, path: Path) -> list[Path]:
    """Write the table, and its outlines beside it; returns the files."""
    about = {"wijkaanpak": json.dumps({"jaar": table.year, "grootheden": table.grootheden})}
    beside = path.with_name(OUTLINES)
    compressed = {"compression": "zstd", "compression_level": LEVEL}
    table.frame.write_parquet(path, metadata=about, **compressed)  # type: ignore[arg-type]  # a literal, spread
    table.outlines.write_parquet(beside, **compressed)  # type: ignore[arg-type]  # a literal, spread
    return [path, beside]


def read_table(path: Path) -> Landtabel:
    """The table in a file, its outlines read when they are asked for.

    Errors: WijkaanpakError when the file is not there or is no such table.
    """
    try:
        frame = pl.read_parquet(path)
        about = json.loads(pl.read_parquet_metadata(path)["wijkaanpak"])
    except FileNotFoundError as error:
        raise WijkaanpakError(f"{path} bestaat niet; maak de tabel met wijkaanpak land importeer.") from error
    except (pl.exceptions.PolarsError, OSError, KeyError, ValueError) as error:
        raise WijkaanpakError(f"{path} is geen tabel van wijkaanpak land importeer.") from error
    beside = path.with_name(OUTLINES)
    outlines = pl.read_parquet(beside) if beside.exists() else pl.DataFrame({"code": [], "omtrek": []})
    return Landtabel(frame, outlines, tuple(about["grootheden"]), int(about["jaar"]))


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None
