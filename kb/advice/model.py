"""The advice: everything the rules conclude about a situation, as one typed contract for every reader.

`compose` makes it, and the report, the command line, the API and JSON-LD take it as it is. Lists stand best first, ranked
by the criteria of the knowledge base (`rangorde`), never by counted reasons or invented weights.
"""

from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import to_json

from kb.advice.receipt import Ontvangstbewijs
from kb.situation.model import Situatie, dump_situation

SLEUTEL = "Sleutel van de conclusie: eigenschap/soort/slug; vraag ermee om het bewijs."

# How much of each list the first screen shows: what a council can decide on one page of A4.
MOST_KOPPELKANSEN = 5
MOST_CONFLICTEN = 3
MOST_INSTRUMENTEN = 5
MOST_VRAGEN = 3

Koppelsoort: TypeAlias = Literal["ruimte", "tijd", "programma", "systeem", "praktijk", "mogelijkeRuimte"]
Bewijssoort: TypeAlias = Literal["gevraagd", "nodig", "gebruikelijk"]
Status: TypeAlias = Literal["past", "mogelijk", "komt", "bijna"]


class Model(BaseModel):
    """Base of the parts of an advice."""

    model_config = ConfigDict(frozen=True)

    @cached_property
    def in_json(self) -> bytes:
        """It in JSON; kept, as a row may serve many advices."""
        return to_json(self)

    def __copy__(self) -> Self:
        copied = super().__copy__()
        vars(copied).pop("in_json", None)  # a copy is made to differ
        return copied


class Ding(Model):
    """An individual of the knowledge base, by name."""

    id: str = Field(description="Kenmerk van het individu: soort/slug.", examples=["opgave/wijk-ontharden"])
    label: str = Field(description="Naam in de gevraagde taal.")
    # As it fits in a sentence; for the report only, so not part of what is published.
    in_zin: SkipJsonSchema[str] = Field(default="", exclude=True, repr=False)

    @property
    def said(self) -> str:
        """The name as it fits in a sentence."""
        return self.in_zin or self.label

    @property
    def slug(self) -> str:
        """The last part of its identifier."""
        return self.id.rpartition("/")[2]


def _from_slug(value: Any) -> Any:
    return {"id": value, "label": value} if isinstance(value, str) else value


# In JSON its slug alone: the individual is named in full elsewhere in the advice or in /v1.
Slug = Annotated[
    Ding,
    BeforeValidator(_from_slug),
    PlainSerializer(lambda thing: thing.slug, return_type=str),
    WithJsonSchema({"type": "string", "description": "Slug van het individu."}),
]


class Maatstaf(Ding):
    """A criterion that a row meets."""

    conclusie: str = Field(description=SLEUTEL)


class Conclusie(Ding):
    """One conclusion. `conclusie` is the key that the explanation commands and resources accept."""

    id: str = Field(description="Kenmerk van het individu: soort/slug.", examples=["instrument/wijkkompas"])
    conclusie: str = Field(
        description="Sleutel van de conclusie: eigenschap/soort/slug.",
        examples=["heeftPassendInstrument/instrument/wijkkompas"],
    )
    rustOpAanname: bool = Field(description="Of ieder bewijs van deze conclusie ergens op een aanname rust.")
    redenen: tuple[str, ...] = Field(default=(), description="De uitleg van iedere regel die tot de conclusie leidde.")
    rangorde: tuple[Maatstaf, ...] = Field(
        default=(), description="De maatstaven waaraan zij voldoet, de zwaarste eerst; daarop is de lijst gerangschikt."
    )
    # Its reason told for all of its list that follow from the same; for the report only, so not part of what is published.
    samen: SkipJsonSchema[str] = Field(default="", exclude=True, repr=False)


class Transitie(Conclusie):
    """A transition that leads or plays along, and on what grounds."""

    kort: str = Field(description="Naam zoals zij in een zin past.")
    gronden: tuple[Conclusie, ...] = Field(description="De gronden waarop zij kan leiden, elk met haar redenen.")
    # The reasons of its strongest ground in brief, and the measurements that these rest on; for the report only.
    want: SkipJsonSchema[tuple[str, ...]] = Field(default=(), exclude=True, repr=False)
    cijfers: SkipJsonSchema[tuple[str, ...]] = Field(default=(), exclude=True, repr=False)


