"""The street section as numbers: where each layer, element and claim stands. The template draws it as SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from kb.language import catalogue, show_number
from kb.report.street import Claim, Layer, Strip, Width

COLUMNS, COLUMN, BOX, PAD = 4, 238, 208, 8
INSET, LINE, LETTERS = 10, 16, 26
METRE = 26
HEAD, TITLE, GAP, BAR = 26, 28, 12, 16


@dataclass(frozen=True)
class DrawnClaim:
    """A claim in its element: its lines of text, and its width as a bar on scale, with what it may be more behind it."""

    claim: Claim
    lines: tuple[str, ...]
    said: str
    width: str
    x: int
    y: int
    box: int
    height: int
    bar: int
    more: int


@dataclass(frozen=True)
class DrawnStrip:
    """An element in its layer."""

    strip: Strip
    note: str
    x: int
    y: int
    box: int
    height: int
    claims: tuple[DrawnClaim, ...]


@dataclass(frozen=True)
class DrawnLayer:
    """A layer with its elements."""

    layer: Layer
    y: int
    strips: tuple[DrawnStrip, ...]


@dataclass(frozen=True)
class StreetSection:
    """The whole drawing; a metre is so wide, and `sized` is whether any claim has a width."""

    layers: tuple[DrawnLayer, ...]
    width: int
    height: int
    metre: int
    sized: bool


def draw_street(layers: Sequence[Layer], language: str) -> StreetSection | None:
    """The drawing of the layers of a street; None when nothing is claimed."""
    if not layers:
        return None
    drawn, y = [], 0
    for layer in layers:
        strips, bottom = _strips(layer.strips, y + HEAD, language)
        drawn.append(DrawnLayer(layer, y, strips))
        y = bottom
    sized = any(claim.width for layer in layers for strip in layer.strips for claim in strip.claims)
    return StreetSection(tuple(drawn), COLUMNS * COLUMN, y, METRE, sized)


def _strips(strips: Sequence[Strip], top: int, language: str) -> tuple[tuple[DrawnStrip, ...], int]:
    """The elements of a layer in rows, each row as high as its highest and full; and where the layer ends."""
    drawn: list[DrawnStrip] = []
    for start in range(0, len(strips), COLUMNS):
        row: list[DrawnStrip] = []
        column = 0
        shown = strips[start : start + COLUMNS]
        for strip, columns in zip(shown, _spans(len(shown)), strict=True):
            row.append(_strip(strip, column, columns, top, language))
            column += columns
        drawn += row
        top += max(strip.height for strip in row) + GAP
    return tuple(drawn), top + GAP


def _spans(number: int) -> list[int]:
    """How many columns each of so many elements gets: together they fill a row, and the first get most."""
    return [COLUMNS // number + (place < COLUMNS % number) for place in range(number)]


def _strip(strip: Strip, column: int, columns: int, y: int, language: str) -> DrawnStrip:
    say = catalogue(language)
    notes = [say(f"advies.strook.{name}") for name in ("opens", "clashes") if getattr(strip, name)]
    x = column * COLUMN + 1
    claims = tuple(_claims(strip.claims, x + PAD, columns, y + TITLE + (LINE if notes else 0), language))
    bottom = max(claim.y + claim.height for claim in claims) + INSET
    return DrawnStrip(strip, ", ".join(notes), x, y, columns * COLUMN - PAD * 2, bottom - y, claims)


def _claims(claims: Sequence[Claim], x: int, columns: int, y: int, language: str) -> Iterator[DrawnClaim]:
    """The claims of an element, so many beside each other."""
    for start in range(0, len(claims), columns):
        row = claims[start : start + columns]
        height = max(map(_height, row))
        for place, claim in enumerate(row):
            bar, more = _bar(claim.width) if claim.width else (0, 0)
            said = catalogue(language)(f"advies.claim.{claim.mode}")
            words = shown_width(claim.width, language)
            yield DrawnClaim(claim, _lines(claim), said, words, x + place * COLUMN, y, BOX, height, bar, more)
        y += height + PAD


def _lines(claim: Claim) -> tuple[str, ...]:
    return tuple(wrap(claim.task, LETTERS))


def _height(claim: Claim) -> int:
    return LINE * (len(_lines(claim)) + 1) + 12 + (BAR if claim.width else 0)


def _bar(width: Width) -> tuple[int, int]:
    low = round(width.low * METRE)
    return low, round(width.high * METRE) - low


def shown_width(width: Width | None, language: str) -> str:
    """A width in words; empty when it is not known."""
    if width is None:
        return ""
    ends = dict.fromkeys(show_number(end, language) for end in (width.low, width.high))
    return f"{'–'.join(ends)} m"
