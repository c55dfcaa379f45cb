"""Areas by name: one, the several that a name can mean, or the names that look like it."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from kb.country.area import Gebied
from kb.country.matching import plain_name
from kb.errors import nearest
from kb.paths import OTHER_NAMES

if TYPE_CHECKING:
    from kb.country.table import Landtabel

MOST_NEAR = 4
GEMEENTE = "GM"
ARTICLES = frozenset({"de", "den", "het", "t", "s"})


class AreaNames:
    """The names of the areas of a table, those that people say included (Den Haag).

    Case, accents, `Wijk 00` and an article in front make no difference, nor does what the register adds to the name of a
    municipality to tell it from another (Hengelo (O.)).
    """

    def __init__(self, table: "Landtabel") -> None:
        self._table = table

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = defaultdict(list)
        places: dict[str, int] = {}
        for row, (code, name) in enumerate(self._table.named()):
            rows[_spoken_name(name)].append(row)
            if code.startswith(GEMEENTE) and "(" in name:
                rows[_spoken_name(name.partition("(")[0])].append(row)
            places[code] = row
        for code, other in _other_names():
            if code in places:
                rows[plain_name(other)].append(places[code])
        return rows

    @cached_property
    def _rows_with_word(self) -> dict[str, set[str]]:
        """The names in which a word stands."""
        names: dict[str, set[str]] = defaultdict(set)
        for name in self._rows:
            for word in name.split():
                names[word].add(name)
        return names

    def find(self, name: str, gemeente: str | None = None) -> list[Gebied]:
        """The areas that a name means; its municipality can be named too, before or behind it.

        A wijk goes before the municipality of that name in which it lies, and before the buurt of that name in it.
        """
        found = self._within(self._named(name), gemeente)
        if not found and gemeente is None:
            found, gemeente = next(
                ((areas, whole) for part, whole in _in_two(name) if (areas := self._within(self._named(part), whole))),
                ([], None),
            )
        smaller = [area for area in found if area.soort != "gemeente"] or found
        codes = {area.code for area in smaller}
        meant = [area for area in smaller if area.soort != "buurt" or area.wijkcode not in codes]
        inside = {area.gemeentecode for area in meant}
        elsewhere = [area for area in found if area.soort == "gemeente" and area.code not in inside]
        if len(meant) == 1 and gemeente is None:
            longer = [area for area in self._longer(meant[0]) if area not in elsewhere]
            return [*meant, *longer, *elsewhere]
        return [*meant, *elsewhere] if gemeente is None else meant

    def _longer(self, buurt: Gebied) -> list[Gebied]:
        """What else people may mean by the name of a buurt: areas elsewhere of which the name begins with it."""
        if buurt.soort != "buurt":
            return []
        start = _spoken_name(buurt.naam) + " "
        areas = [area for name in self._rows if name.startswith(start) for area in self._named(name)]
        return [area for area in areas if area.gemeentecode != buurt.gemeentecode]

    def with_words(self, name: str) -> tuple[str, ...]:
        """The names in which every word of this one stands, the shortest first, each with its municipality."""
        words = _spoken_name(name).split()
        found = set.intersection(*(self._rows_with_word.get(word, set()) for word in words)) if words else set()
        areas = [area for known in sorted(found, key=lambda known: (len(known), known)) for area in self._named(known)]
        return _shown(areas)

    def nearest(self, name: str, gemeente: str | None = None) -> tuple[str, ...]:
        """The names that look most like one, each with its municipality."""
        if gemeente is None and "," in name:
            name, _, gemeente = name.rpartition(",")
        here = self._inside(gemeente) if gemeente else {}
        known_names = here or self._rows
        near = nearest(_spoken_name(name), {known: known for known in known_names})
        found = [area for known in near for area in here.get(known) or self._named(known)] or [
            area for areas in here.values() for area in areas if area.soort == "wijk"
        ]
        return _shown(found)

    def _inside(self, gemeente: str) -> dict[str, list[Gebied]]:
        """The areas of a municipality by name."""
        found: dict[str, list[Gebied]] = defaultdict(list)
        for whole in self._named(gemeente):
            if whole.soort == "gemeente":
                for wijk in self._table.parts(whole.code):
                    for area in (wijk, *self._table.parts(wijk.code)):
                        found[_spoken_name(area.naam)].append(area)
        return found

    def _named(self, name: str) -> list[Gebied]:
        rows = self._rows.get(plain_name(name)) or self._rows.get(_spoken_name(name)) or []
        return [self._table.area_at(row) for row in rows]

    def _within(self, areas: list[Gebied], gemeente: str | None) -> list[Gebied]:
        if gemeente is None:
            return areas
        codes = {
            gemeente.strip().upper(),
            *(found.code for found in self._named(gemeente) if found.soort == "gemeente"),
        }
        return [area for area in areas if area.gemeentecode in codes]


def _in_two(name: str) -> Iterator[tuple[str, str]]:
    """A name as that of an area and of its municipality: split at a comma or bracket, else at any space, either way round."""
    parts = [part.strip() for part in re.split(r"[,()]", name) if part.strip()]
    words = name.split()
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words) - 1, 0, -1)]
    for first, last in [(", ".join(parts[:-1]), parts[-1])] if len(parts) > 1 else splits:
        yield first, last
        yield last, first


def _other_names() -> Iterator[tuple[str, str]]:
    """The code and the name of municipalities that people call otherwise than the register does."""
    with OTHER_NAMES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["code"], row["naam"]


def _shown(areas: list[Gebied]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{area.naam}, {area.gemeente}" for area in areas))[:MOST_NEAR]


def _spoken_name(name: str) -> str:
    """A name as people say it: without an article in front, which a register may have and they leave out."""
    article, _, rest = plain_name(name).partition(" ")
    return rest if article in ARTICLES and rest else plain_name(name)
