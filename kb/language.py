"""The languages of what people read: Dutch first, English beside it.

The texts themselves stand in `kb/locale/nl.po` and `kb/locale/en.po` (gettext): a translator edits those and needs no
Python. A text that is missing is an error, not an empty line.
"""

import gettext
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import polib

Taal: TypeAlias = Literal["nl", "en"]
LANGUAGES: tuple[Taal, ...] = get_args(Taal)
LOCALE = Path(__file__).parent / "locale"

# Thousands and decimals.
_SIGNS = {"nl": (".", ","), "en": (",", ".")}


class Catalogue:
    """The texts of one language by name."""

    def __init__(self, language: str) -> None:
        self.language = language
        entries = polib.pofile(str(LOCALE / f"{language}.po"))
        self.names = frozenset(entry.msgid for entry in entries)
        self._texts = gettext.GNUTranslations(io.BytesIO(entries.to_binary()))

    def __call__(self, name: str, /, **values: object) -> str:
        """The text with this name, its `{fields}` filled in."""
        assert name in self.names, f"{self.language}.po has no {name}"
        return self._texts.gettext(name).format(**values)

    def count(self, name: str, number: int) -> str:
        """A number with its noun, in the singular or plural that the language asks for."""
        assert name in self.names, f"{self.language}.po has no {name}"
        return self._texts.ngettext(name, name, number).format(n=show_number(Decimal(number), self.language))

    def listed(self, names: Sequence[str]) -> str:
        """Names in a row, as in a sentence: a, b and c; without the word when a name itself is such a row."""
        if len(names) < 2 or not self._is_row(names):
            return self._closed(names, f" {self('and')}")
        return (
            self.joined(names) if len(names) > 2 or self._has_comma(names) else self._closed(names, f", {self('and')}")
        )

    def at_most(self, names: Sequence[str], most: int | None) -> str:
        """So many names in a row at most, and how many more there are; one more is named rather than counted."""
        if most is None or len(names) <= most + 1:
            return self.listed(names)
        return self("and_more", names=self.joined(names[:most]), n=len(names) - most)

    def either(self, names: Sequence[str]) -> str:
        """Names of which one is enough, as in a sentence: a, b or c."""
        return self._closed(names, f" {self('or')}")

    def _closed(self, names: Sequence[str], word: str) -> str:
        *first, last = names
        return f"{', '.join(first)}{word} {last}" if first else last

    def joined(self, names: Sequence[str]) -> str:
        """Names in a row that is not closed: a, b, c; with semicolons when a name itself holds a comma."""
        return ("; " if self._has_comma(names) else ", ").join(names)

    def _has_comma(self, names: Sequence[str]) -> bool:
        return any(", " in name for name in names)

    def _is_row(self, names: Sequence[str]) -> bool:
        # The 'and' of a compound with a hyphen ("zorg- en welzijnsorganisatie") joins no names.
        joint = f" {self('and')} "
        return any(joint in name.replace(f"-{joint}", "") for name in names)


@cache
def catalogue(language: str) -> Catalogue:
    """The texts of a language."""
    return Catalogue(language)


def show_number(value: Decimal, language: str) -> str:
    """A number as people of this language write it: 3.183 and 0,44 in Dutch."""
    thousands, point = _SIGNS[language]
    whole, _, fraction = f"{value.normalize():,f}".partition(".")
    return whole.replace(",", thousands) + (point + fraction if fraction else "")


def show_measure(value: Decimal, language: str) -> str:
    """A measured value as precisely as people say it: 7.980, 56,8, 0,46 and 0,024; more decimals would feign precision."""
    size = abs(value)
    places = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= Decimal("0.1") else 1 - size.adjusted()
    return show_number(round(value, places) if size else value, language)


def show_share(value: Decimal, language: str) -> str:
    """A share of one as a percentage: 57,8 %."""
    space = " " if language == "nl" else ""
    return f"{show_number(round(value * 100, 1), language)}{space}%"


def show_day(day: date, language: str) -> str:
    """A day as people of this language write it: 1-6-2018, and 2018-06-01 in English."""
    return day.isoformat() if language == "en" else f"{day.day}-{day.month}-{day.year}"


def as_sentence(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


class Words(str):
    """A text in Dutch that knows itself in English: wherever a text is only passed on, its English goes along unseen."""

    __slots__ = ("en",)
    en: str

    def __new__(cls, nl: str, en: str) -> "Words":
        """The text in both languages."""
        text = super().__new__(cls, nl)
        text.en = en
        return text


def spoken(text: object, language: str) -> str:
    """A text in a language; what knows no English stays Dutch. Of an exception, its message."""
    said = text.args[0] if isinstance(text, Exception) and text.args else text
    return said.en if language == "en" and isinstance(said, Words) else str(said)


def did_you_mean(names: Iterable[str]) -> Words:
    """A sentence, behind another, that asks whether one of some names was meant; empty without names."""
    shown = ", ".join(names)
    return Words(f" Bedoelt u {shown}?", f" Did you mean {shown}?") if shown else Words("", "")
