"""Which area of the table a code of another year means.

A code can stay while another area gets it, and an area can stay while its code changes (Amsterdam went from digits to
letters, municipalities merge). So a code means the same area when the names agree, and an area with another code is found
by its name within its municipality, or within the country when its municipality is no more.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

SIMILAR = 0.75
_FILLERS = frozenset(
    {
        *("wijk", "buurt", "gebied", "omgeving", "centrum", "noord", "oost", "zuid", "west"),
        *("buitengebied", "verspreide", "huizen", "verspr", "bedrijventerrein", "industrieterrein"),
    }
)


@dataclass(frozen=True)
class Named:
    """An area as a file names it; the name is empty when the file gives none."""

    code: str
    name: str

    @property
    def gemeente(self) -> str:
        """The digits of the municipality that the code begins with."""
        return self.code[2:6]

    @property
    def kind(self) -> str:
        """`GM`, `WK` or `BU`."""
        return self.code[:2]


class Matcher:
    """Finds areas of the division of one year by codes and names of other years."""

    def __init__(self, areas: Iterable[Named]) -> None:
        self._names = {area.code: area.name for area in areas}
        self._in_gemeente: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._anywhere: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._gemeenten = {code[2:6] for code in self._names}
        for code, name in self._names.items():
            area = Named(code, name)
            self._in_gemeente[area.kind, area.gemeente, plain_name(name)].append(code)
            self._anywhere[area.kind, plain_name(name)].append(code)

    def renamed(self, areas: Iterable[Named]) -> set[str]:
        """The codes that now stand for an area of another name."""
        return {
            area.code
            for area in areas
            if area.name and area.code in self._names and not alike(area.name, self._names[area.code])
        }

    def match(self, areas: Iterable[Named], renamed: set[str]) -> Mapping[str, str]:
        """The code in this division of each area that is found, by the code that it had."""
        areas = list(areas)
        seen: dict[tuple[str, str], int] = defaultdict(int)
        for area in areas:
            seen[area.kind, plain_name(area.name)] += 1
        found: dict[str, str] = {}
        for area in areas:
            if area.code in self._names and area.code not in renamed:
                found[area.code] = area.code
            elif area.name and (other := self._by_name(area, seen[area.kind, plain_name(area.name)] == 1)):
                found[area.code] = other
        return found

    def _by_name(self, area: Named, only: bool) -> str | None:
        here = self._in_gemeente.get((area.kind, area.gemeente, plain_name(area.name)), [])
        if len(here) == 1:
            return here[0]
        anywhere = self._anywhere.get((area.kind, plain_name(area.name)), [])
        merged = area.gemeente not in self._gemeenten
        return anywhere[0] if merged and only and len(anywhere) == 1 else None


def bare_name(name: str) -> str:
    """A name without the `Wijk 00`, `Wijk 00:` or `Wijk00-` that a register puts in front."""
    return re.sub(r"(?i)^wijk ?\d+(?!\d)[\s:–-]*(?=\S)", "", name.strip())


def plain_name(name: str) -> str:
    """A name without `Wijk 00`, accents, capitals and punctuation."""
    letters = unicodedata.normalize("NFKD", bare_name(name).casefold())
    return " ".join(
        re.findall(r"[a-z0-9]+", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    )


def alike(one: str, other: str) -> bool:
    """Whether two names can be of the same area: spelled otherwise, one within the other, or with a telling word shared."""
    first, second = plain_name(one), plain_name(other)
    if not first or not second or first in second or second in first:
        return True
    telling = set(first.split()) & set(second.split()) - _FILLERS
    if any(len(word) > 3 for word in telling):
        return True
    return SequenceMatcher(None, first, second).ratio() >= SIMILAR
