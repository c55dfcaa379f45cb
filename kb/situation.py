"""A situation as people give it: one model, field by field with units, and what its terms mean in the knowledge base."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, ValidationError
from pydantic_core import PydanticCustomError
from pyoxigraph import NamedNode

from kb.errors import Problem, SituationError
from kb.expression import Value
from kb.facts import Facts, Node
from kb.knowledge import Knowledge
from kb.names import ID, slug, term
from kb.vocabulary import Vocabulary

V = TypeVar("V")

LINK_FIELDS = {
    "aanleidingen": term("heeftAanleiding"),
    "opgaven": term("heeftOpgave"),
    "kenmerken": term("heeftKenmerk"),
    "betrokkenen": term("heeftBetrokkene"),
    "schaarste": term("heeftSchaarste"),
    "fase": term("inFase"),
}
IN_WIJK, CBS_CODE = term("inWijk"), term("cbsCode")
HEEFT_WERK, CYCLUS, VAN, TOT, GRAVEN = map(term, ("heeftWerk", "cyclus", "van", "tot", "graven"))
HEEFT_METING, GROOTHEID, WAARDE = map(term, ("heeftMeting", "grootheid", "waarde"))
HEEFT_PRIORITEIT, TRANSITIE, GEWICHT = map(term, ("heeftPrioriteit", "transitie", "gewicht"))
PEILDATUM = term("peildatum")

PRINTABLE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f\uFFFE\uFFFF]*$"
CBS_PATTERN = r"^(GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})$"


def _check_day(value: Any) -> Any:
    """Refuse what pydantic would read as seconds since 1970."""
    if (isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)) or isinstance(value, int | float):
        raise PydanticCustomError("date_type", "not a date")
    return value


Day = Annotated[date, BeforeValidator(_check_day)]
Term = Annotated[str, Field(min_length=1, max_length=200)]
Year = Annotated[StrictInt, Field(ge=1900, le=2200)]
Number = Annotated[Decimal, Field(max_digits=18, decimal_places=6)]
MOST_TERMS = 200
Terms = Annotated[tuple[Term, ...], Field(max_length=MOST_TERMS)]
Model = TypeVar("Model", bound=BaseModel)


class Werk(BaseModel):
    """Planned maintenance or replacement in the neighbourhood."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cyclus: Term = Field(description="Beheercyclus waar het werk bij hoort: slug of IRI.", examples=["riool"])
    van: Year | None = Field(default=None, description="Eerste kalenderjaar van het werk.", examples=[2027])
    tot: Year | None = Field(
        default=None, description="Laatste kalenderjaar van het werk, dat jaar inbegrepen.", examples=[2029]
    )
    graven: StrictBool | None = Field(
        default=None,
        description="Of het werk graaft (true) of niet, zoals relinen (false); weglaten als het onbekend is.",
    )


