"""What a statement rests on."""

from dataclasses import dataclass

from kb.rule.rule import Citation


@dataclass(frozen=True)
class Basis:
    """What a statement rests on: `certainty` is gebrond, afgeleid or aanname; `citations` name source and place."""

    certainty: str
    citations: tuple[Citation, ...]
