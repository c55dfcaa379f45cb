"""The instruments serve every task: when it is asked with its own parties at the table, two kinds of them fit."""

from collections.abc import Mapping

import pytest
from pyoxigraph import NamedNode

from kb.engine import Engine
from kb.names import slug, term
from kb.situation.facts import Link
from kb.situation.model import read_situation

PEILDATUM = "2026-11-25"
# A process instrument meets needs; it is not meant for a task, or every neighbourhood would get the same.
GENERAL = ["samen-ontwerpen", "participatie-per-straat", "gebiedsovereenkomst", "wijkpact", "bewonerspeiling"]


def individual(engine: Engine, cls: str, name: str) -> NamedNode:
    """The individual of a class with this slug."""
    return next(node for node in engine.knowledge.instances(term(cls)) if slug(node) == name)


def meant_for(engine: Engine, task: NamedNode) -> list[NamedNode]:
    """The instruments that are meant for a task."""
    return engine.knowledge.subjects(term("helptOpgave"), task)


def natural_parties(engine: Engine, task: NamedNode) -> list[str]:
    """The parties that carry out what is meant for a task."""
    parties = {
        party for each in meant_for(engine, task) for party in engine.knowledge.objects(each, term("uitgevoerdDoor"))
    }
    return sorted(slug(party) for party in parties)


def found(engine: Engine, given: Mapping[str, object], prop: str) -> set[NamedNode]:
    """What a situation gets by a property."""
    outcome = engine.evaluate(read_situation({"peildatum": PEILDATUM, **given}))
    atoms = zip(engine.program.atoms, outcome.true, strict=False)
    return {atom.object for atom, true in atoms if true and isinstance(atom, Link) and atom.property == term(prop)}


def test_gevraagde_opgave_krijgt_twee_soorten_passende_instrumenten(engine: Engine) -> None:
    kind = term("heeftInstrumentsoort")
    poor = {}
    for task in engine.knowledge.instances(term("Kernopgave")):
        given = {"opgaven": [slug(task)], "betrokkenen": natural_parties(engine, task)}
        fitting = found(engine, given, "heeftPassendInstrument") & set(meant_for(engine, task))
        if len({each for node in fitting for each in engine.knowledge.objects(node, kind)}) < 2:
            poor[slug(task)] = sorted(map(slug, fitting))
    assert poor == {}


@pytest.mark.parametrize("name", GENERAL)
def test_procesinstrument_voorziet_in_behoeften_en_niet_in_opgaven(engine: Engine, name: str) -> None:
    node = individual(engine, "Instrument", name)
    assert engine.knowledge.objects(node, term("voorzietIn"))
    assert not engine.knowledge.objects(node, term("helptOpgave"))


@pytest.mark.parametrize(
    "given", [{"aanleidingen": ["funderingsschade"]}, {"kenmerken": ["funderingsrisico"]}], ids=["schade", "risico"]
)
@pytest.mark.parametrize("name", ["funderingsloket", "funderingsonderzoek"])
def test_funderingsinstrument_past_bij_schade_of_risico(engine: Engine, given: Mapping[str, object], name: str) -> None:
    assert individual(engine, "Instrument", name) in found(engine, given, "heeftPassendInstrument")


@pytest.mark.parametrize("name", ["funderingsloket", "funderingsonderzoek", "fonds-duurzaam-funderingsherstel"])
def test_funderingsinstrument_past_niet_zonder_schade_of_risico(engine: Engine, name: str) -> None:
    given = {"opgaven": ["woningen-renoveren"], "kenmerken": ["veel-particulier-bezit"]}
    offered = found(engine, given, "heeftPassendInstrument") | found(engine, given, "heeftMogelijkInstrument")
    assert individual(engine, "Instrument", name) not in offered


@pytest.mark.parametrize("kenmerk", ["dun-bebouwd", "hoge-woningwaarde", "nauwelijks-bewoond"])
def test_programma_voor_focusgebieden_valt_af_in_dorp_en_villawijk(engine: Engine, kenmerk: str) -> None:
    given: Mapping[str, object] = {"opgaven": ["sociale-cohesie-versterken"], "kenmerken": [kenmerk]}
    offered = found(engine, given, "heeftPassendInstrument") | found(engine, given, "heeftMogelijkInstrument")
    assert individual(engine, "Instrument", "nationaal-programma-leefbaarheid-en-veiligheid") not in offered


def test_krimp_weerlegt_bouwen_maar_een_bouwplan_blijft_staan(engine: Engine) -> None:
    build = individual(engine, "Kernopgave", "woningen-bouwen")
    shrinking: Mapping[str, object] = {"kenmerken": ["krimp"], "aanleidingen": ["woningtekort"]}
    assert build not in found(engine, shrinking, "heeftRelevanteOpgave")
    planned: Mapping[str, object] = {"kenmerken": ["krimp"], "aanleidingen": ["sloop-en-nieuwbouw"]}
    assert build in found(engine, planned, "heeftRelevanteOpgave")
