"""Fill a situation with what public data say of its area, never over what the asker states.

Not filled are: a quantity that the asker gives a value; a figure of a later year than the situation is about, as nobody
could know it then; and a figure that says otherwise than a characteristic that the asker states.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode

from kb import paths
from kb.country.area import Gebied, Gebiedscijfer
from kb.country.locate import Locator
from kb.country.matching import bare_name, plain_name
from kb.country.names import AreaNames
from kb.engine import Engine
from kb.errors import Problem, SituationError
from kb.knowledge.knowledge import Knowledge
from kb.language import Words, did_you_mean
from kb.names import declared, slug
from kb.situation.model import GROOTHEID, IN_WIJK, LINK_FIELDS, Herkomst, Situatie
from kb.situation.resolve import is_cbs_code

if TYPE_CHECKING:
    from kb.country.table import Landtabel

OP_GROOTHEID, ONDERGRENS, BOVENGRENS = map(declared, ("opGrootheid", "ondergrens", "bovengrens"))
OPTELBAAR = declared("optelbaar")
WIJST_OP_KENMERK, WEERSPREEKT = map(declared, ("wijstOpKenmerk", "weerspreektKenmerk"))
VARIABLE = "WIJKAANPAK_LAND"
MOST_CANDIDATES = 12


@dataclass(frozen=True)
class Filled:
    """A situation with what was filled in, and the area that it is about.

    `contradicted` are the quantities that were left out because the asker says otherwise, `later` those of a later year
    than the situation is about; `several` says that it is about a known wijk of more than one area.
    """

    situation: Situatie
    gebied: Gebied | None = None
    contradicted: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    several: bool = False

    @property
    def notes(self) -> Iterator[Words]:
        """What the asker should know of what was not filled in."""
        if self.several:
            yield Words(
                "niets ingevuld, want deze wijk bestaat uit meer CBS-gebieden; kies er een.",
                "nothing filled in, as this neighbourhood consists of several CBS areas; choose one.",
            )
        if self.contradicted:
            names = ", ".join(self.contradicted)
            yield Words(
                f"niet ingevuld, want u geeft iets anders op: {names}.",
                f"not filled in, as you state otherwise: {names}.",
            )
        if self.later:
            names = ", ".join(self.later)
            yield Words(
                f"niet ingevuld, want van na de peildatum: {names}.",
                f"not filled in, as later than the reference date: {names}.",
            )


class Limits(NamedTuple):
    """A lower and an upper limit, each part of what lies between; None is no limit."""

    low: Decimal | None
    high: Decimal | None

    def hold(self, value: Decimal) -> bool:
        """Whether a value lies between them."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Country:
    """Looks areas up in a table and fills situations from it."""

    def __init__(self, table: "Landtabel") -> None:
        self.table = table
        self.names = AreaNames(table)
        self.locator = Locator(table)

    def fill(self, situation: Situatie, engine: Engine) -> Filled:
        """The situation with what is known of its area.

        Errors: SituationError when the name of the wijk means no area, or several.
        """
        try:
            placed, area = self._place(situation, engine)
        except SituationError as error:
            raise SituationError([*error.problems, *_other_problems(situation, engine)]) from error
        if area is None:
            return Filled(placed, several=self._is_several(placed, engine))
        day = placed.peildatum or date.today()
        given = set(engine.resolver.by_slug(placed).metingen)
        kenmerken = stated_kenmerken(placed, engine)
        taken: list[Gebiedscijfer] = []
        contradicted: list[str] = []
        later: list[str] = []
        for figure in self._figures(area, engine):
            if figure.grootheid in given:
                continue
            if figure.jaar > day.year:
                later.append(figure.grootheid)
            elif _says_otherwise(figure, kenmerken, engine):
                contradicted.append(figure.grootheid)
            else:
                taken.append(figure)
        origins = {figure.grootheid: _origin(figure, area) for figure in taken}
        values = {figure.grootheid: figure.waarde for figure in taken}
        filled = placed.model_copy(
            update={"metingen": {**placed.metingen, **values}, "herkomst": {**placed.herkomst, **origins}}
        )
        return Filled(filled, area, tuple(contradicted), tuple(later))

    def _is_several(self, situation: Situatie, engine: Engine) -> bool:
        known = engine.resolver.known_wijk(situation.wijk) if situation.wijk is not None else None
        return known is not None and len(engine.resolver.codes_of(known)) > 1

    def look_up(self, name: str, engine: Engine) -> Gebied:
        """The area that a code or name means, with what its wijk says of it besides.

        Errors: SituationError when it means no area, or several.
        """
        area = self.table.area(name) if is_cbs_code(name) else None
        if area is None:
            area = self._place(Situatie(wijk=name), engine)[1]
        if area is None:
            raise SituationError([_unknown_code(name)])
        return replace(area, cijfers=tuple(self._figures(area, engine)))

    def _figures(self, area: Gebied, engine: Engine) -> Iterator[Gebiedscijfer]:
        """What is known of an area, and of the wijk that a buurt lies in where of the buurt itself nothing is.

        A sum over a wijk says nothing of a part of it, so it is not taken from there.
        """
        yield from area.cijfers
        if area.soort == "buurt" and area.wijkcode and (wijk := self.table.area(area.wijkcode)):
            without = area.by_grootheid.keys() | sums(engine.knowledge)
            yield from (figure for figure in wijk.cijfers if figure.grootheid not in without)

    def _place(self, situation: Situatie, engine: Engine) -> tuple[Situatie, Gebied | None]:
        """The situation with its area as a known wijk or a code, and what the table knows of that area."""
        name, gemeente, resolver = situation.wijk, situation.gemeente, engine.resolver
        if name is None:
            if gemeente is None:
                return situation, None
            return self._named(situation, gemeente, None, engine)
        if is_cbs_code(name):
            return situation, self.table.area(name)
        known = resolver.known_wijk(name)
        if known is not None and self._means_known(name, known, gemeente, engine):
            codes = resolver.codes_of(known)
            return situation, self.table.area(codes[0]) if len(codes) == 1 else None
        return self._named(situation, name, gemeente, engine)

    def _means_known(self, name: str, known: NamedNode, gemeente: str | None, engine: Engine) -> bool:
        """Whether a name means the known wijk: by its slug always; by its label when that is so in the municipality that
        is given, or without one when no area of that name lies in another."""
        if gemeente is not None:
            return engine.resolver.lies_in(known, gemeente)
        if name in (slug(known), known.value):
            return True
        return all(engine.resolver.lies_in(known, area.gemeente) for area in self.names.find(name))

    def _named(
        self, situation: Situatie, name: str, gemeente: str | None, engine: Engine
    ) -> tuple[Situatie, Gebied | None]:
        found = self.names.find(name, gemeente)
        field = "wijk" if situation.wijk is not None else "gemeente"
        if len(found) == 1:
            area = found[0]
            known = engine.resolver.known_wijk(area.code)
            update = {"wijk": slug(known) if known else area.code, "gemeente": None}
            # A known approach can be of a part of the area; who names the area is told of the area.
            if situation.naam is None and not (known and _has_name(engine.knowledge.label(known), area)):
                update["naam"] = shown_name(area)
            return situation.model_copy(update=update), area
        if found:
            raise SituationError([_several(name, found, field)])
        slugs = () if gemeente else engine.resolver.nearest(name, engine.vocabulary.ranges[IN_WIJK])
        words = () if gemeente else self.names.with_words(name)
        near = words or (*slugs, *self.names.nearest(name, gemeente))
        meant = did_you_mean(map(repr, near))
        where = f" in {gemeente}" if gemeente and situation.wijk else ""
        message = Words(
            f"geen wijk, buurt of gemeente heet {name!r}{where}; een CBS-code (GM, WK of BU) mag ook.{meant}",
            f"no wijk, buurt or municipality is called {name!r}{where}; a CBS code (GM, WK or BU) is fine too.{meant.en}",
        )
        raise SituationError([Problem(field, message, near)])


