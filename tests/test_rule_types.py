"""Rules keep to the domains and ranges of the ontology, and what they derive contradicts nothing."""

import shutil
from pathlib import Path

import pytest

from kb import paths
from kb.check.consistency import check_consistency, clashes_in
from kb.check.derived import check_derived
from kb.check.rule_tests import situations_of_tests
from kb.check.rule_types import check_rule_types
from kb.check.turtle_files import Finding, TurtleFiles
from kb.engine import Engine
from kb.rule.parse import parse_rule
from kb.situation.model import Situatie
from tests.conftest import ROOT
from tests.strategies import rule_text


@pytest.fixture(scope="module")
def files() -> TurtleFiles:
    """The Turtle of the project."""
    return TurtleFiles(paths.ONTOLOGY)


def found(files: TurtleFiles, construct: str, name: str = "situatie/proef.rq") -> list[Finding]:
    """What is wrong with one rule."""
    return list(check_rule_types([parse_rule(rule_text(construct), Path(name))], files))


WRONG = [
    (
        "CONSTRUCT { ?situatie :heeftBehoefte ?o }\nWHERE { ?situatie :heeftOpgave ?o }",
        8,
        "?o is een :Opgave (achter :heeftOpgave), maar hier (achter :heeftBehoefte) hoort een :Behoefte; "
        "leid daar alleen een :Behoefte af.",
    ),
    (
        "CONSTRUCT { ?situatie :heeftPassendInstrument ?i }\nWHERE { ?situatie :heeftBehoefte ?b .\n"
        "?i a :Handelingsperspectief ; :voorzietIn ?b }",
        8,
        "?i is een :Handelingsperspectief (zo benoemd), maar hier (achter :heeftPassendInstrument) hoort een :Instrument",
    ),
    (
        "CONSTRUCT { ?situatie :heeftLeidendeTransitie ?t }\nWHERE {\n?situatie :aanleidingVoor ?t ; :heeftAanleiding ?a }",
        10,
        "?situatie is een :Situatie (zo benoemd), maar hier (vóór :aanleidingVoor) hoort een :Aanleiding",
    ),
    (
        "CONSTRUCT { ?situatie :heeftOpgave ?o }\nWHERE { ?situatie :heeftAanleiding ?a .\n?a :activeert ?o .\n"
        "FILTER NOT EXISTS {\n ?o :voorzietIn ?b . ?b a :Instrument } }",
        12,
        "?b is een :Behoefte (achter :voorzietIn), maar hier (zo benoemd) hoort een :Instrument; dat gaat niet samen.",
    ),
    (
        "CONSTRUCT { ?situatie :heeftBehoefte <https://w3id.org/wijkaanpak/id/transitie/energie> }\n"
        "WHERE { ?situatie :heeftAanleiding ?a }",
        8,
        "is een :Transitie (zo benoemd), maar hier (achter :heeftBehoefte) hoort een :Behoefte",
    ),
]


@pytest.mark.parametrize(("construct", "line", "message"), WRONG, ids=[message[:20] for _, _, message in WRONG])
def test_regel_that_mixes_up_classes_is_found_with_its_line(
    files: TurtleFiles, construct: str, line: int, message: str
) -> None:
    [finding] = found(files, construct)
    assert message in finding.message
    assert finding.line == line


def test_kennisregel_that_says_what_it_makes_is_well_typed(files: TurtleFiles) -> None:
    good = (
        'CONSTRUCT { ?k a :Kleving ; :heeftVolger ?o }\nWHERE { ?o a :Opgave . BIND (IRI(CONCAT(STR(?o), "x")) AS ?k) }'
    )
    assert found(files, good, "kennis/proef.rq") == []
    [finding] = found(files, good.replace(":Kleving", ":Conflict"), "kennis/proef.rq")
    assert "?k is een :Conflict (zo benoemd), maar hier (vóór :heeftVolger) hoort een :Kleving" in finding.message


def test_regels_of_the_project_keep_to_the_ontology(engine: Engine, files: TurtleFiles) -> None:
    assert list(check_rule_types([*engine.knowledge.rules, *engine.rules], files)) == []


def test_every_rule_lends_its_situation_to_the_search_for_contradictions(engine: Engine) -> None:
    assert len(situations_of_tests(engine, ROOT / "rules")) == len(engine.rules)


def test_derived_contradiction_is_found_at_the_rule_that_derives_it(engine: Engine, tmp_path: Path) -> None:
    rules = shutil.copytree(ROOT / "rules", tmp_path / "rules")
    construct = "CONSTRUCT { ?situatie :heeftBehoefte ?o }\nWHERE { ?situatie :heeftOpgave ?o }"
    (rules / "situatie" / "aaa-proef.rq").write_text(rule_text(construct), encoding="utf-8")
    proof = Engine.over(engine.knowledge, rules)
    situation = {"proef": Situatie(opgaven=("waterbuffers-creeren",))}
    about = "afgeleid: opgave/waterbuffers-creeren is zowel :Behoefte (door :heeftBehoefte) als :Opgave "
    found = list(check_derived(proof, TurtleFiles(paths.ONTOLOGY).store, situation))
    [finding] = [finding for finding in found if finding.message.startswith(about)]
    assert finding.path is not None
    assert finding.line == 8


# What `check_derived` can tell; a construct that is not among these would need HermiT there too.
COVERED = {
    "Ontology", "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "AllDisjointClasses", "members",
    "inverseOf", "SymmetricProperty", "TransitiveProperty", "versionInfo",
    "Axiom", "annotatedSource", "annotatedProperty", "annotatedTarget",
}  # fmt: skip


def test_ontology_uses_no_owl_that_the_check_of_what_is_derived_cannot_tell(files: TurtleFiles) -> None:
    owl = "http://www.w3.org/2002/07/owl#"
    parts = {str(part)[1:-1] for quad in files.store for part in (quad.predicate, quad.object)}
    assert {part.removeprefix(owl) for part in parts if part.startswith(owl)} <= COVERED


def test_check_of_what_is_derived_agrees_with_hermit(tmp_path: Path) -> None:
    (tmp_path / "kennis").mkdir()
    shutil.copy(paths.ONTOLOGY / "wijkaanpak.ttl", tmp_path)
    prefix = "PREFIX : <https://w3id.org/wijkaanpak/def#>\n"
    for turtle, wrong in ((":a a :Opgave ; :hoortBij :b .", False), (":a a :Kernopgave . :x :voorzietIn :a .", True)):
        (tmp_path / "kennis" / "proef.ttl").write_text(prefix + turtle, encoding="utf-8")
        files = TurtleFiles(tmp_path)
        assert bool(list(check_consistency(files))) == bool(list(clashes_in(files.store))) == wrong
