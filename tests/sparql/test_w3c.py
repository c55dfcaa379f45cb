"""The W3C's manifests of the SPARQL 1.1 Protocol and Service Description, run against a live server.

A query entry must get what its manifest says. An update entry must be refused: this service only answers queries.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from api.http.settings import Settings
from tests.conftest import NORMEN
from tests.sparql.serving import serving, store_of

W3C = NORMEN / "w3c"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
STATUS_CODES = "http://www.w3.org/2011/http-statusCodes#StatusCode"

RDF_TYPES = ("text/turtle", "application/rdf+xml", "application/n-triples", "text/html")
BOOLEAN_TYPES = ("application/sparql-results+json", "application/sparql-results+xml")
EXPECTED_TYPES = {
    "boolean": BOOLEAN_TYPES,
    "tabular": (*BOOLEAN_TYPES, "text/csv", "text/tab-separated-values"),
    "RDF": RDF_TYPES,
}


@dataclass(frozen=True)
class Request:
    """One request of an entry, with what must come back."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: tuple[str, ...]
    format: str | None
    boolean: bool | None

    def send(self, endpoint: str, http: httpx.Client) -> httpx.Response:
        """Send exactly these headers and this body; the manifest's `/sparql/` stands for our address."""
        address = endpoint + ("?" + urlsplit(self.path).query if "?" in self.path else "")
        request = httpx.Request(self.method, address, headers=self.headers, content=self.body)
        return http.send(request)


class Manifest:
    """A manifest file."""

    def __init__(self, name: str) -> None:
        self.path = W3C / name / "manifest.ttl"
        self.graph = Graph()
        if self.path.exists():
            self.graph.parse(self.path)

    def entries(self) -> list[Node]:
        """The entries in their order."""
        heads = self.graph.objects(None, MF.entries)
        return [entry for head in heads for entry in Collection(self.graph, head)]

    def requests(self, entry: Node) -> Iterator[Request]:
        """The requests of an entry in their order."""
        for action in self.graph.objects(entry, MF.action):
            for request in Collection(self.graph, self._one(action, HT.requests)):
                yield self._request(request)

    def data(self) -> dict[str, Path]:
        """The graphs that the entries ask over: name and file."""
        return {
            str(self._one(data, RDFS.label)): self.path.parent / str(self._one(data, UT.graph)).rpartition("/")[2]
            for data in self.graph.objects(None, UT.graphData)
        }

    def _request(self, node: Node) -> Request:
        response = self._one(node, HT.resp)
        boolean, form = self.graph.value(response, MF.expectedBoolean), self.graph.value(response, MF.expectedFormat)
        return Request(
            method=str(self._one(node, HT.methodName)),
            path=str(self._one(node, HT.absolutePath)),
            headers=self._headers(node),
            body=self._body(node),
            statuses=tuple(str(s).removeprefix(STATUS_CODES) for s in self.graph.objects(response, MF.expectedStatus)),
            format=str(form) if form else None,
            boolean=boolean.toPython() if isinstance(boolean, Literal) else None,
        )

    def _headers(self, node: Node) -> dict[str, str]:
        head = self.graph.value(node, HT.headers)
        fields = Collection(self.graph, head) if head else ()
        return {str(self._one(field, HT.fieldName)): str(self._one(field, HT.fieldValue)) for field in fields}

    def _body(self, node: Node) -> bytes | None:
        body = self.graph.value(node, HT.body)
        return str(self._one(body, CNT.chars)).encode(str(self._one(body, CNT.characterEncoding))) if body else None

    def _one(self, subject: Node, predicate: Node) -> Node:
        found = self.graph.value(subject, predicate)
        assert found is not None, (subject, predicate)
        return found


PROTOCOL = Manifest("protocol")
ENTRIES = {str(entry).rpartition("#")[2]: entry for entry in PROTOCOL.entries()}
UPDATES = [name for name in ENTRIES if name.startswith("update_")]
QUERIES = [name for name in ENTRIES if name not in UPDATES]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A live endpoint over the manifest's own data."""
    with serving(lambda: store_of(PROTOCOL.data()), Settings(sparql_workers=1)) as address:
        yield address


