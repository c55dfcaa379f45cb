"""From downloaded files to one table of the country: every area of one year, with its measures, ranks, place and outline."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kb.country.matching import Matcher, Named
from kb.country.measures import MEASURES, Measured, measure, numbers
from kb.country.outlines import Polygons, centre, pack
from kb.country.reading import FileError, Sheet, read_sheet
from kb.country.sources import Sources, Tabel, is_named
from kb.country.table import (
    BRON,
    JAAR,
    LANDELIJK,
    PERCENTILE,
    SOORTEN,
    STEDELIJK,
    Landtabel,
)

# What the columns are called that say which area a row is about, however the file was downloaded.
NAMES = ("name", "naam", "wk_naam", "WijkenEnBuurten")
PROVINCES, URBANITIES = ("province", "provincie"), ("urbanity_1_5", "MateVanStedelijkheid")
# How far an outline may be off, in degrees: 0.0005 is some fifty metres.
TOLERANCE = {"GM": 0.0015, "WK": 0.0006, "BU": 0.0003}
MOST_EXAMPLES = 3


@dataclass
class FileReport:
    """What came of a file: the table that it is of, how many areas were found, and what was not.

    `problem` says why a file gave nothing; `unknown` that it is well, but of no table that the knowledge describes.
    """

    name: str
    tabel: str = ""
    rows: int = 0
    matched: int = 0
    unmatched: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    grootheden: tuple[str, ...] = ()
    problem: str = ""
    unknown: bool = False


@dataclass(frozen=True)
class _File:
    sheet: Sheet
    tabel: Tabel
    measured: Measured
    names: tuple[Named, ...]


@dataclass
class Imported:
    """The table and what came of each file."""

    table: Landtabel
    files: list[FileReport] = field(default_factory=list)


def build(paths: Sequence[Path], sources: Sources, tabel: str = "", base: Landtabel | None = None) -> Imported:
    """The table of the areas in these files, and of `base` when it is given, whose measures stay where no newer come.

    `tabel` is the table that every file is of, where their names and columns do not say it.
    Errors: FileError when no file gives the areas of a year and there is no base.
    """
    reports: list[FileReport] = []
    files = [file for path in paths if (file := _read(path, sources, tabel, reports))]
    areas = _areas(files) if base is None else base.areas()
    matcher = Matcher(Named(code, name) for code, name in areas.select("code", "naam").iter_rows())
    year = _year(files) if base is None else base.year
    gone = _renamed(files, matcher, year)
    measures, old = [MEASURES.to_frame()], defaultdict[str, set[str]](set)
    for file in files:
        same = file.tabel.indeling == year
        found = matcher.match(file.names, set() if same else gone[file.tabel.indeling])
        measures.append(_recoded(file.measured.frame, found))
        for before, now in found.items():
            if before != now:
                old[now].add(before)
        _tell(file, found, reports)
    table = _table(areas, pl.concat(measures), old, files, sources, base, year)
    return Imported(table, reports)


def _read(path: Path, sources: Sources, named: str, reports: list[FileReport]) -> _File | None:
    report = FileReport(path.name)
    reports.append(report)
    try:
        sheet = read_sheet(path)
    except FileError as error:
        report.problem = str(error)
        return None
    tabel = sources.tabellen[named] if named else sources.recognise(sheet.hint, sheet.header)
    if tabel is None:
        report.unknown = True
        report.problem = (
            f"{path.name} is van geen tabel die de kennis beschrijft; "
            "geef met --tabel welke het is, of beschrijf haar in ontology/kennis/kolommen.ttl."
        )
        return None
    measured = measure(sheet, tabel, sources)
    report.tabel, report.rows = tabel.label, len(sheet.rows)
    report.bad = (*sheet.bad, *measured.bad)
    report.grootheden = tuple(sorted({kolom.grootheid for kolom in measured.kolommen}))
    return _File(sheet, tabel, measured, tuple(_names(sheet)))


def _names(sheet: Sheet) -> Iterator[Named]:
    headers = [name for name in sheet.header if any(is_named(name, known) for known in NAMES)]
    columns = [sheet.column(name) for name in headers] or [[""] * len(sheet.rows)]
    first = sheet.column(0)
    for row, code in enumerate(sheet.codes):
        if not code:
            continue
        # StatLine names the area in its first column, and beside it the municipality it is in.
        named = first[row] if sheet.code_column > 1 and first[row] and not first[row].isdigit() else columns[0][row]
        yield Named(code, "" if named == code else named)


def _year(files: Sequence[_File]) -> int:
    """The last year of which all three kinds of areas are there."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for file in files:
        kinds[file.tabel.indeling] |= {area.kind for area in file.names}
    years = [year for year, found in kinds.items() if found == set(SOORTEN)]
    if not years:
        raise FileError(
            "geen bestand noemt de gemeenten, wijken en buurten van een jaar; geef ook de kerncijfers van dat jaar."
        )
    return max(years)


