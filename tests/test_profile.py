"""The ontology stays within OWL 2 RL: every construct outside it is found, with file and line."""

from pathlib import Path

import pytest

from kb import paths
from kb.check.profile import check_profile
from kb.check.turtle_files import TurtleFiles

PREFIXES = """PREFIX : <https://w3id.org/wijkaanpak/def#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

# (what is outside OWL 2 RL, the Turtle, a part of the message)
OUTSIDE = [
    (
        "an existential on the right",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
        "owl:someValuesFrom",
    ),
    ("a union as superclass", ":A rdfs:subClassOf [ owl:unionOf ( :B :C ) ] .", "owl:unionOf"),
    ("an enumeration", ":A owl:equivalentClass [ owl:oneOf ( :a :b ) ] .", "owl:oneOf"),
    ("a class without a name as superclass", ":A rdfs:subClassOf [ a owl:Class ] .", "klasse zonder naam"),
    ("a reflexive property", ":p a owl:ReflexiveProperty .", "owl:ReflexiveProperty"),
    ("everything as range", ":p a owl:ObjectProperty ; rdfs:range owl:Thing .", "owl:Thing"),
    ("a datatype that OWL does not know, in a range", ":p a owl:DatatypeProperty ; rdfs:range xsd:gYear .", "gYear"),
    ("a datatype that OWL does not know, on a value", ':a :p "2026-11-24"^^xsd:date .', "date"),
]


def files_with(folder: Path, turtle: str) -> TurtleFiles:
    """An ontology of one file."""
    (folder / "wijkaanpak.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
    return TurtleFiles(folder)


def test_ontologie_of_the_project_stays_within_owl_2_rl() -> None:
    assert list(check_profile(TurtleFiles(paths.ONTOLOGY))) == []


@pytest.mark.parametrize(("turtle", "message"), [case[1:] for case in OUTSIDE], ids=[case[0] for case in OUTSIDE])
def test_ontologie_outside_owl_2_rl_is_found_with_its_line(tmp_path: Path, turtle: str, message: str) -> None:
    findings = list(check_profile(files_with(tmp_path, turtle)))
    found = next(finding for finding in findings if message in finding.message)
    assert found.path == tmp_path / "wijkaanpak.ttl"
    assert found.line == PREFIXES.count("\n") + 1


def test_ontologie_with_plain_axioms_is_within_owl_2_rl(tmp_path: Path) -> None:
    turtle = """
        :A a owl:Class ; rdfs:subClassOf :B ; owl:disjointWith :C .
        :p a owl:ObjectProperty, owl:TransitiveProperty ; rdfs:domain :A ; rdfs:range :B ; owl:inverseOf :q .
        :r a owl:DatatypeProperty ; rdfs:range xsd:dateTime .
        :a :r "2026-11-24T00:00:00Z"^^xsd:dateTime .
    """
    assert list(check_profile(files_with(tmp_path, turtle))) == []