def fill(situation: Situatie, engine: Engine) -> Filled:
    """The situation filled from the table of the country: the project's own, or the one that `WIJKAANPAK_LAND` names.

    Errors: SituationError when the name of the wijk means no area, or several; WijkaanpakError when there is no table.
    """
    return load_country(table_path()).fill(situation, engine)


def table_path() -> Path:
    """The file with the table of the country."""
    return Path(os.environ.get(VARIABLE) or paths.COUNTRY)


@cache
def load_country(path: Path) -> Country:
    """The country from a table, read once.

    Errors: WijkaanpakError when the file is not there or is no such table.
    """
    from kb.country.table import read_table  # not before it is needed: polars takes long to import

    return Country(read_table(path))


def _has_name(label: str, area: Gebied) -> bool:
    return plain_name(label) == plain_name(area.naam)


def shown_name(area: Gebied) -> str:
    """The name of an area with its municipality."""
    if area.soort == "gemeente":
        return area.naam
    # CBS writes Middelburg (Z.): no brackets within brackets.
    form = "{}, {}" if "(" in area.gemeente else "{} ({})"
    return form.format(bare_name(area.naam), area.gemeente)


def _other_problems(situation: Situatie, engine: Engine) -> list[Problem]:
    """What is wrong besides the area, so that all is told at once."""
    try:
        engine.resolver.facts(situation.model_copy(update={"wijk": None, "gemeente": None}))
    except SituationError as error:
        return error.problems
    return []


