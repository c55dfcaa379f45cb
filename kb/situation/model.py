"""A situation as people give it: one model, field by field with units, and what its terms mean in the knowledge base."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, StrictBool, StrictInt, ValidationError
from pydantic_core import PydanticCustomError
from pyoxigraph import Triple

from kb.errors import SituationError
from kb.names import declared
from kb.situation.messages import problem_of

LINK_FIELDS = {
    "aanleidingen": declared("heeftAanleiding"),
    "opgaven": declared("heeftOpgave"),
    "kenmerken": declared("heeftKenmerk"),
    "afwezigeKenmerken": declared("heeftAfwezigKenmerk"),
    "betrokkenen": declared("heeftBetrokkene"),
    "afwezigeBetrokkenen": declared("heeftAfwezigeBetrokkene"),
    "schaarste": declared("heeftSchaarste"),
    "fase": declared("inFase"),
}
IN_WIJK, CBS_CODE = declared("inWijk"), declared("cbsCode")
HEEFT_WERK, CYCLUS, VAN, TOT, GRAVEN = map(declared, ("heeftWerk", "cyclus", "van", "tot", "graven"))
HEEFT_METING, GROOTHEID, WAARDE = map(declared, ("heeftMeting", "grootheid", "waarde"))
HEEFT_PRIORITEIT, TRANSITIE, GEWICHT = map(declared, ("heeftPrioriteit", "transitie", "gewicht"))
PEILDATUM, PEILJAAR = declared("peildatum"), declared("peiljaar")
NABIJ_TOT, VOORUITBLIK, JAREN_VOORUIT = map(declared, ("nabijTot", "vooruitblik", "jarenVooruit"))
EERSTE_JAAR, LAATSTE_JAAR = declared("eersteJaar"), declared("laatsteJaar")
SCHUIFRUIMTE, VROEGST, LAATST, RUST_TOT = map(declared, ("schuifruimte", "vroegst", "laatst", "rustTot"))
BEREIKBAAR_TOT = declared("bereikbaarTot")
VOLGENDE_KANS = declared("volgendeKans")
STRAAT_ONBEKEND, STRAAT_ZEKER = declared("straatOnbekend"), declared("straatZeker")
WERK_VAN, PLANZEKERHEID = declared("werkVan"), declared("planzekerheid")
HEEFT_WENS, WENS_VAN, WENST_OPGAVE = map(declared, ("heeftWens", "wensVan", "wenstOpgave"))
ONTLEEND_AAN, GEMETEN_IN = declared("ontleendAan"), declared("gemetenIn")
GEMETEN_OVER, TOEGEPAST_OP = declared("gemetenOver"), declared("toegepastOp")

# What is said to hold, and what is said not to.
OPPOSITES = {"kenmerken": "afwezigeKenmerken", "betrokkenen": "afwezigeBetrokkenen"}

CBS_PATTERN = r"^(GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})$"

PRINTABLE_PATTERN = r"^[^\x00-\x1f\x7f-\x9f\uFFFE\uFFFF]*$"


def _check_day(value: Any) -> Any:
    """Refuse what pydantic would read as seconds since 1970."""
    if (isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)) or isinstance(value, int | float):
        raise PydanticCustomError("date_type", "not a date")
    return value


Day = Annotated[date, BeforeValidator(_check_day)]
Term = Annotated[str, Field(min_length=1, max_length=200)]
Year = Annotated[StrictInt, Field(ge=1900, le=2200)]
CbsCode = Annotated[str, Field(pattern=CBS_PATTERN)]
Number = Annotated[Decimal, Field(max_digits=18, decimal_places=6)]
MOST_TERMS = 200
Terms = Annotated[tuple[Term, ...], Field(max_length=MOST_TERMS)]
Model = TypeVar("Model", bound=BaseModel)


class Werk(BaseModel):
    """Planned maintenance or replacement in the neighbourhood."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cyclus: Term = Field(
        description="Soort werk: een beheercyclus of eenmalig werk, als slug, IRI of naam.", examples=["riool"]
    )
    van: Year | None = Field(default=None, description="Eerste kalenderjaar van het werk.", examples=[2027])
    tot: Year | None = Field(
        default=None, description="Laatste kalenderjaar van het werk, dat jaar inbegrepen.", examples=[2029]
    )
    graven: StrictBool | None = Field(
        default=None,
        description="Of het werk graaft (true) of niet, zoals relinen (false); weglaten als het onbekend is.",
    )
    schuifruimte: Annotated[StrictInt, Field(ge=0, le=50)] | None = Field(
        default=None, description="Aantal jaren dat het werk naar voren of achteren kan.", examples=[3]
    )
    zekerheid: Term | None = Field(
        default=None, description="Hoe vast het plan staat: vast, gepland of idee.", examples=["gepland"]
    )
    eigenaar: Term | None = Field(
        default=None, description="Partij die over het werk gaat: slug, IRI of naam.", examples=["netbeheerder"]
    )
    straatOnbekend: StrictBool | None = Field(
        default=None,
        description="Of alleen de wijk van het werk bekend is; weglaten als het in de straat is waar het over gaat.",
    )


