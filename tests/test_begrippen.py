"""The terms as SKOS concept schemes, held to NL-SBB."""

from pathlib import Path
from shutil import copytree

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple

from kb import paths
from kb.dataset.concepts import concept_triples
from kb.errors import KnowledgeError
from kb.names import BASE, DEF, ID, SKOS
from tests.conftest import NORMEN
from tests.graphs import in_graph, rows
from tests.shacl import Result, read_shapes, shacl_results

PROFILE = NORMEN / "nl-sbb" / "skos-ap-nl.ttl"
WIJK = NamedNode(DEF + "Wijk")


def check(triples: list[Triple]) -> list[Result]:
    return shacl_results(triples, read_shapes([PROFILE]))


@pytest.fixture(scope="module")
def links(dataset: Store) -> list[Triple]:
    """How our concepts compare with those of others."""
    return [t for name in ("links-begrippen", "links-tooi", "links-cbs") for t in in_graph(dataset, name)]


@pytest.fixture(scope="module")
def found(dataset: Store, links: list[Triple]) -> list[Result]:
    """What NL-SBB finds in the concepts with their links, that is looked at once for both."""
    return check(in_graph(dataset, "begrippen") + links)


def test_begrippen_pass_nl_sbb_without_violation_or_warning(found: list[Result], links: list[Triple]) -> None:
    others = {t.object.value for t in links if isinstance(t.object, NamedNode) and not t.object.value.startswith(BASE)}
    assert [result for result in found if result[3] not in others] == []


def test_begrippen_fail_nl_sbb_when_a_definition_is_missing(dataset: Store) -> None:
    definition = NamedNode(SKOS + "definition")
    triples = [t for t in in_graph(dataset, "begrippen") if t.subject == WIJK and t.predicate != definition]
    assert ("Violation", WIJK.value, definition.value, "") in check(triples)


def test_begrippen_fail_nl_sbb_when_two_share_a_label_in_one_scheme(dataset: Store) -> None:
    label = Triple(NamedNode(DEF + "Opgave"), NamedNode(SKOS + "prefLabel"), Literal("wijk", language="nl"))
    found = check([t for t in in_graph(dataset, "begrippen") if t.subject in (WIJK, label.subject)] + [label])
    assert {focus for severity, focus, path, _ in found if path == "SPARQLConstraintComponent"} >= {WIJK.value}


def test_koppelingen_with_begrippen_lack_only_descriptions_of_others(found: list[Result]) -> None:
    """NL-SBB wants the other side of a mapping described in the same data; that is not ours to do."""
    assert found
    for severity, focus, path, value in found:
        assert path.endswith("Match") or path == "SPARQLConstraintComponent", (severity, focus, path)
        assert not value.startswith(BASE), (severity, focus, path, value)


def test_begrip_sits_under_its_class_in_the_scheme_of_its_kind(dataset: Store) -> None:
    query = """
        SELECT ?broader ?scheme ?top WHERE { GRAPH graaf:begrippen {
            <https://w3id.org/wijkaanpak/id/aanleiding/wateroverlast> skos:broader ?broader ; skos:inScheme ?scheme .
            ?scheme skos:hasTopConcept ?top } }"""
    scheme = ID + "begrippenkader/aanleiding"
    assert set(rows(dataset, query)) == {(DEF + "SectoraleAanleiding", scheme, DEF + "Aanleiding")}


def test_begrip_is_every_individual_of_a_kind_that_has_a_scheme(dataset: Store) -> None:
    query = """
        SELECT ?thing WHERE {
            GRAPH graaf:begrippen { ?kind skos:topConceptOf ?scheme }
            FILTER (?scheme != <https://w3id.org/wijkaanpak/id/begrippenkader/ontologie>)
            { GRAPH graaf:kennis { ?thing a ?kind } }
            FILTER NOT EXISTS { GRAPH graaf:begrippen { ?thing a skos:Concept ; skos:inScheme ?scheme } } }"""
    assert list(rows(dataset, query)) == []


def test_begrip_is_every_class_of_the_ontology_but_its_root(dataset: Store) -> None:
    query = """
        SELECT ?class WHERE { GRAPH graaf:ontologie { ?class a owl:Class }
            FILTER NOT EXISTS { GRAPH graaf:begrippen { ?class a skos:Concept } } }"""
    assert list(rows(dataset, query)) == [(DEF + "Begrip",)]


def test_begrip_is_not_what_describes_a_source_or_figure(dataset: Store) -> None:
    query = """
        SELECT ?s WHERE { VALUES ?kind { :Bron :Cijfer }
            GRAPH graaf:begrippen { ?s a skos:Concept } GRAPH graaf:kennis { ?s a ?kind } }"""
    assert list(rows(dataset, query)) == []


def test_begrip_says_what_the_knowledge_says_and_cites_its_sources(dataset: Store) -> None:
    begrip = "<https://w3id.org/wijkaanpak/id/element/dak>"
    texts = f"SELECT ?p ?o WHERE {{ GRAPH ?g {{ {begrip} ?p ?o FILTER (?p IN (skos:prefLabel, skos:definition)) }} }}"
    knowledge = set(rows(dataset, texts.replace("?g", "graaf:kennis")))
    assert knowledge
    assert set(rows(dataset, texts.replace("?g", "graaf:begrippen"))) == knowledge
    sources = f"""
        SELECT ?source ?page WHERE {{ GRAPH graaf:begrippen {{
            {begrip} <http://purl.org/dc/terms/source> ?source . ?source foaf:page ?page }} }}"""
    assert any(source.startswith(ID + "bron/") for source, _ in rows(dataset, sources))


def test_query_outside_the_stated_order_is_refused(tmp_path: Path) -> None:
    copytree(paths.ONTOLOGY / "begrippen", tmp_path / "begrippen")
    (tmp_path / "begrippen" / "vergeten.rq").write_text("CONSTRUCT {} WHERE {}", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="anders is: vergeten"):
        concept_triples([], tmp_path)
