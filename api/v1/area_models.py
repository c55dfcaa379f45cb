"""The shapes of areas: what may be asked of them, a page of them, and one."""

from typing import Annotated, Literal

from pydantic import Field

from api.http.models import Parameters, Vorm
from api.v1.models import Paginalinks, Tekst, Verwijzing, Zelf
from kb.situation.model import Situatie, Werk

_Woorden = Annotated[list[str], Field(max_length=20)]
_BBOX = r"^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$"


class GebiedenParameters(Parameters):
    """Filters over areas, and which part of those found. Filters join."""

    leidt: _Woorden = Field(default=[], description="Transities die leiden: slug, IRI of naam.")
    signaal: _Woorden = Field(default=[], description="Signalen die de cijfers geven.")
    opgave: _Woorden = Field(default=[], description="Opgaven die nodig zijn.")
    koppelkans: _Woorden = Field(default=[], description="Koppelkansen, als opgave--opgave.")
    sterk: _Woorden = Field(default=[], description="Sterke koppelkansen.")
    conflict: _Woorden = Field(default=[], description="Conflicten die spelen.")
    instrument: _Woorden = Field(default=[], description="Instrumenten die passen.")
    mogelijk: _Woorden = Field(default=[], description="Instrumenten die misschien passen.")
    bijna: _Woorden = Field(default=[], description="Instrumenten die bijna passen.")
    lijktOp: _Woorden = Field(default=[], description="Bekende wijken waar het gebied op lijkt.")
    meting: _Woorden = Field(
        default=[],
        description="Vergelijkingen van een grootheid met een getal.",
        examples=[["aandeel-koopwoningen>=0.5"]],
    )
    gemeente: str = Field(default="", max_length=200, description="Naam of code van de gemeente.")
    soort: Literal["gemeente", "wijk", "buurt"] | None = Field(
        default=None, description="Soort gebied; zonder keuze wijken en buurten."
    )
    zoals: str = Field(
        default="", max_length=200, description="Een gebied, code of naam: wat er het meest op lijkt komt eerst."
    )
    bbox: str = Field(
        default="",
        pattern=f"({_BBOX}|^$)",
        description="Rechthoek waar het midden in ligt: west, zuid, oost en noord in graden, met komma’s.",
    )
    werk: _Woorden = Field(
        default=[], description="Werken die overal worden aangenomen: beheercyclus of eenmalig werk."
    )
    graven: Literal["ja", "nee", "onbekend"] = Field(default="ja", description="Of die werken graven.")
    van: Annotated[int, Field(ge=1900, le=2200)] | None = Field(default=None, description="Eerste jaar van die werken.")
    tot: Annotated[int, Field(ge=1900, le=2200)] | None = Field(
        default=None, description="Laatste jaar van die werken."
    )
    aanleiding: _Woorden = Field(default=[], description="Aanleidingen die overal worden aangenomen.")
    pagina: int = Field(default=1, ge=1, le=100_000, description="Nummer van de pagina, vanaf 1.")
    perPagina: int = Field(default=50, ge=1, le=200, description="Aantal per pagina.")
    limit: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="Andere naam voor perPagina, zoals OGC API Features die heeft; gaat voor."
    )
    f: Literal["json", "geojson"] | None = Field(default=None, description="Vorm van het antwoord; gaat voor Accept.")

    def assumed(self) -> Situatie:
        """What is assumed everywhere."""
        digs = {"ja": True, "nee": False}.get(self.graven)
        works = tuple(Werk(cyclus=name, van=self.van, tot=self.tot, graven=digs) for name in self.werk)
        return Situatie(werken=works, aanleidingen=tuple(self.aanleiding))


class GebiedParameters(Parameters):
    """In which form one area is wanted."""

    f: Literal["json", "geojson", "ttl"] | None = Field(
        default=None, description="Vorm van het antwoord; gaat voor Accept."
    )


class GenoemdGebied(Vorm):
    """An area by name."""

    code: str = Field(description="CBS-code.")
    naam: str


class Gelijkenis(Vorm):
    """How alike two areas are."""

    anders: int = Field(description="Aantal conclusies dat maar één van beide heeft; dat gaat voor.")
    afstand: float = Field(description="Hoe ver de metingen uiteen liggen, in standaardafwijkingen.")
    metingen: int = Field(description="Aantal metingen dat beide hebben.")


class Gebiedskern(Vorm):
    """What an area is."""

    code: str = Field(description="CBS-code.")
    iri: str = Field(description="Naam op het web.")
    naam: str
    soort: Literal["gemeente", "wijk", "buurt"]
    gemeente: GenoemdGebied
    wijk: GenoemdGebied | None = Field(description="De wijk waar het in ligt, of die het zelf is.")
    provincie: str | None
    stedelijkheid: int | None = Field(description="Van 1 (zeer sterk) tot 5 (niet).")
    plaats: list[float] | None = Field(description="Midden: lengte en breedte in graden (WGS84).")


class Gebiedsrij(Gebiedskern):
    """An area in a list."""

    metingen: dict[str, float] = Field(description="Waarden per grootheid; zonder eigen cijfer die van de wijk.")
    conclusies: dict[str, list[str]] = Field(description="Per soort conclusie de slugs.")
    gelijkenis: Gelijkenis | None = Field(default=None, description="Hoe gelijk het is aan het gebied van `zoals`.")
    links: Zelf = Field(alias="_links")


class Gebiedenlijst(Vorm):
    """A page of areas."""

    verzameling: Literal["gebieden"]
    aantal: int = Field(description="Aantal dat aan de vraag voldoet, over alle pagina's.")
    pagina: int
    perPagina: int
    resultaten: list[Gebiedsrij]
    links: Paginalinks = Field(alias="_links")


class Gebiedscijfer(Vorm):
    """A figure about an area."""

    grootheid: str = Field(description="Slug van de grootheid.")
    label: Tekst
    waarde: float
    bron: str = Field(description="Slug van de bron.")
    jaar: int = Field(description="Jaar waarover de waarde gaat.")
    gebied: str = Field(description="CBS-code van het gemeten gebied; voor een buurt soms haar wijk.")
    landelijk: int | None = Field(description="Percentiel onder gebieden van dezelfde soort.")
    stedelijk: int | None = Field(description="Percentiel onder even stedelijke gebieden van dezelfde soort.")


class Gebiedsconclusie(Vorm):
    """A conclusion about an area."""

    id: str = Field(description="Kenmerk: soort/slug.")
    label: Tekst
    conclusie: str = Field(description="Sleutel die de uitleg aanneemt: eigenschap/soort/slug.")


class Gebiedslinks(Zelf):
    """The links of an area."""

    collection: Verwijzing = Field(description="Alle gebieden.")
    describedby: Verwijzing = Field(description="De beschrijving als linked data.")


class Gebied(Gebiedskern):
    """One area with everything known about it."""

    indeling: int = Field(description="Jaar van de indeling.")
    eerder: list[str] = Field(description="Codes van andere jaren.")
    delen: list[GenoemdGebied] = Field(description="De wijken of buurten die er direct in liggen.")
    elders: list[str] = Field(description="Namen van het gebied op het web bij anderen: TOOI, Kadaster.")
    bekendeWijk: str | None = Field(description="Slug van de bekende wijk die het gebied is.")
    cijfers: list[Gebiedscijfer]
    conclusies: dict[str, list[Gebiedsconclusie]] = Field(description="Per soort conclusie, zonder aannamen.")
    links: Gebiedslinks = Field(alias="_links")
