"""The knowledge read from real stores gives the same advice as the project's own files."""

import pytest
from pyoxigraph import NamedNode

from kb.dataset.graphs import GRAAF
from kb.engine import Engine
from kb.errors import StoreError
from kb.knowledge.knowledge import Knowledge
from kb.situation.model import Situatie
from kb.store.client import StoreClient
from kb.store.knowledge import load_engine, load_knowledge, read_graph
from kb.store.publication import Release
from kb.store.publish import publish
from tests.store.conftest import KENNIS, ONTOLOGIE, ignore
from tests.store.servers import Oxigraph, Server


@pytest.fixture(scope="module")
def remote(full: Server) -> Knowledge:
    """The knowledge in a store."""
    with StoreClient(full.address) as client:
        return load_knowledge(client)


def test_kennis_from_a_store_derives_the_same(remote: Knowledge, engine: Engine) -> None:
    here, there = ({str(t) for t in k.triples() if "_:" not in str(t)} for k in (engine.knowledge, remote))
    assert there == here
    assert len(remote.store) == len(engine.knowledge.store)
    assert len(remote.lineage) == len(engine.knowledge.lineage)


def test_gronden_from_a_store_are_the_same(remote: Knowledge, engine: Engine) -> None:
    assert remote.annotations == engine.knowledge.annotations
    for node in engine.knowledge.individuals:
        assert remote.basis_of(node) == engine.knowledge.basis_of(node)


@pytest.mark.parametrize("full", [Oxigraph], indirect=True, ids=["Oxigraph"])
def test_advies_from_a_store_is_the_same_for_every_example(
    full: Server, engine: Engine, situaties: dict[str, Situatie]
) -> None:
    """From one store, as every store gives the same knowledge, and the program does not depend on its order."""
    with StoreClient(full.address) as client:
        remote = load_engine(client)
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
