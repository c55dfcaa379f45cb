"""The data set as named graphs: each described, stated and derived apart, and every derived statement with its lineage."""

from pathlib import Path
from shutil import copytree

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store
from pytest import MonkeyPatch

import kb
from kb import kept, paths
from kb.dataset.graphs import GRAAF, build_dataset, data_version, graphs
from kb.dataset.kept import KeptDataset
from kb.dataset.lineage import statement_name
from kb.engine import Engine
from kb.knowledge.described import certainties
from kb.names import DEF, ID, OWL, PROV, RDF, RDFS, SH, TYPE, term
from kb.rule.rule import CERTAINTIES
from tests.graphs import in_graph, rows, some_lineage

# What the data set adds to the file of the ontology.
ADDED = {OWL + "versionInfo", RDFS + "isDefinedBy"}


def test_graaf_is_described_in_both_languages() -> None:
    for graph in graphs():
        assert set(graph.label) == set(graph.description) == {"nl", "en"}, graph.iri


def test_graaf_is_described_when_the_store_has_it(dataset: Store) -> None:
    assert {graph.iri for graph in graphs()} == set(dataset.named_graphs())
    assert not list(dataset.quads_for_pattern(None, None, None, DefaultGraph()))


def test_graaf_name_is_the_last_part_of_its_iri() -> None:
    assert {"kennis", "afgeleid", "links-tooi"} <= {graph.name for graph in graphs()}


def test_afgeleid_is_exactly_what_the_knowledge_rules_added(engine: Engine, dataset: Store) -> None:
    assert len(in_graph(dataset, "afgeleid")) == len(engine.knowledge.lineage)
    added = [t for t in in_graph(dataset, "ontologie") if t.predicate.value in ADDED]
    stated = len(in_graph(dataset, "kennis")) + len(in_graph(dataset, "ontologie")) - len(added)
    assert stated + len(engine.knowledge.lineage) == len(engine.knowledge.store)


def test_ontologie_says_of_every_term_where_it_is_defined_and_of_itself_which_version_it_is(dataset: Store) -> None:
    terms = "SELECT DISTINCT ?term WHERE { GRAPH graaf:ontologie { ?term skos:prefLabel ?label } }"
    defined = (
        "SELECT ?term WHERE { GRAPH graaf:ontologie { ?term rdfs:isDefinedBy ?ontology . ?ontology a owl:Ontology } }"
    )
    assert sorted(rows(dataset, defined)) == sorted(rows(dataset, terms))
    version = "SELECT ?version WHERE { GRAPH graaf:ontologie { ?ontology a owl:Ontology ; owl:versionInfo ?version } }"
    assert list(rows(dataset, version)) == [(kb.__version__,)]


def test_gesteld_and_afgeleid_can_be_told_apart_by_graph(dataset: Store) -> None:
    query = "SELECT ?graph WHERE {{ GRAPH ?graph {{ {} }} }}"
    stated = "<https://w3id.org/wijkaanpak/id/opgave/gebouwen-isoleren> a :Kernopgave"
    derived = "<https://w3id.org/wijkaanpak/id/opgave/gebouwen-isoleren> a :Begrip"
    assert list(rows(dataset, query.format(stated))) == [("https://w3id.org/wijkaanpak/graaf/kennis",)]
    assert list(rows(dataset, query.format(derived))) == [("https://w3id.org/wijkaanpak/graaf/afgeleid",)]


def test_herkomst_names_rule_and_activity_of_every_derived_statement(dataset: Store) -> None:
    rule, activity = NamedNode(SH + "sourceRule"), NamedNode(PROV + "wasGeneratedBy")
    for triple in in_graph(dataset, "afgeleid"):
        name = statement_name(triple)
        for predicate in (rule, activity):
            assert len(list(dataset.quads_for_pattern(name, predicate, None, None))) == 1, triple


def test_herkomst_premises_are_stated_or_derived_themselves(dataset: Store) -> None:
    known = {
        statement_name(triple) for name in ("ontologie", "kennis", "afgeleid") for triple in in_graph(dataset, name)
    }
    used = NamedNode(PROV + "used")
    premises = {triple.object for triple in in_graph(dataset, "herkomst") if triple.predicate == used}
    assert premises
    assert premises <= known


