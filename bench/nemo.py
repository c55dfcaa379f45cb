"""The ground program as Datalog for Nemo, over many situations at once.

Each property is a predicate `p(situation, individual)`. The ground rules that share a form (which properties they ask for,
deny and derive) become one Datalog rule over a table of those ground rules, so that Nemo joins tables, which it is good at.
What is stated, the conditions included, is given as facts: both engines reason over the same input.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import nmo_python

from kb.names import local_name
from kb.program.program import Atom, Auxiliary, Program
from kb.situation.facts import Facts, Link

GroundForm = tuple[str, tuple[str, ...], tuple[str, ...]]
Rows = list[tuple[int, ...]]


class Nemo:
    """A program and the facts of many situations, ready to reason over. Tables are written to `folder`."""

    def __init__(self, program: Program, situations: Sequence[Facts], folder: Path) -> None:
        self.program = program
        self.names = [_predicate(atom) for atom in program.atoms]
        self.heads = sorted({self.names[number] for number in program.by_head})
        self.tables: dict[str, Rows] = defaultdict(list)
        self.tables["situatie"] = [(row,) for row in range(len(situations))]
        self._state(situations)
        rules = [line for number, form in enumerate(self._forms().items()) for line in self._rules(number, *form)]
        self.inputs = [*self._read(folder), *(f"@output {name} ." for name in self.heads)]
        self.rules = rules

    def reader(self) -> nmo_python.NemoEngine:
        """A reasoner that only reads the tables."""
        lines = [*self.inputs, *(f"@output {name} ." for name in self.tables)]
        return nmo_python.NemoEngine(nmo_python.load_string("\n".join(lines)))

    def reasoner(self) -> nmo_python.NemoEngine:
        """A reasoner over the whole program, before it has run."""
        return nmo_python.NemoEngine(nmo_python.load_string("\n".join([*self.inputs, *self.rules])))

    def derived(self, reasoner: nmo_python.NemoEngine) -> set[tuple[int, int]]:
        """What a reasoner that is done says of every derivable link: situation and atom."""
        links = {name for number, name in enumerate(self.names) if isinstance(self.program.atoms[number], Link)}
        return {(row, atom) for name in self.heads if name in links for row, atom in reasoner.result(name)}

    def _state(self, situations: Sequence[Facts]) -> None:
        for row, facts in enumerate(situations):
            for atom in self.program.stated(facts):
                self.tables[f"gegeven_{self.names[atom]}"].append((row, atom))

    def _forms(self) -> dict[GroundForm, list[tuple[int, list[int], tuple[int, ...]]]]:
        """The ground rules by the predicates of head, positive atoms and negative atoms."""
        forms: dict[GroundForm, list[tuple[int, list[int], tuple[int, ...]]]] = defaultdict(list)
        for head, positive, negative in (rule for stratum in self.program.compact for rule in stratum):
            ordered = sorted(positive, key=lambda atom: (self.names[atom], atom))
            denied = tuple(sorted({self.names[atom] for atom in negative}))
            form = (self.names[head], tuple(self.names[atom] for atom in ordered), denied)
            forms[form].append((head, ordered, negative))
        return forms

    def _rules(
        self, number: int, form: GroundForm, ground: list[tuple[int, list[int], tuple[int, ...]]]
    ) -> Iterator[str]:
        """One form as a Datalog rule, its ground rules as rows of a table, what they deny as rows of another."""
        head, positive, denied = form
        for index, (derived, atoms, negative) in enumerate(ground):
            self.tables[f"regel_{number}"].append((index, derived, *atoms))
            for atom in negative:
                self.tables[f"ontkent_{number}_{self.names[atom]}"].append((index, atom))
        columns = [f"?x{place}" for place in range(len(positive))]
        body = [f"regel_{number}({', '.join(['?regel', '?hoofd', *columns])})", "situatie(?s)"]
        body += [f"{name}(?s, {column})" for name, column in zip(positive, columns, strict=True)]
        for name in denied:
            body.append(f"~geblokkeerd_{number}_{name}(?s, ?regel)")
            yield f"geblokkeerd_{number}_{name}(?s, ?regel) :- ontkent_{number}_{name}(?regel, ?x), {name}(?s, ?x) ."
        yield f"{head}(?s, ?hoofd) :- {', '.join(body)} ."

    def _read(self, folder: Path) -> Iterator[str]:
        """Write the tables and yield what reads them."""
        for name, rows in self.tables.items():
            path = folder / f"{name}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)
            types = ", ".join(["int"] * len(rows[0]))
            yield f'@import {name} :- csv{{resource = "{path}", format = ({types})}} .'
            if name.startswith("gegeven_"):
                yield f"{name.removeprefix('gegeven_')}(?s, ?x) :- {name}(?s, ?x) ."


def _predicate(atom: Atom) -> str:
    match atom:
        case Link():
            return local_name(atom.property)
        case Auxiliary():
            return f"tussen_{atom.rule.replace('-', '_')}_{atom.number}"
        case _:
            return "toets"