class Situatie(BaseModel):
    """What is known about a neighbourhood. Every part is optional; what is left out is unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    naam: str | None = Field(
        default=None,
        max_length=200,
        pattern=PRINTABLE_PATTERN,
        description="Vrije naam van de situatie, voor de lezer, op één regel.",
    )
    wijk: Term | None = Field(
        default=None,
        description="Wijk waar het over gaat: slug of IRI van een bekende wijk, of een CBS-code (GM, WK of BU).",
        examples=["selwerd", "BU00141000"],
    )
    peildatum: Day | None = Field(
        default=None, description="Dag waarvoor het advies geldt (JJJJ-MM-DD); bepaalt welke regelingen open zijn."
    )
    aanleidingen: Terms = Field(default=(), description="Redenen om te beginnen.", examples=[["vervanging-riool"]])
    opgaven: Terms = Field(
        default=(),
        description="Opgaven die de vrager in elk geval wil meenemen.",
        examples=[["woningen-van-het-gas-af"]],
    )
    kenmerken: Terms = Field(
        default=(), description="Kenmerken van wijk en proces die gelden.", examples=[["gespikkeld-bezit"]]
    )
    betrokkenen: Terms = Field(default=(), description="Partijen die meedoen.", examples=[["woningcorporatie"]])
    schaarste: Terms = Field(
        default=(), description="Middelen waaraan gebrek is.", examples=[["ruimte", "geld", "menskracht", "draagvlak"]]
    )
    fase: Term | None = Field(default=None, description="Fase waarin het proces is.", examples=["kennen"])
    werken: tuple[Werk, ...] = Field(default=(), max_length=MOST_TERMS, description="Gepland werk, met jaren.")
    metingen: dict[Term, Number] = Field(
        default_factory=dict,
        max_length=MOST_TERMS,
        description="Gemeten waarden per grootheid, in de eenheid die bij de grootheid staat (aandelen van 0 tot 1).",
        examples=[{"aardgasaandeel": 0.93}],
    )
    prioriteiten: dict[Term, Annotated[StrictInt, Field(ge=0, le=3)]] = Field(
        default_factory=dict,
        max_length=MOST_TERMS,
        description="Gewicht per transitie, van 0 (niet van belang) tot 3 (leidend).",
        examples=[{"energie": 3}],
    )


def read_situation(data: Any) -> Situatie:
    """A situation from parsed JSON (`dict`) or JSON text (`str`, `bytes`).

    Errors: SituationError with a Problem for each wrong field.
    """
    return read_model(Situatie, data)


def read_model(model: type[Model], data: Any) -> Model:
    """A situation, or a model that holds situations, from parsed JSON or JSON text.

    Errors: SituationError with a Problem for each wrong field.
    """
    try:
        if isinstance(data, str | bytes):
            return model.model_validate_json(data)
        return model.model_validate(data)
    except ValidationError as error:
        raise SituationError(
            [problem_of(detail, _fields(model, detail["loc"])) for detail in error.errors()]
        ) from error


def dump_situation(situation: Situatie) -> dict[str, Any]:
    """The situation as JSON values, leaving out what is unknown; numbers are ints or floats that read back the same."""
    data = situation.model_dump(mode="json", exclude_defaults=True)
    if situation.metingen:
        data["metingen"] = {name: _plain(value) for name, value in situation.metingen.items()}
    return data


class Resolver:
    """Finds what the terms of a situation mean in the knowledge base."""

    def __init__(self, knowledge: Knowledge, vocabulary: Vocabulary) -> None:
        self.knowledge = knowledge
        self.ranges = vocabulary.ranges
        self._codes = {
            value.value: node
            for node in knowledge.instances(vocabulary.ranges[IN_WIJK])
            for _, value in knowledge.literals(CBS_CODE, node)
        }

    def facts(self, situation: Situatie) -> Facts:
        """What the situation states, in terms of the knowledge base.

        Errors: SituationError with a Problem, nearest known terms included, for each term that is not known,
        each value outside its range and each work that ends before it begins.
        """
        problems: list[Problem] = []
        links = frozenset(self._links(situation, problems))
        nodes = (
            *self._werken(situation, problems),
            *self._metingen(situation, problems),
            *self._prioriteiten(situation, problems),
        )
        values: dict[NamedNode, Value] = {PEILDATUM: moment(situation.peildatum)} if situation.peildatum else {}
        if problems:
            raise SituationError(problems)
        return Facts(links, nodes, values)

    def find(self, name: str, cls: NamedNode) -> NamedNode | None:
        """The individual of a class by slug or full IRI, or None."""
        known = self.knowledge.instances(cls)
        return next((node for node in known if name in (node.value, slug(node))), None)

    def nearest(self, name: str, cls: NamedNode) -> tuple[str, ...]:
        """The slugs of a class that look most like a name, by slug or by label."""
        wanted = name.removeprefix(ID).rpartition("/")[2].lower().replace(" ", "-")
        known = {slug(node): slug(node) for node in self.knowledge.instances(cls)}
        known |= {
            self.knowledge.label(node).lower().replace(" ", "-"): slug(node) for node in self.knowledge.instances(cls)
        }
        return nearest(wanted, known)

    def _links(self, situation: Situatie, problems: list[Problem]) -> Iterator[tuple[NamedNode, NamedNode]]:
        for field, prop in LINK_FIELDS.items():
            given = getattr(situation, field)
            names = [] if given is None else [given] if isinstance(given, str) else given
            for index, name in enumerate(names):
                place = field if isinstance(given, str) else f"{field}[{index}]"
                node = self._known(name, self.ranges[prop], place, problems)
                if node is not None:
                    yield prop, node
        if situation.wijk is not None and (node := self._wijk(situation.wijk, problems)):
            yield IN_WIJK, node

    def _wijk(self, name: str, problems: list[Problem]) -> NamedNode | None:
        if is_cbs_code(name):
            return self._codes.get(name)
        return self._known(name, self.ranges[IN_WIJK], "wijk", problems, hint="; een CBS-code (GM, WK of BU) mag ook")

    def _werken(self, situation: Situatie, problems: list[Problem]) -> Iterator[Node]:
        for index, werk in enumerate(situation.werken):
            place = f"werken[{index}]"
            cyclus = self._known(werk.cyclus, self.ranges[CYCLUS], f"{place}.cyclus", problems)
            if werk.van is not None and werk.tot is not None and werk.tot < werk.van:
                problems.append(Problem(f"{place}.tot", f"{werk.tot} ligt voor het eerste jaar {werk.van}."))
            if cyclus is not None:
                values: dict[NamedNode, Value] = {CYCLUS: cyclus}
                values |= {prop: Decimal(year) for prop, year in ((VAN, werk.van), (TOT, werk.tot)) if year is not None}
                if werk.graven is not None:
                    values[GRAVEN] = werk.graven
                yield Node(HEEFT_WERK, values, place)

    def _metingen(self, situation: Situatie, problems: list[Problem]) -> Iterator[Node]:
        for place, node, value in self._valued("metingen", situation.metingen, GROOTHEID, problems):
            self._check_range(node, value, place, problems)
            yield Node(HEEFT_METING, {GROOTHEID: node, WAARDE: value}, place)

    def _prioriteiten(self, situation: Situatie, problems: list[Problem]) -> Iterator[Node]:
        for place, node, weight in self._valued("prioriteiten", situation.prioriteiten, TRANSITIE, problems):
            yield Node(HEEFT_PRIORITEIT, {TRANSITIE: node, GEWICHT: Decimal(weight)}, place)

    def _valued(
        self, field: str, given: Mapping[str, V], prop: NamedNode, problems: list[Problem]
    ) -> Iterator[tuple[str, NamedNode, V]]:
        """The individuals that a field gives a value to; a slug and an IRI may not give one individual two."""
        seen: set[NamedNode] = set()
        for name, value in given.items():
            place = f"{field}.{name}"
            node = self._known(name, self.ranges[prop], place, problems)
            if node is None:
                continue
            if node in seen:
                problems.append(Problem(place, f"{slug(node)} staat er tweemaal in, als slug en als IRI."))
            seen.add(node)
            yield place, node, value

    def _check_range(self, grootheid: NamedNode, value: Decimal, place: str, problems: list[Problem]) -> None:
        low = self.knowledge.literal(grootheid, term("minimaal"))
        high = self.knowledge.literal(grootheid, term("maximaal"))
        if (low is not None and value < Decimal(low)) or (high is not None and value > Decimal(high)):
            unit = self.knowledge.text(grootheid, term("eenheidstekst"))
            limits = f"van {low} tot en met {high}" if high is not None else f"vanaf {low}"
            problems.append(Problem(place, f"{value} valt buiten het bereik {limits} ({unit})."))

    def _known(
        self, name: str, cls: NamedNode, place: str, problems: list[Problem], hint: str = ""
    ) -> NamedNode | None:
        node = self.find(name, cls)
        if node is None:
            near = self.nearest(name, cls)
            meant = f" Bedoelt u {', '.join(repr(other) for other in near)}?" if near else ""
            kind = self.knowledge.label(cls)
            problems.append(Problem(place, f"onbekend als {kind}: {name!r}{hint}.{meant}", near))
        return node


def is_cbs_code(name: str) -> bool:
    """Whether a name has the form of a CBS code for a municipality, wijk or buurt."""
    return re.match(CBS_PATTERN, name) is not None


def moment(day: date) -> datetime:
    """The start of a day in UTC: how a reference date is compared with the moments at which instruments open or close."""
    return datetime.combine(day, time(), tzinfo=UTC)


def nearest(name: str, known: dict[str, str], most: int = 3) -> tuple[str, ...]:
    """The values of `known` whose keys look most like a name, best first; a key that has the name in it counts too."""
    similar = get_close_matches(name, known, n=most * 2, cutoff=0.6)
    holding = sorted((key for key in known if len(name) > 2 and name in key), key=len)
    return tuple(dict.fromkeys(known[match] for match in [*similar, *holding]))[:most]


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def problem_of(detail: Any, known: Iterable[str] = ()) -> Problem:
    """One of pydantic's errors in our own words; `known` holds the names of the fields at that place."""
    field = _json_path(detail["loc"])
    near: tuple[str, ...] = ()
    match detail["type"]:
        case "extra_forbidden":
            near = nearest(str(detail["loc"][-1]), {name: name for name in known})
            message = (
                "onbekend veld; " + (f"bedoelt u {near[0]!r}? " if near else "") + f"Bekend zijn {', '.join(known)}."
            )
        case "missing":
            message = "ontbreekt."
        case "json_invalid":
            message = f"geen geldige JSON: {detail['ctx']['error']}."
        case _:
            wrong = _MESSAGES.get(detail["type"], detail["msg"]).format(**detail.get("ctx", {}))
            message = f"{wrong} (gegeven: {detail['input']!r:.60})."
    return Problem(field, message, near)


