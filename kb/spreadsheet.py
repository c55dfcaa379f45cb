"""Tables as CSV for who opens them in a spreadsheet: RFC 4180, but for the semicolon between the cells.

A semicolon, because Excel on a Dutch computer splits at its list separator, which is that: with commas every row lands in one
cell. It goes out with a byte order mark (`ENCODING`), because Excel takes a file without one for Windows-1252 and breaks
every accent. A cell that a spreadsheet would run as a formula gets an apostrophe before it.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

ENCODING = "utf-8-sig"
BETWEEN = " | "  # between several values in one cell
# What a spreadsheet takes for the beginning of a formula, also as East Asian keyboards write it (OWASP, CSV injection).
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def sheet(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """The rows under a header; a column that a row does not name stays empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=";", lineterminator="\r\n", restval="")
    writer.writeheader()
    writer.writerows({name: harmless(cell) for name, cell in row.items()} for row in rows)
    return out.getvalue()


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
