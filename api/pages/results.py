"""The answer to a query as it is shown: a table with links, yes or no, or Turtle with colours."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from pyoxigraph import NamedNode, RdfFormat, parse

from api.html.highlight import coloured
from api.http.negotiation import TURTLE
from api.linked.naming import Ref, is_nameless, local_path
from api.sparql.answering import Answer
from kb.knowledge.knowledge import Knowledge
from kb.names import show
from kb.rdf.formats import prefixes, write_triples

MOST_ROWS = 500
MOST_COLOURED = 200_000
# What each kind of answer can be saved as: the names of `api.sparql.formats`.
SOLUTION_FORMATS, VERDICT_FORMATS = ("csv", "tsv", "json", "xml"), ("json", "xml")
GRAPH_FORMATS = ("turtle", "json-ld", "n-triples", "rdf-xml")


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


def read_result(answer: Answer, knowledge: Knowledge) -> Result:
    """An answer in JSON or Turtle, as it is shown."""
    if answer.media_type == TURTLE:
        return Result(GRAPH_FORMATS, code=_turtle(answer.content, knowledge))
    found = json.loads(answer.content)
    if "boolean" in found:
        return Result(VERDICT_FORMATS, verdict=found["boolean"])
    known = prefixes(knowledge)
    variables, bindings = found["head"]["vars"], found["results"]["bindings"]
    rows = tuple(tuple(_cell(row.get(name), known) for name in variables) for row in bindings[:MOST_ROWS])
    return Result(SOLUTION_FORMATS, tuple(variables), rows, len(bindings))


def _turtle(content: bytes, knowledge: Knowledge) -> Markup | str:
    """Turtle with our prefixes, in order and with colours, unless there is too much of it."""
    if len(content) > MOST_COLOURED:
        return content.decode()
    triples = sorted({quad.triple for quad in parse(content, format=RdfFormat.TURTLE)}, key=str)
    return coloured(write_triples(triples, knowledge, TURTLE).decode(), "turtle")


def _cell(value: Mapping[str, Any] | None, known: Mapping[str, str]) -> Cell | None:
    if value is None:
        return None
    if value["type"] == "uri":
        node = NamedNode(value["value"])
        return Cell(ref=Ref(_in_query(node, known), node.value, local_path(node)))
    if value["type"] == "bnode":
        return Cell(text=f"_:{value['value']}")
    if value["type"] == "triple":
        return Cell(text=_statement(value["value"], known))
    kind = value.get("datatype", "").rpartition("#")[2]
    return Cell(text=str(value["value"]), language=value.get("xml:lang"), kind=kind or None)


def _statement(parts: Mapping[str, Mapping[str, Any]], known: Mapping[str, str]) -> str:
    """A triple that is itself a value, as one would write it."""
    cells = [_cell(parts[name], known) for name in ("subject", "predicate", "object")]
    return f"<<( {' '.join(cell.ref.text if cell.ref else cell.text for cell in cells if cell)} )>>"


def _in_query(node: NamedNode, known: Mapping[str, str]) -> str:
    """An IRI as one would write it in a query."""
    if is_nameless(node):
        return "[ ]"
    for prefix, namespace in known.items():
        local = node.value.removeprefix(namespace)
        if local != node.value and local and not set(local) & set("/#?"):
            return f"{prefix}:{local}"
    return show(node)
