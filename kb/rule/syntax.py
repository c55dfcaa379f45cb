"""Where a text stops being SPARQL.

Oxigraph, which runs the rules, says whether a text is SPARQL. Where it is not, a parser can only tell how far it came, which
is often the end of the text; what an editor needs is the line without which the rest can be read, so that line is looked for.
"""

import re
from pathlib import Path

from pyoxigraph import Store

from kb.errors import RuleError

_EMPTY = Store()  # only to have queries read
# What holds no keyword though it may look like one.
_NO_CODE = re.compile(r"""(?m)^\s*PREFIX\s.*|<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#.*""", re.IGNORECASE)
# A mistake that is spread over more lines than this is told by its place alone.
_MOST_LINES = 3


def blanked(text: str) -> str:
    """The text with spaces for prefixes, IRIs, strings and comments."""
    return _NO_CODE.sub(lambda match: " " * len(match[0]), text)


def syntax_error(text: str, path: Path) -> RuleError | None:
    """What keeps a text from being SPARQL, with its line; None when it is SPARQL."""
    message = _message(text)
    if message is None:
        return None
    place = re.search(r"\b(\d+):(\d+)", message)
    number, column = (int(place[1]), int(place[2])) if place else (1, 1)
    if (unknown := _unknown_prefix(text, path)) is not None:
        return unknown
    if (span := _culprit(text)) is not None:
        lines = " ".join(line.strip() for line in text.splitlines()[span])
        return RuleError(path, span.start + 1, f"geen geldige SPARQL: ‘{lines}’.")
    return RuleError(path, number, f"geen geldige SPARQL, vastgelopen bij teken {column}{_unclosed(text)}.")


def _message(text: str) -> str | None:
    try:
        _EMPTY.query(text)
    except SyntaxError as error:
        return str(error)
    return None


def _culprit(text: str) -> slice | None:
    """The fewest consecutive lines without which the text can be read, the first such."""
    lines = text.splitlines()
    for length in range(1, _MOST_LINES + 1):
        for start in range(len(lines) - length + 1):
            rest = [*lines[:start], *[""] * length, *lines[start + length :]]
            if lines[start].strip() and _message("\n".join(rest)) is None:
                return slice(start, start + length)
    return None


def _unclosed(text: str) -> str:
    code = blanked(text)
    wrong = [(a, b) for a, b in (("{", "}"), ("(", ")")) if code.count(a) != code.count(b)]
    return "".join(f"; er staan {code.count(a)} keer ‘{a}’ en {code.count(b)} keer ‘{b}’" for a, b in wrong)


def _unknown_prefix(text: str, path: Path) -> RuleError | None:
    """The first prefix that is used and not declared: Oxigraph stops there, but does not name it."""
    declared = set(re.findall(r"(?mi)^\s*PREFIX\s+([\w-]*):", text))
    for number, line in enumerate(blanked(text).splitlines(), 1):
        for name in re.findall(r"(?<![\w?$:-])([A-Za-z][\w-]*|):[\w-]*", line):
            if name not in declared:
                return RuleError(path, number, f"onbekend voorvoegsel ‘{name}:’; zet een PREFIX-regel bovenaan.")
    return None
