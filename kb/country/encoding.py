"""What the measures of many areas state, as columns: whole columns of measures are compared, not an area at a time.

It states what `Country.fill` and `Program.stated` state of each area by itself; a test holds the two together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import and_, or_

import polars as pl
from pyoxigraph import NamedNode, Variable

from kb.country.fill import contradicting_limits, stated_kenmerken
from kb.engine import Engine
from kb.errors import KnowledgeError, Problem, SituationError
from kb.language import Words
from kb.names import slug
from kb.program.columns import evaluate_columns
from kb.program.condition import Condition, Slot
from kb.rule.expression import OPERATORS, Comparison, Every, Expression, Not, Some, Term, number_of, value_of
from kb.situation.facts import Facts, Link
from kb.situation.model import GROOTHEID, HEEFT_METING, IN_WIJK, WAARDE, Situatie


class Encoder:
    """Turns the measures of areas into columns of stated atoms, with one situation assumed of every area.

    What is assumed wins from what is measured, as what an asker states does. The situation may not name an area.
    Errors: SituationError for an unknown term or an area; KnowledgeError for a rule that compares a measurement with what
    columns do not have.
    """

    def __init__(self, engine: Engine, assumed: Situatie) -> None:
        if assumed.names_area:
            raise SituationError([_names_area(assumed)])
        self.engine = engine
        self.assumed = assumed
        self._facts = engine.resolver.facts(assumed)
        self._everywhere = engine.program.stated(self._facts)
        self._year = (assumed.peildatum or date.today()).year
        given = {node.values[GROOTHEID] for node in self._facts.nodes_of(HEEFT_METING)}
        self._conditions = [
            (number, MeasureCondition(condition, self._facts, given))
            for number, condition in engine.program.conditions
            if any(slot.property == HEEFT_METING and _grootheid(slot) not in given for slot in condition.slots)
        ]
        self.grootheden = tuple(dict.fromkeys(name for _, each in self._conditions for name in each.measured))
        self._otherwise = dict(self._contradictions(stated_kenmerken(assumed, engine)))

    def known_values(self, values: pl.DataFrame, years: pl.DataFrame | None = None) -> pl.DataFrame:
        """The measures that count: of no later year than the situation is about, and not against what is assumed.

        Both frames have a column a quantity; one that is not there is unknown of every area.
        """
        kept = []
        for name in self.grootheden:
            value = values[name].cast(pl.Float64) if name in values.columns else None
            if value is None:
                kept.append(pl.lit(None, pl.Float64).alias(name))
                continue
            late = years[name] > self._year if years is not None else pl.lit(False)
            otherwise = self._otherwise.get(name, pl.lit(False))
            kept.append(pl.when(~(late | otherwise)).then(pl.col(name).cast(pl.Float64)).alias(name))
        return values.select(kept)

    def encode(self, values: pl.DataFrame, codes: Sequence[str] = ()) -> list[int]:
        """The stated atoms of the rows of `known_values` as columns: bit n of a column is row n.

        `codes` are the CBS codes of the rows, where they have one: an area that is a known wijk says so.
        """
        everything = (1 << values.height) - 1
        columns = [0] * len(self.engine.program.atoms)
        for atom in self._everywhere:
            columns[atom] = everything
        names = [str(number) for number, _ in self._conditions]
        met = values.select(
            condition.expression.fill_null(False).alias(name)
            for name, (_, condition) in zip(names, self._conditions, strict=True)
        )
        for name, column in zip(names, pack(met), strict=True):
            columns[int(name)] |= column
        for row, code in enumerate(codes):
            known = self.engine.resolver.known_wijk(code)
            number = self.engine.program.find(Link(IN_WIJK, known)) if known else None
            if number is not None:
                columns[number] |= 1 << row
        return columns

    def evaluate(self, values: pl.DataFrame, codes: Sequence[str] = ()) -> list[int]:
        """Everything that holds, a column an atom, of the rows of `known_values`."""
        return self.conclude(self.encode(values, codes), values.height)

    def conclude(self, stated: Sequence[int], height: int) -> list[int]:
        """Everything that holds, a column an atom, given the columns of what `height` rows state."""
        return evaluate_columns(self.engine.program, stated, height)

    def _contradictions(self, stated: frozenset[NamedNode]) -> Iterator[tuple[str, pl.Expr]]:
        """For each quantity of which some values say otherwise than is assumed, which those are."""
        for grootheid in self.engine.knowledge.instances(self.engine.vocabulary.ranges[GROOTHEID]):
            name = slug(grootheid)
            found = [
                pl.lit(True)
                & (pl.lit(True) if low is None else pl.col(name) >= float(low))
                & (pl.lit(True) if high is None else pl.col(name) <= float(high))
                for low, high in contradicting_limits(grootheid, stated, self.engine.knowledge)
            ]
            if found:
                yield name, reduce(or_, found).fill_null(False)


def screen_batches(encoder: Encoder, batches: Iterable[pl.DataFrame]) -> Iterator[tuple[pl.DataFrame, list[int]]]:
    """Each batch of rows with what holds in it; a batch is forgotten before the next is made.

    A batch is a frame with a column a quantity, such as `pl.read_parquet` or an Arrow record batch gives.
    """
    for batch in batches:
        yield batch, encoder.evaluate(encoder.known_values(batch))


class MeasureCondition:
    """A condition on measurements as an expression over columns of measures.

    `given` are the quantities whose value the facts state. Errors: KnowledgeError when the condition asks something else
    of the situation than measurements and numbers.
    """

    def __init__(self, condition: Condition, facts: Facts, given: Set[object]) -> None:
        stated = {
            node.values[GROOTHEID]: number_of(node.values[WAARDE])
            for node in facts.nodes_of(HEEFT_METING)
            if node.values[GROOTHEID] in given
        }
        operands: dict[Variable, pl.Expr] = {}
        measured: list[str] = []
        for slot in condition.slots:
            grootheid = _grootheid(slot)
            if slot.property != HEEFT_METING or grootheid is None or len(slot.fixed) > 1:
                raise _not_in_columns(condition)
            column = _number(stated[grootheid]) if grootheid in stated else pl.col(slug(grootheid))
            if grootheid not in stated:
                measured.append(slug(grootheid))
            for predicate, variable in slot.open:
                if predicate != WAARDE:
                    raise _not_in_columns(condition)
                operands[variable] = column
        for predicate, variable in condition.plain:
            number = number_of(facts.values[predicate]) if predicate in facts.values else None
            if number is None:
                raise _not_in_columns(condition)
            operands[variable] = _number(number)
        self.measured = tuple(measured)
        known = [pl.col(name).is_not_null() for name in measured]
        self.expression = reduce(and_, [*known, *(_expression(part, operands) for part in condition.filters)])


def pack(booleans: pl.DataFrame) -> list[int]:
    """Each column of booleans without nulls as one number, of which bit n is row n."""
    if not booleans.height:
        return [0] * booleans.width
    padding = -booleans.height % 8
    if padding:
        more = pl.DataFrame({name: [False] * padding for name in booleans.columns}, schema=booleans.schema)
        booleans = booleans.vstack(more)
    octets = booleans.select(
        reduce(or_, (pl.col(name).gather_every(8, bit).cast(pl.UInt8) * (1 << bit) for bit in range(8))).alias(name)
        for name in booleans.columns
    )
    return [int.from_bytes(bytes(octets[name].to_list()), "little") for name in octets.columns]


def unpack(column: int, height: int) -> pl.Series:
    """A column of bits as booleans, one a row."""
    octets = pl.DataFrame({"octet": list(column.to_bytes(-(-height // 8), "little"))}, schema={"octet": pl.UInt8})
    bits = octets.select(pl.concat_list([(pl.col("octet") & (1 << bit)) > 0 for bit in range(8)]).alias("bit"))
    return bits["bit"].explode().head(height)


def _grootheid(slot: Slot) -> NamedNode | None:
    return slot.individual(GROOTHEID)


def _expression(part: Expression, operands: Mapping[Variable, pl.Expr]) -> pl.Expr:
    """A filter over columns; null is SPARQL's error, and polars joins the three values as SPARQL does."""
    match part:
        case Comparison(symbol, left, right):
            found: pl.Expr = OPERATORS[symbol](_operand(left, operands), _operand(right, operands))  # type: ignore[assignment]
            return found
        case Every(parts):
            return reduce(and_, (_expression(each, operands) for each in parts))
        case Some(parts):
            return reduce(or_, (_expression(each, operands) for each in parts))
        case Not(inner):
            return ~_expression(inner, operands)


def _operand(side: Term, operands: Mapping[Variable, pl.Expr]) -> pl.Expr:
    if isinstance(side, Variable):
        return operands[side]
    return _number(number_of(value_of(side)))


def _number(value: Decimal | None) -> pl.Expr:
    """A number as the measures have them. Both come from a text with the same digits, so equal ones stay equal."""
    return pl.lit(None if value is None else float(value), pl.Float64)


def _not_in_columns(condition: Condition) -> KnowledgeError:
    return KnowledgeError(
        f"de screening van het land vergelijkt alleen gemeten waarden met getallen, en een regel vraagt: {condition.text}"
    )


def _names_area(assumed: Situatie) -> Problem:
    field = "wijk" if assumed.wijk is not None else "gemeente"
    message = Words(
        "wat u overal aanneemt noemt geen wijk of gemeente; kies gebieden met de filters.",
        "what you assume everywhere names no neighbourhood or municipality; choose areas with the filters.",
    )
    return Problem(field, message)
