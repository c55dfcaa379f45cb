"""The areas of the table: those of the last year of which all kinds are there, and what describes them besides measures."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import polars as pl

from kb.country.files import ReadFile
from kb.country.measures import numbers
from kb.country.outlines import Polygons, centre, pack
from kb.country.reading import FileError
from kb.country.sources import is_named
from kb.country.table import SOORTEN

PROVINCES, URBANITIES = ("province", "provincie"), ("urbanity_1_5", "MateVanStedelijkheid")
# How far an outline may be off, in degrees: 0.0005 is some fifty metres.
TOLERANCE = {"GM": 0.0015, "WK": 0.0006, "BU": 0.0003}


def last_year(files: Sequence[ReadFile]) -> int:
    """The last year of which all three kinds of areas are there.

    Errors: FileError when there is none.
    """
    kinds: dict[int, set[str]] = defaultdict(set)
    for file in files:
        kinds[file.tabel.indeling] |= {area.kind for area in file.names}
    years = [year for year, found in kinds.items() if found == set(SOORTEN)]
    if not years:
        raise FileError(
            "geen bestand noemt de gemeenten, wijken en buurten van een jaar; geef ook de kerncijfers van dat jaar."
        )
    return max(years)


def areas_of(files: Sequence[ReadFile], year: int) -> pl.DataFrame:
    """The areas of a year, in order: each municipality, then each of its wijken followed by its buurten."""
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


def describe(
    areas: pl.DataFrame,
    files: Sequence[ReadFile],
    old: Mapping[str, set[str]],
    outlines: Mapping[str, Polygons],
    year: int,
) -> pl.DataFrame:
    """The areas with province, urbanity, centre and the codes that they had in other years (`old`)."""
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


def outlines_of(files: Sequence[ReadFile], year: int) -> Mapping[str, Polygons]:
    """The outline of each area of a year that has one."""
    return {
        code: polygons
        for file in files
        if file.tabel.indeling == year
        for code, polygons in file.sheet.outlines.items()
    }


def drawn(outlines: Mapping[str, Polygons]) -> pl.DataFrame:
    """The outlines as they are kept: made coarse and packed."""
    packed = {code: pack(polygons, TOLERANCE[code[:2]]) for code, polygons in sorted(outlines.items())}
    return pl.DataFrame(
        {"code": list(packed), "omtrek": list(packed.values())},
        schema={"code": pl.String, "omtrek": pl.List(pl.List(pl.Int32))},
    )


def _provinces(files: Sequence[ReadFile], old: Mapping[str, set[str]]) -> Mapping[str, str]:
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


def _urbanity(files: Sequence[ReadFile], year: int) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for file in files:
        header = next((name for name in file.sheet.header if any(is_named(name, known) for known in URBANITIES)), None)
        if header is not None and file.tabel.indeling == year:
            values = zip(file.sheet.codes, numbers(file.sheet, header, []), strict=True)
            found |= {code: int(value) for code, value in values if code and value is not None and 1 <= value <= 5}
    return found
