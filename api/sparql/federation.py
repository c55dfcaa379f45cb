"""Which queries may ask another endpoint: those whose every SERVICE names an address on the allow-list.

Safety does not rest on reading a query right. A query runs in a process that can open no connection at all, unless the
word SERVICE stands nowhere in its text (not in a string, not in a comment) but before an allowed address in full.
"""

import re
import sys
from enum import Enum

from api.http.errors import RefusedError
from kb.language import Words

_CALL = re.compile(r"\bSERVICE\s*(?:\bSILENT\s*)?<([^<>\"'{}|^`\\#\s]*)>", re.IGNORECASE)
_WORD = re.compile("SERVICE", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TEXT = re.compile(
    r"""'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|<[^<>"{}|^`\\\s]*>|\#[^\n]*""",
    re.DOTALL,
)


class Reach(Enum):
    """How far a query reaches: only into our own data, or to other endpoints too."""

    OWN = "own"
    OTHERS = "others"


def reach(query: str, allowed: frozenset[str]) -> Reach:
    """How far a query may reach.

    Errors: RefusedError for a SERVICE that is not allowed, or that cannot be seen to be.
    """
    query = written_out(query)
    if not _WORD.search(query):
        return Reach.OWN
    called = _CALL.findall(query)
    if called and allowed.issuperset(called) and not _WORD.search(_CALL.sub(" ", query)):
        return Reach.OTHERS
    if has_keyword(query, "SERVICE"):
        raise RefusedError(_refusal(called, allowed))
    return Reach.OWN


def may_call(query: str) -> bool:
    """Whether the word SERVICE stands anywhere in a query, so that a store that is not ours might call another."""
    return bool(_WORD.search(written_out(query)))


def written_out(query: str) -> str:
    r"""A query with its codepoint escapes written out: SPARQL reads `S\u0045RVICE` as SERVICE."""
    return _ESCAPE.sub(_character, query)


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2], 16)
    return chr(number) if number <= sys.maxunicode else escape[0]


def has_keyword(query: str, keyword: str) -> bool:
    """Whether a keyword stands in a query, other than in a string, a comment or a name."""
    return bool(re.search(rf"(?<![\w:?$@-]){keyword}(?![\w:-])", _TEXT.sub(" ", query), re.IGNORECASE))


def _refusal(called: list[str], allowed: frozenset[str]) -> Words:
    strange = ", ".join(address for address in called if address not in allowed)
    known = ", ".join(sorted(allowed))
    if strange:
        return Words(
            f"SERVICE naar {strange} is hier niet toegestaan. "
            + (f"Toegestaan: {known}." if known else "Er is geen enkel adres toegestaan."),
            f"SERVICE to {strange} is not allowed here. "
            + (f"Allowed: {known}." if known else "No address at all is allowed."),
        )
    return Words(
        "SERVICE wordt alleen uitgevoerd met een toegestaan adres voluit tussen < en >, en als het woord SERVICE verder "
        "nergens in de query staat, ook niet in een prefix, tekst of opmerking.",
        "SERVICE is only run with an allowed address in full between < and >, and when the word SERVICE stands nowhere "
        "else in the query, nor in a prefix, text or comment.",
    )
