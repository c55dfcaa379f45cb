"""How a work stands in a planning, as its row states it: what a judgement was about, and what changed since.

A state is text that a sheet or a request keeps: the fields of a URL query, such as `van=2028&tot=2029&eigenaar=gemeente`.
It holds terms by slug and areas by code, so that another spelling of the same is no change.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from kb.country.matching import plain_name
from kb.programme.model import Programmawerk, Veldwijziging

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GEOMETRY = "geometrie"
# Of a geometry the state holds a mark, which says that it changed and not how.
DECIMALS = 1


def state_of(
    parsed: Programmawerk,
    *,
    area: str,
    terms: Mapping[str, str],
    margin: int | None,
    shape: "BaseGeometry | None",
) -> str:
    """How a work stands: `area` is the code of the area that its row states, `terms` its terms by slug."""
    years = [year for year in (parsed.van, parsed.tot) if year is not None]
    values = {
        "gebied": area,
        "straat": plain_name(parsed.straat or ""),
        "vak": plain_name(parsed.vak or ""),
        GEOMETRY: _mark(shape),
        **terms,
        "van": years[0] if years else None,
        "tot": years[-1] if years else None,
        "aangelegd": None if years else parsed.aangelegd,
        "schuifruimte": margin,
        "graven": None if parsed.graven is None else "ja" if parsed.graven else "nee",
        "kosten": None if parsed.kosten is None else f"{parsed.kosten:.15g}",
        "afstand": None if parsed.afstand is None else f"{parsed.afstand:g}",
    }
    stated = {name: value for name, value in values.items() if value not in (None, "")}
    return urlencode(stated, quote_via=quote, safe="/ :,")


def read_state(text: str) -> dict[str, str] | None:
    """The fields of a state; None when the text is none."""
    try:
        found = dict(parse_qsl(text.strip(), strict_parsing=True, max_num_fields=len(Programmawerk.model_fields)))
    except ValueError:
        return None
    return found if found.keys() <= Programmawerk.model_fields.keys() else None


def state_changes(before: str, now: str, unknown: str) -> Iterator[Veldwijziging]:
    """What is otherwise now, field by field; `unknown` stands for what is not stated."""
    was, becomes = read_state(before) or {}, read_state(now) or {}
    for field in sorted(was.keys() | becomes.keys(), key=list(Programmawerk.model_fields).index):
        if was.get(field) != becomes.get(field):
            yield Veldwijziging(veld=field, was=was.get(field, unknown), wordt=becomes.get(field, unknown))


def fingerprint(*parts: str) -> str:
    """A short mark of texts: another text gives another mark."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _mark(shape: "BaseGeometry | None") -> str:
    if shape is None:
        return ""
    import shapely  # takes long to import, and few plannings have geometries

    return fingerprint(shapely.to_wkt(shapely.normalize(shape), rounding_precision=DECIMALS))