class Bewijsgrond(Model):
    """Why a task is relevant."""

    soort: Bewijssoort
    conclusie: str = Field(description=SLEUTEL)
    redenen: tuple[str, ...]


class Deelopgave(Conclusie):
    """A part of a task that this wijk itself calls for."""

    opZichzelf: bool = Field(description="Of wie de deelopgave vraagt niet de hele opgave bedoelt.")


class Opgave(Conclusie):
    """A task, with the transitions it belongs to and why it is relevant."""

    transities: tuple[Slug, ...] = Field(description="Slugs van de transities waar de opgave bij hoort.")
    waarom: tuple[Bewijsgrond, ...] = Field(
        description="Of de opgave gevraagd, nodig of gebruikelijk is, met de redenen; leeg bij een meeliftkans."
    )
    deelopgaven: tuple[Deelopgave, ...] = Field(
        default=(), description="De delen van de opgave waar deze wijk zelf om vraagt."
    )
    gaatOm: tuple[Ding, ...] = Field(
        default=(), description="De delen waar het hier om gaat, als niets om de hele opgave vraagt."
    )


class Meeliftkans(Opgave):
    """A task that only an opening makes possible, and what would make it needed."""

    nodigBij: tuple[Ding, ...] = Field(
        description="Kenmerken en aanleidingen die de opgave nodig zouden maken als zij gelden."
    )


class Kleving(Model):
    """Another task to which a task sticks, and through which coupling."""

    opgave: Slug = Field(description="Slug van de opgave waaraan zij kleeft.")
    label: str
    via: str = Field(description="Kenmerk van de koppeling.")


class VolgendeOpgave(Opgave):
    """A task that moves along with a leading one."""

    afstand: int = Field(description="Aantal koppelingen tot de dichtstbijzijnde leidende opgave.", ge=1)
    kleeftAan: tuple[Kleving, ...]


class GenoemdWerk(Model):
    """A work of the situation, as stated, with the first year in which its chance can come back."""

    werksoort: Ding
    van: int | None = Field(description="Eerste jaar, zoals opgegeven.")
    tot: int | None = Field(description="Laatste jaar, zoals opgegeven.")
    schuifruimte: int | None = Field(description="Aantal jaren dat het werk kan schuiven.")
    eigenaar: Ding | None = Field(description="Partij die over het werk gaat.")
    zekerheid: Ding | None = Field(description="Hoe vast het plan staat.")
    volgendeKans: int | None = Field(description="Jaar waarin dit werk terugkomt: klaar plus levensduur.")


class Opening(Conclusie):
    """An element that opens with coming work."""

    element: Ding
    werken: tuple[GenoemdWerk, ...]


class KomendWerk(Conclusie):
    """A kind of work that is to come: what its opening gives, or why it opens nothing."""

    werken: tuple[GenoemdWerk, ...]
    gaatOpen: tuple[Ding, ...] = Field(description="Elementen die ermee opengaan.")
    hierPast: tuple[Ding, ...] = Field(description="Opgaven die aan de orde zijn en in die opening koppelen.")
    kanMeeliften: tuple[Ding, ...] = Field(
        default=(), description="Opgaven waar niets om vraagt, maar die met die opening mee kunnen."
    )
    kansen: tuple[str, ...] = Field(
        default=(), description="Wat daarvan een kenmerk van deze wijk binnen bereik brengt, en welk kenmerk."
    )
    # The tasks of those sentences, in the same order; for the report only, so not part of what is published.
    kansrijk: SkipJsonSchema[tuple[Ding, ...]] = Field(default=(), exclude=True, repr=False)
    schuiven: tuple[str, ...] = Field(
        default=(), description="Waarmee het werk samen kan gaan als het schuift, en wat er anders gebeurt."
    )
    zonderOpening: tuple[str, ...] = Field(description="Waarom het werk geen opening geeft; leeg als het die geeft.")


class Manier(Model):
    """One way in which two tasks couple."""

    soort: Koppelsoort
    label: str
    conclusie: str = Field(description=SLEUTEL)
    redenen: tuple[str, ...]


