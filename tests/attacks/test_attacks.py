"""Each attack of the review, repeated: the service goes on, and says what it refuses.

Nothing here measures seconds that a busy machine could spoil: what is counted is answers, bytes and connections, and what
is compared is the same work before and during an attack, with room.
"""

import os
import signal
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from api.http.server import MOST_HEADER_BYTES
from tests.attacks.serving import Service, read_all, running
from tests.fuzz import SEED, fuzz
from tests.sparql.serving import client_at

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUERY = {"Content-Type": "application/sparql-query"}
MB = 2**20


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with short limits, so that what must end does so soon."""
    settings = {
        "WIJKAANPAK_ANSWER_SECONDS": "2",
        "WIJKAANPAK_BODY_SECONDS": "2",
        "WIJKAANPAK_HEAD_SECONDS": "2",
        "WIJKAANPAK_SPARQL_TIME_LIMIT": "3",
        "WIJKAANPAK_SPARQL_WORKERS": "4",
        "WIJKAANPAK_SPARQL_CACHE": str(16 * MB),
    }
    with running(tmp_path_factory.mktemp("dienst") / "log", settings) as found:
        yield found
        assert "Traceback" not in found.log.read_text()


@pytest.fixture
def friend(service: Service) -> Iterator[httpx.Client]:
    """Somebody else than the attacker, who asks from 127.0.0.1."""
    with client_at("127.0.0.9") as client:
        client.base_url = httpx.URL(service.address)
        yield client


@pytest.fixture(scope="module")
def many_works(service: Service) -> dict[str, Any]:
    """The question that cost ten seconds and more: two hundred works, each in a year of its own."""
    listed = httpx.get(f"{service.address}/v1/beheercycli?perPagina=14", timeout=60).json()["resultaten"]
    cycles = [row["id"].rpartition("/")[2] for row in listed]
    years = range(1900, 2100)
    works = [{"cyclus": cycles[n % len(cycles)], "van": y, "tot": y, "graven": True} for n, y in enumerate(years)]
    return {"werken": works}


def test_d1_many_why_not_questions_leave_room_for_others(
    service: Service, friend: httpx.Client, many_works: dict[str, Any]
) -> None:
    why_not = "/v1/adviezen/waarom-niet"
    unknown = friend.post(why_not, json={"situatie": {}, "conclusie": "heeftPlaats/plaats/deelmobiliteit"}).json()
    body = {"situatie": many_works, "conclusie": unknown["fouten"][0]["nabij"][0]}
    with client_at("127.0.0.1") as attacker, ThreadPoolExecutor(45) as threads:
        asked = [threads.submit(attacker.post, service.address + why_not, json=body) for _ in range(45)]
        for _ in range(5):
            assert friend.get("/gezondheid").status_code == 200
            assert friend.get("/v1/opgaven").status_code == 200
        assert not all(future.done() for future in asked)
        answers = [future.result() for future in asked]
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)
    assert all("volledig" in answer.json() for answer in answers if answer.status_code == 200)


@pytest.mark.parametrize("size", [17_000, 500_000, 4 * MB])
def test_d2_head_that_is_too_large_is_refused_unread(size: int, service: Service) -> None:
    before = service.memory()
    head = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\nAccept: text/html;q=0.1," + b"a," * (size // 2)
    try:
        answer = service.send(head + b"\r\n\r\n")
    except ConnectionError:  # closed while we still sent
        answer = b""
    assert not answer or answer.startswith(b"HTTP/1.1 431 ")
    assert service.memory() - before < 16 * MB


def test_d2_head_below_the_limit_is_read(service: Service) -> None:
    accept = "text/csv, " + "a/b," * ((MOST_HEADER_BYTES - 1_000) // 4)
    response = httpx.get(f"{service.address}/sparql?query=SELECT*%7B%7D", headers={"Accept": accept}, timeout=60)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/csv")


def test_d2_address_that_is_too_long_is_refused(service: Service) -> None:
    answer = service.send(b"GET /" + b"a" * 90_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
    assert not answer or answer.startswith((b"HTTP/1.1 414 ", b"HTTP/1.1 400 "))


def test_d3_large_queries_do_not_fill_the_memory(service: Service) -> None:
    with httpx.Client(timeout=60) as client:
        before = service.memory()
        for number in range(300):  # 75 MB of queries; the cache holds 16
            content = f"ASK {{}} #{number:09d}" + "x" * 250_000
            assert client.post(f"{service.address}/sparql", content=content, headers=QUERY).status_code == 200
        assert service.memory() - before < 48 * MB


def test_d4_killed_worker_costs_one_query(service: Service, friend: httpx.Client) -> None:
    def ask(number: int) -> int:
        with client_at(f"127.0.0.{20 + number}") as client:
            return client.get(f"{service.address}/sparql", params={"query": f"{ENDLESS} #{number}"}).status_code

    workers = service.workers()
    assert len(workers) == 4
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask, number) for number in range(4)]
        busy = _busiest(workers)
        os.kill(busy, signal.SIGKILL)
        statuses = sorted(future.result() for future in asked)
    assert statuses.count(503) == 1, statuses  # the killed one
    assert statuses.count(500) == 3, statuses  # the others, by their time limit
    assert friend.get("/sparql", params={"query": "ASK {} #na"}).status_code == 200


def test_d4_killed_idle_workers_cost_nothing(service: Service, friend: httpx.Client) -> None:
    killed = service.workers()
    for worker in killed:
        os.kill(worker, signal.SIGKILL)
    _until_gone(service, killed)
    for number in range(8):
        assert friend.get("/sparql", params={"query": f"ASK {{}} #{number} leeg"}).status_code == 200
    assert len(service.workers()) >= 1


def test_d5_slow_body_is_ended(service: Service) -> None:
    head = b"POST /v1/adviezen HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    with ExitStack() as opened:
        connections = [opened.enter_context(service.connect()) for _ in range(30)]
        for connection in connections:
            connection.sendall(head)
        answers = [read_all(connection) for connection in connections]
    assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)
    assert b"application/problem+json" in answers[0]


def test_d5_slow_head_is_ended(service: Service) -> None:
    with service.connect() as connection, service.connect() as silent:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert read_all(connection).startswith(b"HTTP/1.1 408 ")
        assert read_all(silent).startswith(b"HTTP/1.1 408 ")


def test_d6_host_is_not_kept_in_a_description(service: Service) -> None:
    response = httpx.get(f"{service.address}/sparql", headers={"Host": "evil.example"}, timeout=60)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"


def test_d6_link_in_a_result_does_not_lead_elsewhere_unseen(friend: httpx.Client) -> None:
    query = "SELECT (IRI('https://w3id.org/wijkaanpak//evil.example/x') AS ?x) {}"
    page = friend.get("/sparql", params={"query": query}, headers={"Accept": "text/html"}).text
    assert 'href="//' not in page
    assert 'href="https://w3id.org/wijkaanpak//evil.example/x"' in page


def test_flood_of_one_client_lets_another_wait_for_a_few_of_its_questions_at_most(
    service: Service, friend: httpx.Client, many_works: dict[str, Any]
) -> None:
    """Counted in answers, not in seconds: a busy machine makes everyone wait, but nobody for a whole queue."""
    body = {"fase": "kennen", "wijk": "selwerd"}
    stop, answered = Event(), count()
    last = 0

    def flood() -> None:
        nonlocal last
        with client_at("127.0.0.1") as attacker:
            while not stop.is_set():
                attacker.post(f"{service.address}/v1/adviezen", json=many_works)
                last = next(answered)

    def waited_for() -> int:
        before = last
        assert friend.post("/v1/adviezen", json=body).status_code == 200
        return last - before

    with ThreadPoolExecutor(8) as threads:
        for _ in range(8):
            threads.submit(flood)
        try:
            waited = [waited_for() for _ in range(11)]
        finally:
            stop.set()
    assert last, "the flood is no flood"
    assert statistics.median(waited) <= 4, waited


def test_compressed_answer_is_the_same_and_says_so(service: Service) -> None:
    address = f"{service.address}/v1/opgaven"
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"}, timeout=60)
    packed = httpx.get(address, headers={"Accept-Encoding": "gzip"}, timeout=60)
    assert (plain.status_code, packed.status_code) == (200, 200), plain.text + packed.text
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) * 2 < len(plain.content)
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["vary"]
        assert response.headers["etag"].startswith("W/")
    again = httpx.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": plain.headers["etag"]}, timeout=60)
    assert again.status_code == 304


def test_d5_stop_does_not_wait_for_a_body_that_never_comes(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = {"WIJKAANPAK_STOP_SECONDS": "1", "WIJKAANPAK_BODY_SECONDS": "600"}
    log = tmp_path_factory.mktemp("stop") / "log"
    with running(log, settings, first="/gezondheid") as service, service.connect() as connection:
        connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nA")
        time.sleep(0.2)
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(timeout=120) in (0, -signal.SIGTERM)


def _until_gone(service: Service, pids: list[int]) -> None:
    """Wait until the keeper knows that these workers ended; until then a query may still go to one."""
    while set(pids) & set(service.workers()):
        time.sleep(0.1)
    time.sleep(0.2)


def _busiest(pids: list[int]) -> int:
    """The process that computes, once there is one that does."""
    for _ in range(600):
        times = {pid: _cpu(pid) for pid in pids}
        time.sleep(0.1)
        used = {pid: _cpu(pid) - before for pid, before in times.items()}
        if all(used.values()):
            return max(used, key=lambda pid: used[pid])
    raise TimeoutError


def _cpu(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_random_requests_over_all_routes_are_answered(service: Service) -> None:
    outcome = fuzz(service, 300, SEED)  # the whole run: python -m tests.fuzz
    assert outcome.faults == []
    assert set(outcome.statuses) > {200, 400, 404, 405, 406, 415}
