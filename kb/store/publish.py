"""Publishing the data set to a store, so that a run that breaks off can go on, and readers never see half of it.

Each graph goes in parts to a graph beside the one it will replace (`…/kennis/nieuw`); when all are there and counted, one
update moves them into place, together with the graph that says what the store holds. A graph of progress marks in the
store tells a later run which parts arrived. Sending a part twice does no harm: a graph is a set, and nothing in it is blank.

Without an address for updates each graph is replaced whole, by one PUT; what the store says of itself is taken away first
and comes back last, so that a service that starts in between waits.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256

from pyoxigraph import NamedNode, Triple

from kb.dataset.graphs import GRAAF
from kb.errors import StoreError
from kb.store.client import StoreClient
from kb.store.publication import HAS_PART, PUBLICATIE, Publication, Release, n_triples, read_publication

PART = 5_000
VOORTGANG = NamedNode(GRAAF + "publicatie/voortgang")

# Called with a graph and how many of its triples have arrived.
Progress = Callable[[NamedNode, int], None]


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
        contents = " ".join([str(self.part), *(holding.digest for holding in self.stated.values())])
        self.marks = f"{VOORTGANG.value}/{sha256(contents.encode()).hexdigest()[:16]}/"

    def run(self, *, anew: bool) -> None:
        there = read_publication(self.client)
        ready = self.ready(there) if there and not anew else set()
        arrived = Counter[NamedNode]() if anew else self._arrived()
        if not arrived:
            self.client.delete(VOORTGANG)
        sent = [graph for graph in self.stated if graph not in ready]
        old = [graph for graph in there.graphs if graph not in self.stated] if there else []
        self.begin(sent, old)
        for graph in ready:
            self.progress(graph, self.stated[graph].count)
        for graph in sent:
            self._send(graph, arrived[graph])
        self._check({self.target(graph): self.stated[graph].count for graph in sent})
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
            send(self.target(graph), part)
            self.client.post(VOORTGANG, n_triples([Triple(graph, HAS_PART, NamedNode(f"{self.marks}{number}"))]))
            self.progress(graph, sum(map(len, parts[: number + 1])))

    def _arrived(self) -> Counter[NamedNode]:
        """How many parts of each graph arrived by an earlier run; none at all if that cannot be so any more."""
        marks = self.client.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {VOORTGANG} {{ ?s ?p ?o }} }}")
        if not all(isinstance(mark.object, NamedNode) and mark.object.value.startswith(self.marks) for mark in marks):
            return Counter()
        arrived = Counter(mark.subject for mark in marks if isinstance(mark.subject, NamedNode))
        for graph, number in arrived.items():
            if self.client.count(self.target(graph)) < sum(map(len, self._parts(graph)[:number])):
                return Counter()
        return arrived

    def _check(self, expected: dict[NamedNode, int]) -> None:
        """Errors: StoreError naming each graph that holds another number of triples than was sent."""
        wrong = list(self._differences(expected))
        if wrong:
            listed = "; ".join(wrong)
            raise StoreError(f"de opslag telt anders dan er is verstuurd: {listed}. Probeer het met --opnieuw.")

    def _differences(self, expected: dict[NamedNode, int]) -> Iterator[str]:
        for graph, count in expected.items():
            found = self.client.count(graph)
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
        steps = [f"MOVE {self.target(graph)} TO {graph}" for graph in sent]
        steps += [f"DROP SILENT GRAPH {graph}" for graph in (*old, PUBLICATIE)]
        steps += [f"INSERT DATA {{ GRAPH {PUBLICATIE} {{\n{chr(10).join(self.release.publication.lines())}\n}} }}"]
        steps += [f"DROP SILENT GRAPH {VOORTGANG}"]
        self.client.update(" ;\n".join(steps))


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
        self.client.put(PUBLICATIE, self.release.publication.lines())
        self.client.delete(VOORTGANG)
