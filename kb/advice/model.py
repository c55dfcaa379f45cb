"""The advice: everything the rules conclude about a situation, composed into the JSON contract that people read.

The model below is that contract. Conclusions are ranked by counted reasons, never by invented weights; the counts are shown.
"""

from typing import Any

from pydantic import BaseModel, Field


class Conclusie(BaseModel):
    """One conclusion. `conclusie` is the key that the explanation commands and resources accept."""

    id: str = Field(description="Kenmerk van het individu: soort/slug.", examples=["instrument/wijkkompas"])
    label: str = Field(description="Naam in de gevraagde taal.")
    conclusie: str = Field(
        description="Sleutel van de conclusie: eigenschap/soort/slug.",
        examples=["heeftPassendInstrument/instrument/wijkkompas"],
    )
    rustOpAanname: bool = Field(description="Of ieder bewijs van deze conclusie ergens op een aanname rust.")
    redenen: list[str] = Field(
        default_factory=list, description="De uitleg van iedere regel die tot de conclusie leidde."
    )


class Opgave(Conclusie):
    """A relevant or leading task, with the transitions it belongs to."""

    transities: list[str] = Field(description="Slugs van de transities waar de opgave bij hoort.")


class Kleving(BaseModel):
    """Another task to which a task sticks, and through which coupling."""

    opgave: str = Field(description="Slug van de opgave waaraan zij kleeft.")
    label: str
    via: str = Field(description="Kenmerk van de koppeling.")


class VolgendeOpgave(Opgave):
    """A task that moves along with a leading one."""

    afstand: int = Field(description="Aantal koppelingen tot de dichtstbijzijnde leidende opgave.", ge=1)
    kleeftAan: list[Kleving]


class Koppelkans(Conclusie):
    """Two tasks that can be taken up together."""

    opgaven: list[str] = Field(description="Slugs van de twee opgaven.")
    soort: str = Field(description="ruimte, proces of sterk (beide).", examples=["sterk"])
    element: str | None = Field(
        description="Slug van het element waarop zij samenkomen; leeg bij een koppeling in proces."
    )
    jaren: list[int] = Field(
        description="Eerste en laatste jaar waarin werk het element opent of werken overlappen; leeg als onbekend."
    )


class Uitweg(Conclusie):
    """A passable way out of a conflict."""

    oplossing: str = Field(description="Slug van de oplossing.")


class ConflictConclusie(Conclusie):
    """A clash, with its passable ways out."""

    opgaven: list[str] = Field(description="Slugs van de opgaven die botsen of in de knel komen.")
    oplossingen: list[Uitweg]


class Oplossing(Conclusie):
    """A solution that serves several relevant tasks, or that another solution makes possible."""

    opgaven: list[str] = Field(description="Slugs van de relevante opgaven die ermee geholpen zijn.")
    maaktMogelijk: list[str] = Field(description="Slugs van de vervolgoplossingen in de keten.")
    dankzij: list[str] = Field(description="Slugs van de oplossingen die deze mogelijk maken.")


class Organisatievorm(Conclusie):
    """A form of organisation for a relevant task."""

    opgave: str
    vorm: str = Field(description="Klasse van de vorm: CentraleOrganisatie of DecentraleOrganisatie.")
    betrokkenen: list[str]


class Handelingsperspectief(Conclusie):
    """An instrument or recommendation that fits, with the counts it is ranked by."""

    behoeften: list[str] = Field(description="Slugs van de behoeften waarin het voorziet.")
    tellingen: dict[str, int] = Field(
        description="Waarop is gerangschikt: behoeften, prioriteit en redenen, in die volgorde."
    )


class BijnaPassend(Conclusie):
    """An instrument that fits but for one condition."""

    ontbreekt: str = Field(description="De voorwaarde die ontbreekt.")
    voorwaarde: str = Field(description="Slug van die voorwaarde.")


class Stappen(BaseModel):
    """The steps of one phase."""

    fase: str
    label: str
    stappen: list[Conclusie]


class Vraag(BaseModel):
    """A question that the situation leaves open."""

    veld: str = Field(description="Veld van de situatie dat het antwoord krijgt.")
    vraag: str
    antwoorden: list[dict[str, Any]] = Field(
        description="Mogelijke antwoorden, elk met de situatie die erbij hoort en het aantal conclusies dat verandert."
    )
    verandert: int = Field(description="Het grootste aantal conclusies dat een antwoord verandert.")


class Advies(BaseModel):
    """An advice about one situation."""

    situatie: dict[str, Any]
    leidendeTransities: list[Conclusie]
    relevanteOpgaven: list[Opgave]
    meeliftkansen: list[Opgave]
    leidend: list[Opgave]
    volgend: list[VolgendeOpgave]
    koppelkansen: list[Koppelkans]
    koppelconcepten: list[Conclusie]
    combinaties: list[Conclusie]
    conflicten: list[ConflictConclusie]
    oplossingen: list[Oplossing]
    organisatie: list[Organisatievorm]
    behoeften: list[Conclusie]
    instrumenten: list[Handelingsperspectief]
    bijnaPassend: list[BijnaPassend]
    aanbevelingen: list[Handelingsperspectief]
    vergelijkbareWijken: list[Conclusie]
    signalen: list[Conclusie]
    vervallenAanleidingen: list[Conclusie]
    openElementen: list[Conclusie]
    stappen: list[Stappen]
    vragen: list[Vraag] = Field(default_factory=list)
