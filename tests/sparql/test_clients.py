"""Clients that others wrote get what they ask for: curl, SPARQLWrapper and rdflib's SPARQLStore."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from tests.sparql.conftest import SELECT

OPGAVE = "https://w3id.org/wijkaanpak/def#Opgave"
CONSTRUCT = f"CONSTRUCT {{ ?o a <{OPGAVE}> }} WHERE {{ ?o a <{OPGAVE}> }}"


@pytest.fixture(scope="module")
def opgaven(endpoint: str) -> set[str]:
    """The tasks, as curl gets them."""
    run = subprocess.run(
        ["curl", "-sS", "--fail", "-H", "Accept: text/csv", "--data-urlencode", f"query={SELECT}", endpoint],
        capture_output=True,
        text=True,
        check=True,
    )
    header, *found = run.stdout.split()
    assert header == "opgave"
    assert len(found) > 20
    return set(found)


def test_curl_posts_a_file_of_sparql(endpoint: str, opgaven: set[str], tmp_path: Path) -> None:
    file = tmp_path / "opgaven.rq"
    file.write_text(SELECT, encoding="utf-8")
    command = [
        "curl",
        "-sS",
        "--fail",
        "-H",
        "Content-Type: application/sparql-query",
        "--data-binary",
        f"@{file}",
        endpoint,
    ]
    answer = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert {row["opgave"]["value"] for row in answer["results"]["bindings"]} == opgaven


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_solutions_in_every_form(method: str, endpoint: str, opgaven: set[str]) -> None:
    def ask(form: str) -> Any:
        client = SPARQLWrapper(endpoint, returnFormat=form)
        client.setMethod(method)
        client.setQuery(SELECT)
        return client.queryAndConvert()

    assert {row["opgave"]["value"] for row in ask(JSON)["results"]["bindings"]} == opgaven
    assert len(ask(XML).getElementsByTagName("result")) == len(opgaven)
    assert len(ask(CSV).splitlines()) == len(ask(TSV).splitlines()) == len(opgaven) + 1


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in SPARQLWrapper
@pytest.mark.parametrize("form", [TURTLE, RDFXML, JSONLD])
def test_sparqlwrapper_reads_triples(form: str, endpoint: str, opgaven: set[str]) -> None:
    client = SPARQLWrapper(endpoint, returnFormat=form)
    client.setMethod(POST)
    client.setRequestMethod(POSTDIRECTLY)
    client.setQuery(CONSTRUCT)
    answer = client.queryAndConvert()
    graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer, format="turtle")
    assert {str(subject) for subject in graph.subjects()} == opgaven


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_store_queries_and_matches_triples(method: str, endpoint: str, opgaven: set[str]) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method), identifier=URIRef("https://w3id.org/wijkaanpak/graaf/afgeleid"))
    assert {str(row[0]) for row in graph.query(SELECT)} == opgaven
    assert {str(subject) for subject in graph.subjects(None, URIRef(OPGAVE))} == opgaven
