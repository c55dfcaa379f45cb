"""What is searched and what is found."""

from dataclasses import dataclass
from enum import StrEnum

from kb.language import Words


class Reason(StrEnum):
    """Why something is found, the strongest first."""

    NAME = "naam"
    BEGINNING = "begin"
    SYNONYM = "synoniem"
    WORDS = "woorden"
    MEANING = "betekenis"
    NEAR = "bedoeld"


@dataclass(frozen=True)
class Named:
    """Something that can be found.

    `names` are what it is called in any language; `others` what people call it besides. `within` and `sorts` are what people
    add to a name: the municipality that an area lies in, what kind of thing it is. `weight` is how much refers to it, and
    `aside` says that it is bookkeeping.
    """

    iri: str
    kind: str
    label: Words
    meaning: Words
    names: tuple[str, ...]
    others: tuple[str, ...] = ()
    within: str = ""
    sorts: tuple[str, ...] = ()
    weight: int = 0
    aside: bool = False


@dataclass(frozen=True)
class Hit:
    """Something found: why, and by which of its names; by none when words of its meaning were asked."""

    named: Named
    reason: Reason
    by: str
