"""A known wijk as a story: how it was, what led and was taken up, what was coupled and clashed, and how it ended.

Everything is read from the statements about the wijk; each keeps its certainty, and its sources as numbered notes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pyoxigraph import NamedNode

from api.linked.naming import Ref
from api.linked.view import BasisView, Row, Source, Value, Viewer
from kb.advice.terms import (
    CIJFEREENHEID,
    CIJFERWAARDE,
    GEBRUIKTE_INSTRUMENT,
    HAD_LEIDENDE_TRANSITIE,
    HEEFT_AFLOOP,
    HEEFT_CIJFER,
    IN_GEMEENTE,
    IN_JAAR,
    KOPPELDE,
    KREEG_CONFLICT,
    LES,
    PAKTE_OPGAVE_OP,
)
from kb.language import show_number
from kb.names import DCTERMS, declared, local_name
from kb.situation.before import (
    BEGON_IN_JAAR,
    HAD_AANLEIDING,
    HAD_BETROKKENE,
    HAD_KENMERK,
    HAD_OPGAVE,
    HAD_WERK,
    situation_before,
)
from kb.situation.model import Situatie

GEBROND = declared("gebrond")
PUBLISHER = NamedNode(DCTERMS + "publisher")
# The chapters in the order in which things went.
BEFORE = "voor"
CHAPTERS = {
    BEFORE: (HAD_AANLEIDING, HAD_WERK, HAD_OPGAVE, HAD_KENMERK, HAD_BETROKKENE),
    "leidde": (HAD_LEIDENDE_TRANSITIE, PAKTE_OPGAVE_OP),
    "koppelde": (KOPPELDE,),
    "botste": (KREEG_CONFLICT,),
    "instrumenten": (GEBRUIKTE_INSTRUMENT,),
}


@dataclass(frozen=True)
class Told:
    """Something that was so, what it means, and the numbers of its own sources; `certainty` unless it is sourced."""

    ref: Ref
    meaning: str
    certainty: Ref | None
    notes: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """What one property tells; `name` is that of the property, by which the catalogue has a title.

    What all of it rests on alike is told once, as `certainty` and `notes` of the whole.
    """

    name: str
    told: tuple[Told, ...]
    certainty: Ref | None = None
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A piece of the story under a title that the catalogue has; `in_short` when names alone tell it."""

    name: str
    in_short: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Figure:
    """A number about the wijk or its approach, with its unit as the source has it."""

    ref: Ref
    meaning: str
    value: str
    unit: str
    year: str
    certainty: Ref | None
    notes: tuple[int, ...]


@dataclass(frozen=True)
class Cited:
    """A source of the story by its number, with the places in it; `of_all` when it is one of the whole description."""

    number: int
    ref: Ref
    page: str | None
    places: tuple[str, ...]
    publisher: str
    year: str
    of_all: bool


@dataclass(frozen=True)
class Story:
    """What the page of a known wijk tells; `example` is the address of the advice about how it was before."""

    year: str
    municipality: Ref | None
    outcome: Told | None
    lesson: str
    chapters: tuple[Chapter, ...]
    figures: tuple[Figure, ...]
    sources: tuple[Cited, ...]
    example: str


def tell(viewer: Viewer, wijk: NamedNode, address: Callable[[Situatie], str]) -> Story:
    """The story of a known wijk; `address` gives that of the advice about a situation."""
    return _Teller(viewer, wijk).story(address)


class _Teller:
    """Tells one story, and numbers its sources in the order in which they come."""

    def __init__(self, viewer: Viewer, wijk: NamedNode) -> None:
        self._viewer = viewer
        self._knowledge = viewer.engine.knowledge
        self._wijk = wijk
        self._rows = {row.property.iri: row for row in viewer.rows(wijk)}
        self._cited: dict[Ref, list[Source]] = {}
        self._of_all = len(self._notes(viewer.own_basis(wijk)))

    def story(self, address: Callable[[Situatie], str]) -> Story:
        """The whole story."""
        knowledge, wijk = self._knowledge, self._wijk
        chapters = tuple(filter(None, (self._chapter(name, parts) for name, parts in CHAPTERS.items())))
        figures = tuple(self._figure(node) for node in knowledge.objects(wijk, HEEFT_CIJFER))
        return Story(
            year=knowledge.literal(wijk, BEGON_IN_JAAR) or "",
            municipality=next(map(self._viewer.ref, knowledge.objects(wijk, IN_GEMEENTE)), None),
            outcome=next(iter(self._told(HEEFT_AFLOOP)), None),
            lesson=knowledge.text(wijk, LES, self._viewer.language) or "",
            chapters=chapters,
            figures=tuple(sorted(figures, key=lambda figure: (figure.year, figure.ref.text.casefold()))),
            sources=tuple(
                self._source(ref, found, number) for number, (ref, found) in enumerate(self._cited.items(), 1)
            ),
            example=address(situation_before(knowledge, wijk)),
        )

    def _chapter(self, name: str, properties: Iterable[NamedNode]) -> Chapter | None:
        parts = tuple(_part(local_name(each), told) for each in properties if (told := self._told(each)))
        return Chapter(name, name == BEFORE, parts) if parts else None

    def _told(self, property: NamedNode) -> list[Told]:
        row: Row | None = self._rows.get(property.value)
        return [self._one(value, value.ref) for value in (row.values if row else ()) if value.ref]

    def _one(self, value: Value, ref: Ref) -> Told:
        meaning = self._knowledge.definition(NamedNode(ref.iri), self._viewer.language)
        return Told(ref, meaning, _unsure(value.basis), self._notes(value.basis))

    def _figure(self, node: NamedNode) -> Figure:
        knowledge, language = self._knowledge, self._viewer.language
        basis = self._viewer.own_basis(node)
        return Figure(
            self._viewer.ref(node),
            knowledge.definition(node, language),
            show_number(Decimal(knowledge.literal(node, CIJFERWAARDE) or 0), language),
            knowledge.text(node, CIJFEREENHEID, language) or "",
            knowledge.literal(node, IN_JAAR) or "",
            _unsure(basis),
            self._notes(basis),
        )

    def _notes(self, basis: BasisView | None) -> tuple[int, ...]:
        for source in basis.sources if basis else ():
            self._cited.setdefault(source.ref, []).append(source)
        order = list(self._cited)
        return tuple(sorted({order.index(source.ref) + 1 for source in (basis.sources if basis else ())}))

    def _source(self, ref: Ref, found: Sequence[Source], number: int) -> Cited:
        publisher, year = (self._knowledge.literal(NamedNode(ref.iri), each) or "" for each in (PUBLISHER, IN_JAAR))
        places = tuple(dict.fromkeys(source.place for source in found if source.place))
        return Cited(number, ref, found[0].page, places, publisher, year, number <= self._of_all)


def _part(name: str, told: Sequence[Told]) -> Part:
    """What a property tells, with what all of it rests on told once."""
    grounds = {(each.certainty, each.notes) for each in told}
    if len(told) == 1 or len(grounds) > 1:
        return Part(name, tuple(told))
    [(certainty, notes)] = grounds
    return Part(name, tuple(replace(each, certainty=None, notes=()) for each in told), certainty, notes)


def _unsure(basis: BasisView | None) -> Ref | None:
    """How sure something is, when a source does not say it outright."""
    certainty = basis.certainty if basis else None
    return certainty if certainty and certainty.iri != GEBROND.value else None
