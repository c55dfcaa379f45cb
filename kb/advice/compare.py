"""Two advices side by side: which conclusions came, went or moved, and through what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kb.advice.receipt import Ontvangstbewijs

Oorzaak = Literal["situatie", "gegevens", "kennis", "regel"]
# What is measured of a place rather than chosen for it.
_DATA_FIELDS = {"metingen", "herkomst"}
_RECEIPT = "ontvangstbewijs"


@dataclass(frozen=True)
class Change:
    """A conclusion of one section that came, went, or moved: its place (from 1) before and after."""

    section: str
    key: str
    label: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Comparison:
    """What differs in what two advices were made from, by cause, and in what they say."""

    causes: Mapping[Oorzaak, tuple[str, ...]]
    changes: tuple[Change, ...]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Compare two advices as JSON, each with its receipt.

    A difference in what is said has one of the causes that are named; with a single one, that is the cause.
    """
    before, after = (Ontvangstbewijs.model_validate(advice[_RECEIPT]) for advice in (old, new))
    causes: dict[Oorzaak, tuple[str, ...]] = dict(_causes(before, after))
    return Comparison(causes, tuple(_changes(old, new)))


def _causes(old: Ontvangstbewijs, new: Ontvangstbewijs) -> Iterator[tuple[Oorzaak, tuple[str, ...]]]:
    fields = _differing(old.invoer | {"peildatum": old.peildatum}, new.invoer | {"peildatum": new.peildatum})
    if chosen := tuple(name for name in fields if name not in _DATA_FIELDS):
        yield "situatie", chosen
    if measured := tuple(name for name in fields if name in _DATA_FIELDS):
        yield "gegevens", measured
    if old.kennis != new.kennis:
        yield "kennis", (old.kennis, new.kennis)
    # A rule that fires in one of them only need not be another rule: the situation can make that difference.
    if changed := tuple(name for name in old.regels if new.regels.get(name, old.regels[name]) != old.regels[name]):
        yield "regel", changed


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for section in dict.fromkeys([*old, *new]):
        before, after = _ranked(old.get(section)), _ranked(new.get(section))
        for key in dict.fromkeys([*before, *after]):
            places = [rows[key][0] if key in rows else None for rows in (before, after)]
            if places[0] != places[1]:
                label = (after.get(key) or before[key])[1]
                yield Change(section, key, label, *places)


def _ranked(section: Any) -> dict[str, tuple[int, str]]:
    """The conclusions of a section, each with its place and its name."""
    rows = section if isinstance(section, list) else []
    found = [row for row in rows if isinstance(row, dict) and isinstance(row.get("conclusie"), str)]
    return {row["conclusie"]: (place, str(row.get("label", ""))) for place, row in enumerate(found, start=1)}
