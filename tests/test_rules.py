"""Every rule is tested by the file beside it, and a wrong test file is reported in words an editor can act on."""

import json
from pathlib import Path

import pytest

from kb.check.rule_tests import path_of_test, run_rule_test, run_rule_tests
from kb.engine import Engine
from kb.rule.rule import Rule
from tests.conftest import ROOT

RULES = ROOT / "rules"
RULE_FILES = sorted(RULES.rglob("*.rq"))
LEADING = "leidt-op-sterkste-grond"
ENERGY = "heeftLeidendeTransitie/transitie/energie"
SOCIAL = "heeftLeidendeTransitie/transitie/sociaaleconomisch"
LEADS, MATTERS = {"prioriteiten": {"energie": 3}}, {"prioriteiten": {"energie": 2}}
INVERSE = "owl-prp-inv1"

WRONG_TESTS = {
    "the rule does not fire": ((MATTERS, ENERGY), (LEADS, ENERGY), "vuurt niet voor heeftLeidendeTransitie"),
    "what is lacking": ((MATTERS, ENERGY), (LEADS, ENERGY), "Niet gevonden: "),
    "what would make it hold": ((MATTERS, ENERGY), (LEADS, ENERGY), "De conclusie geldt wel met ‘"),
    "no knowledge leads there": (
        ({}, "heeftLeidendeTransitie/transitie/energie"),
        (LEADS, ENERGY),
        "Niet gevonden: ?situatie :heeftLeidgrond",
    ),
    "the near miss fires": ((LEADS, ENERGY), ({"prioriteiten": {"energie": 3, "mobiliteit": 2}}, ENERGY), "vuurt toch"),
    "another rule draws the conclusion": (
        ({"aanleidingen": ["aardgasvrije-wijk"], "kenmerken": ["focusgebied"]}, SOCIAL),
        ({"aanleidingen": ["aardgasvrije-wijk"], "kenmerken": []}, SOCIAL),
        "vuurt niet voor heeftLeidendeTransitie",
    ),
    "the near miss differs in two facts": (
        (LEADS, ENERGY),
        ({"prioriteiten": {"energie": 2}, "fase": "kennen"}, ENERGY),
        "verschilt in 2 feiten",
    ),
    "both situations are the same": ((MATTERS, ENERGY), (MATTERS, ENERGY), "verschilt in 0 feiten"),
    "the conclusion is unknown": ((LEADS, ENERGY + "s"), (MATTERS, ENERGY), f"Bedoelt u {ENERGY}"),
    "the situation has an unknown term": (
        ({"prioriteiten": {"energi": 3}}, ENERGY),
        (MATTERS, ENERGY),
        "prioriteiten.energi: onbekend als transitie",
    ),
}


def rule_of(engine: Engine, slug: str) -> Rule:
    """The rule with this slug."""
    return next(rule for rule in [*engine.knowledge.rules, *engine.rules] if rule.slug == slug)


def failures_of(engine: Engine, slug: str, folder: Path = RULES) -> list[str]:
    """What is wrong with one rule or its test."""
    return [failure.reason for failure in run_rule_test(engine, rule_of(engine, slug), folder)]


def write_test(engine: Engine, folder: Path, slug: str, text: str) -> None:
    """Put a test for a rule in another rules folder."""
    path = path_of_test(rule_of(engine, slug), folder)
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_regel_fires_and_nearly_fires_as_its_test_says(engine: Engine, path: Path) -> None:
    assert failures_of(engine, path.stem) == []


def test_toets_without_a_rule_is_reported(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "situatie").mkdir()
    (tmp_path / "situatie" / "verdwenen.toets.json").write_text("{}")
    reasons = {failure.rule: failure.reason for failure in run_rule_tests(engine, tmp_path)}
    assert "er is geen regel verdwenen.rq" in reasons["verdwenen"]
    assert f"de regel {LEADING} heeft geen toets" in reasons[LEADING]


@pytest.mark.parametrize(("fires", "nearly", "reason"), WRONG_TESTS.values(), ids=WRONG_TESTS)
def test_toets_of_situatieregel_is_reported_when(
    engine: Engine,
    tmp_path: Path,
    fires: tuple[dict[str, object], str],
    nearly: tuple[dict[str, object], str],
    reason: str,
) -> None:
    test = {
        "vuurt": {"situatie": fires[0], "conclusie": fires[1]},
        "bijna": {"situatie": nearly[0], "conclusie": nearly[1], "waarom": "Net niet."},
    }
    write_test(engine, tmp_path, LEADING, json.dumps(test))
    assert reason in " ".join(failures_of(engine, LEADING, tmp_path))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "het bestand"),
        ('{"vuurt": {"situatie": {}, "conclusie": "x"}}', "bijna"),
        ('{"vuurt": {"situatie": {}}, "bijna": {}}', "vuurt.conclusie"),
    ],
)
def test_toets_of_situatieregel_that_cannot_be_read_is_reported_with_its_place(
    engine: Engine, tmp_path: Path, text: str, place: str
) -> None:
    write_test(engine, tmp_path, LEADING, text)
    assert f"fout bij {place};" in " ".join(failures_of(engine, LEADING, tmp_path))


INVERSE_FIRES = "<vuurt> { :omvatOpgave owl:inverseOf :hoortBij . :a :omvatOpgave :b }"
INVERSE_NEARLY = "<bijna> { :hoortBij owl:inverseOf :omvatOpgave . :a :omvatOpgave :b }"

INVERSE_SILENT = INVERSE_NEARLY.replace("bijna", "vuurt")


@pytest.mark.parametrize(
    ("graphs", "reason"),
    [
        ((INVERSE_FIRES, INVERSE_NEARLY, "<verwacht> { :b :hoortBij :a, :c }"), "leidt niet af: "),
        (
            (INVERSE_NEARLY.replace("bijna", "vuurt"), INVERSE_NEARLY, "<verwacht> { :b :hoortBij :a }"),
            "Dit patroon vindt niets: ",
        ),
        ((INVERSE_FIRES.replace(":b", ":b, :d"), INVERSE_NEARLY, "<verwacht> { :b :hoortBij :a }"), "leidt ook af"),
        (
            (INVERSE_FIRES, INVERSE_FIRES.replace("vuurt", "bijna"), "<verwacht> { :b :hoortBij :a }"),
            "hier mag niet gelden",
        ),
        ((INVERSE_FIRES, "<verwacht> { :b :hoortBij :a }"), "mist de graaf <bijna>"),
        ((INVERSE_FIRES, "<bijna> {"), "geen geldige TriG, regel 4"),
    ],
)
def test_toets_of_kennisregel_is_reported_when_the_graphs_do_not_fit(
    engine: Engine, tmp_path: Path, graphs: tuple[str, ...], reason: str
) -> None:
    prefixes = ("PREFIX : <https://w3id.org/wijkaanpak/def#>", "PREFIX owl: <http://www.w3.org/2002/07/owl#>")
    write_test(engine, tmp_path, INVERSE, "\n".join((*prefixes, *graphs)))
    assert reason in " ".join(failures_of(engine, INVERSE, tmp_path))
