"""Where works are: in the same section or street, or, when that is not known, in the same area."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.country.matching import plain_name
from kb.programme.model import Plaatssoort

# How many characters of a code, behind its kind, name a municipality, a wijk and a buurt.
_DEPTH = {"GM": 4, "WK": 6, "BU": 8}


@dataclass(frozen=True)
class Place:
    """A section, a street of an area, or an area as a whole; `area` is a CBS code, another name of it, or empty."""

    area: str
    street: str = ""
    section: str = ""

    @property
    def kind(self) -> Plaatssoort:
        """How narrow it is."""
        return "vak" if self.section else "straat" if self.street else "gebied"

    @property
    def key(self) -> str:
        """The name of the place in output: the area, and what is in it."""
        inner = f"vak {plain_name(self.section)}" if self.section else plain_name(self.street)
        return "/".join(part for part in (self.area, inner) if part)

    @property
    def name(self) -> str:
        """What people call it within its area; empty for the area as a whole."""
        return ", ".join(part for part in (self.street, self.section) if part)

    def holds(self, other: "Place") -> bool:
        """Whether works at the other place are, or may be, here: the same place, or one it is part of."""
        if self.key == other.key:
            return True
        if other.kind == "straat":
            same = self.area == other.area and plain_name(self.street) == plain_name(other.street)
            return self.kind == "vak" and same
        return other.kind == "gebied" and _within(self.area, other.area)


def by_place(places: Iterable[tuple[str, Place]]) -> dict[Place, list[str]]:
    """The works at each place: its own, and those of a wider place that may be there too."""
    found = list(places)
    own: dict[str, Place] = {}
    for _, place in sorted(found, key=lambda pair: (pair[1].key, pair[1].name)):
        own.setdefault(place.key, place)
    return {place: [name for name, other in found if place.holds(other)] for place in own.values()}


def certainty(here: Place, one: Place, other: Place) -> Plaatssoort | None:
    """In what two works at a place coincide; None for two of wider places, which are told where they are."""
    if here.key not in (one.key, other.key):
        return None
    return (other if one.key == here.key else one).kind


def _within(inner: str, outer: str) -> bool:
    """Whether an area lies in another by its code; equal areas do."""
    if inner == outer:
        return inner != ""
    small, large = _DEPTH.get(inner[:2]), _DEPTH.get(outer[:2])
    return small is not None and large is not None and large < small and inner[2 : 2 + large] == outer[2 : 2 + large]