class Voorbeeld(Ding):
    """A known wijk that did or had the same, and how its approach ended."""

    afloop: Ding | None


class Uitweg(Conclusie):
    """A passable way out of a conflict."""

    oplossing: Slug = Field(description="Slug van de oplossing.")


class Conflict(Conclusie):
    """A clash, the choice it asks, and its passable ways out."""

    opgaven: tuple[Slug, ...] = Field(description="Slugs van de opgaven die botsen of in de knel komen.")
    elementen: tuple[Ding, ...] = Field(default=(), description="Elementen waarop zij om dezelfde ruimte vragen.")
    vraagtKeuze: str | None = Field(description="De keuze die het conflict aan het bestuur vraagt.")
    uitWerk: bool = Field(default=False, description="Of het volgt uit de jaren of de wijze van gepland werk.")
    waarschuwing: bool = Field(
        default=False, description="Of alleen vergelijkbare wijken erop wijzen, en niets van deze wijk zelf."
    )
    uitwegen: tuple[Uitweg, ...]
    wijken: tuple[Voorbeeld, ...] = Field(description="Bekende wijken waar het zich voordeed.")


class Koppelkans(Conclusie):
    """Two tasks that can be taken up together: one row a pair."""

    opgaven: tuple[Slug, ...] = Field(description="Slugs van de twee opgaven.")
    sterk: bool = Field(
        description="Of er een leidende opgave in zit, zij op meer dan één manier koppelt en niets onopgelost schuurt."
    )
    manieren: tuple[Manier, ...] = Field(description="De manieren waarop zij koppelen.")
    elementen: tuple[Ding, ...] = Field(
        description="Elementen waarop zij samenkomen en die opengaan of dat misschien doen."
    )
    openingen: tuple[Opening, ...] = Field(description="Geplande openingen van die elementen.")
    uitvoering: tuple[GenoemdWerk, ...] = Field(
        default=(), description="Komend werk dat een van de twee opgaven zelf uitvoert."
    )
    # Of that, what the other task can go along with: not where that one comes first; for the report only.
    meenemen: SkipJsonSchema[tuple[GenoemdWerk, ...]] = Field(default=(), exclude=True, repr=False)
    beslisVoor: int | None = Field(
        description="Jaar waarvoor besloten moet zijn: het eerste jaar van het vroegste werk."
    )
    volgendeKans: int | None = Field(
        description="Jaar waarin de kans terugkomt: het eerstvolgende werk, anders klaar plus levensduur."
    )
    watNodig: tuple[str, ...] = Field(description="Wat er nodig is om het paar in tijd samen te brengen.")
    wijken: tuple[Voorbeeld, ...] = Field(description="Bekende wijken die dit koppelden.")
    conflicten: tuple[Conflict, ...] = Field(description="Conflicten tussen deze twee opgaven.")


class Oplossing(Conclusie):
    """A solution that serves several relevant tasks, or that another solution makes possible."""

    opgaven: tuple[Slug, ...] = Field(description="Slugs van de relevante opgaven die ermee geholpen zijn.")
    maaktMogelijk: tuple[Slug, ...] = Field(description="Slugs van de vervolgoplossingen in de keten.")
    dankzij: tuple[Slug, ...] = Field(description="Slugs van de oplossingen die deze mogelijk maken.")


class Organisatievorm(Conclusie):
    """A form of organisation for a relevant task."""

    opgave: Slug
    vorm: str = Field(description="Klasse van de vorm: CentraleOrganisatie of DecentraleOrganisatie.")
    betrokkenen: tuple[Slug, ...]


class Voorwaarde(Ding):
    """A condition with the key of what is concluded about it."""

    conclusie: str = Field(description=SLEUTEL)


class Handelingsperspectief(Conclusie):
    """An instrument or recommendation."""

    behoeften: tuple[Slug, ...] = Field(description="Slugs van de behoeften waarin het voorziet.")


class KenmerkVanInstrument(Ding):
    """A characteristic of this wijk that an instrument suits, and what tells how much it says of this wijk."""

    vereist: bool
    opgegeven: bool
    # How many known wijken had it.
    wijken: int


