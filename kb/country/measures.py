"""From a file to measures: the cells of the columns that the knowledge describes, as numbers in the unit of their quantity."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from kb.country.reading import MISSING, Sheet
from kb.country.sources import Kolom, Sources, Tabel, is_named
from kb.language import show_number

MEASURES = pl.Schema(
    {"code": pl.String, "grootheid": pl.String, "waarde": pl.Float64, "bron": pl.String, "jaar": pl.Int16}
)
DIGITS = 6
DIGITS_OF_QUOTIENT = 3


@dataclass(frozen=True)
class Measured:
    """What a file says: a row an area and quantity (`MEASURES`), and the cells that it cannot say, each with its line."""

    frame: pl.DataFrame
    kolommen: tuple[Kolom, ...]
    bad: tuple[str, ...]


def measure(sheet: Sheet, tabel: Tabel, sources: Sources) -> Measured:
    """The measures in a file of a table, with the codes as the file has them."""
    found = [
        (kolom, name)
        for kolom in sources.columns_of(tabel)
        if (name := next((name for name in sheet.header if _gives(kolom, name)), None)) is not None
    ]
    bad: list[str] = []
    frames = [_measured(sheet, tabel, kolom, name, bad) for kolom, name in found]
    return Measured(pl.concat([MEASURES.to_frame(), *frames]), tuple(kolom for kolom, _ in found), tuple(bad))


def numbers(sheet: Sheet, name: str, bad: list[str]) -> pl.Series:
    """The cells of a column as numbers: a mark for missing is null, and what is no number is null and said in `bad`."""
    cells = pl.Series(name, sheet.column(name), dtype=pl.String)
    given = pl.select(pl.when(~cells.is_in(list(MISSING))).then(cells).alias(name)).to_series()
    values = given.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    wrong = (given.is_not_null() & (values.is_null() | ~values.is_finite().fill_null(False))).arg_true()
    bad += [f"regel {sheet.lines[row]}: {name} is geen getal: {given[row]!r}." for row in wrong]
    return pl.select(pl.when(values.is_finite()).then(values).alias(name)).to_series()


def _gives(kolom: Kolom, header: str) -> bool:
    return any(is_named(header, name) for name in kolom.names)


def _measured(sheet: Sheet, tabel: Tabel, kolom: Kolom, name: str, bad: list[str]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"code": sheet.codes, "regel": sheet.lines, "waarde": numbers(sheet, name, bad) * kolom.factor}
    )
    frame = frame.with_columns(jaar=_years(sheet, tabel, kolom)).filter(pl.col("code") != "")
    if kolom.divisor is not None:
        frame = _divided(sheet, kolom, frame, bad)
    if kolom.unknown is not None:
        frame = _known(sheet, kolom, frame)
    if kolom.since is not None:
        frame = _changed(frame, kolom.since)
    if kolom.lowest is not None:  # below it the file has a gap, not a measure
        frame = frame.filter(pl.col("waarde") >= kolom.lowest)
    frame = frame.drop_nulls("waarde").with_columns(pl.col("waarde").round(DIGITS))
    bad += _out_of_range(frame, kolom, name)
    inside = pl.col("waarde").is_between(
        -float("inf") if kolom.minimum is None else kolom.minimum,
        float("inf") if kolom.maximum is None else kolom.maximum,
    )
    return (
        frame.filter(inside)
        .sort("jaar", descending=True, maintain_order=True)
        .unique("code", keep="first", maintain_order=True)
        .select(
            "code",
            pl.lit(kolom.grootheid).alias("grootheid"),
            "waarde",
            pl.lit(kolom.bron or tabel.bron).alias("bron"),
            pl.col("jaar").cast(pl.Int16),
        )
    )


def _years(sheet: Sheet, tabel: Tabel, kolom: Kolom) -> pl.Series:
    header = next((name for name in sheet.header if tabel.jaarkolom and is_named(name, tabel.jaarkolom)), None)
    if header is not None:
        return pl.Series("jaar", sheet.column(header)).cast(pl.Int16, strict=False)
    return pl.Series("jaar", [kolom.jaar or tabel.jaar] * len(sheet.rows), dtype=pl.Int16)


def _divided(sheet: Sheet, kolom: Kolom, frame: pl.DataFrame, bad: list[str]) -> pl.DataFrame:
    """Divided by the other column of the same row; where that is missing or too small nothing can be said."""
    assert kolom.divisor is not None
    header = next((name for name in sheet.header if is_named(name, str(kolom.divisor))), None)
    if header is None:
        bad.append(f"{kolom.names[0]} heeft {kolom.divisor} nodig om door te delen, en die kolom ontbreekt.")
        return frame.clear()
    below = pl.DataFrame({"regel": sheet.lines, "noemer": numbers(sheet, header, [])})
    joined = frame.join(below, on="regel", how="left")
    enough = pl.col("noemer") >= max(kolom.least, 1)
    return joined.with_columns(
        waarde=pl.when(enough).then((pl.col("waarde") / pl.col("noemer")).round(DIGITS_OF_QUOTIENT))
    ).drop("noemer")


def _known(sheet: Sheet, kolom: Kolom, frame: pl.DataFrame) -> pl.DataFrame:
    """Without the rows in which too much is unknown for the value to say anything."""
    header = next((name for name in sheet.header if is_named(name, str(kolom.unknown))), None)
    if header is None:
        return frame
    unknown = pl.DataFrame({"regel": sheet.lines, "onbekend": numbers(sheet, header, [])})
    few = pl.col("onbekend").fill_null(0) <= kolom.most_unknown
    return frame.join(unknown, on="regel", how="left").filter(few).drop("onbekend")


def _changed(frame: pl.DataFrame, since: int) -> pl.DataFrame:
    """The last year of each area less the year since which the change is told."""
    last = frame.drop_nulls("waarde").sort("jaar").unique("code", keep="last", maintain_order=True)
    before = frame.filter(pl.col("jaar") == since).select("code", eerder="waarde")
    return (
        last.join(before, on="code")
        .filter(pl.col("jaar") > since)
        .with_columns(waarde=pl.col("waarde") - pl.col("eerder"))
        .drop("eerder")
    )


def _out_of_range(frame: pl.DataFrame, kolom: Kolom, name: str) -> Iterator[str]:
    low, high = kolom.minimum, kolom.maximum
    for line, value in frame.select("regel", "waarde").iter_rows():
        if (low is not None and value < low) or (high is not None and value > high):
            limits = f"van {low:g} tot en met {high:g}" if high is not None else f"vanaf {low:g}"
            shown = show_number(_decimal(value), "nl")
            yield f"regel {line}: {name} geeft {shown}, buiten het bereik {limits} van {kolom.grootheid}."


def _decimal(value: float) -> Decimal:
    return Decimal(str(value))
