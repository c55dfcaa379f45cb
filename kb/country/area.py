"""One area of the country and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from kb.names import ID

AREA = ID + "gebied/"
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

    def as_json(self, label: object) -> dict[str, Any]:
        """The figure with what its quantity is called."""
        return {
            "grootheid": self.grootheid,
            "label": label,
            "waarde": float(self.waarde),
            "bron": self.bron,
            "jaar": self.jaar,
            "gebied": self.gebied,
            "landelijk": self.landelijk,
            "stedelijk": self.stedelijk,
        }


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

    @property
    def iri(self) -> str:
        """Its name on the web."""
        return AREA + self.code

    def as_json(self) -> dict[str, Any]:
        """What it is, without its figures."""
        return {
            "code": self.code,
            "naam": self.naam,
            "soort": self.soort,
            "gemeente": {"code": self.gemeentecode, "naam": self.gemeente},
            "wijk": {"code": self.wijkcode, "naam": self.wijk} if self.wijkcode else None,
            "provincie": self.provincie,
            "stedelijkheid": self.stedelijkheid,
            "plaats": list(self.plaats) if self.plaats else None,
        }

    @cached_property
    def by_grootheid(self) -> Mapping[str, Gebiedscijfer]:
        """The figures by the slug of their quantity."""
        return {cijfer.grootheid: cijfer for cijfer in self.cijfers}


def to_decimal(value: float) -> Decimal:
    """A stored number as it was read: no more digits than it has."""
    return Decimal(str(value)).normalize() + 0
