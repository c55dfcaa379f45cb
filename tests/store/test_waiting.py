"""The service over a store that is away at the start, or goes away later."""

import time
import warnings
from collections.abc import Iterator

import pytest
from httpx import Response

from api.http.settings import Settings
from api.waiting import WaitingApp, build_over_store, pauses
from kb.engine import Engine
from kb.errors import StoreError
from kb.situation.model import Situatie
from kb.store.client import StoreClient
from kb.store.publication import Release, read_publication
from kb.store.publish import publish
from tests.store.conftest import emptied, ignore
from tests.store.servers import PATIENCE, SERVERS, Server, running

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "Using `httpx`", UserWarning)
    from starlette.testclient import TestClient

QUERY = {"query": "ASK { ?s ?p ?o }"}


@pytest.fixture(scope="module", params=SERVERS, ids=lambda kind: kind.name)
def own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A store of these tests alone: Oxigraph plays back all that was written to it when it starts after it was killed."""
    with running(request.param, tmp_path_factory.mktemp("own")) as server:
        yield server


@pytest.fixture
def service(own: Server) -> Iterator[TestClient]:
    """The service over a store that is empty, and then away."""
    emptied(own).kill()
    settings = Settings(store_query=own.address.query)
    with TestClient(WaitingApp(lambda: build_over_store(settings), "", first_pause=0.05, longest_pause=0.5)) as client:
        yield client


def until_ready(client: TestClient) -> Response:
    """The first answer about health that is not a 503, however busy the machine is."""
    deadline = time.monotonic() + PATIENCE
    response: Response = client.get("/gezondheid")
    while response.status_code == 503 and time.monotonic() < deadline:
        time.sleep(0.05)
        response = client.get("/gezondheid")
    return response


@pytest.fixture
def at_hand(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is there as soon as the store holds a publication, whatever is in that.

    That the whole knowledge in a store gives the same engine is shown in `test_store_knowledge`.
    """

    def load(client: StoreClient) -> Engine:
        if read_publication(client) is None:
            raise StoreError("er is nog niets gepubliceerd.")
        return engine

    monkeypatch.setattr("kb.store.knowledge.load_engine", load)


@pytest.mark.usefixtures("at_hand")
def test_service_waits_for_the_store_and_then_advises(
    service: TestClient, own: Server, stated: Release, engine: Engine, situaties: dict[str, Situatie]
) -> None:
    refused = service.post("/v1/adviezen", json={})
    assert refused.status_code == 503
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["API-Version"]
    assert refused.json()["title"] == "Nu niet beschikbaar"
    own.start()
    assert service.get("/gezondheid").status_code == 503  # there is a store, but nothing in it
    with StoreClient(own.address) as client:
        publish(client, stated, ignore)
    assert until_ready(service).status_code == 200
    name, situatie = next(iter(situaties.items()))
    advice = service.post("/v1/adviezen", json=situatie.model_dump(mode="json", exclude_none=True))
    assert advice.status_code == 200, advice.text
    assert advice.json()["instrumenten"] == engine.advise(situatie).model_dump(mode="json")["instrumenten"], name


@pytest.mark.usefixtures("at_hand")
def test_service_goes_on_advising_when_the_store_goes_away(service: TestClient, own: Server, stated: Release) -> None:
    own.start()
    with StoreClient(own.address) as client:
        publish(client, stated, ignore)
    assert until_ready(service).status_code == 200
    assert service.get("/sparql", params=QUERY).json()["boolean"] is True
    own.kill()
    away = service.get("/sparql", params=QUERY)
    assert away.status_code == 503, away.text
    assert away.headers["Content-Type"] == "application/problem+json"
    assert "is nu niet bereikbaar" in away.json()["detail"]
    assert own.url not in away.text
    assert away.headers["Retry-After"]
    assert service.post("/v1/adviezen", json={}).status_code == 200
    own.start()
    assert service.get("/sparql", params=QUERY).json()["boolean"] is True


def test_pauses_grow_up_to_a_limit() -> None:
    waited = pauses(first=1, longest=10)
    assert [next(waited) for _ in range(6)] == [1, 2, 4, 8, 10, 10]
