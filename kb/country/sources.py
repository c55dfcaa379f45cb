"""Which public table is which, and which of its columns gives which quantity, as the knowledge says."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import NamedNode

from kb.knowledge.knowledge import Knowledge
from kb.names import declared, slug
from kb.situation.resolve import MAXIMAAL, MINIMAAL

TABEL, KOLOM = map(declared, ("Tabel", "Kolom"))
GEEFT_GROOTHEID, STAAT_IN_TABEL, UIT_BRON = map(declared, ("geeftGrootheid", "staatInTabel", "uitBron"))
KOLOMNAAM, OMREKENFACTOR, GEDEELD_DOOR = map(declared, ("kolomnaam", "omrekenfactor", "gedeeldDoorKolom"))
KLEINSTE_NOEMER, VERANDERT_SINDS = map(declared, ("kleinsteNoemer", "verandertSinds"))
KLEINSTE_WAARDE = declared("kleinsteWaarde")
ONBEKEND_IN_KOLOM, HOOGSTENS_ONBEKEND = map(declared, ("onbekendInKolom", "hoogstensOnbekend"))
TABELCODE, HERKEND_AAN, INDELINGSJAAR, JAARKOLOM = map(
    declared, ("tabelcode", "herkendAan", "indelingsjaar", "jaarkolom")
)
IN_JAAR = declared("inJaar")


@dataclass(frozen=True)
class Tabel:
    """A public table: how a file of it is recognised, the year of its figures and the year of its codes."""

    slug: str
    label: str
    codes: tuple[str, ...]
    marks: tuple[str, ...]
    jaar: int
    indeling: int
    jaarkolom: str | None
    bron: str


@dataclass(frozen=True)
class Kolom:
    """A column of some tables: its names, the quantity it gives, and how a value of that is made from it."""

    slug: str
    grootheid: str
    names: tuple[str, ...]
    tabellen: frozenset[str]
    factor: float
    divisor: str | None
    least: int
    lowest: float | None
    unknown: str | None
    most_unknown: int
    since: int | None
    jaar: int | None
    bron: str | None
    minimum: float | None
    maximum: float | None


class Sources:
    """The tables and columns that the knowledge describes."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        nodes = sorted(knowledge.instances(TABEL), key=slug)
        self.tabellen: Mapping[str, Tabel] = {slug(node): self._tabel(node) for node in nodes}
        self.kolommen = tuple(self._kolom(node) for node in sorted(knowledge.instances(KOLOM), key=slug))
        self.grootheden = tuple(sorted({kolom.grootheid for kolom in self.kolommen}))

    def recognise(self, hint: str, header: Iterable[str]) -> Tabel | None:
        """The table that a file is of: by a code in its name or address, else by the columns that give it away."""
        coded = [tabel for tabel in self.tabellen.values() if any(code in hint for code in tabel.codes)]
        if coded:
            return coded[0]
        stems = set(map(stem, header))
        marked = [
            tabel for tabel in self.tabellen.values() if tabel.marks and {stem(mark) for mark in tabel.marks} <= stems
        ]
        return max(marked, key=lambda tabel: len(tabel.marks), default=None)

    def columns_of(self, tabel: Tabel) -> tuple[Kolom, ...]:
        """The columns of a table that give a quantity."""
        return tuple(kolom for kolom in self.kolommen if tabel.slug in kolom.tabellen)

    def _tabel(self, node: NamedNode) -> Tabel:
        year = self._knowledge.literal(node, IN_JAAR)
        division = self._knowledge.literal(node, INDELINGSJAAR)
        bron = self._source(node)
        assert year and division and bron, f"{slug(node)} mist een jaar of bron"
        return Tabel(
            slug=slug(node),
            label=self._knowledge.label(node),
            codes=self._texts(node, TABELCODE),
            marks=self._texts(node, HERKEND_AAN),
            jaar=int(year),
            indeling=int(division),
            jaarkolom=self._knowledge.literal(node, JAARKOLOM),
            bron=bron,
        )

    def _kolom(self, node: NamedNode) -> Kolom:
        grootheid = next(iter(self._knowledge.objects(node, GEEFT_GROOTHEID)))
        return Kolom(
            slug=slug(node),
            grootheid=slug(grootheid),
            names=self._texts(node, KOLOMNAAM),
            tabellen=frozenset(map(slug, self._knowledge.objects(node, STAAT_IN_TABEL))),
            factor=float(self._number(node, OMREKENFACTOR) or 1),
            divisor=self._knowledge.literal(node, GEDEELD_DOOR),
            least=int(self._number(node, KLEINSTE_NOEMER) or 1),
            lowest=_float(self._number(node, KLEINSTE_WAARDE)),
            unknown=self._knowledge.literal(node, ONBEKEND_IN_KOLOM),
            most_unknown=int(self._number(node, HOOGSTENS_ONBEKEND) or 0),
            since=self._year(node, VERANDERT_SINDS),
            jaar=self._year(node, IN_JAAR),
            bron=self._source(node),
            minimum=_float(self._number(grootheid, MINIMAAL)),
            maximum=_float(self._number(grootheid, MAXIMAAL)),
        )

    def _source(self, node: NamedNode) -> str | None:
        found = next(iter(self._knowledge.objects(node, UIT_BRON)), None)
        return slug(found) if found else None

    def _texts(self, node: NamedNode, prop: NamedNode) -> tuple[str, ...]:
        return tuple(sorted(value.value for _, value in self._knowledge.literals(prop, node)))

    def _number(self, node: NamedNode, prop: NamedNode) -> Decimal | None:
        found = self._knowledge.literal(node, prop)
        return Decimal(found) if found is not None else None

    def _year(self, node: NamedNode, prop: NamedNode) -> int | None:
        found = self._knowledge.literal(node, prop)
        return int(found) if found is not None else None


def stem(name: str) -> str:
    """A column name without the path, unit and number that change by year and by how the table was downloaded.

    `Koopwoningen_47`, `Wonen/Woningen naar eigendom/Koopwoningen (%)` and `koopwoningen` all give `koopwoningen`.
    """
    last = re.sub(r"\s*\([^()]*\)\s*$", "", name.rsplit("/", 1)[-1])
    return re.sub(r"[\W_]", "", re.sub(r"_\d+$", "", re.sub(r"^k_(?=\d)", "", last)).casefold())


def is_named(header: str, name: str) -> bool:
    """Whether a column is called so; R writes a path with a dot for each sign that it does not know."""
    wanted = stem(name)
    if stem(header) == wanted:
        return True
    if not re.fullmatch(r"\w+(\.+\w+){2,}\.*", header):
        return False
    path = header.rstrip(".")
    return any(_plain(part).endswith(wanted) for part in (path, path.rsplit("..", 1)[0]))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
