"""How sharp the advice is, over all examples, invented situations and known cases together."""

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from kb import paths
from kb.advice.model import Advies
from kb.check.gevallen import BadFile, Cases, Geval, average, table
from kb.check.verwachtingen import Verwachting, read_expectations
from kb.engine import Engine
from kb.names import term
from kb.situation.model import read_situation
from tests.conftest import ROOT

GEVALLEN = ROOT / "tests" / "gevallen"
FILES = sorted(
    path
    for folder in (paths.EXAMPLES, paths.EXPECTATIONS / "situaties", GEVALLEN / "situaties")
    for path in folder.glob("*.json")
)
MOST_SHARED = 2
QUARTER = 0.25

# A little below what is reached, so that a regression fails.
FLOORS = {
    "leidendGoed": 0.85,
    "opgavenGevonden": 0.7,
    "opgavenGoed": 0.52,
    "koppelingenEersteVijf": 0.36,
    "koppelingenEersteTien": 0.48,
    "instrumentenEersteVijf": 0.33,
    "instrumentenEersteTien": 0.44,
    "conflictenGevonden": 0.78,
    "instrumentenBekend": 0.95,
    "conflictenBekend": 0.85,
}
CEILINGS = {"leidendAantal": 1.3, "koppelingenGetoond": 20}


@pytest.fixture(scope="module")
def adviezen(engine: Engine) -> dict[str, Advies]:
    """The advice on every situation, each known wijk left out of its own evidence."""
    cases = Cases(engine)

    def advice(path: Path) -> Advies:
        return engine.advise(cases.left_out(path.stem, read_situation(path.read_text(encoding="utf-8"))))

    return {path.stem: advice(path) for path in FILES}


@pytest.fixture(scope="module")
def gevallen(engine: Engine) -> list[Geval]:
    """The sixteen cases, measured."""
    measured = list(Cases(engine).measure(GEVALLEN))
    assert not [str(each) for each in measured if isinstance(each, BadFile)]
    return [each for each in measured if isinstance(each, Geval)]


def test_gevallen_are_found_as_well_as_before(gevallen: list[Geval]) -> None:
    print("\n".join(["", *table(gevallen)]))
    mean = average(gevallen).model_dump()
    assert {name: mean[name] for name, floor in FLOORS.items() if mean[name] < floor} == {}
    assert {name: mean[name] for name, ceiling in CEILINGS.items() if mean[name] > ceiling} == {}


def test_every_geval_is_left_out_of_its_own_evidence(gevallen: list[Geval]) -> None:
    assert [case.naam for case in gevallen if case.weggelaten is None] == []


def test_gevallen_use_only_words_of_the_knowledge(gevallen: list[Geval]) -> None:
    assert {case.naam: case.onbekend for case in gevallen if case.onbekend} == {}


def test_instrumenten_differ_between_situations_of_other_leidende_transities(adviezen: dict[str, Advies]) -> None:
    leading = {name: {row.slug for row in advies.leidendeTransities} for name, advies in adviezen.items()}
    first = {name: {row.slug for row in advies.instrumenten[:5]} for name, advies in adviezen.items()}
    alike = {
        (one, other): first[one] & first[other]
        for one, other in combinations(adviezen, 2)
        if not leading[one] & leading[other] and len(first[one] & first[other]) > MOST_SHARED
    }
    assert alike == {}


def test_no_instrument_is_first_in_more_than_a_quarter(adviezen: dict[str, Advies]) -> None:
    first = Counter(advies.instrumenten[0].slug for advies in adviezen.values() if advies.instrumenten)
    assert {slug: count for slug, count in first.items() if count > QUARTER * len(adviezen)} == {}


def test_no_opgave_that_is_nowhere_asked_or_needed_follows_in_more_than_a_quarter(
    adviezen: dict[str, Advies],
) -> None:
    follows = Counter(row.slug for advies in adviezen.values() for row in advies.volgend)
    grounded = {
        row.slug
        for advies in adviezen.values()
        for row in advies.relevanteOpgaven
        if any(ground.soort != "gebruikelijk" for ground in row.waarom)
    }
    noise = {slug: count for slug, count in follows.items() if slug not in grounded}
    assert {slug: count for slug, count in noise.items() if count > QUARTER * len(adviezen)} == {}


def test_every_schaarste_is_told_to_change_something(engine: Engine) -> None:
    stated = {
        name
        for path in sorted(paths.EXPECTATIONS.glob("*.yaml"))
        for each in read_expectations(path)
        if isinstance(each, Verwachting) and each.wijziging
        for name in each.wijziging.toevoegen.get("schaarste", [])
    }
    known = {node.value.rpartition("/")[2] for node in engine.knowledge.instances(term("SchaarsMiddel"))}
    assert known <= stated
