"""The files that are imported: each with the table that it is of, its measures and its areas, or why it gives nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.country.matching import Named
from kb.country.measures import Measured, measure
from kb.country.reading import FileError, Sheet, read_sheet
from kb.country.sources import Sources, Tabel, is_named

# What the columns with names are called, however the file was downloaded.
NAMES = ("name", "naam", "wk_naam", "WijkenEnBuurten")


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
class ReadFile:
    """A file that gives something: what is in it, the table that it is of, its measures and the areas that it names."""

    sheet: Sheet
    tabel: Tabel
    measured: Measured
    names: tuple[Named, ...]


def read_file(path: Path, sources: Sources, named: str = "") -> tuple[FileReport, ReadFile | None]:
    """A file with its report; nothing when it cannot be used. `named` is the slug of its table, when that is told."""
    report = FileReport(path.name)
    try:
        sheet = read_sheet(path)
    except FileError as error:
        report.problem = str(error)
        return report, None
    tabel = sources.tabellen[named] if named else sources.recognise(sheet.hint, sheet.header)
    if tabel is None:
        report.unknown = True
        report.problem = (
            f"{path.name} is van geen tabel die de kennis beschrijft; "
            "geef met --tabel welke het is, of beschrijf haar in ontology/kennis/kolommen.ttl."
        )
        return report, None
    measured = measure(sheet, tabel, sources)
    report.tabel, report.rows = tabel.label, len(sheet.rows)
    report.bad = (*sheet.bad, *measured.bad)
    report.grootheden = tuple(sorted({kolom.grootheid for kolom in measured.kolommen}))
    return report, ReadFile(sheet, tabel, measured, tuple(_names(sheet)))


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
