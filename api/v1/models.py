"""The shapes of requests and answers, beside those of `kb.situation.model` and `kb.advice.model`.

Answers are made in these shapes by hand and not validated again; the tests hold the two together.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from api.http.models import Parameters, Vorm
from kb.language import Taal
from kb.programme.model import MOST_METRES
from kb.situation.model import Day, Situatie

SLEUTEL = "Sleutel van de conclusie: eigenschap/soort/slug, zoals een advies die geeft."


class TaalParameters(Parameters):
    """The language of an answer."""

    taal: Taal | None = Field(
        default=None, description="Taal van het antwoord; anders die van Accept-Language, anders nl."
    )


class InvulParameters(TaalParameters):
    """Whether the situation is filled from public data."""

    gegevens: Literal["ja", "nee"] = Field(
        default="ja",
        description="Of de situatie wordt aangevuld met openbare cijfers over haar wijk; wat is opgegeven gaat voor.",
    )

    @property
    def fill(self) -> bool:
        """The same as a truth value."""
        return self.gegevens == "ja"


class AdviesParameters(InvulParameters):
    """What an advice may hold besides its conclusions."""

    vragen: int = Field(default=5, ge=0, le=50, description="Het grootste aantal vervolgvragen in het advies.")


class VragenParameters(InvulParameters):
    """How many questions to give."""

    aantal: int = Field(default=5, ge=1, le=50, description="Het grootste aantal vragen.")


class WaaromNietParameters(InvulParameters):
    """How many ways to give."""

    aantal: int = Field(default=10, ge=1, le=50, description="Het grootste aantal manieren.")


class ProgrammaParameters(InvulParameters):
    """For which day a planning is read."""

    peildatum: Day | None = Field(
        default=None, description="Dag waarvoor het programma geldt (JJJJ-MM-DD); zonder dag geldt vandaag."
    )
    afstand: float | None = Field(
        default=None,
        ge=0,
        le=MOST_METRES,
        allow_inf_nan=False,
        description="Tot hoeveel meter getekende werken op één plaats zijn, waar een werk het niet zelf zegt; zonder getal "
        "geldt de zoekafstand van de kennis.",
    )


class LijstParameters(Parameters):
    """Which part of a collection."""

    zoek: str = Field(
        default="",
        max_length=200,
        description="Naam, synoniem of woorden daaruit of uit de betekenis, in het Nederlands of Engels; kleine "
        "tikfouten mogen. Wat het beste past komt dan eerst.",
    )
    pagina: int = Field(default=1, ge=1, le=100_000, description="Nummer van de pagina, vanaf 1.")
    perPagina: int = Field(default=50, ge=1, le=200, description="Aantal per pagina.")


class GeenParameters(Parameters):
    """No query at all."""


class Verzoek(BaseModel):
    """Base of request bodies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    situatie: Situatie = Field(description="De situatie waar de vraag over gaat.")


class UitlegVerzoek(Verzoek):
    """Why does a conclusion hold."""

    conclusie: str = Field(min_length=1, max_length=500, description=SLEUTEL)
    alle: StrictBool = Field(default=False, description="Ook andere bewijzen dan het kortste.")


class WaaromNietVerzoek(Verzoek):
    """Why does a conclusion not hold."""

    conclusie: str = Field(min_length=1, max_length=500, description=SLEUTEL)


class RangordeVerzoek(Verzoek):
    """Why does one conclusion stand before another."""

    eerste: str = Field(min_length=1, max_length=500, description=SLEUTEL)
    tweede: str = Field(min_length=1, max_length=500, description="Sleutel van een conclusie uit dezelfde lijst.")


class WatAlsVerzoek(Verzoek):
    """What changes when facts come and go."""

    toevoegen: Situatie = Field(default=Situatie(), description="Feiten die erbij komen.")
    weglaten: Situatie = Field(default=Situatie(), description="Feiten die vervallen.")


class Tekst(Vorm):
    """A text in both languages."""

    nl: str
    en: str = ""


