"""FILTER expressions of situation rules: comparisons joined by and, or and not.

The same expression is written back as SPARQL (to ground a rule in Oxigraph) and evaluated on a situation's own values.
Errors follow SPARQL: comparing things that cannot be compared makes the filter fail, it does not raise.
"""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from math import copysign, inf, isfinite
from operator import itemgetter
from struct import pack, unpack
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Variable

from kb.names import XSD

Term: TypeAlias = NamedNode | Literal | Variable


class Single(float):
    """A number of 32 bits (xsd:float), which compares otherwise than one of 64."""


@dataclass(frozen=True, order=True)
class Text:
    """A text in a language."""

    value: str
    language: str


@dataclass(frozen=True)
class Opaque:
    """A literal that has no value to compare: only the same term equals it."""

    lexical: str
    datatype: str


# What a situation can state, and what a constant of a rule or of the knowledge can be.
Stated: TypeAlias = NamedNode | Decimal | bool | datetime | str
Value: TypeAlias = Stated | float | Text | Opaque

INTEGERS = (
    *("integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger"),
    *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)

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
# SPARQL's three values: true, false, or None for an error.
Judge: TypeAlias = Callable[[Sequence[Value]], bool | None]
Side: TypeAlias = Callable[[Sequence[Value]], Value]


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
    """A constant as a Python value: whole and decimal numbers as Decimal, dateTimes with their zone, IRIs as they are.

    What has no value that SPARQL can compare, such as a xsd:token or a badly written number, stays a term.
    """
    if isinstance(constant, NamedNode):
        return constant
    if constant.language is not None:
        return Text(constant.value, constant.language)
    read = _READERS.get(constant.datatype.value.removeprefix(XSD))
    try:
        return read(constant.value) if read else Opaque(constant.value, constant.datatype.value)
    except (ArithmeticError, ValueError):
        return Opaque(constant.value, constant.datatype.value)


def number_of(value: Value) -> Decimal | None:
    """A finite number as Decimal, or None for any other value."""
    if isinstance(value, float):
        return Decimal(repr(float(value))) if isfinite(value) else None
    return value if isinstance(value, Decimal) else None


def _boolean(text: str) -> bool:
    if text not in ("true", "1", "false", "0"):
        raise ValueError(text)
    return text in ("true", "1")


def _double(text: str) -> float:
    return float(text.replace("INF", "inf"))


def _single(text: str) -> Single:
    return Single(_rounded(_double(text)))


def _rounded(number: float) -> float:
    """The nearest number that fits in 32 bits."""
    try:
        found: float = unpack("f", pack("f", number))[0]
    except OverflowError:
        return copysign(inf, number)
    return found


def _decimal(text: str) -> Decimal:
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text):
        raise ValueError(text)
    return Decimal(text)


def _integer(text: str) -> Decimal:
    return Decimal(int(text))


_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(INTEGERS, _integer),
    "decimal": _decimal,
    "double": _double,
    "float": _single,
    "boolean": _boolean,
    "dateTime": datetime.fromisoformat,
    "dateTimeStamp": datetime.fromisoformat,
    "string": str,
}


def holds(expression: Expression, values: Mapping[Variable, Value]) -> bool:
    """Whether the expression holds for these values of its variables."""
    places = {variable: place for place, variable in enumerate(values)}
    return judge(expression, places)([*values.values()]) is True


def judge(expression: Expression, places: Mapping[Variable, int]) -> Judge:
    """Tells of values whether the expression holds; the value of each variable stands at its place among them.

    Its constants are read once, here.
    """
    match expression:
        case Comparison(symbol, left, right):
            return partial(_compare_sides, symbol, OPERATORS[symbol], _side(left, places), _side(right, places))
        case Every(parts):
            return partial(_join, False, tuple(judge(part, places) for part in parts))
        case Some(parts):
            return partial(_join, True, tuple(judge(part, places) for part in parts))
        case Not(part):
            return partial(_not, judge(part, places))


def _side(side: Term, places: Mapping[Variable, int]) -> Side:
    if isinstance(side, Variable):
        return itemgetter(places[side])
    return partial(_constant, value_of(side))


def _constant(value: Value, _: Sequence[Value]) -> Value:
    return value


def _compare_sides(
    symbol: str, compare: Callable[[Any, Any], bool], left: Side, right: Side, values: Sequence[Value]
) -> bool | None:
    one, other = left(values), right(values)
    if type(one) is Decimal and type(other) is Decimal:  # nearly always, so it is asked first
        return compare(one, other)
    return _compare(symbol, one, other)


def _join(decisive: bool, judges: Iterable[Judge], values: Sequence[Value]) -> bool | None:
    """What parts say together: one decisive answer settles it, else one error makes an error."""
    joined: bool | None = not decisive
    for each in judges:
        truth = each(values)
        if truth is decisive:
            return decisive
        if truth is None:
            joined = None
    return joined


def _not(inner: Judge, values: Sequence[Value]) -> bool | None:
    truth = inner(values)
    return None if truth is None else not truth


def _compare(symbol: str, left: Value, right: Value) -> bool | None:
    """SPARQL's comparison of two values, as Oxigraph does it; None is an error."""
    if isinstance(left, Opaque) or isinstance(right, Opaque):
        return _compare_opaque(symbol, left, right)
    if isinstance(left, Decimal | float) and isinstance(right, Decimal | float):
        return OPERATORS[symbol](*_promoted(left, right))
    if type(left) is not type(right):
        return _unequal(symbol)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _compare_moments(symbol, left, right)
    if isinstance(left, NamedNode | bool):
        return _compare_terms(symbol, left, right)
    if isinstance(left, Text) and isinstance(right, Text) and left.language != right.language:
        return _unequal(symbol)
    return OPERATORS[symbol](left, right)


def _unequal(symbol: str) -> bool | None:
    """Values of kinds that have no value in common: not the same, and in no order."""
    return {"=": False, "!=": True}.get(symbol)


def _compare_opaque(symbol: str, left: Value, right: Value) -> bool | None:
    """Two terms whose values are not known are the same if they are the same term, and else may be or may not be."""
    if left == right:
        return _compare_terms(symbol, left, right)
    return _unequal(symbol) if isinstance(left, NamedNode | Text) or isinstance(right, NamedNode | Text) else None


def _compare_terms(symbol: str, left: object, right: object) -> bool | None:
    """Terms are the same or not; Oxigraph puts an IRI or a boolean in order with itself alone."""
    return symbol in ("=", "<=", ">=") if left == right else _unequal(symbol)


def _promoted(left: Decimal | float, right: Decimal | float) -> tuple[Any, Any]:
    """Two numbers in the wider of their kinds: decimal, then 32 bits, then 64 bits."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left, right
    double = any(isinstance(side, float) and not isinstance(side, Single) for side in (left, right))
    return (float(left), float(right)) if double else (_rounded(float(left)), _rounded(float(right)))


def _compare_moments(symbol: str, left: datetime, right: datetime) -> bool | None:
    """A moment without a zone lies up to fourteen hours to either side: it has an order where that makes no difference."""
    if (left.tzinfo is None) == (right.tzinfo is None):
        return OPERATORS[symbol](left, right)
    answers = {OPERATORS[symbol](one, other) for one in _possible(left) for other in _possible(right)}
    return _unequal(symbol) if symbol in ("=", "!=") else answers.pop() if len(answers) == 1 else None


def _possible(moment: datetime) -> list[datetime]:
    return [moment] if moment.tzinfo else [moment.replace(tzinfo=timezone(timedelta(hours=h))) for h in (-14, 14)]
