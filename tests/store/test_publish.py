"""Publishing the data set to real stores: whole, again, broken off, changed."""

import threading
from collections.abc import Callable

import httpx
import pytest
from pyoxigraph import NamedNode, Store

from kb.dataset.graphs import GRAAF
from kb.errors import StoreError, StoreTimeoutError
from kb.store.address import Address
from kb.store.client import StoreClient
from kb.store.publication import ALLES, PUBLICATIE, Publication, Release, read_publication
from kb.store.publish import PAUSES, VOORTGANG, publish
from tests.store.conftest import KENNIS, ONTOLOGIE, all_graphs, ignore, part_of
from tests.store.servers import Oxigraph, Server

VORMEN = NamedNode(GRAAF + "vormen")
PROEF = NamedNode(GRAAF + "proef")
PART = 120


class Seen:
    """What is told of the progress."""

    def __init__(self) -> None:
        self.steps: list[tuple[NamedNode, int]] = []

    def __call__(self, graph: NamedNode, arrived: int) -> None:
        self.steps.append((graph, arrived))

    def of(self, graph: NamedNode) -> list[int]:
        """How many triples of a graph had arrived, step by step."""
        return [arrived for seen, arrived in self.steps if seen == graph]


def without_updates(server: Server) -> StoreClient:
    """A client that knows no address for updates."""
    address = server.address
    return StoreClient(Address(address.query, address.graphs, user=address.user, password=address.password))


class Unsteady(StoreClient):
    """A client whose `number`-th update that puts a graph in place fails, before or after it was done."""

    def __init__(self, address: Address, number: int, error: BaseException, *, done: bool = False) -> None:
        super().__init__(address)
        self.moves = 0
        self.number, self.error, self.done = number, error, done

    def update(self, text: str) -> None:
        """Run an update, or fail."""
        self.moves += "INSERT" in text
        if self.moves != self.number:
            super().update(text)
            return
        self.number = 0
        if self.done:
            super().update(text)
        raise self.error


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses before asking again, which take no time here."""
    waited: list[float] = []
    monkeypatch.setattr("kb.store.publish.time.sleep", waited.append)
    return waited


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent goes in parts of a few triples, so that a little is several parts."""
    monkeypatch.setattr("kb.store.publish._InParts.part", PART)


def test_every_graaf_has_as_many_triples_as_were_sent(full: Server, release: Release) -> None:
    with StoreClient(full.address) as client:
        assert {graph: client.count(graph) for graph in release.graphs} == {
            graph: len(lines) for graph, lines in release.graphs.items()
        }
        assert read_publication(client) == release.publication


def test_publicatie_is_all_that_is_left_in_the_store(full: Server, release: Release) -> None:
    with StoreClient(full.address) as client:
        assert all_graphs(client) == {*release.graphs, PUBLICATIE}


def test_publishing_again_sends_nothing(full: Server, release: Release) -> None:
    seen = Seen()
    with StoreClient(full.address) as client:
        publish(client, release, seen)
    assert sorted(seen.steps, key=str) == sorted(((g, len(lines)) for g, lines in release.graphs.items()), key=str)


@pytest.mark.usefixtures("small_parts")
def test_publicatie_goes_on_where_the_store_went_down(empty: Server, stated: Release) -> None:
    def kill_midway(graph: NamedNode, arrived: int) -> None:
        if graph == KENNIS and arrived == 2 * PART:
            empty.kill()

    with StoreClient(empty.address) as client:
        with pytest.raises(StoreError, match="niet te bereiken"):
            publish(client, stated, kill_midway)
        empty.start()
        assert read_publication(client) is None
        seen = Seen()
        publish(client, stated, seen)
        assert seen.of(KENNIS)[0] == 2 * PART
        assert client.count(KENNIS) == len(stated.graphs[KENNIS])
        assert read_publication(client) == stated.publication
        assert all_graphs(client) == {ALLES, KENNIS, ONTOLOGIE, PUBLICATIE}


@pytest.mark.usefixtures("small_parts")
def test_publicatie_starts_over_when_what_was_sent_is_gone(empty: Server, stated: Release) -> None:
    def break_off(graph: NamedNode, arrived: int) -> None:
        if graph == KENNIS and arrived == PART:
            raise KeyboardInterrupt

    with StoreClient(empty.address) as client:
        with pytest.raises(KeyboardInterrupt):
            publish(client, stated, break_off)
        client.delete(NamedNode(f"{KENNIS.value}/nieuw"))
        publish(client, stated, ignore)
        assert client.count(KENNIS) == len(stated.graphs[KENNIS])


