"""What the terms of a situation mean in the knowledge base."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from statistics import median_high
from typing import Any, TypeVar

from pyoxigraph import NamedNode

from kb.errors import Problem, SituationError
from kb.knowledge.dictionary import fold
from kb.knowledge.knowledge import Knowledge
from kb.knowledge.vocabulary import Vocabulary
from kb.language import Words, did_you_mean
from kb.names import declared, slug
from kb.rule.expression import Stated
from kb.situation.facts import Facts, Link, Node
from kb.situation.model import (
    BEREIKBAAR_TOT,
    CBS_CODE,
    CBS_PATTERN,
    CYCLUS,
    EERSTE_JAAR,
    GEMETEN_IN,
    GEMETEN_OVER,
    GEWICHT,
    GRAVEN,
    GROOTHEID,
    HEEFT_METING,
    HEEFT_PRIORITEIT,
    HEEFT_WENS,
    HEEFT_WERK,
    IN_WIJK,
    JAREN_VOORUIT,
    LAATST,
    LAATSTE_JAAR,
    LINK_FIELDS,
    NABIJ_TOT,
    ONTLEEND_AAN,
    OPPOSITES,
    PEILDATUM,
    PEILJAAR,
    PLANZEKERHEID,
    RUST_TOT,
    SCHUIFRUIMTE,
    STRAAT_ONBEKEND,
    STRAAT_ZEKER,
    TOEGEPAST_OP,
    TOT,
    TRANSITIE,
    VAN,
    VOLGENDE_KANS,
    VOORUITBLIK,
    VROEGST,
    WAARDE,
    WENS_VAN,
    WENST_OPGAVE,
    WERK_VAN,
    Herkomst,
    Situatie,
    Wens,
    Werk,
)

HEEFT_LEVENSDUUR, LEVENSDUUR_VAN, BIJ_GRAVEN, RUSTPERIODE = map(
    declared, ("heeftLevensduur", "levensduurVan", "bijGraven", "rustperiode")
)
IN_GEMEENTE = declared("inGemeente")
MINIMAAL, MAXIMAAL, EENHEIDSTEKST = map(declared, ("minimaal", "maximaal", "eenheidstekst"))

# The fields of a part of a situation that name an individual, and the property whose range it is of.
_PARTS: dict[str, dict[str, NamedNode]] = {
    "werken": {"cyclus": CYCLUS, "eigenaar": WERK_VAN, "zekerheid": PLANZEKERHEID},
    "wensen": {"betrokkene": WENS_VAN, "opgave": WENST_OPGAVE},
}

V = TypeVar("V")

NOTHING = Words("", "")


class Resolver:
    """Finds what the terms of a situation mean in the knowledge base."""

    def __init__(self, knowledge: Knowledge, vocabulary: Vocabulary) -> None:
        self.knowledge = knowledge
        self.ranges = vocabulary.ranges
        wijken: dict[str, list[NamedNode]] = defaultdict(list)
        for node in knowledge.instances(vocabulary.ranges[IN_WIJK]):
            for _, value in knowledge.literals(CBS_CODE, node):
                wijken[value.value].append(node)
        # An area in which several approaches are known names none of them.
        self._codes = {code: nodes[0] for code, nodes in wijken.items() if len(nodes) == 1}

    def facts(self, situation: Situatie) -> Facts:
        """What the situation states, in terms of the knowledge base; without a reference date it is about today.

        Errors: SituationError with a Problem, nearest known terms included, for each term that is not known,
        each value outside its range and each work that ends before it begins.
        """
        problems: list[Problem] = []
        links = frozenset(self._links(situation, problems))
        self._check_denied(situation, links, problems)
        day = situation.peildatum or date.today()
        nodes = (
            *self._werken(situation, day.year, problems),
            *self._wensen(situation, problems),
            *self._metingen(situation, problems),
            *self._prioriteiten(situation, problems),
        )
        values: dict[NamedNode, Stated] = {
            PEILDATUM: moment(day),
            PEILJAAR: Decimal(day.year),
            NABIJ_TOT: Decimal(day.year + self._years_ahead(NABIJ_TOT)),
            VOORUITBLIK: moment(day.replace(year=day.year + self._years_ahead(VOORUITBLIK), day=min(day.day, 28))),
        }
        if problems:
            raise SituationError(problems)
        return Facts(links, nodes, values)

    def _years_ahead(self, property: NamedNode) -> int:
        return int(self.knowledge.literal(property, JAREN_VOORUIT) or 0)

    def find(self, name: str, cls: NamedNode) -> NamedNode | None:
        """The individual of a class by slug, full IRI or label; None for what is not known or may be several."""
        found = self.knowledge.dictionary(cls).find(name)
        return found[0] if len(found) == 1 else None

    def nearest(self, name: str, cls: NamedNode) -> tuple[str, ...]:
        """The slugs of a class that look most like a name, by slug or by label."""
        return self.knowledge.dictionary(cls).nearest(name)

    def by_slug(self, situation: Situatie) -> Situatie:
        """The situation with the slug of every term that is known, so that two can be compared by name."""
        stated: dict[str, Any] = {
            field: self._slugs(getattr(situation, field), self.ranges[prop]) for field, prop in LINK_FIELDS.items()
        }
        if situation.wijk is not None and not is_cbs_code(situation.wijk):
            stated["wijk"] = self._slug(situation.wijk, self.ranges[IN_WIJK])
        for field, parts in _PARTS.items():
            stated[field] = tuple(self._part_by_slug(row, parts) for row in getattr(situation, field))
        for field, prop in (("metingen", GROOTHEID), ("prioriteiten", TRANSITIE)):
            rows = getattr(situation, field).items()
            stated[field] = {self._slug(name, self.ranges[prop]): value for name, value in rows}
        stated["herkomst"] = {
            self._slug(name, self.ranges[GROOTHEID]): origin.model_copy(
                update={"bron": self._slug(origin.bron, self.ranges[ONTLEEND_AAN])}
            )
            for name, origin in situation.herkomst.items()
        }
        return situation.model_copy(update=stated)

    def _slugs(self, names: str | tuple[str, ...] | None, cls: NamedNode) -> str | tuple[str, ...] | None:
        if names is None or isinstance(names, str):
            return names and self._slug(names, cls)
        return tuple(dict.fromkeys(self._slug(name, cls) for name in names))

    def _part_by_slug(self, row: Werk | Wens, parts: Mapping[str, NamedNode]) -> Werk | Wens:
        named = {field: name for field in parts if (name := getattr(row, field)) is not None}
        return row.model_copy(
            update={field: self._slug(name, self.ranges[parts[field]]) for field, name in named.items()}
        )

    def _slug(self, name: str, cls: NamedNode) -> str:
        node = self.find(name, cls)
        return slug(node) if node else name

    def _links(self, situation: Situatie, problems: list[Problem]) -> Iterator[Link]:
        for field, prop in LINK_FIELDS.items():
            given = getattr(situation, field)
            names = [] if given is None else [given] if isinstance(given, str) else given
            for index, name in enumerate(names):
                place = field if isinstance(given, str) else f"{field}[{index}]"
                node = self._known(name, self.ranges[prop], place, problems)
                if node is not None:
                    yield Link(prop, node)
        if situation.wijk is not None and (node := self._wijk(situation.wijk, problems)):
            if situation.gemeente is not None and not self.lies_in(node, situation.gemeente):
                problems.append(self._elsewhere(node, situation.gemeente))
            yield Link(IN_WIJK, node)

    def _check_denied(self, situation: Situatie, links: frozenset[Link], problems: list[Problem]) -> None:
        """Nothing may be stated to hold and not to hold."""
        for field, opposite in OPPOSITES.items():
            for index, name in enumerate(getattr(situation, opposite)):
                node = self.find(name, self.ranges[LINK_FIELDS[opposite]])
                if node is not None and Link(LINK_FIELDS[field], node) in links:
                    message = Words(
                        f"{slug(node)} staat ook bij {field}; het geldt, of het geldt niet.",
                        f"{slug(node)} is among {field} too; it holds, or it does not.",
                    )
                    problems.append(Problem(f"{opposite}[{index}]", message))

    def known_wijk(self, name: str) -> NamedNode | None:
        """The known wijk that a name or code stands for; None for what is not known or may be several."""
        return self._codes.get(name) if is_cbs_code(name) else self.find(name, self.ranges[IN_WIJK])

    def codes_of(self, wijk: NamedNode) -> tuple[str, ...]:
        """The codes of the areas that a known wijk consists of."""
        return tuple(sorted(value.value for _, value in self.knowledge.literals(CBS_CODE, wijk)))

    def lies_in(self, wijk: NamedNode, gemeente: str) -> bool:
        """Whether a known wijk lies in the municipality with this name or code."""
        found = self.knowledge.objects(wijk, IN_GEMEENTE)
        names = {fold(name) for node in found for name in (self.knowledge.label(node), *self.codes_of(node))}
        return fold(gemeente) in names

    def _elsewhere(self, wijk: NamedNode, gemeente: str) -> Problem:
        label = self.knowledge.label(wijk)
        found = ", ".join(map(self.knowledge.label, self.knowledge.objects(wijk, IN_GEMEENTE)))
        message = Words(
            f"de bekende wijk {label} ligt in {found}, niet in {gemeente}.",
            f"the known neighbourhood {label} lies in {found}, not in {gemeente}.",
        )
        return Problem("gemeente", message)

    def _wijk(self, name: str, problems: list[Problem]) -> NamedNode | None:
        if is_cbs_code(name):
            return self._codes.get(name)
        return self._known(name, self.ranges[IN_WIJK], "wijk", problems, hint=_CODE_HINT)

    def _werken(self, situation: Situatie, year: int, problems: list[Problem]) -> Iterator[Node]:
        for index, werk in enumerate(situation.werken):
            place = f"werken[{index}]"
            cyclus = self._known(werk.cyclus, self.ranges[CYCLUS], f"{place}.cyclus", problems)
            if werk.van is not None and werk.tot is not None and werk.tot < werk.van:
                problems.append(
                    Problem(
                        f"{place}.tot",
                        Words(
                            f"{werk.tot} ligt voor het eerste jaar {werk.van}.",
                            f"{werk.tot} lies before the first year {werk.van}.",
                        ),
                    )
                )
            named = {
                prop: self._known(name, self.ranges[prop], f"{place}.{field}", problems)
                for field, prop, name in (
                    ("eigenaar", WERK_VAN, werk.eigenaar),
                    ("zekerheid", PLANZEKERHEID, werk.zekerheid),
                )
                if name is not None
            }
            if cyclus is not None:
                values: dict[NamedNode, Stated] = {CYCLUS: cyclus, **self._years(werk, cyclus, year)}
                values |= {prop: node for prop, node in named.items() if node is not None}
                if werk.graven is not None:
                    values[GRAVEN] = werk.graven
                if werk.straatOnbekend is not None:
                    values[STRAAT_ONBEKEND] = werk.straatOnbekend
                if not werk.straatOnbekend:
                    values[STRAAT_ZEKER] = True
                yield Node(HEEFT_WERK, values, place)

    def _years(self, werk: Werk, cyclus: NamedNode, year: int) -> dict[NamedNode, Stated]:
        """The stated years of a work, and the first and last in which it can be: a work without years is still to come."""
        first = werk.van if werk.van is not None else werk.tot if werk.tot is not None else year
        last = werk.tot if werk.tot is not None else first
        margin = werk.schuifruimte or 0
        years = {VAN: werk.van, TOT: werk.tot, SCHUIFRUIMTE: werk.schuifruimte}
        if werk.van is not None or werk.tot is not None:
            years |= {EERSTE_JAAR: first, LAATSTE_JAAR: last}
        latest = last + margin
        years |= {VROEGST: first - margin, LAATST: latest, BEREIKBAAR_TOT: latest + self._years_ahead(BEREIKBAAR_TOT)}
        if rest := self.knowledge.literal(cyclus, RUSTPERIODE):
            years[RUST_TOT] = last + int(rest)
        if (lifetime := self.lifetime(cyclus, werk.graven)) is not None:
            years[VOLGENDE_KANS] = last + lifetime
        return {prop: Decimal(value) for prop, value in years.items() if value is not None}

    def lifetime(self, cyclus: NamedNode, graven: bool | None) -> int | None:
        """How many years pass before a work comes back: after digging, the middle of what the sources say.

        Of an even number of sources the later of the two in the middle. Without digging, or when that is not known, the
        shortest lifetime that can hold: the chance may come sooner.
        """
        found = self._lifetimes(cyclus)
        if graven:
            years = [*found["true"], *found[None]]
            return median_high(years) if years else None
        without = found["false"] or found[None]
        return min(without if graven is False else [*without, *found[None], *found["true"]], default=None)

    def shortest_lifetime(self, cyclus: NamedNode) -> int | None:
        """How many years what was laid by digging lasts at least, by any source."""
        found = self._lifetimes(cyclus)
        return min([*found["true"], *found[None]], default=None)

    def _lifetimes(self, cyclus: NamedNode) -> dict[str | None, list[int]]:
        """The lifetimes of a kind of work, by whether they hold with digging only, without only, or either way."""
        found: dict[str | None, list[int]] = defaultdict(list)
        for lifetime in self.knowledge.objects(cyclus, HEEFT_LEVENSDUUR):
            if years := self.knowledge.literal(lifetime, LEVENSDUUR_VAN):
                found[self.knowledge.literal(lifetime, BIJ_GRAVEN)].append(int(years))
        return found

    def _wensen(self, situation: Situatie, problems: list[Problem]) -> Iterator[Node]:
        for index, wens in enumerate(situation.wensen):
            place = f"wensen[{index}]"
            party = self._known(wens.betrokkene, self.ranges[WENS_VAN], f"{place}.betrokkene", problems)
            task = self._known(wens.opgave, self.ranges[WENST_OPGAVE], f"{place}.opgave", problems)
            if party is not None and task is not None:
                yield Node(HEEFT_WENS, {WENS_VAN: party, WENST_OPGAVE: task}, place)

    def _metingen(self, situation: Situatie, problems: list[Problem]) -> Iterator[Node]:
        rows = self._valued("herkomst", situation.herkomst, GROOTHEID, problems)
        origins = {node: (place.removeprefix("herkomst."), origin) for place, node, origin in rows}
        for place, node, value in self._valued("metingen", situation.metingen, GROOTHEID, problems):
            self._check_range(node, value, place, problems)
            values: dict[NamedNode, Stated] = {GROOTHEID: node, WAARDE: value}
            if origin := origins.pop(node, None):
                values.update(self._origin(*origin, problems))
            yield Node(HEEFT_METING, values, place)
        for name, _ in origins.values():
            message = Words(
                "hoort bij geen meting; geef ook de waarde.", "belongs to no measurement; give its value too."
            )
            problems.append(Problem(f"herkomst.{name}", message))

    def _origin(self, name: str, origin: Herkomst, problems: list[Problem]) -> Iterator[tuple[NamedNode, Stated]]:
        """Where a value was filled in from, as properties of its measurement."""
        bron = self._known(origin.bron, self.ranges[ONTLEEND_AAN], f"herkomst.{name}.bron", problems)
        if bron is not None:
            yield ONTLEEND_AAN, bron
        yield GEMETEN_IN, Decimal(origin.jaar)
        yield GEMETEN_OVER, origin.gebied
        if origin.toegepastOp is not None:
            yield TOEGEPAST_OP, origin.toegepastOp

    def _prioriteiten(self, situation: Situatie, problems: list[Problem]) -> Iterator[Node]:
        for place, node, weight in self._valued("prioriteiten", situation.prioriteiten, TRANSITIE, problems):
            yield Node(HEEFT_PRIORITEIT, {TRANSITIE: node, GEWICHT: Decimal(weight)}, place)

    def _valued(
        self, field: str, given: Mapping[str, V], prop: NamedNode, problems: list[Problem]
    ) -> Iterator[tuple[str, NamedNode, V]]:
        """The individuals that a field gives a value to; two of its names may not give one individual two."""
        seen: set[NamedNode] = set()
        for name, value in given.items():
            place = f"{field}.{name}"
            node = self._known(name, self.ranges[prop], place, problems)
            if node is None:
                continue
            if node in seen:
                problems.append(
                    Problem(
                        place,
                        Words(
                            f"{slug(node)} staat er tweemaal in, onder twee namen.",
                            f"{slug(node)} is in it twice, under two names.",
                        ),
                    )
                )
            seen.add(node)
            yield place, node, value

    def _check_range(self, grootheid: NamedNode, value: Decimal, place: str, problems: list[Problem]) -> None:
        low = self.knowledge.literal(grootheid, MINIMAAL)
        high = self.knowledge.literal(grootheid, MAXIMAAL)
        if (low is not None and value < Decimal(low)) or (high is not None and value > Decimal(high)):
            unit = self.knowledge.text(grootheid, EENHEIDSTEKST)
            limits = f"van {low} tot en met {high}" if high is not None else f"vanaf {low}"
            english = f"from {low} up to and including {high}" if high is not None else f"from {low}"
            message = Words(
                f"{value} valt buiten het bereik {limits} ({unit}).",
                f"{value} lies outside the range {english} ({unit}).",
            )
            problems.append(Problem(place, message))

    def _known(
        self, name: str, cls: NamedNode, place: str, problems: list[Problem], hint: Words = NOTHING
    ) -> NamedNode | None:
        found = self.knowledge.dictionary(cls).find(name)
        if len(found) == 1:
            return found[0]
        kind, english = self.knowledge.label(cls), self.knowledge.label(cls, "en")
        if found:
            near = tuple(map(slug, found))
            choice = ", ".join(near)
            message = Words(
                f"{name!r} kan meer dan één {kind} zijn; kies uit {choice}.",
                f"{name!r} can be more than one {english}; choose from {choice}.",
            )
        else:
            near = self.nearest(name, cls)
            meant = did_you_mean(repr(other) for other in near)
            message = Words(
                f"onbekend als {kind}: {name!r}{hint}.{meant}",
                f"unknown as {english}: {name!r}{hint.en}.{meant.en}",
            )
        problems.append(Problem(place, message, near))
        return None


_CODE_HINT = Words("; een CBS-code (GM, WK of BU) mag ook", "; a CBS code (GM, WK or BU) is fine too")


def is_cbs_code(name: str) -> bool:
    """Whether a name has the form of a CBS code for a municipality, wijk or buurt."""
    return re.match(CBS_PATTERN, name) is not None


def moment(day: date) -> datetime:
    """The start of a day in UTC: how a reference date is compared with the moments at which instruments open or close."""
    return datetime.combine(day, time(), tzinfo=UTC)
