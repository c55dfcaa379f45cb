"""The example queries of the query page: each a file in `voorbeelden/` with a header of comment lines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode

FOLDER = Path(__file__).parent / "voorbeelden"

_HEADER = re.compile(r"# (titel|thema|uitleg): (.+)\n")
_PARAMETER = re.compile(r"# parameter: ([\w-]+) \?(\w+)\n")
_BODY = "WHERE {"


@dataclass(frozen=True)
class Parameter:
    """What may be filled in: an individual of a kind (the segment of its IRI), for a variable of the query."""

    soort: str
    variable: str


@dataclass(frozen=True)
class Voorbeeld:
    """An example query: its name in addresses, what it is about, and its SPARQL without the header."""

    slug: str
    titel: str
    thema: str
    uitleg: str
    query: str
    parameters: tuple[Parameter, ...] = ()

    def filled(self, values: Mapping[str, NamedNode]) -> str:
        """The query about the individuals that are given for its parameters, by kind."""
        chosen = [f"VALUES ?{p.variable} {{ {values[p.soort]} }}" for p in self.parameters if p.soort in values]
        # At the start of the pattern, so that it holds before anything is counted.
        return self.query.replace(_BODY, f"{_BODY} {' '.join(chosen)}", 1) if chosen else self.query


@cache
def read_voorbeelden(folder: Path = FOLDER) -> Sequence[Voorbeeld]:
    """The examples by theme and title."""
    found = [_voorbeeld(path) for path in folder.glob("*.rq")]
    return sorted(found, key=lambda voorbeeld: (voorbeeld.thema, voorbeeld.titel))


def _voorbeeld(path: Path) -> Voorbeeld:
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    parameters = tuple(Parameter(*found) for found in _PARAMETER.findall(text))
    query = _PARAMETER.sub("", _HEADER.sub("", text))
    return Voorbeeld(path.stem, header["titel"], header["thema"], header["uitleg"], query, parameters)