class Instrument(Handelingsperspectief):
    """An instrument with what a council asks about it."""

    status: Status = Field(
        description="past: alle voorwaarden zijn gebleken; mogelijk: ga eerst na wat onbekend is; "
        "komt: gaat binnen vier jaar open; "
        "bijna: één voorwaarde geldt niet."
    )
    gaNa: tuple[Voorwaarde, ...] = Field(description="Voorwaarden waarvan nog onbekend is of zij gelden.")
    soort: tuple[Ding, ...]
    wie: tuple[Ding, ...] = Field(description="Wie het uitvoert.")
    schaal: tuple[Ding, ...]
    termijn: str | None = Field(description="Openstelling of termijn.")
    bedrag: str | None = Field(description="Bedrag en dekking.")
    benodigd: str | None = Field(description="Wat er eerst moet zijn.")
    eerst: tuple[Ding, ...] = Field(description="Instrumenten die er eerder moeten zijn.")
    valkuil: str | None = Field(description="Waar het in de praktijk op vastloopt.")
    plaatselijk: bool = Field(description="Of het de eigen praktijk van één plaats is.")
    helpt: tuple[Ding, ...] = Field(description="Opgaven die aan de orde zijn en waarvoor het bedoeld is.")
    bijKenmerken: tuple[Ding, ...] = Field(
        default=(), description="Kenmerken van deze wijk waarbij het meer doet dan elders."
    )
    # For the report only, so not part of what is published: who of them takes part here, what is required or suited,
    # and which stated scarcity it relieves.
    aanTafel: SkipJsonSchema[tuple[Ding, ...]] = Field(default=(), exclude=True, repr=False)
    gemaaktVoor: SkipJsonSchema[tuple[KenmerkVanInstrument, ...]] = Field(default=(), exclude=True, repr=False)
    tegenSchaarste: SkipJsonSchema[tuple[Ding, ...]] = Field(default=(), exclude=True, repr=False)
    wijken: tuple[Voorbeeld, ...] = Field(description="Bekende wijken die het gebruikten.")
    ontbreekt: str | None = Field(description="De ene voorwaarde die niet geldt, bij een instrument dat net niet past.")
    voorwaarde: Slug | None = Field(description="Slug van die voorwaarde.")


class Cijfer(Ding):
    """A figure of a known wijk."""

    waarde: str = Field(description="Waarde met eenheid, in woorden.")
    jaar: int | None


class Wijk(Conclusie):
    """A known wijk that resembles the situation, and what it can teach."""

    gemeente: Ding | None
    gedeeld: tuple[Ding, ...] = Field(description="Feiten die de wijk en de situatie delen.")
    leidend: tuple[Ding, ...] = Field(description="Transities die er leidden.")
    opgaven: tuple[Slug, ...] = Field(description="Slugs van de opgaven die er zijn opgepakt.")
    afloop: Ding | None
    les: str | None
    cijfers: tuple[Cijfer, ...]


class Stappen(Model):
    """The steps of one phase."""

    fase: Slug
    label: str
    stappen: tuple[Conclusie, ...]


class Gegeven(Model):
    """What the situation states with one property, in words."""

    eigenschap: str = Field(description="Naam van de eigenschap in de ontologie.")
    label: str
    waarden: tuple[str, ...]
    # The individuals that it names; for the report only, so not part of what is published.
    dingen: SkipJsonSchema[tuple[Ding, ...]] = Field(default=(), exclude=True, repr=False)


class Ingevuld(Model):
    """A measurement that nobody stated: filled in from a public source."""

    grootheid: Ding
    waarde: float = Field(description="Waarde, in de eenheid van de grootheid.")
    tekst: str = Field(description="De waarde met haar bron en jaar, in woorden.")
    bron: Ding
    jaar: int = Field(description="Kalenderjaar waarover de waarde gaat.")
    gebied: str = Field(description="CBS-code van het gebied waarover de waarde gaat.")
    toegepastOp: str | None = Field(
        description="CBS-code van het gebied waarvoor zij gebruikt wordt, als dat maar een deel is."
    )


class Antwoord(Model):
    """A possible answer to a question."""

    toevoegen: dict[str, Any] = Field(description="De situatie die het antwoord toevoegt.")
    verandert: int = Field(description="Hoeveel regels van het eerste scherm erdoor komen en gaan.")