def _areas(files: Sequence[_File]) -> pl.DataFrame:
    """The areas of the last year, in order: each municipality, then each of its wijken followed by its buurten."""
    year = _year(files)
    here = [file for file in files if file.tabel.indeling == year]
    whole = [file for file in here if {area.kind for area in file.names} == set(SOORTEN)]
    names: dict[str, str] = {}
    for area in (area for file in whole for area in file.names):
        names.setdefault(area.code, area.name)
    frame = pl.DataFrame(
        {"code": list(names), "naam": list(names.values())}, schema={"code": pl.String, "naam": pl.String}
    )
    digits = pl.col("code").str.slice
    frame = frame.with_columns(
        soort=digits(0, 2).cast(pl.Enum(SOORTEN)),
        gemeentecode=pl.concat_str(pl.lit("GM"), digits(2, 4)),
        wijkcode=pl.when(digits(0, 2) != "GM").then(pl.concat_str(pl.lit("WK"), digits(2, 6))),
    ).sort("gemeentecode", pl.col("wijkcode").fill_null(""), "soort", "code")
    rows = frame.with_row_index("rij").select("code", pl.col("rij").cast(pl.Int32))
    gemeente = rows.rename({"code": "gemeentecode", "rij": "gemeente"})
    wijk = rows.rename({"code": "wijkcode", "rij": "wijk"})
    return (
        frame.join(gemeente, on="gemeentecode", how="left", maintain_order="left")
        .join(wijk, on="wijkcode", how="left", maintain_order="left")
        .select("code", "naam", "soort", "gemeente", "wijk")
    )


def _renamed(files: Sequence[_File], matcher: Matcher, year: int) -> Mapping[int, set[str]]:
    """Per year the codes that meant another area then: a code that was renamed meant it in every year before that too."""
    by_year: dict[int, set[str]] = defaultdict(set)
    for file in files:
        if file.tabel.indeling != year:
            by_year[file.tabel.indeling] |= matcher.renamed(file.names)
    return defaultdict(
        set, {here: set().union(*(codes for later, codes in by_year.items() if later >= here)) for here in by_year}
    )


def _recoded(frame: pl.DataFrame, found: Mapping[str, str]) -> pl.DataFrame:
    codes = pl.DataFrame({"code": list(found), "nu": list(found.values())}, schema={"code": pl.String, "nu": pl.String})
    return frame.join(codes, on="code").with_columns(code="nu").select(MEASURES.names())


def _tell(file: _File, found: Mapping[str, str], reports: Iterable[FileReport]) -> None:
    report = next(report for report in reports if report.name == file.sheet.name)
    codes = dict.fromkeys(area.code for area in file.names)
    names = {area.code: area.name for area in file.names}
    lost = [code for code in codes if code not in found]
    report.matched = len(codes) - len(lost)
    report.unmatched = tuple(f"{code} {names[code]}".rstrip() for code in lost)


