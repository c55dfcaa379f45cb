"""The links to other data sets: the form of the project's own, what the check finds wrong, and reachability on demand."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from threading import Thread

import pytest
from pyoxigraph import Store

from kb import paths
from kb.check import linksets
from kb.check.linksets import check_linksets, fetch_fault
from kb.names import DEF, ID
from tests.graphs import in_graph, rows


def test_koppelingen_of_the_project_have_the_right_form() -> None:
    assert [str(finding) for finding in check_linksets()] == []


@pytest.fixture
def ontology(tmp_path: Path) -> Path:
    """A copy of the ontology with the links to TOOI only."""
    copy = copytree(paths.ONTOLOGY, tmp_path / "ontology")
    for file in (copy / "links").glob("*.ttl"):
        if file.stem != "tooi":
            file.unlink()
    return copy


# What is changed in tooi.ttl, for what, and words of the finding.
FAULTS = [
    ("tooi:gm0014", "<https://identifier.overheid.nl/tooi/id/gemeente/GM14>", "void:uriRegexPattern"),
    ("gemeente:zeist", "gemeente:zijst", "bestaat niet in de kennis"),
    ('sssom:mapping_date "2026-11-24"^^xsd:date', 'rdfs:label "x"', "mapping_date ontbreekt"),
    ("sssom:mapping_justification", "rdfs:seeAlso", "mapping_justification ontbreekt"),
    (":zekerheid :gebrond", ":zekerheid :vermoed", ":zekerheid ontbreekt of is geen"),
    ("owl:annotatedSource gemeente:leiden", "owl:annotatedSource gemeente:deventer", "geen owl:Axiom"),
    ("tooi:gm0150", "gemeente:zeist", "iets van onszelf"),
    ("void:uriRegexPattern", "rdfs:comment", "noemt geen void:uriRegexPattern"),
]


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=[words for _, _, words in FAULTS])
def test_koppeling_is_refused_when(old: str, new: str, words: str, ontology: Path) -> None:
    file = ontology / "links" / "tooi.ttl"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert any(words in str(finding) for finding in check_linksets(ontology=ontology))


def test_koppeling_within_an_area_is_not_said_to_be_the_same(dataset: Store) -> None:
    for graph in ("links-cbs", "links-kadaster"):
        found = [
            (t.predicate.value.rpartition("#")[2].rpartition("/")[2], graph)
            for t in linksets.links(in_graph(dataset, graph))
            if getattr(t.subject, "value", "") == ID + "wijk/reyeroord"
        ]
        assert set(found) == {("sfWithin", graph)}


def test_koppeling_of_our_own_inference_is_marked_afgeleid(dataset: Store) -> None:
    query = """
        SELECT ?certainty WHERE { GRAPH graaf:links-cbs {
            ?axiom owl:annotatedSource <https://w3id.org/wijkaanpak/id/wijk/reyeroord> ; :zekerheid ?certainty } }"""
    assert list(rows(dataset, query)) == [(DEF + "afgeleid",)]


@pytest.mark.parametrize("kind", ["exact", "close"])
def test_begrippen_are_linked_by_exact_and_by_close_match(kind: str, dataset: Store) -> None:
    predicates = {triple.predicate.value for triple in in_graph(dataset, "links-begrippen")}
    assert f"http://www.w3.org/2004/02/skos/core#{kind}Match" in predicates


class _Answers(BaseHTTPRequestHandler):
    """Answers by path: /goed 200; /alleen-get refuses HEAD; anything else 404."""

    def do_HEAD(self) -> None:  # the name is http.server's
        self._answer(200 if self.path == "/goed" else 405)

    def do_GET(self) -> None:  # the name is http.server's
        self._answer(200 if self.path in ("/goed", "/alleen-get") else 404)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Keep the test output clean."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize(("path", "fault"), [("/goed", None), ("/alleen-get", None), ("/weg", "antwoordt met 404")])
def test_bereik_tells_what_an_address_answers(path: str, fault: str | None, server: str) -> None:
    assert fetch_fault(server + path) == fault


def test_bereik_tells_when_nobody_answers() -> None:
    assert "refused" in str(fetch_fault("http://127.0.0.1:9/"))


def test_bereik_is_not_tried_unless_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(linksets, "fetch_fault", asked.append)
    list(check_linksets())
    assert asked == []


def test_bereik_asks_each_page_once_and_names_the_link_that_fails(
    ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(address: str) -> str | None:
        asked.append(address)
        return "antwoordt met 404" if address.endswith("gm0355") else None

    monkeypatch.setattr(linksets, "fetch_fault", answer)
    monkeypatch.setattr(linksets, "PAUSE", 0)
    findings = [str(finding) for finding in check_linksets(reach=True, ontology=ontology)]
    assert len(asked) == len(set(asked)) == 5
    assert [finding.partition(": ")[2] for finding in findings] == [
        "https://identifier.overheid.nl/tooi/id/gemeente/gm0355 is niet te bereiken: antwoordt met 404."
    ]