class Vraag(Model):
    """A question that the situation leaves open."""

    veld: str = Field(description="Veld van de situatie dat het antwoord krijgt.")
    vraag: str
    antwoorden: tuple[Antwoord, ...] = Field(description="Mogelijke antwoorden.")
    verandert: int = Field(description="Het grootste aantal regels van het eerste scherm dat een antwoord verandert.")


class Advies(Model):
    """An advice about one situation."""

    situatie: Annotated[Situatie, PlainSerializer(dump_situation, return_type=dict[str, Any], when_used="always")] = (
        Field(description="De situatie waarover het gaat, zoals opgegeven.")
    )
    uitgangspunten: tuple[Gegeven, ...] = Field(description="Wat er over de situatie is opgegeven, in woorden.")
    ingevuld: tuple[Ingevuld, ...] = Field(
        default=(),
        description="Metingen die niet zijn opgegeven maar uit openbare gegevens zijn ingevuld; "
        "die waar een regel iets uit afleidde vooraan.",
    )
    leidendeTransities: tuple[Transitie, ...]
    medespelers: tuple[Transitie, ...] = Field(description="Transities met een grond die voor een sterkere wijkt.")
    relevanteOpgaven: tuple[Opgave, ...]
    leidend: tuple[Opgave, ...]
    volgend: tuple[VolgendeOpgave, ...]
    losseOpgaven: tuple[Opgave, ...] = Field(
        default=(), description="Opgaven die gevraagd of nodig zijn, los van wat leidt."
    )
    meeliftkansen: tuple[Meeliftkans, ...]
    vervallen: tuple[Conclusie, ...] = Field(description="Opgaven waartegen bewijs is.")
    weersproken: tuple[Conclusie, ...] = Field(
        default=(), description="Gevraagde opgaven die een kenmerk van deze wijk overbodig lijkt te maken."
    )
    koppelkansen: tuple[Koppelkans, ...]
    meeliftkoppelingen: tuple[Koppelkans, ...] = Field(
        description="Paren van een leidende opgave met een opgave die in dezelfde opening kan meeliften."
    )
    koppelconcepten: tuple[Conclusie, ...]
    combinaties: tuple[Conclusie, ...]
    conflicten: tuple[Conflict, ...]
    oplossingen: tuple[Oplossing, ...]
    organisatie: tuple[Organisatievorm, ...]
    behoeften: tuple[Conclusie, ...]
    instrumenten: tuple[Instrument, ...]
    bijnaPassend: tuple[Instrument, ...]
    aanbevelingen: tuple[Handelingsperspectief, ...]
    vergelijkbareWijken: tuple[Wijk, ...]
    signalen: tuple[Conclusie, ...]
    afgeleideKenmerken: tuple[Conclusie, ...]
    vervallenAanleidingen: tuple[Conclusie, ...]
    stilleAanleidingen: tuple[Conclusie, ...] = Field(
        default=(), description="Opgegeven aanleidingen die niet zelf zeggen wat leidt of nodig is."
    )
    komendWerk: tuple[KomendWerk, ...] = Field(
        default=(), description="Werk dat nog komt, met wat erin past of waarom het niets opent; het eerste jaar eerst."
    )
    openingen: tuple[Opening, ...]
    openElementen: tuple[Conclusie, ...]
    stappen: tuple[Stappen, ...]
    vragen: tuple[Vraag, ...] = ()
    ontvangstbewijs: Ontvangstbewijs | None = Field(default=None, description="Waaruit het advies gemaakt is.")

    def written(self) -> bytes:
        """The advice in JSON, as pydantic writes it, from rows that may have been written before."""
        return b"{%s}" % b",".join(b'"%s":%s' % (name.encode(), _written(getattr(self, name))) for name in FIELDS)


FIELDS = tuple(Advies.model_fields)


def _written(value: Situatie | Ontvangstbewijs | tuple[Model, ...] | None) -> bytes:
    """A field of an advice in JSON."""
    if isinstance(value, tuple):
        return b"[%s]" % b",".join([row.in_json for row in value])
    return to_json(dump_situation(value) if isinstance(value, Situatie) else value)