def _unknown_code(name: str) -> Problem:
    return Problem(
        "",
        Words(
            f"{name!r} is geen gebied van de tabel; een oude code of een wijk van meer gebieden telt niet.",
            f"{name!r} is no area of the table; an old code or a neighbourhood of several areas does not count.",
        ),
    )


def _several(name: str, found: list[Gebied], field: str) -> Problem:
    shown = [f"{area.naam}, {area.gemeente} ({area.soort} {area.code})" for area in found[:MOST_CANDIDATES]]
    rest = len(found) - len(shown)
    more = (f" en nog {rest}", f" and {rest} more") if rest > 0 else ("", "")
    listed = "; ".join(shown)
    message = Words(
        f"{name!r} kan meer dan één gebied zijn; geef de gemeente erbij of kies een code: {listed}{more[0]}.",
        f"{name!r} can be more than one area; add the municipality or choose a code: {listed}{more[1]}.",
    )
    return Problem(field, message, tuple(area.code for area in found[:MOST_CANDIDATES]))


def _origin(figure: Gebiedscijfer, area: Gebied) -> Herkomst:
    wider = area.code if figure.gebied != area.code else None
    return Herkomst(bron=figure.bron, jaar=figure.jaar, gebied=figure.gebied, toegepastOp=wider)


@lru_cache(maxsize=4)
def sums(knowledge: Knowledge) -> frozenset[str]:
    """The quantities of which the value of a wijk is the sum of those of its buurten."""
    return frozenset(slug(node) for node, value in knowledge.literals(OPTELBAAR) if value.value == "true")


def stated_kenmerken(situation: Situatie, engine: Engine) -> frozenset[NamedNode]:
    """The characteristics that a situation states."""
    resolver, cls = engine.resolver, engine.vocabulary.ranges[LINK_FIELDS["kenmerken"]]
    return frozenset(node for name in situation.kenmerken if (node := resolver.find(name, cls)))


def contradicting_limits(grootheid: NamedNode, stated: frozenset[NamedNode], knowledge: Knowledge) -> Iterator[Limits]:
    """The limits within which a value of a quantity says otherwise than the characteristics that are stated.

    A threshold does when it contradicts one of them, or points to a characteristic that contradicts one or that one
    contradicts.
    """
    excluded = {other for node in stated for other in knowledge.objects(node, WEERSPREEKT)}
    for drempel in knowledge.subjects(OP_GROOTHEID, grootheid) if stated else ():
        pointed = set(knowledge.objects(drempel, WIJST_OP_KENMERK))
        against = {other for node in pointed for other in knowledge.objects(node, WEERSPREEKT)}
        if pointed & excluded or (against | set(knowledge.objects(drempel, WEERSPREEKT))) & stated:
            low, high = knowledge.literal(drempel, ONDERGRENS), knowledge.literal(drempel, BOVENGRENS)
            yield Limits(None if low is None else Decimal(low), None if high is None else Decimal(high))


def _says_otherwise(figure: Gebiedscijfer, stated: frozenset[NamedNode], engine: Engine) -> bool:
    """Whether a figure lies within limits that contradict what is stated."""
    grootheid = engine.resolver.find(figure.grootheid, engine.vocabulary.ranges[GROOTHEID])
    limits = contradicting_limits(grootheid, stated, engine.knowledge) if grootheid else ()
    return any(each.hold(figure.waarde) for each in limits)
