"""A rule in the syntax of SPARQL 1.2 RL (W3C working draft of August 2026), and back.

    RULE { ?situatie :heeftX ?y } WHERE { ?situatie :heeftZ ?y . NOT { ?situatie :mist ?y } SET (?n := STR(?y)) }

The draft writes `RULE` for `CONSTRUCT`, `NOT` for `FILTER NOT EXISTS` and `SET (?v := e)` for `BIND (e AS ?v)`. It has no
aggregates, so that a rule that counts has no counterpart. What could not be checked: docs/decisions/0012-sparql-rl.md.
"""

import re
from collections.abc import Callable

from kb.rule.rule import Rule

NO_COUNTERPART = {
    "nl": "SPARQL 1.2 RL kent geen aggregatie; deze regel telt.",
    "en": "SPARQL 1.2 RL has no aggregates; this rule counts.",
}
# Strings, IRIs and comments are single tokens, so that no keyword is looked for inside them.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|<[^<>\s]*>|#[^\n]*|[?$]?\w+|\s+|:=|.', re.DOTALL)


def to_sparql_rl(rule: Rule) -> str | None:
    """The rule in SPARQL RL, without its header; None for a rule that counts."""
    if rule.counts:
        return None
    text = "\n".join(line for line in rule.text.splitlines() if not line.startswith("#@"))
    tokens = _without_exists(_TOKEN.findall(text.strip()))
    tokens = ["RULE" if token.upper() == "CONSTRUCT" else token for token in tokens]
    return "".join(_calls(tokens, "BIND", _to_set))


def to_construct(text: str) -> str:
    """A rule in SPARQL RL as the CONSTRUCT that means the same."""
    tokens = _calls(_TOKEN.findall(text), "SET", _to_bind)
    plain = {"RULE": "CONSTRUCT", "NOT": "FILTER NOT EXISTS"}
    return "".join(
        plain["NOT"]
        if token.upper() == "NOT" and _next(tokens, index) == "{"
        else plain["RULE"]
        if token == "RULE"
        else token
        for index, token in enumerate(tokens)
    )


def _without_exists(tokens: list[str]) -> list[str]:
    """The tokens with `NOT` where `FILTER NOT EXISTS` stood."""
    words = [(index, token.upper()) for index, token in enumerate(tokens) if not token.isspace()]
    dropped: set[int] = set()
    for (first, a), (_, b), (third, c) in zip(words, words[1:], words[2:], strict=False):
        if (a, b, c) == ("FILTER", "NOT", "EXISTS"):
            dropped |= {first, first + 1, third - 1, third}
    return [token for index, token in enumerate(tokens) if index not in dropped]


def _calls(tokens: list[str], word: str, write: Callable[[list[str]], list[str]]) -> list[str]:
    """The tokens with what stands between the parentheses behind a word written otherwise."""
    made: list[str] = []
    index = 0
    while index < len(tokens):
        if tokens[index].upper() != word or _next(tokens, index) != "(":
            made.append(tokens[index])
            index += 1
            continue
        start = tokens.index("(", index)
        end = _closing(tokens, start)
        made += write(tokens[start + 1 : end])
        index = end + 1
    return made


def _to_set(inside: list[str]) -> list[str]:
    at = max(index for index, token in enumerate(inside) if token.upper() == "AS")
    variable, expression = "".join(inside[at + 1 :]).strip(), "".join(inside[:at]).strip()
    return [f"SET ({variable} := {expression})"]


def _to_bind(inside: list[str]) -> list[str]:
    at = inside.index(":=")
    return [f"BIND ({''.join(inside[at + 1 :]).strip()} AS {''.join(inside[:at]).strip()})"]


def _closing(tokens: list[str], start: int) -> int:
    """Where the parenthesis that opens at `start` closes."""
    depth = 0
    for index in range(start, len(tokens)):
        depth += (tokens[index] == "(") - (tokens[index] == ")")
        if not depth:
            return index
    raise ValueError("haakje zonder sluithaakje")


def _next(tokens: list[str], index: int) -> str:
    return next((token for token in tokens[index + 1 :] if not token.isspace()), "")