def _fields(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The names of the fields of the model that an error's location is in."""
    for part in location[:-1]:
        field = model.model_fields.get(str(part))
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), model)
    return list(model.model_fields)


_MESSAGES = {
    "int_type": "moet een geheel getal zijn",
    "int_from_float": "moet een geheel getal zijn",
    "int_parsing": "moet een geheel getal zijn",
    "int_parsing_size": "is een te groot getal",
    "literal_error": "moet een van {expected} zijn",
    "bool_parsing": "moet true of false zijn",
    "bool_type": "moet true of false zijn",
    "string_type": "moet tekst zijn",
    "string_too_short": "mag niet leeg zijn",
    "string_pattern_mismatch": "mag geen stuurtekens hebben",
    "string_too_long": "mag ten hoogste {max_length} tekens hebben",
    "string_unicode": "bevat een teken dat geen geldige Unicode is",
    "too_long": "mag ten hoogste {max_length} onderdelen hebben",
    "tuple_type": "moet een lijst zijn",
    "dict_type": "moet een object met namen en waarden zijn",
    "model_type": "moet een object zijn",
    "decimal_type": "moet een getal zijn",
    "decimal_parsing": "moet een getal zijn",
    "finite_number": "moet een eindig getal zijn",
    "greater_than_equal": "moet ten minste {ge} zijn",
    "less_than_equal": "mag ten hoogste {le} zijn",
    "date_from_datetime_inexact": "moet een datum zijn als 2026-11-24",
    "date_from_datetime_parsing": "moet een datum zijn als 2026-11-24",
    "date_parsing": "moet een datum zijn als 2026-11-24",
    "date_type": "moet een datum zijn als 2026-11-24",
    "decimal_max_digits": "mag ten hoogste {max_digits} cijfers hebben",
    "decimal_max_places": "mag ten hoogste {decimal_places} cijfers achter de komma hebben",
    "decimal_whole_digits": "mag ten hoogste {whole_digits} cijfers voor de komma hebben",
}


def _json_path(location: Iterable[int | str]) -> str:
    path = ""
    for part in location:
        if part == "[key]":
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
