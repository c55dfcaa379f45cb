"""Plannings as CSV or JSON: rows that are read, and rows that are not, each with what is wrong and what would be right."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from kb.errors import PlanningError, Problem, nearest
from kb.language import Words, did_you_mean, spoken
from kb.programme.model import NietGebruikt, Programmawerk, Rijprobleem
from kb.situation.messages import problem_of

FIELDS = tuple(Programmawerk.model_fields)
NEEDED = ("cyclus",)
WHOLE = ("van", "tot", "aangelegd", "schuifruimte")
AMOUNTS = ("kosten", "afstand")
YES_NO = ("vast", "graven")
YES, NO = ("ja", "j", "true", "waar", "1", "yes"), ("nee", "n", "false", "onwaar", "0", "no")
# How the files begin that a spreadsheet saves by itself: xlsx and ods, which are zips, and xls.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SAID = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)


@dataclass(frozen=True)
class Row:
    """A row as it was given: where it stands, and its cells by field."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Sheet:
    """The rows of a planning, rows that have no cells to read, and the columns that nobody knows."""

    rows: tuple[Row, ...]
    broken: tuple[tuple[Row, Problem], ...] = ()
    unknown: tuple[str, ...] = ()


def read_csv(data: bytes, name: str = "", *, fields: Sequence[str] = FIELDS, needed: Sequence[str] = NEEDED) -> Sheet:
    """The rows of a CSV: comma, semicolon or tab; UTF-8, with or without a byte order mark. `fields` are the columns that are
    known, and `needed` those of them that must be there.

    Errors: PlanningError when the file as a whole cannot be read or lacks a column that it needs.
    """
    try:
        return _sheet(_text(data), fields, needed)
    except PlanningError as error:
        raise PlanningError([replace(problem, field=name) for problem in error.problems]) from error


