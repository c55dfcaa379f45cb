"""HermiT finds a contradiction, and the check names it."""

import shutil
from pathlib import Path

import pytest

from kb import paths
from kb.check.consistency import check_consistency
from kb.check.linksets import links
from kb.check.profile import check_profile
from kb.check.turtle_files import TurtleFiles
from kb.knowledge.turtle import read_turtle

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed; see .ci/install")
PREFIXES = """
PREFIX : <https://w3id.org/wijkaanpak/def#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def ontology_with(folder: Path, turtle: str) -> TurtleFiles:
    """A copy of the project's ontology with a file of knowledge."""
    (folder / "kennis").mkdir()
    shutil.copy(paths.ONTOLOGY / "wijkaanpak.ttl", folder)
    (folder / "kennis" / "fout.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
    return TurtleFiles(folder)


@needs_java
def test_ontology_with_its_links_is_consistent_and_in_owl_2_rl(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    aligned = links(quad.triple for quad in read_turtle(paths.ONTOLOGY / "links" / "ontologie.ttl"))
    assert aligned
    files = ontology_with(tmp_path, "\n".join(f"{link.subject} {link.predicate} {link.object} ." for link in aligned))
    assert [str(finding) for finding in [*check_consistency(files), *check_profile(files)]] == []
    assert capfd.readouterr() == ("", "")


@needs_java
def test_kennis_that_contradicts_itself_is_named_with_its_line(tmp_path: Path) -> None:
    files = ontology_with(
        tmp_path, "\n<https://w3id.org/wijkaanpak/id/opgave/fout> a :Opgave ;\n    :dientOpgave :x .\n"
    )
    [finding] = check_consistency(files)
    assert finding.path == tmp_path / "kennis" / "fout.ttl"
    assert finding.line == PREFIXES.count("\n") + 2
    assert finding.message == (
        "opgave/fout is zowel :Opgave (zo benoemd) als :Oplossingsrichting (door :dientOpgave), "
        "en die klassen sluiten elkaar uit."
    )


@needs_java
def test_kennis_with_a_value_outside_its_range_is_named(tmp_path: Path) -> None:
    files = ontology_with(tmp_path, '<https://w3id.org/wijkaanpak/id/levensduur/fout> :levensduurVan "veel" .')
    [finding] = check_consistency(files)
    assert "levensduur/fout: :levensduurVan moet xsd:integer zijn" in finding.message


@needs_java
def test_klasse_that_can_have_no_members_is_named(tmp_path: Path) -> None:
    files = ontology_with(tmp_path, ":Onmogelijk a owl:Class ; rdfs:subClassOf :Opgave, :Instrument .")
    [finding] = check_consistency(files)
    assert finding.message == (
        "klasse :Onmogelijk kan geen leden hebben: "
        "ze valt onder :Handelingsperspectief en :Opgave, die elkaar uitsluiten."
    )


@needs_java
def test_kennis_with_another_contradiction_is_still_reported(tmp_path: Path) -> None:
    files = ontology_with(tmp_path, ":p a owl:ObjectProperty, owl:IrreflexiveProperty . :a :p :a .")
    [finding] = check_consistency(files)
    assert "tegenspraak" in finding.message


@needs_java
def test_kennis_that_hermit_cannot_read_is_reported(tmp_path: Path) -> None:
    files = ontology_with(tmp_path, ':p a owl:DatatypeProperty . :a :p "2026-11-24"^^xsd:date .')
    [finding] = check_consistency(files)
    assert finding.message.startswith("HermiT kan de kennis niet lezen: ")


def test_consistency_without_java_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    [finding] = check_consistency(TurtleFiles(paths.ONTOLOGY))
    assert "Java ontbreekt" in finding.message
    assert "default-jre-headless" in finding.message