@pytest.mark.parametrize("name", QUERIES)
def test_protocol_entry_gets_the_response_of_its_manifest(name: str, endpoint: str, http: httpx.Client) -> None:
    for request in PROTOCOL.requests(ENTRIES[name]):
        response = request.send(endpoint, http)
        assert f"{response.status_code // 100}xx" in request.statuses, response.text
        media_type = response.headers["content-type"].partition(";")[0]
        if request.format:
            assert media_type in EXPECTED_TYPES[request.format]
        if request.boolean is not None:
            assert _boolean(response) is request.boolean


@pytest.mark.parametrize("name", UPDATES)
def test_protocol_update_entry_is_refused(name: str, endpoint: str, http: httpx.Client) -> None:
    update, *queries = PROTOCOL.requests(ENTRIES[name])
    response = update.send(endpoint, http)
    assert response.status_code == 403, response.text
    assert "alleen te lezen" in response.json()["detail"]
    for query in queries:
        # With nothing written, what the entry asks afterwards is not there.
        if query.boolean is not None:
            assert _boolean(query.send(endpoint, http)) is False


def test_protocol_manifest_is_run_whole() -> None:
    assert len(QUERIES) >= 20
    assert len(UPDATES) >= 5


SERVICE = Manifest("service-description")


@pytest.fixture(scope="module")
def description(endpoint: str, http: httpx.Client) -> Graph:
    """What the endpoint says of itself when no query is given."""
    response = http.get(endpoint)
    assert response.status_code == 200, response.text
    return Graph().parse(data=response.text, format=response.headers["content-type"].partition(";")[0])


def _returns_rdf(description: Graph, endpoint: str) -> None:  # noqa: ARG001 - all checks are called alike
    assert len(description) > 0


def _has_endpoint_triple(description: Graph, endpoint: str) -> None:
    assert list(description.objects(None, SD.endpoint)) == [URIRef(endpoint)]


def _conforms_to_schema(description: Graph, endpoint: str) -> None:  # noqa: ARG001 - all checks are called alike
    """Domains, ranges and cardinalities of the recommendation's vocabulary."""
    for predicate, (domain, range) in SCHEMA.items():
        for subject, value in description.subject_objects(SD[predicate]):
            assert (subject, RDF.type, SD[domain]) in description, (subject, predicate)
            if range:
                assert (value, RDF.type, SD[range]) in description, (predicate, value)
            else:
                assert isinstance(value, URIRef), (predicate, value)
    used = {str(predicate).removeprefix(SD) for predicate in description.predicates() if str(predicate).startswith(SD)}
    assert used <= set(SCHEMA)
    for named in description.subjects(RDF.type, SD.NamedGraph):
        assert isinstance(named, BNode | URIRef) and len(list(description.objects(named, SD.name))) == 1
    features = set(description.objects(None, SD.feature))
    assert features <= {
        SD.UnionDefaultGraph,
        SD.BasicFederatedQuery,
        SD.DereferencesURIs,
        SD.EmptyGraphs,
        SD.RequiresDataset,
    }


# Each property with the class of its subjects and that of its values; where that is None, values are names.
SCHEMA: dict[str, tuple[str, str | None]] = {
    "endpoint": ("Service", None),
    "feature": ("Service", None),
    "supportedLanguage": ("Service", None),
    "resultFormat": ("Service", None),
    "defaultEntailmentRegime": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("Dataset", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
CHECKS = {
    "returns-rdf": _returns_rdf,
    "has-endpoint-triple": _has_endpoint_triple,
    "conforms-to-schema": _conforms_to_schema,
}


@pytest.mark.parametrize("name", [str(entry).rpartition("#")[2] for entry in SERVICE.entries()])
def test_service_description_entry_holds(name: str, description: Graph, endpoint: str) -> None:
    CHECKS[name](description, endpoint)


def test_service_description_names_every_graph(description: Graph) -> None:
    assert {str(name) for name in description.objects(None, SD.name)} == set(PROTOCOL.data())


def _boolean(response: httpx.Response) -> bool:
    if "json" in response.headers["content-type"]:
        value: bool = response.json()["boolean"]
        return value
    found = ElementTree.fromstring(response.text).find("{http://www.w3.org/2005/sparql-results#}boolean")
    assert found is not None
    return found.text == "true"