def _table(
    areas: pl.DataFrame,
    measures: pl.DataFrame,
    old: Mapping[str, set[str]],
    files: Sequence[_File],
    sources: Sources,
    base: Landtabel | None,
    year: int,
) -> Landtabel:
    outlines = _outlines(files, year)
    frame = areas
    if base is None:
        frame = _described(areas, old, files, outlines, year)
    else:
        measures = pl.concat([measures, base.long()])
    slugs = [slug for slug in sources.grootheden if measures["grootheid"].eq(slug).any()]
    best = measures.sort("jaar", descending=True, maintain_order=True).unique(
        ["code", "grootheid"], keep="first", maintain_order=True
    )
    for slug in slugs:
        own = best.filter(pl.col("grootheid") == slug).select(
            "code", pl.col("waarde").alias(slug), pl.col("bron").alias(slug + BRON), pl.col("jaar").alias(slug + JAAR)
        )
        frame = frame.join(own, on="code", how="left", maintain_order="left").with_columns(
            _percentile(slug, "soort").alias(slug + LANDELIJK),
            _percentile(slug, "soort", "stedelijkheid").alias(slug + STEDELIJK),
        )
    packed = {code: pack(polygons, TOLERANCE[code[:2]]) for code, polygons in outlines.items()}
    drawn = pl.DataFrame(
        {"code": list(packed), "omtrek": list(packed.values())},
        schema={"code": pl.String, "omtrek": pl.List(pl.List(pl.Int32))},
    )
    return Landtabel(frame, drawn if base is None else base.outlines, tuple(slugs), year)


def _percentile(slug: str, *within: str) -> pl.Expr:
    """How many of each hundred areas of the same kind have a lower value, ties counted for half.

    Where fewer than half of those areas have a value, those that do are no picture of the country, and there is none.
    """
    rank = (pl.col(slug).rank("average") - 0.5) / pl.col(slug).count() * 100
    enough = pl.col(slug).count() * 2 >= pl.len()
    known = pl.all_horizontal(pl.col(slug, *within).is_not_null())
    return pl.when(known & enough.over(within)).then(rank.over(within).floor()).cast(PERCENTILE)


def _described(
    areas: pl.DataFrame,
    old: Mapping[str, set[str]],
    files: Sequence[_File],
    outlines: Mapping[str, Polygons],
    year: int,
) -> pl.DataFrame:
    provinces, urbanity = _provinces(files, old), _urbanity(files, year)
    codes = areas["code"].to_list()
    centres = {code: centre(polygons) for code, polygons in outlines.items()}
    rows = {
        "provincie": [provinces.get(code[2:6]) for code in codes],
        "stedelijkheid": [urbanity.get(code) for code in codes],
        "lon": [round(centres[code].lon, 5) if code in centres else None for code in codes],
        "lat": [round(centres[code].lat, 5) if code in centres else None for code in codes],
        "eerder": [sorted(old.get(code, ())) for code in codes],
    }
    schema = {
        "provincie": pl.String(),
        "stedelijkheid": pl.UInt8(),
        "lon": pl.Float64(),
        "lat": pl.Float64(),
        "eerder": pl.List(pl.String()),
    }
    return pl.concat([areas, pl.DataFrame(rows, schema=schema)], how="horizontal")


def _provinces(files: Sequence[_File], old: Mapping[str, set[str]]) -> Mapping[str, str]:
    """The province of each municipality, by the digits of its code; of a new one, that of the areas it was made of."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for file in files:
        header = next((name for name in file.sheet.header if name in PROVINCES), None)
        if header is not None:
            for code, province in zip(file.sheet.codes, file.sheet.column(header), strict=True):
                if code and province:
                    votes[code[2:6]][province] += 1
    for now, before in old.items():
        for code in before:
            if now[2:6] != code[2:6] and code[2:6] in votes:
                votes[now[2:6]] += Counter(votes[code[2:6]].most_common(1)[0][:1])
    return {digits: found.most_common(1)[0][0] for digits, found in votes.items()}


def _urbanity(files: Sequence[_File], year: int) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for file in files:
        header = next((name for name in file.sheet.header if any(is_named(name, known) for known in URBANITIES)), None)
        if header is not None and file.tabel.indeling == year:
            values = zip(file.sheet.codes, numbers(file.sheet, header, []), strict=True)
            found |= {code: int(value) for code, value in values if code and value is not None and 1 <= value <= 5}
    return found


def _outlines(files: Sequence[_File], year: int) -> Mapping[str, Polygons]:
    return {
        code: polygons
        for file in files
        if file.tabel.indeling == year
        for code, polygons in file.sheet.outlines.items()
    }
