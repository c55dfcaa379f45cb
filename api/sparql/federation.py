"""Which queries may ask another endpoint: those whose every SERVICE names an address on the allow-list.

Safety does not rest on reading a query right. A query runs in a process that can open no connection at all, unless the
word SERVICE stands nowhere in its text (not in a string, not in a comment) but before an allowed address in full.
"""

import re
from enum import Enum

from api.sparql.errors import RefusedError

_CALL = re.compile(r"\bSERVICE\s*(?:\bSILENT\s*)?<([^<>\"'{}|^`\\#\s]*)>", re.IGNORECASE)
_WORD = re.compile("SERVICE", re.IGNORECASE)
_TEXT = re.compile(
    r"""'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|<[^<>"{}|^`\\\s]*>|\#[^\n]*""",
    re.DOTALL,
)
_KEYWORD = re.compile(r"(?<![\w:?$@-])SERVICE(?![\w:-])", re.IGNORECASE)


class Reach(Enum):
    """How far a query reaches: only into our own data, or to other endpoints too."""

    OWN = "own"
    OTHERS = "others"


def reach(query: str, allowed: frozenset[str]) -> Reach:
    """How far a query may reach.

    Errors: RefusedError for a SERVICE that is not allowed, or that cannot be seen to be.
    """
    if not _WORD.search(query):
        return Reach.OWN
    called = _CALL.findall(query)
    if called and allowed.issuperset(called) and not _WORD.search(_CALL.sub(" ", query)):
        return Reach.OTHERS
    if _KEYWORD.search(_TEXT.sub(" ", query)):
        raise RefusedError(_refusal(called, allowed))
    return Reach.OWN


def _refusal(called: list[str], allowed: frozenset[str]) -> str:
    strange = [address for address in called if address not in allowed]
    if strange:
        known = f"Toegestaan: {', '.join(sorted(allowed))}." if allowed else "Er is geen enkel adres toegestaan."
        return f"SERVICE naar {', '.join(strange)} is hier niet toegestaan. {known}"
    return (
        "SERVICE wordt alleen uitgevoerd met een toegestaan adres voluit tussen < en >, en als het woord SERVICE verder "
        "nergens in de query staat, ook niet in een prefix, tekst of opmerking."
    )
