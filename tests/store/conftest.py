"""Fixtures: the data set ready to be sent, and real stores that hold it or are still empty."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kb.dataset.graphs import GRAAF, data_version
from kb.store.client import StoreClient
from kb.store.publication import Release
from kb.store.publish import publish
from tests.graphs import some_derived
from tests.store.servers import SERVERS, Server, running

ONTOLOGIE = NamedNode(GRAAF + "ontologie")
KENNIS = NamedNode(GRAAF + "kennis")
REGELS = NamedNode(GRAAF + "regels")
SOME = 500


@pytest.fixture(scope="session")
def sample(dataset: Store) -> Store:
    """The data set with every graph, but only some of what was derived, each with its lineage: of all, few stores are fast."""
    return some_derived(dataset, 500)


@pytest.fixture(scope="session")
def release(sample: Store) -> Release:
    """A data set with every graph, ready to be sent."""
    return Release(sample, data_version())


@pytest.fixture(scope="session")
def stated(dataset: Store) -> Release:
    """Some of what advice is made from, ready to be sent: how a store is filled does not depend on how much that is.

    What `full` is filled with first is sent in parts of the usual size.
    """
    some = Store()
    for graph in (ONTOLOGIE, KENNIS):
        some.extend(islice(dataset.quads_for_pattern(None, None, None, graph), SOME))
    return Release(some, "proef")


def ignore(graph: NamedNode, arrived: int) -> None:
    """What is told of the progress is of no interest."""


def all_graphs(client: StoreClient) -> set[NamedNode]:
    """Our graphs in a store."""
    query = "CONSTRUCT { ?g a <urn:graaf> } WHERE { { SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } } }"
    graphs = {triple.subject for triple in client.construct(query)}
    return {graph for graph in graphs if isinstance(graph, NamedNode) and graph.value.startswith(GRAAF)}


def part_of(dataset: Store, *graphs: NamedNode, target: NamedNode | None = None) -> Release:
    """Of some graphs of a data set one triple in four, ready to be sent; under the name `target` when that is given.

    How a store is filled does not depend on how much that is, and one that keeps its data on disk is slow.
    """
    part = Store()
    for graph in graphs:
        quads = islice(dataset.quads_for_pattern(None, None, None, graph), None, None, 4)
        part.extend(Quad(quad.subject, quad.predicate, quad.object, target or graph) for quad in quads)
    return Release(part, "proef")


@pytest.fixture(scope="session")
def terms(sample: Store) -> Release:
    """The ontology and the rules, ready to be sent: each takes more than one part of the usual size."""
    some = Store()
    for graph in (ONTOLOGIE, REGELS):
        some.extend(sample.quads_for_pattern(None, None, None, graph))
    return Release(some, "proef")


@pytest.fixture(scope="session", params=SERVERS, ids=lambda kind: kind.name)
def full(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, terms: Release, release: Release
) -> Iterator[Server]:
    """A store with the whole data set, for tests that only read.

    The terms are sent in parts, by updates; all then replaces them graph by graph, which takes Virtuoso a third of the time.
    """
    with running(request.param, tmp_path_factory.mktemp("full"), keeps=False) as server:
        with StoreClient(server.address) as client:
            publish(client, terms, ignore)
        with StoreClient(replace(server.address, update="")) as client:
            publish(client, release, ignore)
        yield server


@pytest.fixture(scope="session", params=SERVERS, ids=lambda kind: kind.name)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A store that keeps its data when it goes down."""
    with running(request.param, tmp_path_factory.mktemp("kept")) as server:
        yield server


@pytest.fixture
def empty(kept: Server) -> Server:
    """A store without our data, for tests that write or break things."""
    return emptied(kept)


def emptied(server: Server) -> Server:
    """A store that runs and holds nothing of ours."""
    server.start()
    with StoreClient(server.address) as client:
        for graph in all_graphs(client):
            client.delete(graph)
    return server