def _sheet(text: str, fields: Sequence[str], needed: Sequence[str]) -> Sheet:
    delimiter = max(";,\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip().casefold() for cell in next(reader)]
        _check_header(header, fields, needed)
        read = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise _unreadable(
            f"regel {reader.line_num} is geen geldige CSV ({error}); vaak is een aanhalingsteken niet gesloten, of staat het "
            "midden in een veld.",
            f"line {reader.line_num} is no valid CSV ({error}); often a quotation mark is not closed, or stands in the middle "
            "of a field.",
        ) from error
    rows, broken = [], []
    for line, cells in read:
        row = Row(line, _named(header, cells))
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            count, most = len(cells), len(header)
            message = Words(
                f"{count} velden, waar de kop er {most} heeft; zet tekst met een scheidingsteken tussen aanhalingstekens.",
                f"{count} fields, where the header has {most}; put text with a separator between quotation marks.",
            )
            broken.append((Row(line, {**row.values, "": delimiter.join(cells[len(header) :])}), Problem("", message)))
        else:
            rows.append(row)
    return Sheet(tuple(rows), tuple(broken), tuple(name for name in header if name and name not in fields))


def rows_of(records: Iterable[Mapping[str, Any]]) -> Sheet:
    """The rows of a planning in JSON, numbered from 1."""
    return Sheet(tuple(Row(number, record) for number, record in enumerate(records, 1)))


def parse_row(row: Row, *, text: bool) -> Programmawerk | list[Problem]:
    """One work, or everything that is wrong with the row's form. `text` says that the cells are text, as in CSV."""
    problems: list[Problem] = []
    values = dict(_values(row.values, problems)) if text else dict(row.values)
    try:
        work = Programmawerk.model_validate(values)
    except ValidationError as error:
        wrong = {problem.field for problem in problems}
        found = [problem_of(detail, FIELDS) for detail in error.errors()]
        return problems + [problem for problem in found if problem.field not in wrong]
    problems += _contradictions(work)
    return problems or work


def refused(row: Row, problems: Iterable[Problem], language: str) -> NietGebruikt:
    """A row that cannot be used, with what is wrong with it in a language."""
    return NietGebruikt(
        rij=row.number,
        waarden=dict(row.values),
        problemen=tuple(
            Rijprobleem(veld=problem.field, melding=spoken(problem.message, language), nabij=problem.nearest)
            for problem in problems
        ),
    )


def _text(data: bytes) -> str:
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise _unreadable("het bestand is leeg.", "the file is empty.")
    if data.startswith(WORKBOOKS):
        raise _unreadable(
            "het bestand is een werkmap van Excel of een zip; bewaar het blad als ‘CSV UTF-8’.",
            "the file is an Excel workbook or a zip; save the sheet as ‘CSV UTF-8’.",
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _unreadable("het bestand staat in UTF-16; bewaar het als UTF-8.", "the file is UTF-16; save it as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(
            f"regel {line} is geen UTF-8; bewaar het bestand als ‘CSV UTF-8’.",
            f"line {line} is no UTF-8; save the file as ‘CSV UTF-8’.",
        ) from error


def _check_header(header: Sequence[str], fields: Sequence[str], needed: Sequence[str]) -> None:
    for lacking in (name for name in needed if name not in header):
        near = did_you_mean(nearest(lacking, {name: name for name in header}))
        raise _unreadable(
            f"de kop heeft geen kolom {lacking}; bekend zijn {', '.join(fields)}.{near}",
            f"the header has no column {lacking}; known are {', '.join(fields)}.{near.en}",
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        names = ", ".join(twice)
        raise _unreadable(f"de kop noemt {names} tweemaal.", f"the header names {names} twice.")


def _named(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name and cell.strip()}


def _values(cells: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    """The cells of known columns as values; what cannot be one is left as text, for the model to refuse."""
    for name, cell in cells.items():
        if name in WHOLE:
            yield name, int(cell) if cell.isascii() and cell.lstrip("-").isdigit() else cell
        elif name in YES_NO:
            if cell.casefold() not in SAID:
                problems.append(
                    Problem(
                        name,
                        Words(f"{cell!r} is geen ja of nee; laat leeg wat onbekend is.", f"{cell!r} is no ja or nee."),
                    )
                )
            yield name, SAID.get(cell.casefold())
        elif name in AMOUNTS:
            yield name, _amount(cell)
        elif name in FIELDS:
            yield name, cell


def _amount(cell: str) -> float | str:
    """An amount as people write it: 1.250.000, 1250000,50 or € 1250000."""
    bare = cell.replace("€", "").replace("\u00a0", "").replace(" ", "")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    elif all(len(part) == 3 for part in bare.split(".")[1:]):
        bare = bare.replace(".", "")
    try:
        return float(bare)
    except ValueError:
        return cell


def _contradictions(work: Programmawerk) -> Iterator[Problem]:
    if not (work.gebied or work.vak or work.geometrie):
        yield Problem(
            "gebied",
            Words(
                "ontbreekt; geef een CBS-code of een naam met gemeente, een vak of een geometrie.",
                "is missing; give a CBS code or a name with municipality, a section or a geometry.",
            ),
        )
    if work.van is None and work.tot is None and work.aangelegd is None:
        yield Problem(
            "van",
            Words(
                "ontbreekt; geef een jaar, of met aangelegd het jaar van aanleg.",
                "is missing; give a year, or with aangelegd the year of construction.",
            ),
        )
    if work.van is not None and work.tot is not None and work.tot < work.van:
        yield Problem(
            "tot",
            Words(
                f"{work.tot} ligt voor het eerste jaar {work.van}.",
                f"{work.tot} lies before the first year {work.van}.",
            ),
        )
    if work.vast and work.schuifruimte:
        yield Problem(
            "schuifruimte",
            Words(
                f"{work.schuifruimte} jaar, terwijl vast op ja staat; kies een van beide.",
                f"{work.schuifruimte} years, while vast is ja; choose one of them.",
            ),
        )


def _unreadable(nl: str, en: str) -> PlanningError:
    return PlanningError([Problem("", Words(nl, en))])
