"""Writes the syntax tree of a knowledge rule's WHERE back as SPARQL.

A knowledge rule runs in Oxigraph as a SELECT over its own WHERE, so what is run is made from what was checked. rdflib's
grammar names a node for each level of precedence; every level is written between parentheses, which says the same.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Identifier

# Each call of these gives something else, so a rule with one of them would never come to rest.
FICKLE = ("RAND", "UUID", "STRUUID", "NOW", "BNODE")
AGGREGATES = ("Count", "Sum", "Min", "Max")
_BUILTIN, _AGGREGATE, _LEVEL = "Builtin_", "Aggregate_", "Expression"
_SIGNS = {"UnaryNot": "!", "UnaryMinus": "-", "UnaryPlus": "+"}


class UnwritableError(Exception):
    """A part of the tree that no rule may hold; `word` is how SPARQL writes it."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def write_group(group: CompValue) -> str:
    """A group of patterns between braces.

    Errors: UnwritableError.
    """
    if group.name == "SubSelect":
        return "{ " + _select(group) + " }"
    return "{ " + " ".join(map(_part, group.part or [])) + " }"


def _part(part: CompValue) -> str:
    match part.name:
        case "TriplesBlock":
            return " ".join(_triples(part.triples))
        case "Filter":
            return f"FILTER {_expression(part.expr)}"
        case "Bind":
            return f"BIND ({_expression(part.expr)} AS {part.var.n3()})"
        case "GroupOrUnionGraphPattern" if len(part.graph) == 1:
            return write_group(part.graph[0])
        case name:
            raise UnwritableError(name)


def _triples(blocks: Iterable[Any]) -> Iterator[str]:
    for block in blocks:
        terms = [_term(part) for part in block]
        yield from (" ".join(terms[index : index + 3]) + " ." for index in range(0, len(terms), 3))


def _select(query: CompValue) -> str:
    parts = ["SELECT", *map(_projected, query.projection), "WHERE", write_group(query.where)]
    if query.groupby:
        parts += ["GROUP BY", *map(_term, query.groupby.condition)]
    if query.having:
        parts += ["HAVING", *map(_expression, query.having.condition)]
    return " ".join(parts)


def _projected(item: CompValue) -> str:
    return _term(item.var) if item.var else f"({_expression(item.expr)} AS {_term(item.evar)})"


def _term(node: Any) -> str:
    # A blank node of the text is a variable that nothing else names; rules may not hold one.
    if not isinstance(node, Identifier) or isinstance(node, BNode):
        raise UnwritableError("pad" if not isinstance(node, BNode) else "[ ]")
    text: str = node.n3()
    return text


def _expression(node: Any) -> str:
    if not isinstance(node, CompValue):
        return _term(node)
    if node.name.endswith(_LEVEL):
        return _level(node)
    if node.name in _SIGNS:
        return f"({_SIGNS[node.name]} {_expression(node.expr)})"
    if node.name.startswith(_AGGREGATE):
        return _aggregate(node)
    if node.name.startswith(_BUILTIN):
        return _call(node)
    if node.name == "Function":
        return f"{node.iri.n3()}({_arguments(node.expr)})"
    raise UnwritableError(node.name)


def _level(node: CompValue) -> str:
    """One level of precedence: a first operand and, when there is an operator here at all, what follows it."""
    first = _expression(node.expr)
    if not node.other:
        return first
    match node.name:
        case "ConditionalOrExpression":
            return "(" + " || ".join([first, *map(_expression, node.other)]) + ")"
        case "ConditionalAndExpression":
            return "(" + " && ".join([first, *map(_expression, node.other)]) + ")"
        case "RelationalExpression" if node.op in ("IN", "NOT IN"):
            return f"({first} {node.op} ({_arguments(node.other)}))"
        case "RelationalExpression":
            return f"({first} {node.op} {_expression(node.other)})"
        case _:
            rest = [f"{sign} {_expression(term)}" for sign, term in zip(node.op, node.other, strict=True)]
            return f"({' '.join([first, *rest])})"


def _aggregate(node: CompValue) -> str:
    name = node.name.removeprefix(_AGGREGATE)
    if name not in AGGREGATES:
        raise UnwritableError(name.upper())
    over = "*" if node.vars == "*" else _expression(node.vars)
    return f"{name.upper()}({'DISTINCT ' if node.distinct else ''}{over})"


def _call(node: CompValue) -> str:
    name = node.name.removeprefix(_BUILTIN)
    if name in FICKLE:
        raise UnwritableError(name)
    if name in ("EXISTS", "NOTEXISTS"):
        return f"{name.replace('NOTEX', 'NOT EX')} {write_group(node.graph)}"
    return f"{name}({', '.join(map(_arguments, dict.values(node)))})"


def _arguments(value: Any) -> str:
    several = not isinstance(value, CompValue | Identifier)
    return ", ".join(map(_expression, value)) if several else _expression(value)