class Bronverwijzing(Vorm):
    """A source and the place in it."""

    id: str = Field(description="Kenmerk van de bron: bron/slug.")
    label: str = Field(description="Naam van de bron.")
    plaats: str = Field(description="Plaats in de bron.")
    pagina: str | None = Field(description="Openbaar adres van de bron.")


class Bewijs(Vorm):
    """A proof tree."""

    soort: Literal["regel", "situatie", "gegevens", "kennis", "niets-bekend"] = Field(
        description="regel: een regel leidt het af uit de premissen; situatie: opgegeven; "
        "gegevens: ingevuld uit een openbare bron, met jaar; kennis: staat in de kennisbank; "
        "niets-bekend: er is niets bekend dat het tegenspreekt."
    )
    tekst: str = Field(description="De stap in woorden.")
    conclusie: str | None = Field(description=SLEUTEL)
    regel: str | None = Field(description="Slug van de regel, te vinden in /regels.")
    zekerheid: Literal["gebrond", "afgeleid", "aanname"] | None = Field(description="Waarop de stap rust.")
    bronnen: list[Bronverwijzing]
    premissen: list["Bewijs"]


class Uitleg(Vorm):
    """The proofs of a conclusion."""

    conclusie: str = Field(description=SLEUTEL)
    geldt: bool = Field(description="Of de conclusie in de situatie geldt; zo niet, dan zijn er geen bewijzen.")
    bewijzen: list[Bewijs] = Field(description="De bewijzen, het kortste eerst.")


class Ontbrekend(Vorm):
    """One smallest set of changes that would make a conclusion hold."""

    toevoegen: dict[str, Any] = Field(description="Feiten die erbij moeten, als situatie.")
    weglaten: dict[str, Any] = Field(description="Feiten die weg moeten, als situatie.")
    teksten: list[str] = Field(description="De veranderingen in woorden.")


class WaaromNiet(Vorm):
    """Why a conclusion does not hold."""

    conclusie: str = Field(description=SLEUTEL)
    geldt: bool = Field(description="Of de conclusie al geldt; dan ontbreekt er niets.")
    volledig: bool = Field(
        description="Of alles is nagegaan; zo niet, dan was de tijd om en kunnen er meer of andere manieren zijn."
    )
    manieren: list[Ontbrekend] = Field(description="De kleinste veranderingen waarmee de conclusie gaat gelden.")


class Genoemd(Vorm):
    """An individual by name."""

    id: str = Field(description="Kenmerk: soort/slug.")
    label: str


class Rangorde(Vorm):
    """Why one conclusion of a list stands before another."""

    eerste: Genoemd = Field(description="Wie voor staat.")
    tweede: Genoemd = Field(description="Wie daarachter staat.")
    gelijkOp: list[Genoemd] = Field(description="Maatstaven die zwaarder wegen en waarop zij gelijk zijn.")
    maatstaf: Genoemd | None = Field(
        description="De eerste maatstaf waarop zij verschillen; leeg als alleen de naam de volgorde bepaalt."
    )
    conclusie: str | None = Field(description="Sleutel van wat de eerste wel heeft.")
    bewijs: Bewijs | None = Field(description="Het bewijs dat de eerste aan de maatstaf voldoet.")
    ontbreekt: str | None = Field(description="Sleutel van wat de tweede mist.")
    manieren: list[Ontbrekend] = Field(description="De kleinste veranderingen waarmee ook de tweede voldoet.")


class Verandering(Vorm):
    """A conclusion that comes or goes."""

    conclusie: str = Field(description=SLEUTEL)
    tekst: str = Field(description="De conclusie in woorden.")


class WatAls(Vorm):
    """What changes in the conclusions."""

    erbij: list[Verandering] = Field(description="Conclusies die erbij komen.")
    vervalt: list[Verandering] = Field(description="Conclusies die vervallen.")


class Verwijzing(Vorm):
    """A link."""

    href: str = Field(description="Adres.")


