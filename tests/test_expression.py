"""Comparing values is SPARQL's comparing, for every datatype that the profile of the ontology allows."""

from itertools import product
from typing import TypeAlias

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from kb.check.profile import ALLOWED_DATATYPES
from kb.names import RDF, RDFS, XSD
from kb.rule.expression import OPERATORS, Comparison, Not, holds, value_of

NUMBERS = ("3", "-3", "03", "0")
EXAMPLES = {
    "decimal": (*NUMBERS, "0.1", "3.00", "x"),
    "double": (*NUMBERS, "0.1", "3e0", "INF", "-INF", "1e400"),
    "float": (*NUMBERS, "0.1", "16777217", "1e39"),
    "string": ("a", "A", "3", ""),
    "boolean": ("true", "0", "ja"),
    "dateTime": ("2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00", "2020-01-03T00:00:00"),
    "dateTimeStamp": ("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"),
    "hexBinary": ("0a",),
}
NAMES = sorted(name.removeprefix(XSD) for name in ALLOWED_DATATYPES if name.startswith(XSD))
Constant: TypeAlias = NamedNode | Literal
CONSTANTS: list[Constant] = [
    NamedNode("http://a"),
    Literal("a", language="nl"),
    Literal("b", language="nl"),
    Literal("a", language="en"),
    *(
        Literal("<a/>", datatype=NamedNode(name))
        for name in (RDF + "XMLLiteral", RDF + "PlainLiteral", RDFS + "Literal")
    ),
    *(
        Literal(text, datatype=NamedNode(XSD + name))
        for name in NAMES
        for text in EXAMPLES.get(
            name, NUMBERS if "nteger" in name or name in ("long", "int", "short", "byte") else ("a",)
        )
    ),
    *(Literal(text, datatype=NamedNode(XSD + "unsignedByte")) for text in ("3", "0")),
]
DECIMAL = NamedNode(XSD + "decimal")
# What a situation states: the values that the engine compares with constants itself.
STATED: list[Constant] = [
    *(NamedNode("http://a"), NamedNode("http://b"), Literal("a"), Literal(True), Literal(3), Literal(0)),
    *(Literal("0.1", datatype=DECIMAL), Literal("3.00", datatype=DECIMAL)),
    Literal("2020-01-01T00:00:00Z", datatype=NamedNode(XSD + "dateTime")),
]
LEFT, RIGHT = Variable("l"), Variable("r")
_STORE = Store()


def sparql(pairs: list[tuple[Constant, Constant]], symbol: str) -> list[bool | None]:
    """What Oxigraph says of each pair."""
    rows = " ".join(f"({number} {left} {right})" for number, (left, right) in enumerate(pairs))
    query = f"SELECT ?n (?l {symbol} ?r AS ?x) WHERE {{ VALUES (?n ?l ?r) {{ {rows} }} }} ORDER BY ?n"
    solutions = _STORE.query(query.replace(f"(?l {symbol} ?r AS ?x)", f"((?l {symbol} ?r) AS ?x)"))
    assert isinstance(solutions, QuerySolutions)
    found: dict[int, bool | None] = {}
    for row in solutions:
        number, answer = row["n"], row["x"]
        assert isinstance(number, Literal)
        found[int(number.value)] = answer.value == "true" if isinstance(answer, Literal) else None
    return [found[number] for number in range(len(pairs))]


@pytest.mark.parametrize("symbol", OPERATORS)
def test_stated_value_compares_with_every_constant_as_in_sparql(symbol: str) -> None:
    pairs = [pair for one, other in product(STATED, CONSTANTS) for pair in ((one, other), (other, one))]
    comparison = Comparison(symbol, LEFT, RIGHT)
    ours = []
    for left, right in pairs:
        values = {LEFT: value_of(left), RIGHT: value_of(right)}
        ours.append(True if holds(comparison, values) else False if holds(Not(comparison), values) else None)
    asked = zip(pairs, ours, sparql(pairs, symbol), strict=True)
    assert [(str(left), str(right), mine, theirs) for (left, right), mine, theirs in asked if mine != theirs] == []
