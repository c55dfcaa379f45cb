"""The knowledge read from real stores gives the same advice as the project's own files."""

import pytest
from pyoxigraph import NamedNode

from kb.dataset.graphs import GRAAF
from kb.engine import Engine
from kb.errors import StoreError
from kb.situation.model import Situatie
from kb.store.client import StoreClient
from kb.store.knowledge import load_engine, load_knowledge, read_graph
from kb.store.publication import Release, n_triples
from kb.store.publish import publish
from tests.store.conftest import KENNIS, ONTOLOGIE, ignore
from tests.store.servers import Oxigraph, Server

# What follows is derived here and does not depend on the order of a store, so that from one of them will do.
from_one = pytest.mark.parametrize("full", [Oxigraph], indirect=True, ids=["Oxigraph"])


@pytest.fixture(scope="module")
def remote(full: Server) -> Engine:
    """The engine over the knowledge in a store."""
    with StoreClient(full.address) as client:
        return load_engine(client)


@pytest.mark.parametrize("graph", [ONTOLOGIE, KENNIS], ids=["ontologie", "kennis"])
def test_graaf_from_a_store_is_what_was_sent(full: Server, release: Release, graph: NamedNode) -> None:
    with StoreClient(full.address) as client:
        found = read_graph(client, graph)
    assert sorted(n_triples([*found])) == [*release.graphs[graph]]


@from_one
def test_kennis_from_a_store_derives_the_same(remote: Engine, engine: Engine) -> None:
    here, there = ({str(t) for t in e.knowledge.triples() if "_:" not in str(t)} for e in (engine, remote))
    assert there == here
    assert len(remote.knowledge.store) == len(engine.knowledge.store)
    assert len(remote.knowledge.lineage) == len(engine.knowledge.lineage)


@from_one
def test_gronden_from_a_store_are_the_same(remote: Engine, engine: Engine) -> None:
    assert remote.knowledge.annotations == engine.knowledge.annotations
    for node in engine.knowledge.individuals:
        assert remote.knowledge.basis_of(node) == engine.knowledge.basis_of(node)


@from_one
def test_advies_from_a_store_is_the_same_for_every_example(
    remote: Engine, engine: Engine, situaties: dict[str, Situatie]
) -> None:
    for name, situatie in situaties.items():
        for language in ("nl", "en"):
            here, there = (e.advise(situatie, language, questions=5) for e in (engine, remote))
            assert there == here, name


def test_graaf_is_read_whole_in_pages_of_any_size(full: Server, release: Release) -> None:
    graph = NamedNode(GRAAF + "vormen")
    with StoreClient(full.address) as client:
        for page in (200, len(release.graphs[graph]), 10_000):
            assert len(read_graph(client, graph, page)) == len(release.graphs[graph])


def test_page_too_small_for_one_subject_is_an_error(full: Server) -> None:
    with StoreClient(full.address) as client, pytest.raises(StoreError, match="past niet in een pagina"):
        read_graph(client, ONTOLOGIE, page=2)


def test_empty_store_is_refused_with_what_to_do(empty: Server) -> None:
    with StoreClient(empty.address) as client, pytest.raises(StoreError, match="wijkaanpak publiceer"):
        load_knowledge(client)


def test_half_a_graaf_is_refused(empty: Server, stated: Release) -> None:
    with StoreClient(empty.address) as client:
        publish(client, stated, ignore)
        client.update(f"DELETE DATA {{ GRAPH {KENNIS} {{ {stated.graphs[KENNIS][0]} }} }}")
        with pytest.raises(StoreError, match="kennis, terwijl er"):
            load_knowledge(client)
