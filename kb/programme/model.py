"""A planning as people give it, and what came of it: one typed model for the table, the calendar, RDF and the API."""

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StrictBool, StrictInt

from kb.advice.model import SLEUTEL, Ding
from kb.situation.model import PRINTABLE_PATTERN, Day, Situatie, Term, Year, dump_situation

Plaatssoort: TypeAlias = Literal["vak", "ligging", "straat", "gebied"]
AfstandVolgens: TypeAlias = Literal["werk", "vraag", "kennis"]
Oordeelstatus: TypeAlias = Literal["geldig", "vervallen", "ongetoetst"]
Botsing: TypeAlias = Literal["zwaar", "licht"]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE_PATTERN)]
StatedSituation = Annotated[Situatie, PlainSerializer(dump_situation, return_type=dict[str, Any], when_used="always")]
MOST_ROWS = 500
MOST_METRES = 1000
Meters = Annotated[float, Field(ge=0, le=MOST_METRES, allow_inf_nan=False)]


class Model(BaseModel):
    """Base of the parts of a programme."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Programmawerk(Model):
    """One work of a planning: one row of the CSV, one object of the JSON."""

    id: Text | None = Field(
        default=None, description="Kenmerk van het werk, uniek in de planning; zonder kenmerk telt het rijnummer."
    )
    gebied: Term | None = Field(
        default=None,
        description="Wijk, buurt of gemeente: CBS-code of naam, zo nodig met gemeente: ‘Centrum, Leiden’. Zonder gebied "
        "en vak volgt de buurt uit de geometrie.",
        examples=["Selwerd, Groningen"],
    )
    straat: Text | None = Field(default=None, description="Straat binnen het gebied.", examples=["Eikenlaan"])
    vak: Text | None = Field(
        default=None, description="Kenmerk van het wegvak of de strekking, gelijk voor alle partijen."
    )
    geometrie: Annotated[str, Field(max_length=20_000)] | None = Field(
        default=None,
        description="Ligging als WKT of GeoJSON, in meters (RD) of graden (lengte, breedte).",
        examples=["LINESTRING (232500 584000, 232560 584040)"],
    )
    afstand: Meters | None = Field(
        default=None,
        description="Hoeveel meter om dit werk andere getekende werken meetellen; van twee werken telt de grootste die is "
        "opgegeven. Zonder geldt de zoekafstand van de vraag, en anders die van de kennis.",
        examples=[10],
    )
    cyclus: Term = Field(
        description="Soort werk: een beheercyclus of eenmalig werk, als slug, IRI of naam.", examples=["riool"]
    )
    van: Year | None = Field(default=None, description="Eerste kalenderjaar.", examples=[2028])
    tot: Year | None = Field(default=None, description="Laatste kalenderjaar, dat jaar inbegrepen.", examples=[2029])
    aangelegd: Annotated[StrictInt, Field(ge=1800, le=2200)] | None = Field(
        default=None, description="Jaar van aanleg; zonder van en tot wordt het jaar van vervanging daaruit aangenomen."
    )
    schuifruimte: Annotated[StrictInt, Field(ge=0, le=50)] | None = Field(
        default=None, description="Aantal jaren dat het werk naar voren of achteren kan; weglaten als het onbekend is."
    )
    zekerheid: Term | None = Field(
        default=None, description="Hoe vast het plan staat: vast, gepland of idee.", examples=["gepland"]
    )
    vast: StrictBool | None = Field(default=None, description="Of het werk vastligt in de tijd, en dus niet schuift.")
    graven: StrictBool | None = Field(default=None, description="Of het werk graaft.")
    eigenaar: Term | None = Field(
        default=None, description="Partij die over het werk gaat: slug, IRI of naam.", examples=["gemeente"]
    )
    kosten: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] | None = Field(
        default=None, description="Geraamde kosten in euro’s."
    )


class Partijoordeel(Model):
    """What a party finds of two works: one row of the sheet of judgements, one object of the JSON."""

    werk1: Text = Field(description="Kenmerk van het ene werk, zoals in de planning.", examples=["R-101"])
    werk2: Text = Field(description="Kenmerk van het andere werk.", examples=["W-201"])
    partij: Term = Field(description="Partij die oordeelt: slug, IRI of naam.", examples=["gemeente"])
    oordeel: Term = Field(description="Wat zij vindt: samen, niet samen of later bezien.", examples=["samen"])
    reden: Annotated[str, Field(min_length=1, max_length=1000, pattern=PRINTABLE_PATTERN)] | None = Field(
        default=None, description="Waarom zij dat vindt."
    )
    wie: Text | None = Field(default=None, description="Wie namens de partij oordeelde.")
    datum: Day = Field(description="Dag van het oordeel (JJJJ-MM-DD).", examples=["2026-11-20"])
    stand1: Annotated[str, Field(max_length=2000)] | None = Field(
        default=None, description="Stand van werk1 toen er werd geoordeeld, uit het programma van toen."
    )
    stand2: Annotated[str, Field(max_length=2000)] | None = Field(default=None, description="Stand van werk2 toen.")
    vingerafdruk: Text | None = Field(
        default=None,
        description="Vingerafdruk van de ontmoeting toen; zegt wel of er iets is veranderd, en niet wat.",
    )


class Planning(Model):
    """A planning as JSON. Each work and judgement is read by itself, so that a wrong one does not take the others along."""

    werken: tuple[Programmawerk, ...] = Field(max_length=MOST_ROWS, description="De werken, een object per werk.")
    oordelen: tuple[Partijoordeel, ...] = Field(
        default=(), max_length=MOST_ROWS, description="Wat partijen van twee werken vinden, een object per oordeel."
    )


class Rijprobleem(Model):
    """What is wrong with one field of a row."""

    veld: str = Field(description="Naam van het veld; leeg als het over de hele rij gaat.")
    melding: str = Field(description="Wat er mis is, en wat er wel zou kunnen.")
    nabij: tuple[str, ...] = Field(default=(), description="Bekende termen die erop lijken.")


class NietGebruikt(Model):
    """A row that could not be used, as it was given."""

    rij: int = Field(description="Regel van het bestand, of plaats in de lijst, vanaf 1.")
    waarden: dict[str, Any] = Field(description="De rij zoals zij is gegeven.")
    problemen: tuple[Rijprobleem, ...]


class GeplandWerk(Model):
    """A work of the planning as it was understood."""

    id: str
    rij: int
    plaats: str = Field(description="Sleutel van de plaats.")
    werksoort: Ding
    van: int
    tot: int
    vroegst: int = Field(description="Eerste jaar min de schuifruimte.")
    laatst: int = Field(description="Laatste jaar plus de schuifruimte.")
    schuifruimte: int | None
    zekerheid: Ding | None
    graven: bool | None
    eigenaar: Ding | None
    kosten: float | None
    geometrie: str | None
    afstand: float | None = Field(default=None, description="Zoekafstand van dit werk in meter, als die is opgegeven.")
    gebiedUitLigging: bool = Field(
        default=False, description="Of het gebied niet is opgegeven maar volgt uit de geometrie, met grove omtrekken."
    )
    aanname: str | None = Field(description="Waar de jaren uit zijn aangenomen, als zij niet zijn opgegeven.")
    stand: str = Field(
        description="Hoe het werk er nu voor staat, zoals de rij het zegt; een oordeel bewaart hem als `stand1` of `stand2`."
    )
    vingerafdruk: str = Field(description="Verandert als er iets aan het werk verandert.")


class Veldwijziging(Model):
    """A field of a work that changed."""

    veld: str
    was: str
    wordt: str


class Werkwijziging(Model):
    """A work that came, went or changed."""

    werk: str
    soort: Literal["nieuw", "vervallen", "gewijzigd"]
    velden: tuple[Veldwijziging, ...] = ()


class Oordeel(Model):
    """What a party finds of two works, and whether that still holds."""

    rij: int = Field(description="Regel van het bestand, of plaats in de lijst, vanaf 1.")
    werken: tuple[str, str]
    partij: Ding
    oordeel: Ding = Field(description="Samen, niet samen of later bezien.")
    reden: str | None
    wie: str | None
    datum: date
    status: Oordeelstatus = Field(
        description="Geldig zolang beide werken zijn zoals toen; ongetoetst als er niet bij staat hoe zij toen waren."
    )
    gewijzigd: tuple[Werkwijziging, ...] = Field(description="Wat er sinds het oordeel aan de werken veranderde.")
    melding: str | None = Field(
        description="Waarom het is vervallen, of niet te toetsen is, als dat niet in de werken zit."
    )


class Bevinding(Model):
    """One conclusion of the rules about two works."""

    conclusie: str = Field(description=SLEUTEL)
    label: str = Field(description="Wat er geldt, in het kort.")
    redenen: tuple[str, ...] = Field(description="De uitleg van iedere regel die ertoe leidde.")
    rustOpAanname: bool


class Verschuiving(Model):
    """A work that would have to move for two works to meet."""

    werk: str = Field(description="Kenmerk van het werk.")
    jaren: int = Field(description="Aantal jaren: later als het positief is, eerder als het negatief is.")
    eigenaar: Ding | None = Field(description="Wie erover gaat.")
    alleenSamen: bool = Field(description="Of ook het andere werk moet schuiven.")
    conclusie: str = Field(description=SLEUTEL)


class GekoppeldeOpgaven(Model):
    """Two tasks that two works couple in time."""

    id: str
    label: str
    sterk: bool
    conclusie: str = Field(description=SLEUTEL)


class Tussenruimte(Model):
    """How far apart two drawn works lie, and how far they may."""

    meter: int = Field(description="Hoeveel meter ertussen ligt; 0 als zij elkaar raken of kruisen.")
    tenHoogste: float = Field(description="Tot hoeveel meter zij op één plaats heten te zijn.")
    volgens: AfstandVolgens = Field(
        description="Wie dat zegt: een van beide werken, de vraag als geheel, of de kennis als niemand iets opgeeft."
    )


class Ontmoeting(Model):
    """Two works in one place about which the rules conclude something."""

    id: str = Field(description="Kenmerken van beide werken.")
    werken: tuple[str, str] = Field(description="De twee werken, wat het eerst begint vooraan.")
    plaatszekerheid: Plaatssoort = Field(
        description="Waarin zij samenvallen: vak, ligging of straat; bij gebied staat niet vast dat het dezelfde straat is."
    )
    tussenruimte: Tussenruimte | None = Field(
        default=None, description="Afstand tussen beide en de grens, als de ligging beslist dat zij samenvallen."
    )
    elementen: tuple[Ding, ...] = Field(description="Elementen die bij beide werken opengaan.")
    volgensPlan: bool = Field(description="Of zij volgens plan in dezelfde jaren lopen.")
    verschuivingen: tuple[Verschuiving, ...] = Field(description="Wie hoeveel jaar zou moeten schuiven.")
    eenOpening: bool = Field(description="Of zij met één opening toe kunnen.")
    botsing: Botsing | None = Field(description="Hoe zwaar zij met de rustperiode botsen.")
    uitwegen: tuple[Ding, ...] = Field(description="Begaanbare uitwegen uit een zware botsing.")
    koppelingen: tuple[GekoppeldeOpgaven, ...] = Field(description="Opgaven die deze werken in tijd koppelen.")
    beslisVoor: int = Field(description="Jaar waarvoor besloten moet zijn.")
    volgendeKans: int | None = Field(description="Jaar waarin het eerste werk pas terugkomt.")
    bevindingen: tuple[Bevinding, ...]
    oordelen: tuple[Oordeel, ...] = Field(default=(), description="Wat partijen ervan vinden, wat geldt eerst.")
    teBeoordelenDoor: tuple[Ding, ...] = Field(
        default=(), description="Eigenaren van wie geen oordeel geldt, als er oordelen zijn meegegeven."
    )
    vingerafdruk: str = Field(description="Verandert als een van beide werken verandert; een oordeel vervalt dan.")
    situatie: StatedSituation = Field(description="De situatie waarin `waarom` het bewijs van iedere bevinding toont.")


class PlaatsKoppelkans(Model):
    """A coupling of tasks in a place, by all its works together."""

    id: str
    label: str
    sterk: bool
    beslisVoor: int | None
    volgendeKans: int | None
    conclusie: str = Field(description=SLEUTEL)


class PlaatsConflict(Model):
    """A clash in a place."""

    id: str
    label: str
    conclusie: str = Field(description=SLEUTEL)


class Plaats(Model):
    """A section, street or area with its works, what meets there and what the advice about it says first."""

    sleutel: str
    soort: Plaatssoort
    naam: str
    gebied: str | None = Field(description="CBS-code of slug van het gebied.")
    gebiedsnaam: str | None
    werken: tuple[str, ...] = Field(description="Kenmerken van de werken hier, wat het eerst begint vooraan.")
    ontmoetingen: tuple[Ontmoeting, ...]
    leidend: tuple[Ding, ...] = Field(description="Transities die hier leiden.")
    koppelkansen: tuple[PlaatsKoppelkans, ...]
    conflicten: tuple[PlaatsConflict, ...]
    situatie: StatedSituation


class Zoekafstand(Model):
    """How far apart drawn works may lie when their rows do not say so, and what that rests on."""

    meter: float
    volgens: AfstandVolgens
    zekerheid: str | None = Field(description="Waarop het getal van de kennis rust; leeg als het is opgegeven.")
    toelichting: str | None = Field(description="Wat de kennis ervan zegt; leeg als het is opgegeven.")
    bron: str | None = Field(default=None, description="IRI in de kennis, waar ook de bronnen staan.")


class Werkprogramma(Model):
    """What came of a planning."""

    peildatum: date
    zoekafstand: Zoekafstand
    werken: tuple[GeplandWerk, ...]
    plaatsen: tuple[Plaats, ...]
    nietGebruikt: tuple[NietGebruikt, ...] = Field(description="Rijen die niet te gebruiken waren, met de reden.")
    losseOordelen: tuple[Oordeel, ...] = Field(
        default=(), description="Oordelen over werken die er niet zijn of elkaar niet raken, met de reden."
    )
    nietGebruikteOordelen: tuple[NietGebruikt, ...] = Field(
        default=(), description="Oordelen die niet te lezen waren, met de reden."
    )
    nietGelezen: tuple[str, ...] = Field(default=(), description="Kolommen die niet bekend zijn en niet zijn gelezen.")


class Ontmoetingwijziging(Model):
    """Two works between which something came or went."""

    ontmoeting: str
    erbij: tuple[str, ...] = Field(description="Wat er nu geldt, en eerst niet.")
    eraf: tuple[str, ...] = Field(description="Wat er eerst gold, en nu niet.")
    oordeelVervallen: bool = Field(description="Of een van beide werken is veranderd, zodat ieder oordeel vervalt.")


class Wijzigingen(Model):
    """What a changed planning changes."""

    werken: tuple[Werkwijziging, ...]
    ontmoetingen: tuple[Ontmoetingwijziging, ...]
    oordelen: tuple[Oordeel, ...] = Field(default=(), description="Oordelen die hierdoor vervallen.")