class Wens(BaseModel):
    """A task that a party wants."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    betrokkene: Term = Field(description="Partij die het wil: slug, IRI of naam.", examples=["bewoners"])
    opgave: Term = Field(
        description="Opgave die de partij wil: slug, IRI of naam.", examples=["groenoppervlak-vergroten"]
    )


class Herkomst(BaseModel):
    """Where a measured value was filled in from: a public source, its year, and the area that was measured."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bron: Term = Field(
        description="Bron van de waarde: slug, IRI of naam.", examples=["cbs-kerncijfers-wijken-en-buurten"]
    )
    jaar: Year = Field(description="Kalenderjaar waarover de waarde gaat.", examples=[2024])
    gebied: CbsCode = Field(description="CBS-code van het gebied waarover de waarde gaat.", examples=["WK020204"])
    toegepastOp: CbsCode | None = Field(
        default=None,
        description="CBS-code van het gebied waarvoor de waarde gebruikt wordt, "
        "als dat maar een deel is van het gemeten gebied.",
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
    iri: str | None = Field(
        default=None,
        max_length=500,
        pattern=r"^https?://[^\s<>\"{}|\\^`]+$",
        description="Naam van de situatie op het web; het advies in RDF noemt haar zo.",
        examples=["https://voorbeeld.nl/id/situatie/1"],
    )
    wijk: Term | None = Field(
        default=None,
        description="Wijk waar het over gaat: slug, IRI of naam van een bekende wijk, een CBS-code (GM, WK of BU), "
        "of de naam van een wijk of buurt, zo nodig met haar gemeente: ‘Centrum, Leiden’.",
        examples=["selwerd", "BU00141000", "Centrum, Leiden"],
    )
    gemeente: Term | None = Field(
        default=None,
        description="Gemeente waar de wijk in ligt, naam of CBS-code; nodig als er meer wijken van die naam zijn.",
        examples=["Groningen"],
    )
    peildatum: Day | None = Field(
        default=None,
        description="Dag waarvoor het advies geldt (JJJJ-MM-DD); zonder dag geldt vandaag. "
        "Bepaalt welk werk nog komt en wat open is.",
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
    afwezigeKenmerken: Terms = Field(
        default=(),
        description="Kenmerken die juist niet gelden; wat in geen van beide lijsten staat, is onbekend.",
        examples=[["gemengd-riool"]],
    )
    betrokkenen: Terms = Field(default=(), description="Partijen die meedoen.", examples=[["woningcorporatie"]])
    afwezigeBetrokkenen: Terms = Field(
        default=(),
        description="Partijen die er niet zijn of niet meedoen; van wie in geen van beide lijsten staat, is het onbekend.",
        examples=[["vereniging-van-eigenaren"]],
    )
    schaarste: Terms = Field(
        default=(), description="Middelen waaraan gebrek is.", examples=[["ruimte", "geld", "menskracht", "draagvlak"]]
    )
    wensen: tuple[Wens, ...] = Field(
        default=(), max_length=MOST_TERMS, description="Wat partijen willen: een opgave per partij."
    )
    fase: Term | None = Field(default=None, description="Fase waarin het proces is.", examples=["kennen"])
    werken: tuple[Werk, ...] = Field(default=(), max_length=MOST_TERMS, description="Gepland werk, met jaren.")
    metingen: dict[Term, Number] = Field(
        default_factory=dict,
        max_length=MOST_TERMS,
        description="Gemeten waarden per grootheid, in de eenheid die bij de grootheid staat (aandelen van 0 tot 1).",
        examples=[{"aardgasaandeel": 0.93}],
    )
    herkomst: dict[Term, Herkomst] = Field(
        default_factory=dict,
        max_length=MOST_TERMS,
        description="Per grootheid waar de meting uit is ingevuld; een meting zonder herkomst gaf de vrager zelf.",
    )
    prioriteiten: dict[Term, Annotated[StrictInt, Field(ge=0, le=3)]] = Field(
        default_factory=dict,
        max_length=MOST_TERMS,
        description="Gewicht per transitie, van 0 (niet van belang) tot 3 (leidend).",
        examples=[{"energie": 3}],
    )
    # What RDF said besides, about `_:situatie` and whatever else: no rule knows it, and it is given back as it came.
    _besides: tuple[Triple, ...] = PrivateAttr(default=())

    @property
    def names_area(self) -> bool:
        """Whether it says which area it is about."""
        return self.wijk is not None or self.gemeente is not None

    @property
    def besides(self) -> tuple[Triple, ...]:
        """What an RDF document said besides that no rule knows; the situation in it is `_:situatie`."""
        return self._besides

    def with_besides(self, triples: tuple[Triple, ...]) -> "Situatie":
        """The situation with what else was said."""
        copy = self.model_copy()
        copy._besides = triples
        return copy


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


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _fields(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The names of the fields of the model that an error's location is in."""
    for part in location[:-1]:
        field = model.model_fields.get(str(part))
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), model)
    return list(model.model_fields)