def test_herkomst_of_one_statement_reads_as_rule_and_premises(dataset: Store) -> None:
    query = """
        SELECT ?rule ?property ?object WHERE { GRAPH graaf:herkomst {
            ?statement rdf:subject <https://w3id.org/wijkaanpak/id/opgave/gebouwen-isoleren> ;
                rdf:predicate rdf:type ; rdf:object :Begrip ; sh:sourceRule ?rule ; prov:wasGeneratedBy/prov:used ?premise .
            ?premise rdf:predicate ?property ; rdf:object ?object } }"""
    found = set(rows(dataset, query))
    assert {rule for rule, *_ in found} == {ID + "regel/owl-cax-sco"}
    assert (RDF + "type", DEF + "Kernopgave") in {(prop, object) for _, prop, object in found}


def test_regels_graph_holds_every_rule_that_herkomst_names(dataset: Store) -> None:
    query = """
        SELECT DISTINCT ?rule WHERE { GRAPH graaf:herkomst { ?s sh:sourceRule ?rule }
            FILTER NOT EXISTS { GRAPH graaf:regels { ?rule a sh:SPARQLRule } } }"""
    assert list(rows(dataset, query)) == []


def test_dataset_has_blank_nodes_where_owl_and_shacl_want_them_and_nowhere_else(dataset: Store) -> None:
    query = """
        SELECT DISTINCT ?graph WHERE {
            GRAPH ?graph { ?node ?p ?o } FILTER (isBlank(?node))
            OPTIONAL { GRAPH ?any { ?node a ?kind } FILTER (STRSTARTS(STR(?kind), STR(owl:))) }
            FILTER (!BOUND(?kind))
            FILTER NOT EXISTS { GRAPH ?graph { ?node rdf:first ?first } } }"""
    assert {graph for (graph,) in rows(dataset, query)} <= {GRAAF + "vormen"}
    owl = {quad.subject for quad in dataset.quads_for_pattern(None, TYPE, NamedNode(OWL + "Axiom"), None)}
    assert owl and all(isinstance(axiom, BlankNode) for axiom in owl)


def test_every_individual_of_a_rule_says_what_it_is_and_on_what_it_rests(engine: Engine) -> None:
    knowledge = engine.knowledge
    for kind in ("Koppeling", "Kleving", "Plaats", "Opening", "Leidgrond", "Gebruik", "Uitweg", "Conflict"):
        for node in knowledge.instances(term(kind)):
            assert set(knowledge.labels.get(node, {})) == {"nl", "en"}, node
            assert set(knowledge.definitions.get(node, {})) == {"nl", "en"}, node
            assert "{" not in knowledge.definition(node), node
            basis = knowledge.basis_of(node)
            assert basis and basis.certainty and basis.citations, node


def test_herkomst_says_how_sure_each_derived_statement_is(dataset: Store) -> None:
    query = """
        SELECT DISTINCT ?statement WHERE { GRAPH graaf:herkomst { ?statement sh:sourceRule ?rule }
            MINUS { GRAPH graaf:herkomst { ?statement :zekerheid ?certainty } } }"""
    assert list(rows(dataset, query)) == []


def test_statement_is_no_surer_than_what_it_came_from(engine: Engine) -> None:
    found = certainties(engine.knowledge)
    for triple, (rule, binding) in engine.knowledge.lineage.items():
        for pattern in rule.body.patterns:
            premise = pattern.fill(binding)
            if premise in found:
                assert CERTAINTIES.index(found[premise]) <= CERTAINTIES.index(found[triple]), triple


def test_dataset_is_the_same_when_built_again(engine: Engine, dataset: Store) -> None:
    again, kept = (store.dump(format=RdfFormat.N_QUADS) for store in (build_dataset(engine), dataset))
    assert again and kept and sorted(again.splitlines()) == sorted(kept.splitlines())


def test_data_version_changes_with_any_source_file(tmp_path: Path) -> None:
    ontology = copytree(paths.ONTOLOGY, tmp_path / "ontology")
    before = data_version(ontology)
    assert before == data_version(paths.ONTOLOGY)
    file = ontology / "links" / "tooi.ttl"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert data_version(ontology) != before


def test_data_version_begins_with_the_version_of_the_project() -> None:
    assert data_version().startswith(f"{kb.__version__}+")


def test_kept_data_set_is_the_made_one(
    engine: Engine, dataset: Store, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    made = some_lineage(dataset)
    monkeypatch.setattr("kb.dataset.kept.build_dataset", lambda *_: made)
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path))
    file = KeptDataset(engine).file()
    assert file is not None and file.parent == tmp_path
    found = KeptDataset(engine).store()
    assert found is not made
    assert set(found) == set(made)
    file.write_bytes(b"<cut short")
    assert KeptDataset(engine).store() is made
    assert file.stat().st_size > 1_000_000
    monkeypatch.setenv(kept.VARIABLE, "")
    assert KeptDataset(engine).file() is None
