"""FILTER expressions of situation rules: comparisons joined by and, or and not.

The same expression is written back as SPARQL (to ground a rule in Oxigraph) and evaluated on a situation's own values.
Errors follow SPARQL: comparing things that cannot be compared makes the filter fail, it does not raise.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Variable

from kb.names import XSD

Term: TypeAlias = NamedNode | Literal | Variable
Value: TypeAlias = NamedNode | Decimal | bool | datetime | str

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Comparison:
    """`left operator right`, each side a variable or a constant."""

    operator: str
    left: Term
    right: Term


@dataclass(frozen=True)
class Every:
    """All parts hold (`&&`)."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Some:
    """At least one part holds (`||`)."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold (`!`)."""

    part: "Expression"


Expression: TypeAlias = "Comparison | Every | Some | Not"


def variables(expression: Expression) -> Iterator[Variable]:
    """The variables an expression speaks of."""
    match expression:
        case Comparison(_, left, right):
            yield from (side for side in (left, right) if isinstance(side, Variable))
        case Every(parts) | Some(parts):
            for part in parts:
                yield from variables(part)
        case Not(part):
            yield from variables(part)


def to_sparql(expression: Expression) -> str:
    """The expression as SPARQL text."""
    match expression:
        case Comparison(symbol, left, right):
            return f"({left} {symbol} {right})"
        case Every(parts):
            return "(" + " && ".join(map(to_sparql, parts)) + ")"
        case Some(parts):
            return "(" + " || ".join(map(to_sparql, parts)) + ")"
        case Not(part):
            return f"(!{to_sparql(part)})"


def substitute(expression: Expression, binding: Mapping[Variable, Term]) -> Expression:
    """The expression with the variables of `binding` replaced by their values."""
    match expression:
        case Comparison(symbol, left, right):
            return Comparison(symbol, _bound(left, binding), _bound(right, binding))
        case Every(parts):
            return Every(tuple(substitute(part, binding) for part in parts))
        case Some(parts):
            return Some(tuple(substitute(part, binding) for part in parts))
        case Not(part):
            return Not(substitute(part, binding))


def _bound(side: Term, binding: Mapping[Variable, Term]) -> Term:
    return binding.get(side, side) if isinstance(side, Variable) else side


def value_of(constant: NamedNode | Literal) -> Value:
    """A constant as a Python value: numbers as Decimal, dateTimes with their zone, IRIs as they are."""
    if isinstance(constant, NamedNode):
        return constant
    match constant.datatype.value.removeprefix(XSD):
        case "integer" | "decimal" | "double" | "float" | "int" | "long" | "nonNegativeInteger":
            return Decimal(constant.value)
        case "boolean":
            return constant.value in ("true", "1")
        case "dateTime":
            return datetime.fromisoformat(constant.value)
        case _:
            return constant.value


def holds(expression: Expression, values: Mapping[Variable, Value]) -> bool:
    """Whether the expression holds for these values of its variables."""
    return _truth(expression, values) is True


def _truth(expression: Expression, values: Mapping[Variable, Value]) -> bool | None:
    """SPARQL's three values: true, false, or None for an error."""
    match expression:
        case Comparison(symbol, left, right):
            return _compare(symbol, _value(left, values), _value(right, values))
        case Every(parts):
            truths = [_truth(part, values) for part in parts]
            return False if False in truths else None if None in truths else True
        case Some(parts):
            truths = [_truth(part, values) for part in parts]
            return True if True in truths else None if None in truths else False
        case Not(part):
            truth = _truth(part, values)
            return None if truth is None else not truth


def _value(side: Term, values: Mapping[Variable, Value]) -> Value:
    return values[side] if isinstance(side, Variable) else value_of(side)


def _compare(symbol: str, left: Value, right: Value) -> bool | None:
    if isinstance(left, NamedNode) or isinstance(right, NamedNode):
        return OPERATORS[symbol](left, right) if symbol in ("=", "!=") else None
    if type(left) is not type(right):
        return None
    return OPERATORS[symbol](left, right)