def test_readers_never_see_half_a_graaf(empty: Server, dataset: Store) -> None:
    old, new = (part_of(dataset, source, target=PROEF) for source in (VORMEN, ONTOLOGIE))
    counts = []
    with StoreClient(empty.address) as client:
        publish(client, old, ignore)
        publish(client, new, lambda *_: counts.append(client.count(PROEF)))
        assert set(counts) == {len(old.graphs[PROEF])}
        assert client.count(PROEF) == len(new.graphs[PROEF])
        assert read_publication(client) == new.publication


def test_large_graaf_takes_its_place_in_steps(empty: Server, dataset: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store ends an update that takes too long, so no update moves more than a step."""
    monkeypatch.setattr("kb.store.place.MOST_CHANGED", 100)
    few = part_of(dataset, VORMEN, ONTOLOGIE)
    with StoreClient(empty.address) as client:
        for _ in range(2):
            publish(client, few, ignore, anew=True)
            assert {graph: client.count(graph) for graph in few.graphs} == {
                graph: len(lines) for graph, lines in few.graphs.items()
            }
        assert read_publication(client) == few.publication


def test_graaf_of_any_size_is_changed_by_one_update_of_what_differs(
    empty: Server, dataset: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = part_of(dataset, VORMEN)
    with StoreClient(empty.address) as client:
        publish(client, few, ignore)
        monkeypatch.setattr("kb.store.place.MOST_CHANGED", len(few.graphs[VORMEN]) // 2)
        changed = part_of(dataset, VORMEN)
        for graph, lines in changed.graphs.items():
            changed.graphs[graph] = [*lines[1:], '<urn:a> <urn:b> "erbij" .']
        sent: list[str] = []
        update = client.update

        def keep(text: str) -> None:
            sent.append(text)
            update(text)

        monkeypatch.setattr(client, "update", keep)
        publish(client, changed, ignore)
        placing = [text for text in sent if "INSERT" in text]
        assert len(placing) == len(changed.graphs)
        assert all(text.startswith("DELETE") and "LIMIT" not in text for text in placing)
        assert read_publication(client) == changed.publication


@pytest.mark.parametrize("kept", [Oxigraph], indirect=True, ids=["Oxigraph"])
def test_reader_never_sees_a_mixture_where_a_request_is_a_transaction(empty: Server, dataset: Store) -> None:
    """Oxigraph runs each request as one transaction; Virtuoso does not (docs/opslag.md)."""
    old, new = (part_of(dataset, source, target=PROEF) for source in (VORMEN, ONTOLOGIE))
    seen: set[int] = set()
    done = threading.Event()

    def look() -> None:
        with StoreClient(empty.address) as reader:
            while not done.is_set():
                seen.add(reader.count(PROEF))

    with StoreClient(empty.address) as client:
        publish(client, old, ignore)
        watching = threading.Thread(target=look)
        watching.start()
        try:
            publish(client, new, ignore)
        finally:
            done.set()
            watching.join()
    assert seen <= {len(release.graphs[PROEF]) for release in (old, new)}


def test_change_that_needs_steps_is_told(
    empty: Server, dataset: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("kb.store.place.MOST_CHANGED", 100)
    with StoreClient(empty.address) as client:
        publish(client, part_of(dataset, VORMEN), ignore)
    assert any(f"{VORMEN.value} verandert te veel voor één update" in message for message in caplog.messages)


def test_new_graaf_that_breaks_off_in_steps_is_taken_away_and_comes_whole_the_next_time(
    empty: Server, dataset: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.store.place.MOST_CHANGED", 50)
    few = part_of(dataset, VORMEN)
    with Unsteady(empty.address, 2, KeyboardInterrupt()) as client:
        with pytest.raises(KeyboardInterrupt):
            publish(client, few, ignore)
        assert [client.count(graph) for graph in few.graphs] == [0, 0]
        seen = Seen()
        publish(client, few, seen)
        assert seen.of(VORMEN) == [len(few.graphs[VORMEN])], "what was sent need not be sent again"
        assert read_publication(client) == few.publication


def test_old_graaf_that_breaks_off_in_steps_keeps_what_both_have_and_says_so(
    empty: Server, dataset: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = (part_of(dataset, source, target=PROEF) for source in (VORMEN, ONTOLOGIE))
    with StoreClient(empty.address) as client:
        publish(client, old, ignore)
    monkeypatch.setattr("kb.store.place.MOST_CHANGED", 50)
    with Unsteady(empty.address, 2, KeyboardInterrupt()) as client:
        with pytest.raises(KeyboardInterrupt):
            publish(client, new, ignore)
        assert client.count(PROEF) == len(old.graphs[PROEF]) + 50, "what is new goes first"
        assert any("is niet heel; publiceer opnieuw" in message for message in caplog.messages)
        publish(client, new, ignore)
        assert read_publication(client) == new.publication


@pytest.mark.parametrize("updates", [True, False], ids=["with-updates", "without-updates"])
def test_graaf_that_is_no_longer_published_is_dropped(empty: Server, dataset: Store, updates: bool) -> None:
    with StoreClient(empty.address) if updates else without_updates(empty) as client:
        publish(client, part_of(dataset, VORMEN, ONTOLOGIE), ignore)
        publish(client, part_of(dataset, VORMEN), ignore)
        assert (client.count(VORMEN) > 0, client.count(ONTOLOGIE)) == (True, 0)


def test_without_updates_the_store_says_nothing_of_itself_until_all_is_there(empty: Server, dataset: Store) -> None:
    with without_updates(empty) as client:
        publish(client, part_of(dataset, VORMEN), ignore)
        there: list[Publication | None] = []
        whole = part_of(dataset, VORMEN, ONTOLOGIE)
        publish(client, whole, lambda *_: there.append(read_publication(client)))
        assert set(there) == {None}
        assert read_publication(client) == whole.publication
        assert client.count(VOORTGANG) == 0


def test_lost_triple_is_found_by_counting(empty: Server, dataset: Store) -> None:
    def lose(graph: NamedNode, arrived: int) -> None:
        if arrived:
            line = release.graphs[graph][0]
            client.update(f"DELETE DATA {{ GRAPH <{graph.value}/nieuw> {{ {line} }} }}")

    release = part_of(dataset, VORMEN)
    with StoreClient(empty.address) as client:
        with pytest.raises(StoreError, match=f"vormen/nieuw heeft {len(release.graphs[VORMEN]) - 1} triples"):
            publish(client, release, lose)
        assert client.count(VORMEN) == 0


@pytest.mark.parametrize("done", [False, True], ids=["not-done", "done-all-the-same"])
def test_what_the_store_does_not_do_in_time_is_told_and_asked_again(
    done: bool, empty: Server, dataset: Store, at_once: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    release = part_of(dataset, VORMEN, ONTOLOGIE)
    error = StoreTimeoutError("de opslag antwoordt niet op tijd.")
    with Unsteady(empty.address, 2, error, done=done) as client:
        publish(client, release, ignore)
        assert read_publication(client) == release.publication
        assert all_graphs(client) == {*release.graphs, PUBLICATIE}
    assert caplog.messages == ["de opslag antwoordt niet op tijd. Over 2 s nog een keer."]
    assert at_once == [PAUSES[0]]


def test_publicatie_goes_on_with_the_graphs_that_were_not_yet_moved(empty: Server, dataset: Store) -> None:
    whole = part_of(dataset, VORMEN, ONTOLOGIE)
    with Unsteady(empty.address, 2, KeyboardInterrupt()) as client:
        with pytest.raises(KeyboardInterrupt):
            publish(client, whole, ignore)
        assert read_publication(client) is None, "the store says nothing of itself while graphs are moved"
        moves = client.moves
        publish(client, whole, ignore)
        assert client.moves - moves == len(whole.graphs) - 1
        assert read_publication(client) == whole.publication
        assert all_graphs(client) == {*whole.graphs, PUBLICATIE}


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> StoreClient:
    """A client of a store that gives this answer to everything."""
    client = StoreClient(Address("http://opslag/query", "http://opslag/graphs", "http://opslag/update"))
    client._http = httpx.Client(transport=httpx.MockTransport(answer))
    return client


@pytest.mark.parametrize(
    ("status", "text"), [(500, "Virtuoso S1T00 Error SR171: Transaction timed out"), (503, ""), (504, "")]
)
def test_store_that_runs_out_of_time_is_asked_as_often_as_there_are_pauses(
    status: int, text: str, dataset: Store, at_once: list[float]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        reads = b"query=" in request.content
        return httpx.Response(200 if reads else status, text="" if reads else text)

    with answering(answer) as client, pytest.raises(StoreTimeoutError, match=text or str(status)):
        publish(client, part_of(dataset, VORMEN), ignore)
    assert at_once == list(PAUSES)


def test_store_that_refuses_is_not_asked_again(dataset: Store, at_once: list[float]) -> None:
    with answering(lambda _: httpx.Response(403)) as client, pytest.raises(StoreError, match="laat dit niet toe"):
        publish(client, part_of(dataset, VORMEN), ignore)
    assert at_once == []
