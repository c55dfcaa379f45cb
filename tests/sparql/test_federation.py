"""SERVICE reaches the endpoints on the allow-list and nothing else; FROM and LOAD reach nothing at all."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Store

from api.http.settings import Settings
from api.sparql import answering
from api.sparql.federation import Reach
from tests.sparql.serving import oxigraph, serving

# A few triples in the shape of the Kadaster Knowledge Graph, by the names that our links use.
KADASTER = """
PREFIX imx: <http://modellen.geostandaarden.nl/def/imx-geo#>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX kerncijfers: <https://modellen.kkg.kadaster.nl/cbs/wijken-buurten/def/kerncijfers#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
<https://data.kkg.kadaster.nl/id/buurt/BU00141000/1> a imx:Buurt ;
    skos:prefLabel "Selwerd (Kadaster)"@nl ;
    geo:sfWithin <https://data.kkg.kadaster.nl/id/wijk/WK001410/1> ;
    kerncijfers:aantalInwoners 6005 .
<https://data.kkg.kadaster.nl/id/wijk/WK001410/1> a imx:Wijk .
"""

INHABITANTS = """
PREFIX : <https://w3id.org/wijkaanpak/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX kerncijfers: <https://modellen.kkg.kadaster.nl/cbs/wijken-buurten/def/kerncijfers#>
SELECT ?wijk ?naam ?inwoners WHERE {
  ?wijk a :Wijk ; ?verband ?buurt .
  SERVICE <%s> { ?buurt skos:prefLabel ?naam ; kerncijfers:aantalInwoners ?inwoners }
}
"""


class Trap:
    """A port where no connection may ever arrive."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}/sparql"

    def was_visited(self) -> bool:
        """Whether someone connected."""
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    """An address that is on no list."""
    trap = Trap()
    yield trap
    trap.close()


@pytest.fixture(scope="module")
def kadaster(oxigraph_command: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A second SPARQL server, another program than ours."""
    folder = tmp_path_factory.mktemp("kadaster")
    data = folder / "kadaster.ttl"
    data.write_text(KADASTER, encoding="utf-8")
    with oxigraph(oxigraph_command, data, folder / "store") as address:
        yield address


@pytest.fixture(scope="module")
def federated(dataset: Store, kadaster: str) -> Iterator[str]:
    """An endpoint that may ask that server."""
    with serving(lambda: dataset, Settings(sparql_workers=1, sparql_allow=kadaster)) as address:
        yield address


def test_service_to_an_allowed_endpoint_joins_its_data_with_ours(
    federated: str, kadaster: str, http: httpx.Client
) -> None:
    response = http.get(federated, params={"query": INHABITANTS % kadaster})
    assert response.status_code == 200, response.text
    (row,) = response.json()["results"]["bindings"]
    assert row["wijk"]["value"].endswith("/wijk/selwerd")
    assert (row["naam"]["value"], row["inwoners"]["value"]) == ("Selwerd (Kadaster)", "6005")
    assert response.headers["cache-control"] == "no-store"


def test_service_description_says_whether_service_works(federated: str, endpoint: str, http: httpx.Client) -> None:
    assert "BasicFederatedQuery" in http.get(federated).text
    assert "BasicFederatedQuery" not in http.get(endpoint).text


# Each asks for the address TRAP in another way; ALLOWED is the address on the list.
SNEAKY = [
    "SELECT * { SERVICE <TRAP> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <TRAP> { ?s ?p ?o } }",
    "SELECT * { service\n#\n<TRAP> { ?s ?p ?o } }",
    "PREFIX t: <TRAP> SELECT * { SERVICE t: { ?s ?p ?o } }",
    "BASE <TRAP> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "SELECT * { BIND (<TRAP> AS ?t) SERVICE ?t { ?s ?p ?o } }",
    "SELECT * { VALUES ?t { <TRAP> } SERVICE ?t { ?s ?p ?o } }",
    "SELECT * { SERVICE <ALLOWED> { ?s ?p ?o } SERVICE <TRAP> { ?s ?p ?o } }",
    "SELECT * { SERVICE <ALLOWED> { SERVICE <TRAP> { ?s ?p ?o } } }",
    "SELECT * { SERVICE <ALLOWED> { ?s ?p '''SERVICE <ALLOWED>''' } SERVICE SILENT <TRAP#ALLOWED> { ?s ?p ?o } }",
    "SELECT * { SERVICE <ALLOWED@TRAP> { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <TRAP> { ?s ?p ?o } } }",
    "SELECT * { { SELECT * { SERVICE <TRAP> { ?s ?p ?o } } } }",
]


@pytest.mark.parametrize("query", SNEAKY)
def test_service_to_an_address_not_on_the_list_is_refused_unvisited(
    query: str, federated: str, endpoint: str, kadaster: str, trap: Trap, http: httpx.Client
) -> None:
    asked = query.replace("TRAP", trap.address).replace("ALLOWED", kadaster)
    for address in (federated, endpoint):
        response = http.get(address, params={"query": asked})
        assert response.status_code == 500, response.text
        assert "SERVICE" in response.json()["detail"]
    assert not trap.was_visited()


def test_graphs_of_a_request_are_names_and_are_never_fetched(endpoint: str, trap: Trap, http: httpx.Client) -> None:
    everywhere = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    asked = [
        {"query": f"SELECT * FROM <{trap.address}> FROM NAMED <{trap.address}> {everywhere}"},
        {"query": f"SELECT * {everywhere}", "default-graph-uri": trap.address},
        {"query": f"SELECT * {everywhere}", "named-graph-uri": trap.address},
    ]
    for parameters in asked:
        response = http.get(endpoint, params=parameters)
        assert response.json()["results"]["bindings"] == []
    assert http.post(endpoint, data={"update": f"LOAD <{trap.address}>"}).status_code == 403
    assert http.get(endpoint, params={"query": f"LOAD <{trap.address}>"}).status_code == 400
    assert not trap.was_visited()


def test_word_service_outside_a_call_is_no_reason_to_refuse(endpoint: str, http: httpx.Client) -> None:
    query = """PREFIX service: <urn:service:> # SERVICE <http://nergens.example/>
        ASK { BIND ("a SERVICE <http://nergens.example/>" AS ?service) FILTER (service:a != service:b) }"""
    response = http.get(endpoint, params={"query": query})
    assert response.status_code == 200, response.text


def test_worker_that_is_fooled_still_cannot_connect(
    endpoint: str, trap: Trap, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "reach", lambda query, allowed: Reach.OWN)  # noqa: ARG005 - it is fooled
    response = http.get(endpoint, params={"query": f"SELECT ?fooled {{ SERVICE <{trap.address}> {{ ?s ?p ?o }} }}"})
    assert response.status_code == 500
    assert "Too many open files" in response.json()["detail"]
    assert not trap.was_visited()
