"""From downloaded files to one table of the country: every area of one year with its measures and their percentiles."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kb.country.division import areas_of, describe, drawn, last_year, outlines_of
from kb.country.files import FileReport, ReadFile, read_file
from kb.country.matching import Matcher, Named
from kb.country.measures import MEASURES
from kb.country.sources import Sources
from kb.country.table import BRON, JAAR, LANDELIJK, PERCENTILE, STEDELIJK, Landtabel


@dataclass(frozen=True)
class Imported:
    """The table and what came of each file."""

    table: Landtabel
    files: tuple[FileReport, ...]


def build(paths: Sequence[Path], sources: Sources, tabel: str = "", base: Landtabel | None = None) -> Imported:
    """The table of the areas in these files, or of `base` when it is given, whose measures stay where no newer come.

    `tabel` is the table that every file is of, where their names and columns do not say it.
    Errors: FileError when no file gives the areas of a year and there is no base.
    """
    found = [read_file(path, sources, tabel) for path in paths]
    read = [(report, file) for report, file in found if file is not None]
    files = [file for _, file in read]
    year = base.year if base else last_year(files)
    areas = base.areas() if base else areas_of(files, year)
    codes = _matched(files, Matcher(Named(code, name) for code, name in areas.select("code", "naam").iter_rows()), year)
    measures = [_recoded(file.measured.frame, now) for file, now in zip(files, codes, strict=True)]
    for (report, file), now in zip(read, codes, strict=True):
        _tell(report, file, now)
    outlines = base.outlines if base else pl.DataFrame()
    if base is None:
        polygons = outlines_of(files, year)
        areas, outlines = describe(areas, files, _old_codes(codes), polygons, year), drawn(polygons)
    else:
        measures.append(base.long())
    long = pl.concat([MEASURES.to_frame(), *measures])
    grootheden = tuple(slug for slug in sources.grootheden if long["grootheid"].eq(slug).any())
    table = Landtabel(_measured(areas, long, grootheden), outlines, grootheden, year)
    return Imported(table, tuple(report for report, _ in found))


def _matched(files: Sequence[ReadFile], matcher: Matcher, year: int) -> list[Mapping[str, str]]:
    """For each file the code of now of every code in it that means an area."""
    gone = _renamed(files, matcher, year)
    return [
        matcher.match(file.names, set() if file.tabel.indeling == year else gone[file.tabel.indeling]) for file in files
    ]


def _renamed(files: Sequence[ReadFile], matcher: Matcher, year: int) -> Mapping[int, set[str]]:
    """Per year the codes that meant another area then: a code that was renamed meant it in every year before that too."""
    by_year: dict[int, set[str]] = defaultdict(set)
    for file in files:
        if file.tabel.indeling != year:
            by_year[file.tabel.indeling] |= matcher.renamed(file.names)
    return defaultdict(
        set, {here: set().union(*(codes for later, codes in by_year.items() if later >= here)) for here in by_year}
    )


def _old_codes(codes: Sequence[Mapping[str, str]]) -> Mapping[str, set[str]]:
    """The codes that each area had in other years."""
    old: dict[str, set[str]] = defaultdict(set)
    for found in codes:
        for before, now in found.items():
            if before != now:
                old[now].add(before)
    return old


def _recoded(frame: pl.DataFrame, found: Mapping[str, str]) -> pl.DataFrame:
    codes = pl.DataFrame({"code": list(found), "nu": list(found.values())}, schema={"code": pl.String, "nu": pl.String})
    return frame.join(codes, on="code").with_columns(code="nu").select(MEASURES.names())


def _tell(report: FileReport, file: ReadFile, found: Mapping[str, str]) -> None:
    names = {area.code: area.name for area in file.names}
    report.matched = sum(code in found for code in names)
    report.unmatched = tuple(f"{code} {name}".rstrip() for code, name in names.items() if code not in found)


def _measured(areas: pl.DataFrame, long: pl.DataFrame, grootheden: Sequence[str]) -> pl.DataFrame:
    """The areas with five columns a quantity: of several figures of an area the newest, and its percentiles."""
    newest = long.sort("jaar", descending=True, maintain_order=True).unique(
        ["code", "grootheid"], keep="first", maintain_order=True
    )
    frame = areas
    for slug in grootheden:
        own = newest.filter(pl.col("grootheid") == slug).select(
            "code", pl.col("waarde").alias(slug), pl.col("bron").alias(slug + BRON), pl.col("jaar").alias(slug + JAAR)
        )
        frame = frame.join(own, on="code", how="left", maintain_order="left").with_columns(
            _percentile(slug, "soort").alias(slug + LANDELIJK),
            _percentile(slug, "soort", "stedelijkheid").alias(slug + STEDELIJK),
        )
    return frame


def _percentile(slug: str, *within: str) -> pl.Expr:
    """How many of each hundred areas of the same kind have a lower value, ties counted for half.

    Where fewer than half of those areas have a value, those that do are no picture of the country, and there is none.
    """
    rank = (pl.col(slug).rank("average") - 0.5) / pl.col(slug).count() * 100
    enough = pl.col(slug).count() * 2 >= pl.len()
    known = pl.all_horizontal(pl.col(slug, *within).is_not_null())
    return pl.when(known & enough.over(within)).then(rank.over(within).floor()).cast(PERCENTILE)
