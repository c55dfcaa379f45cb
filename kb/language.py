"""The languages of what people read: Dutch first, English beside it."""

from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

Taal: TypeAlias = Literal["nl", "en"]
LANGUAGES: tuple[Taal, ...] = get_args(Taal)


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
