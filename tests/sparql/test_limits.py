"""Hostile queries hurt nobody: each is stopped at its limit, others are answered meanwhile, the worker comes back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from api.http.settings import Settings
from tests.sparql.serving import client_at, serving

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
DEEP = f"ASK {{ FILTER {'(' * 50_000}1{')' * 50_000} }}"


def numbers() -> Store:
    """A thousand triples: enough for a cross product to last for ever."""
    store, graph = Store(), NamedNode("urn:graaf")
    store.extend(Quad(NamedNode(f"urn:{n}"), NamedNode("urn:p"), Literal(str(n)), graph) for n in range(1000))
    return store


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An endpoint with tight limits and two workers."""
    settings = Settings(
        sparql_time_limit=1, sparql_memory=64 * 2**20, sparql_result_cap=100_000, sparql_workers=2, sparql_queue=1
    )
    with serving(numbers, settings) as address:
        httpx.get(address, params={"query": "ASK {}"})
        yield address


@pytest.mark.parametrize(
    ("query", "said"),
    [(ENDLESS, "langer dan 1 seconden"), (GREEDY, "geheugen"), (DEEP, "geheugen"), (LONG, "groter dan 100000 bytes")],
    ids=["endless", "greedy", "deep", "long"],
)
def test_hostile_query_is_refused_and_the_worker_comes_back(
    query: str, said: str, endpoint: str, http: httpx.Client
) -> None:
    for _ in range(3):  # more often than there are workers
        response = http.post(endpoint, content=query, headers={"Content-Type": "application/sparql-query"})
        assert response.status_code == 500, response.text
        assert said in response.json()["detail"]
    assert http.get(endpoint, params={"query": "ASK { ?s ?p '7' }"}).json()["boolean"] is True


def test_others_are_answered_while_a_query_runs_on(endpoint: str, http: httpx.Client) -> None:
    with ThreadPoolExecutor() as threads, client_at("127.0.0.2") as other:
        hostile = threads.submit(other.get, endpoint, params={"query": ENDLESS})
        for number in range(20):
            answer = http.get(endpoint, params={"query": f"ASK {{ ?s ?p '{number}' }}"})
            assert answer.json()["boolean"] is True
        assert not hostile.done()
        assert hostile.result().status_code == 500


def test_full_queue_says_when_to_come_back(endpoint: str, http: httpx.Client) -> None:
    with ThreadPoolExecutor(10) as threads:
        responses = list(threads.map(lambda _: http.get(endpoint, params={"query": ENDLESS}), range(10)))
    refused = [response for response in responses if response.status_code == 503]
    assert len(refused) >= 7  # of one client one runs, one waits
    assert all(int(response.headers["retry-after"]) >= 1 for response in refused)
    assert any("Er wachten al 1 verzoeken" in response.json()["detail"] for response in refused)
    assert http.get(endpoint, params={"query": "ASK {}"}).status_code == 200
