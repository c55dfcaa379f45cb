"""The answer to a query as it is shown: a table with links, yes or no, or Turtle with colours."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pyoxigraph import NamedNode

from api.linked.naming import Ref, compact, is_nameless, local_path
from api.negotiation import TURTLE
from api.pages.highlight import coloured
from api.sparql.answering import Answer
from api.sparql.formats import NAMES, SOLUTIONS

MOST_ROWS = 500
MOST_COLOURED = 200_000
_JSON_RESULTS = "application/sparql-results+json"


@dataclass(frozen=True)
class Cell:
    """One value in a table: a link, or a text with its language or datatype."""

    ref: Ref | None = None
    text: str = ""
    language: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Result:
    """What a query gave; exactly one of `rows`, `verdict` and `code` says it."""

    formats: tuple[str, ...]
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | None, ...], ...] | None = None
    count: int = 0
    verdict: bool | None = None
    code: Markup | str | None = None


def read_result(answer: Answer, prefixes: Mapping[str, str]) -> Result:
    """An answer in JSON or Turtle, as it is shown."""
    formats = tuple(name for name, forms in NAMES.items() if _fits(forms, answer.media_type))
    if answer.media_type == TURTLE:
        text = answer.content.decode()
        return Result(formats, code=coloured(text, "turtle") if len(text) < MOST_COLOURED else text)
    found = json.loads(answer.content)
    if "boolean" in found:
        return Result(formats, verdict=found["boolean"])
    variables, bindings = found["head"]["vars"], found["results"]["bindings"]
    rows = tuple(tuple(_cell(row.get(name), prefixes) for name in variables) for row in bindings[:MOST_ROWS])
    return Result(formats, tuple(variables), rows, len(bindings))


def _fits(forms: tuple[str, ...], media_type: str) -> bool:
    """Whether a format can hold this kind of answer: solutions, or triples."""
    solutions = media_type in SOLUTIONS.values()
    return any((form in SOLUTIONS.values()) == solutions for form in forms)


def _cell(value: Mapping[str, Any] | None, prefixes: Mapping[str, str]) -> Cell | None:
    if value is None:
        return None
    if value["type"] == "uri":
        node = NamedNode(value["value"])
        return Cell(ref=Ref(_short(node, prefixes), node.value, local_path(node)))
    if value["type"] == "bnode":
        return Cell(text=f"_:{value['value']}")
    kind = value.get("datatype", "").rpartition("#")[2]
    return Cell(text=str(value["value"]), language=value.get("xml:lang"), kind=kind or None)


def _short(node: NamedNode, prefixes: Mapping[str, str]) -> str:
    """An IRI as one would write it in a query."""
    if is_nameless(node):
        return "[ ]"
    for prefix, namespace in prefixes.items():
        local = node.value.removeprefix(namespace)
        if local != node.value and local and not set(local) & set("/#?"):
            return f"{prefix}:{local}"
    return compact(node)
