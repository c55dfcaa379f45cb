"""Where works are: in the same section, near each other, in the same street, or, when that is not known, in the same area."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kb.country.matching import plain_name
from kb.programme.geometry import Reach
from kb.programme.model import Plaatssoort

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# How many characters of a code, behind its kind, name a municipality, a wijk and a buurt.
_DEPTH = {"GM": 4, "WK": 6, "BU": 8}
# From the vaguest to the most exact.
_EXACTNESS: tuple[Plaatssoort, ...] = ("gebied", "straat", "ligging", "vak")
NO_REACH = Reach(0.0, "kennis")


@dataclass(frozen=True)
class Place:
    """A section, the site of a work, a street of an area, or an area as a whole.

    `area` is a CBS code, another name of it, or empty; `shape` is where it lies, in metres, and `reach` how far around it
    other works are in one place with it. A work with a shape and no section is at a `site` of its own.
    """

    area: str
    street: str = ""
    section: str = ""
    site: str = ""
    shape: "BaseGeometry | None" = field(default=None, compare=False)
    reach: Reach = field(default=NO_REACH, compare=False)

    @property
    def kind(self) -> Plaatssoort:
        """How narrow it is."""
        return "vak" if self.section else "ligging" if self.site else "straat" if self.street else "gebied"

    @property
    def key(self) -> str:
        """The name of the place in output: the area, and what is in it."""
        parts = {"vak": f"vak {plain_name(self.section)}", "ligging": f"ligging {self.site}"}
        return "/".join(part for part in (self.area, parts.get(self.kind, plain_name(self.street))) if part)

    @property
    def name(self) -> str:
        """What people call it within its area; empty for the area as a whole."""
        return ", ".join(part for part in (self.street, self.section or self.site) if part)

    @property
    def vague(self) -> bool:
        """Whether neither a section nor a street is known."""
        return not (self.section or self.street)

    def holds(self, other: "Place") -> bool:
        """Whether works at the other place are, or may be, here, and are told here: each two works are told at one place."""
        if self.key == other.key:
            return True
        if shared(self, other) is None:
            return False
        mine, theirs = _EXACTNESS.index(self.kind), _EXACTNESS.index(other.kind)
        if mine == theirs:
            return self.key < other.key if self.site else _within(self.area, other.area)
        return mine > theirs


def shared(one: Place, other: Place) -> Plaatssoort | None:
    """In what two places coincide, or None when they do not, or are known not to.

    The same section says most; then what lies near, the same street, and an area in which either may be.
    """
    if one.section and other.section:
        return "vak" if one.key == other.key else None
    if (apart := metres_apart(one, other)) is not None:
        return "ligging" if apart <= one.reach.joined(other.reach).metres else None
    if one.vague or other.vague:
        ways = ((one, other), (other, one))
        return "gebied" if any(vague.vague and _within(exact.area, vague.area) for exact, vague in ways) else None
    same = one.area == other.area and plain_name(one.street) == plain_name(other.street)
    return "straat" if same else None


def metres_apart(one: Place, other: Place) -> float | None:
    """How many metres lie between two places that are both drawn; none when they touch or cross."""
    if one.shape is None or other.shape is None:
        return None
    return float(one.shape.distance(other.shape))


def by_place(places: Iterable[tuple[str, Place]]) -> dict[Place, list[str]]:
    """The works at each place: its own, and those of another place that are, or may be, there too."""
    found = list(places)
    own: dict[str, Place] = {}
    for _, place in sorted(found, key=lambda pair: (pair[1].key, pair[1].name)):
        known = own.setdefault(place.key, place)
        if place.shape is not None and place is not known:
            own[place.key] = _both(known, place)
    together = {place: [name for name, other in found if place.holds(other)] for place in own.values()}
    told = {name for names in together.values() if len(names) > 1 for name in names}
    # The site of a work that is told elsewhere too is no place of its own.
    return {
        place: names for place, names in together.items() if not place.site or len(names) > 1 or names[0] not in told
    }


def _both(known: Place, place: Place) -> Place:
    """A place that is drawn, grown by what another work there draws."""
    if known.shape is None:
        return replace(known, shape=place.shape, reach=place.reach)
    assert place.shape is not None
    return replace(known, shape=known.shape.union(place.shape), reach=known.reach.widest(place.reach))


def certainty(here: Place, one: Place, other: Place) -> Plaatssoort | None:
    """In what two works at a place coincide; None for two of other places, which are told where they are."""
    return shared(one, other) if here.key in (one.key, other.key) else None


def _within(inner: str, outer: str) -> bool:
    """Whether an area lies in another by its code; equal areas do."""
    if inner == outer:
        return inner != ""
    small, large = _DEPTH.get(inner[:2]), _DEPTH.get(outer[:2])
    return small is not None and large is not None and large < small and inner[2 : 2 + large] == outer[2 : 2 + large]
