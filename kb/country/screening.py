"""What follows for every area of the country at once, with one situation assumed everywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl
from pyoxigraph import NamedNode

from kb.country.encoding import Encoder
from kb.country.fill import sums
from kb.country.table import Landtabel
from kb.engine import Engine
from kb.names import declared
from kb.situation.facts import Link
from kb.situation.model import Situatie


@dataclass(frozen=True)
class Section:
    """A kind of conclusion that the screening gives: what it is called in rows, as a filter, and its property."""

    name: str
    filter: str
    property: NamedNode


SECTIONS = (
    Section("leidendeTransities", "leidt", declared("heeftLeidendeTransitie")),
    Section("signalen", "signaal", declared("heeftSignaal")),
    Section("nodigeOpgaven", "opgave", declared("heeftNodigeOpgave")),
    Section("koppelkansen", "koppelkans", declared("heeftKoppelkans")),
    Section("sterkeKoppelkansen", "sterk", declared("heeftSterkeKoppelkans")),
    Section("conflicten", "conflict", declared("heeftConflict")),
    Section("instrumenten", "instrument", declared("heeftPassendInstrument")),
    Section("mogelijkeInstrumenten", "mogelijk", declared("heeftMogelijkInstrument")),
    Section("bijnaPassend", "bijna", declared("heeftBijnaPassendInstrument")),
    Section("vergelijkbareWijken", "lijktop", declared("lijktOp")),
)


class Screening:
    """The conclusions of all areas of a table, as columns of bits: bit n of a column is row n of the table.

    Errors: those of `Encoder`.
    """

    def __init__(self, engine: Engine, table: Landtabel, assumed: Situatie) -> None:
        self.engine = engine
        self.table = table
        self.assumed = assumed
        self.day = assumed.peildatum or date.today()
        self.height = table.frame.height
        encoder, added = Encoder(engine, assumed), sums(engine.knowledge)
        values = encoder.known_values(table.values_with_wijk(added), table.years_with_wijk(added))
        self._columns = encoder.evaluate(values, table.frame["code"].to_list())

    def column(self, link: Link) -> int:
        """In which rows a link holds."""
        number = self.engine.program.find(link)
        return 0 if number is None else self._columns[number]

    @cached_property
    def sections(self) -> Mapping[str, Mapping[NamedNode, int]]:
        """Of each section what is concluded somewhere, with the rows in which it is, in the order of the labels."""
        return {section.name: dict(self._concluded(section)) for section in SECTIONS}

    def of_row(self, row: int) -> Mapping[str, tuple[NamedNode, ...]]:
        """What is concluded of the area in a row, by section."""
        return {
            name: tuple(node for node, column in found.items() if column >> row & 1)
            for name, found in self.sections.items()
        }

    @cached_property
    def values(self) -> pl.DataFrame:
        """The measures of the areas, those of the wijk for a buurt of which nothing is known."""
        return self.table.values_with_wijk(sums(self.engine.knowledge))

    def _concluded(self, section: Section) -> Iterator[tuple[NamedNode, int]]:
        engine = self.engine
        members = engine.knowledge.instances(engine.vocabulary.ranges[section.property])
        for node in sorted(members, key=lambda node: engine.knowledge.label(node).casefold()):
            if column := self.column(Link(section.property, node)):
                yield node, column
