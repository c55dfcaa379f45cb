"""Publishing the data set to a store, so that a run that breaks off can go on, and readers do not see half of a graph.

Each graph goes in parts to a graph beside the one it will replace (`…/kennis/nieuw`). When all are there and counted, the
store stops saying what it holds, each graph is made equal to the one beside it (`place.py`), and then the store says what it
holds now: a service that starts in between waits. A graph of progress marks in the store tells a later run which parts
arrived and which graphs are in place. Doing a part or a graph twice does no harm: a graph is a set, and nothing in it is
blank. So what the store does not do in time is asked again, a few times.

Without an address for updates each graph is replaced whole, by one PUT; what the store says of itself is taken away first
and comes back last here too.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, TypeVar

from pyoxigraph import NamedNode, Triple

from kb.dataset.graphs import GRAAF
from kb.errors import StoreError, StoreTimeoutError
from kb.store.client import StoreClient
from kb.store.place import clear, place
from kb.store.publication import HAS_PART, PUBLICATIE, Publication, Release, n_triples, read_publication

logger = logging.getLogger("kb.store")

PART = 5_000
# How many seconds to wait before asking again what the store did not do in time.
PAUSES = (2.0, 10.0, 30.0)
VOORTGANG = NamedNode(GRAAF + "publicatie/voortgang")
PLACED = "geplaatst"

# Called with a graph and how many of its triples have arrived.
Progress = Callable[[NamedNode, int], None]
Answer = TypeVar("Answer")


def publish(client: StoreClient, release: Release, progress: Progress, *, anew: bool = False) -> None:
    """Let the store hold a release, going on where an earlier run broke off; `anew` sends everything again.

    Errors: StoreError; what was sent stays, and the next run goes on from there.
    """
    kind = _InParts if client.address.update else _Whole
    kind(client, release, progress).run(anew=anew)


class _Publishing:
    """One run. A subclass says where graphs are sent, in parts of what size, and how they take their place."""

    part: int

    def __init__(self, client: StoreClient, release: Release, progress: Progress) -> None:
        self.client = client
        self.release = release
        self.progress = progress
        self.stated = release.publication.graphs
        self.arrived = Counter[NamedNode]()
        self.placed: set[NamedNode] = set()
        contents = " ".join([str(self.part), *(holding.digest for holding in self.stated.values())])
        self.marks = f"{VOORTGANG.value}/{sha256(contents.encode()).hexdigest()[:16]}/"

    def run(self, *, anew: bool) -> None:
        there = read_publication(self.client)
        if anew or not self._marked():
            self.insist(self.client.delete, VOORTGANG)
        ready = self.placed | (self.ready(there) if there and not anew else set())
        sent = [graph for graph in self.stated if graph not in ready]
        old = [graph for graph in there.graphs if graph not in self.stated] if there else []
        self.begin(sent, old)
        for graph in self.stated:
            if graph in ready:
                self.progress(graph, self.stated[graph].count)
        for graph in sent:
            self._send(graph, self.arrived[graph])
        self._check({self.target(graph): self.stated[graph].count for graph in sent})
        if sent or old or self.placed or there != self.release.publication:
            self.finish(sent, old)
        self._check({graph: holding.count for graph, holding in self.stated.items()})

    def ready(self, there: Publication) -> set[NamedNode]:
        """The graphs that need not be sent, as the store holds them already."""
        raise NotImplementedError

    def begin(self, sent: list[NamedNode], old: list[NamedNode]) -> None:
        """Prepare for sending graphs, and for doing without the old ones."""

    def target(self, graph: NamedNode) -> NamedNode:
        """The graph to send a graph to."""
        raise NotImplementedError

    def finish(self, sent: list[NamedNode], old: list[NamedNode]) -> None:
        """Let what was sent take its place, and let the store say what it holds now."""
        raise NotImplementedError

    def unchanged(self, there: Publication) -> set[NamedNode]:
        """The graphs that the store says, and by its count seems, to hold as they must be."""
        return {
            graph
            for graph, holding in self.stated.items()
            if there.graphs.get(graph) == holding and self.client.count(graph) == holding.count
        }

    def _parts(self, graph: NamedNode) -> list[list[str]]:
        lines = self.release.graphs[graph]
        return [lines[start : start + self.part] for start in range(0, len(lines), self.part)]

    def _send(self, graph: NamedNode, arrived: int) -> None:
        parts = self._parts(graph)
        self.progress(graph, sum(map(len, parts[:arrived])))
        for number, part in enumerate(parts[arrived:], arrived):
            # The first part also clears away what another run may have left.
            send = self.client.post if number else self.client.put
            self.insist(send, self.target(graph), part)
            self.insist(self.client.post, VOORTGANG, [self.mark(graph, str(number))])
            self.progress(graph, sum(map(len, parts[: number + 1])))

    def mark(self, graph: NamedNode, what: str) -> str:
        """The line that says how far a graph is: the number of a part that arrived, or `PLACED`."""
        return n_triples([Triple(graph, HAS_PART, NamedNode(f"{self.marks}{what}"))])[0]

    def insist(self, ask: Callable[..., Answer], *arguments: Any) -> Answer:
        """Ask again, after a while, what the store did not do in time."""
        for pause in PAUSES:
            try:
                return ask(*arguments)
            except StoreTimeoutError as error:
                logger.warning("%s Over %g s nog een keer.", error, pause)
                time.sleep(pause)
        return ask(*arguments)

    def _marked(self) -> bool:
        """Read how far an earlier run came; False, and nothing, if that cannot be so any more."""
        marks = self.client.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {VOORTGANG} {{ ?s ?p ?o }} }}")
        found = [
            (mark.subject, mark.object.value)
            for mark in marks
            if isinstance(mark.subject, NamedNode) and isinstance(mark.object, NamedNode)
        ]
        if not all(graph in self.stated and value.startswith(self.marks) for graph, value in found):
            return False
        placed = {graph for graph, value in found if value == self.marks + PLACED}
        arrived = Counter(graph for graph, value in found if graph not in placed)
        there = {graph: self.stated[graph].count for graph in placed}
        least = {self.target(graph): sum(map(len, self._parts(graph)[:number])) for graph, number in arrived.items()}
        if any(self.client.count(graph) != count for graph, count in there.items()):
            return False
        if any(self.client.count(graph) < count for graph, count in least.items()):
            return False
        self.placed, self.arrived = placed, arrived
        return bool(found)

    def _check(self, expected: dict[NamedNode, int]) -> None:
        """Errors: StoreError naming each graph that holds another number of triples than was sent."""
        wrong = list(self._differences(expected))
        if wrong:
            listed = "; ".join(wrong)
            raise StoreError(f"de opslag telt anders dan er is verstuurd: {listed}. Probeer het met --opnieuw.")

    def _differences(self, expected: dict[NamedNode, int]) -> Iterator[str]:
        for graph, count in expected.items():
            found = self.insist(self.client.count, graph)
            if found != count:
                yield f"{graph.value} heeft {found} triples in plaats van {count}"


class _InParts(_Publishing):
    """Sends parts to a graph beside the one to replace, and moves it into place by update."""

    part = PART

    def ready(self, there: Publication) -> set[NamedNode]:
        return self.unchanged(there)

    def target(self, graph: NamedNode) -> NamedNode:
        return NamedNode(f"{graph.value}/nieuw")

    def finish(self, sent: list[NamedNode], old: list[NamedNode]) -> None:
        unchanged = [self.mark(graph, PLACED) for graph in self.stated if graph not in sent]
        self.insist(self.client.post, VOORTGANG, unchanged)
        for graph in (*old, PUBLICATIE):
            self.insist(self.client.delete, graph)
        for graph in sent:
            self._place(graph)
        for graph in self.placed:  # an earlier run may have broken off before it cleared away
            clear(self.client, self.target(graph), self.insist)
        self.insist(self.client.put, PUBLICATIE, self.release.publication.lines())
        self.insist(self.client.delete, VOORTGANG)

    def _place(self, graph: NamedNode) -> None:
        place(self.client, self.target(graph), graph, self.insist)
        self.insist(self.client.post, VOORTGANG, [self.mark(graph, PLACED)])
        clear(self.client, self.target(graph), self.insist)


class _Whole(_Publishing):
    """Replaces each graph by one PUT, with the store saying nothing of itself until all are there."""

    part = 2**63 - 1

    def ready(self, there: Publication) -> set[NamedNode]:
        unchanged = self.unchanged(there)
        return unchanged if len(unchanged) == len(self.stated) else set()

    def begin(self, sent: list[NamedNode], old: list[NamedNode]) -> None:
        for graph in old:
            self.client.delete(graph)
        if sent:
            self.client.delete(PUBLICATIE)

    def target(self, graph: NamedNode) -> NamedNode:
        return graph

    def finish(self, sent: list[NamedNode], old: list[NamedNode]) -> None:  # noqa: ARG002 - nothing is left to move or drop
        self.insist(self.client.put, PUBLICATIE, self.release.publication.lines())
        self.insist(self.client.delete, VOORTGANG)
