"""One area of the country and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

KINDS = {"GM": "gemeente", "WK": "wijk", "BU": "buurt"}


@dataclass(frozen=True)
class Gebiedscijfer:
    """A figure about an area: the quantity, its value, the source and year, and the percentiles of it.

    `landelijk` is the percentile among areas of the same kind in the country, `stedelijk` among those of equal urbanity.
    """

    grootheid: str
    waarde: Decimal
    bron: str
    jaar: int
    gebied: str
    landelijk: int | None = None
    stedelijk: int | None = None


@dataclass(frozen=True)
class Gebied:
    """A municipality, wijk or buurt, with the names of what it is in."""

    code: str
    naam: str
    gemeentecode: str
    gemeente: str
    wijkcode: str | None
    wijk: str | None
    provincie: str | None
    stedelijkheid: int | None
    plaats: tuple[float, float] | None
    eerder: tuple[str, ...]
    cijfers: tuple[Gebiedscijfer, ...]

    @property
    def soort(self) -> str:
        """`gemeente`, `wijk` or `buurt`."""
        return KINDS[self.code[:2]]

    @cached_property
    def by_grootheid(self) -> Mapping[str, Gebiedscijfer]:
        """The figures by the slug of their quantity."""
        return {cijfer.grootheid: cijfer for cijfer in self.cijfers}


def to_decimal(value: float) -> Decimal:
    """A stored number as it was read: no more digits than it has."""
    return Decimal(str(value)).normalize() + 0
