"""What the parser says about a query it cannot read, in words for the one who wrote it."""

import re

from kb.language import Words

_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected (.*))?", re.DOTALL)
_ALTERNATIVE = re.compile(r'"(?:\\.|[^"\\])*"|[A-Za-z]\w+|\[[^\]]*\](?:\s*\|[^,]*)?')
_MOST = 12


def explain_syntax(message: str) -> Words:
    """Line, column and what could have stood there, from the parser's message."""
    found = _PLACE.match(message)
    if not found:
        return Words(f"De query is niet te lezen: {message}", f"The query cannot be read: {message}")
    line, column, expected = found.groups()
    words = _expected(expected or "")
    return Words(
        f"De query is niet te lezen op regel {line}, kolom {column}.{words and ' Daar had kunnen staan: ' + words}",
        f"The query cannot be read at line {line}, column {column}.{words and ' What could stand there: ' + words}",
    )


def _expected(alternatives: str) -> str:
    """The alternatives without the character classes, which say little to a reader."""
    words = [word for word in _ALTERNATIVE.findall(alternatives.removeprefix("one of ")) if not word.startswith("[")]
    shown = [word[1:-1].replace('\\"', '"') if word.startswith('"') else word for word in words]
    if not shown:
        return ""
    more = " …" if len(shown) > _MOST else ""
    return f"{' '.join(shown[:_MOST])}{more}"