class Zelf(Vorm):
    """The link of a resource to itself."""

    self: Verwijzing


class Paginalinks(Zelf):
    """The links between pages."""

    first: Verwijzing
    prev: Verwijzing | None = None
    next: Verwijzing | None = None
    last: Verwijzing


class Kennislinks(Zelf):
    """The links of one resource."""

    collection: Verwijzing = Field(description="De verzameling waar het bij hoort.")


class Kort(Vorm):
    """An individual in a list."""

    id: str = Field(description="Kenmerk: soort/slug.")
    iri: str = Field(description="Naam op het web.")
    label: Tekst
    definitie: Tekst
    links: Zelf = Field(alias="_links")


class Lijst(Vorm):
    """A page of a collection."""

    verzameling: str = Field(description="Naam van de verzameling.")
    aantal: int = Field(description="Aantal dat aan de vraag voldoet, over alle pagina's.")
    pagina: int
    perPagina: int
    resultaten: list[Kort]
    links: Paginalinks = Field(alias="_links")


class Eigenschap(Vorm):
    """A property."""

    id: str = Field(description="Naam in de ontologie, of verkorte IRI uit een andere.")
    iri: str
    label: Tekst


class Kenmerkwaarde(Vorm):
    """A value of an individual."""

    eigenschap: Eigenschap
    waarde: str | int | float | bool = Field(description="De waarde; een IRI als tekst.")
    taal: str | None = Field(description="Taal van een tekst.")


class Verwant(Vorm):
    """Another individual, and what the relation to it rests on."""

    id: str = Field(description="Kenmerk: soort/slug.")
    label: Tekst
    zekerheid: Literal["gebrond", "afgeleid", "aanname"] | None = Field(description="Waarop de relatie rust.")
    bronnen: list[Bronverwijzing]
    regel: str | None = Field(description="Slug van de regel die de relatie afleidde.")
    links: Zelf | None = Field(alias="_links", description="Adres; leeg als het alleen in de ontologie staat.")


class Relatie(Vorm):
    """The relations by one property."""

    eigenschap: Eigenschap
    aantal: int = Field(description="Aantal relaties; bij heel veel noemt `met` de eerste.")
    met: list[Verwant]


class Individu(Vorm):
    """One individual with everything known about it."""

    id: str = Field(description="Kenmerk: soort/slug.")
    iri: str = Field(description="Naam op het web.")
    soort: list[Eigenschap] = Field(description="Klassen waar het bij hoort.")
    label: Tekst
    definitie: Tekst
    zekerheid: Literal["gebrond", "afgeleid", "aanname"] | None = Field(description="Waarop het rust.")
    bronnen: list[Bronverwijzing]
    gegevens: list[Kenmerkwaarde]
    relaties: list[Relatie] = Field(description="Relaties naar andere individuen.")
    relatiesVan: list[Relatie] = Field(description="Relaties van andere individuen hierheen.")
    links: Kennislinks = Field(alias="_links")


class Regel(Individu):
    """One rule."""

    over: Literal["kennis", "situatie"] = Field(
        description="Of de regel over de kennis zelf gaat of over een situatie."
    )
    uitleg: Tekst = Field(description="De uitleg, met de variabelen van de regel tussen accolades.")
    sparql: str = Field(description="De regel zelf, een SPARQL-CONSTRUCT met haar kop.")


class Verzameling(Vorm):
    """A collection."""

    naam: str
    label: Tekst
    definitie: Tekst
    aantal: int
    links: Zelf = Field(alias="_links")


class Overzicht(Vorm):
    """What the API offers."""

    titel: str
    versie: str = Field(description="Volledige versie van de API.")
    verzamelingen: list[Verzameling]
    links: dict[str, Verwijzing] = Field(alias="_links")


class Gezondheid(Vorm):
    """Whether the service can do its work."""

    status: Literal["in orde"]
    versie: str = Field(description="Versie van de programmatuur.")
    individuen: int
    regels: int
