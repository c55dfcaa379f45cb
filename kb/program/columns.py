"""Evaluate the ground program for many situations at once: one column of bits an atom, one bit a situation.

A column is a Python integer; 'and', 'or' and 'not' on it treat every situation in one machine-speed operation.
"""

from collections.abc import Sequence

from kb.program.program import Program
from kb.situation.facts import Facts


def encode(program: Program, situations: Sequence[Facts]) -> list[int]:
    """The stated atoms of many situations as columns: bit n of a column is situation n."""
    columns = [bytearray(len(situations) // 8 + 1) for _ in program.atoms]
    for row, facts in enumerate(situations):
        byte, bit = row >> 3, 1 << (row & 7)
        for atom in program.stated(facts):
            columns[atom][byte] |= bit
    return [int.from_bytes(column, "little") for column in columns]


def evaluate_columns(program: Program, stated: Sequence[int], width: int) -> list[int]:
    """What holds in `width` situations, given the columns of what they state.

    Returns a column an atom. The same rules and strata as `evaluate`, so bit n equals what `evaluate` says of situation n.
    """
    # Negation needs no mask: a column starts as `everything`, and `&` only ever takes bits away from it. A negated atom
    # is of an earlier stratum, so its column is final; within a recursive stratum columns only grow, so the rounds end.
    everything = (1 << width) - 1
    columns = list(stated)
    for stratum, group in enumerate(program.compact):
        growing = True
        while growing:
            growing = False
            for head, positive, negative in group:
                column = everything
                for atom in positive:
                    column &= columns[atom]
                    if not column:
                        break
                else:
                    for atom in negative:
                        column &= ~columns[atom]
                    before = columns[head]
                    after = before | column
                    if after != before:
                        columns[head] = after
                        growing = stratum in program.recursive
    return columns
