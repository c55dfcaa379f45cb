"""One downloaded file as rows of text: CSV as StatLine, R or a spreadsheet writes it, JSON of OData, GeoJSON, YAML.

What a file cannot give is said in a sentence that names the file and, where there is one, the line.
"""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.country.outlines import Polygons, polygons_of
from kb.errors import WijkaanpakError

AREA_CODE = re.compile(r"GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4}")
MISSING = frozenset({"", ".", "-", "x", "NA", "null", "None", "-99997", "-99997.0", "-99995"})
LOOKED_AT = 200  # rows in which the column of area codes must show itself
csv.field_size_limit(10_000_000)


class FileError(WijkaanpakError):
    """A file that gives no figures, and why."""


@dataclass(frozen=True)
class Sheet:
    """What is in a file: the columns by name, a row a line, and in which column the area codes stand.

    `hint` is the text in which the code of the table may stand: the name of the file, and the address in OData.
    """

    name: str
    hint: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    code_column: int
    bad: tuple[str, ...] = ()
    outlines: Mapping[str, Polygons] = field(default_factory=dict)

    def column(self, name: int | str) -> list[str]:
        """The cells of a column, without the spaces around them."""
        index = name if isinstance(name, int) else self.header.index(name)
        return [row[index].strip() for row in self.rows]

    @property
    def codes(self) -> list[str]:
        """The area code of each row; what is no code of an area is empty."""
        return [code if AREA_CODE.fullmatch(code) else "" for code in self.column(self.code_column)]


def read_sheet(path: Path) -> Sheet:
    """What is in a file.

    Errors: FileError, in a sentence, when it is not there, empty, corrupt, wrongly encoded or has no area codes.
    """
    text, name = _text(path), path.name
    kind = path.suffixes[-2] if path.suffix == ".gz" and len(path.suffixes) > 1 else path.suffix
    if kind in (".yml", ".yaml"):
        return _from_records(name, name, _yaml_names(text))
    if text.lstrip()[:1] in ("{", "["):
        return _json(name, text)
    return _csv(name, text)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except FileNotFoundError as error:
        raise FileError(f"{path} bestaat niet.") from error
    except IsADirectoryError as error:
        raise FileError(f"{path} is een map; geef de bestanden daarin.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(f"{path.name} is beschadigd: het is niet uit te pakken. Haal het opnieuw op.") from error
    except OSError as error:
        raise FileError(f"{path} is niet te lezen: {error.strerror}.") from error
    if not data.strip():
        raise FileError(f"{path.name} is leeg.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileError(f"{path.name} staat in UTF-16; bewaar het als UTF-8.")
    if b"\0" in data[:4096]:
        raise FileError(f"{path.name} is geen tekst; geef CSV, JSON of GeoJSON, zo nodig ingepakt met gzip.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{path.name} is geen UTF-8: op regel {line} staat de byte 0x{data[error.start]:02X}; bewaar het als UTF-8."
        ) from error


def _csv(name: str, text: str) -> Sheet:
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows, lines, bad = [], [], []
    try:
        header = [cell.strip() for cell in next(reader)]
        for row in reader:
            if not any(row):
                continue
            if len(row) != len(header):
                bad.append(f"regel {reader.line_num}: {len(row)} velden, waar de kop er {len(header)} heeft.")
                continue
            rows.append(tuple(row))
            lines.append(reader.line_num)
    except csv.Error as error:
        raise FileError(f"{name} is geen geldige CSV: regel {reader.line_num}: {error}.") from error
    return _sheet(name, name, header, rows, lines, bad)


def _json(name: str, text: str) -> Sheet:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise FileError(f"{name} is geen geldige JSON: {error}. Is het helemaal binnengehaald?") from error
    if isinstance(data, list):
        data = {"value": data}
    if data.get("type") == "FeatureCollection":
        return _geojson(name, data)
    if not isinstance(data.get("value"), list):
        raise FileError(f'{name} is JSON, maar geen antwoord van OData: er is geen lijst onder "value".')
    address = str(data.get("odata.metadata") or data.get("@odata.context") or "")
    return _from_records(name, f"{name} {address}", data["value"])


def _geojson(name: str, data: Mapping[str, Any]) -> Sheet:
    features = [feature for feature in data.get("features") or () if isinstance(feature, dict)]
    sheet = _from_records(name, name, [feature.get("properties") or {} for feature in features])
    outlines = {
        code: polygons_of(feature.get("geometry") or {}, str(data.get("crs") or data.get("crs_note") or ""))
        for code, feature in zip(sheet.codes, features, strict=True)
        if code
    }
    return Sheet(
        sheet.name,
        sheet.hint,
        sheet.header,
        sheet.rows,
        sheet.lines,
        sheet.code_column,
        sheet.bad,
        {code: polygons for code, polygons in outlines.items() if polygons},
    )


def _from_records(name: str, hint: str, records: Sequence[object]) -> Sheet:
    kept = [record for record in records if isinstance(record, dict)]
    bad = [f"rij {number}: geen object." for number, record in enumerate(records, 1) if not isinstance(record, dict)]
    header = list(dict.fromkeys(key for record in kept for key in record))
    rows = [tuple("" if (cell := record.get(key)) is None else str(cell) for key in header) for record in kept]
    return _sheet(name, hint, header, rows, range(1, len(rows) + 1), bad)


def _yaml_names(text: str) -> list[dict[str, str]]:
    found = (re.fullmatch(r"(\w+): *(.+)", line.rstrip()) for line in text.splitlines())
    return [{"code": match[1], "name": match[2].strip("'\"")} for match in found if match]


def _sheet(
    name: str,
    hint: str,
    header: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    lines: Iterable[int],
    bad: Sequence[str],
) -> Sheet:
    if not rows:
        more = f" {bad[0]}" if bad else ""
        raise FileError(f"{name} heeft een kop maar geen rijen.{more}")
    columns = (index for index in range(len(header)) if _holds_codes(row[index] for row in rows[:LOOKED_AT]))
    code_column = next(columns, None)
    if code_column is None:
        raise FileError(f"{name} heeft geen kolom met codes van gemeenten, wijken of buurten (GM, WK of BU).")
    return Sheet(name, hint, tuple(header), tuple(rows), tuple(lines), code_column, tuple(bad))


def _holds_codes(cells: Iterator[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and sum(bool(AREA_CODE.fullmatch(cell)) for cell in filled) * 2 > len(filled)
