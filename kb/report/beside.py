"""Two advices beside each other: both first screens, each line with what becomes of it on the other side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from kb.advice.model import Advies
from kb.report.first import first_screen
from kb.report.layout import Item, Section
from kb.report.phrases import Phrases

Mark = Literal["", "erbij", "vervalt", "hoger", "lager", "anders"]
LEFT_OUT = "questions"


@dataclass(frozen=True)
class Line:
    """A line of a first screen: `mark` says how it differs from the other side, where its place is `place` (from 1, or 0).

    `erbij` and `vervalt`: the other advice does not say it; `hoger` and `lager`: it stands higher or lower in the second
    than in the first; `anders`: the other says it in other words.
    """

    item: Item
    mark: Mark
    place: int = 0


@dataclass(frozen=True)
class Pair:
    """One part of both first screens."""

    name: str
    title: str
    ranked: bool
    first: tuple[Line, ...]
    second: tuple[Line, ...]

    @property
    def differs(self) -> bool:
        """Whether any line of it does."""
        return any(line.mark for line in (*self.first, *self.second))


def beside(first: Advies, second: Advies, phrases: Phrases) -> tuple[Pair, ...]:
    """The parts of both first screens, but for the open questions."""
    sides = [(advice, Phrases(phrases.language, phrases.year, advice)) for advice in (first, second)]
    shown = zip(*(first_screen(*side, shorten=True) for side in sides), strict=True)
    whole = zip(*(first_screen(*side, shorten=False) for side in sides), strict=True)
    pairs = zip(shown, whole, strict=True)
    return tuple(
        # Where a line stands is its place on the screen; of what the screen leaves out, that in the whole list.
        _pair(parts, [_places(part) | _places(screen) for part, screen in zip(wholes, parts, strict=True)])
        for parts, wholes in pairs
        if parts[0].name != LEFT_OUT and any(part.groups for part in parts)
    )


def _pair(shown: Sequence[Section], places: Sequence[Mapping[str, int]]) -> Pair:
    name, title = shown[0].name, shown[0].title
    ranked = any(group.ranked for part in shown for group in part.groups)
    items = [_items(part) for part in shown]
    moved = _moved(*items) if ranked else frozenset()
    first = (_line(item, items[1], places, moved, second=False) for item in items[0])
    second = (_line(item, items[0], places, moved, second=True) for item in items[1])
    return Pair(name, title, ranked, tuple(first), tuple(second))


def _line(
    item: Item, others: Sequence[Item], places: Sequence[Mapping[str, int]], moved: frozenset[str], *, second: bool
) -> Line:
    if not item.key:
        return Line(item, "" if any(item.text == other.text for other in others) else "anders")
    here, there = places[second], places[not second]
    if item.key not in there:
        return Line(item, "erbij" if second else "vervalt")
    same = next((other for other in others if other.key == item.key), None)
    if same is None or item.key in moved:
        rises = (there[item.key] > here[item.key]) == second
        return Line(item, "hoger" if rises else "lager", there[item.key])
    return Line(item, "" if same == item else "anders")


def _moved(first: Sequence[Item], second: Sequence[Item]) -> frozenset[str]:
    """The keys of the lines on both sides that left the order which the others keep."""
    keys = [[item.key for item in side if item.key] for side in (first, second)]
    common = set(keys[0]) & set(keys[1])
    one, other = ([key for key in side if key in common] for side in keys)
    kept = {
        key
        for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        for key in one[block.a : block.a + block.size]
    }
    return frozenset(common - kept)


def _items(part: Section) -> list[Item]:
    return [item for group in part.groups for item in group.items]


def _places(part: Section) -> dict[str, int]:
    """The place of each keyed line in the whole list."""
    return {item.key: place for place, item in enumerate(_items(part), 1) if item.key}
