"""The example queries of the query page: each a file in `voorbeelden/` with a header of comment lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "voorbeelden"

_HEADER = re.compile(r"# (titel|thema|uitleg): (.+)\n")


@dataclass(frozen=True)
class Voorbeeld:
    """An example query: its name in addresses, what it is about, and its SPARQL without the header."""

    slug: str
    titel: str
    thema: str
    uitleg: str
    query: str


@cache
def read_voorbeelden(folder: Path = FOLDER) -> Sequence[Voorbeeld]:
    """The examples by theme and title."""
    found = [_voorbeeld(path) for path in folder.glob("*.rq")]
    return sorted(found, key=lambda voorbeeld: (voorbeeld.thema, voorbeeld.titel))


def _voorbeeld(path: Path) -> Voorbeeld:
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    return Voorbeeld(path.stem, header["titel"], header["thema"], header["uitleg"], _HEADER.sub("", text))
