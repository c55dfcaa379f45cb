"""The data set as files: what is in them, that they say what they are, and that equal data gives equal bytes."""

from hashlib import sha256
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kb.dataset.downloads import CHECKSUMS, TRIG, Download, downloads, write
from kb.dataset.graphs import GRAAF, data_version, graphs
from kb.engine import Engine
from kb.errors import WijkaanpakError
from tests.graphs import in_graph, rows, some_lineage
from tests.shacl import shacl_results


@pytest.fixture(scope="module")
def dataset(dataset: Store) -> Store:
    """The data set with every graph whole, but only some of the lineage."""
    return some_lineage(dataset)


@pytest.fixture(scope="module")
def files(engine: Engine, dataset: Store) -> dict[str, Download]:
    """Every download by name."""
    return {download.name: download for download in downloads(engine, dataset)}


def test_download_for_every_graph_and_one_for_all(files: dict[str, Download]) -> None:
    assert set(files) == {f"{graph.name}.ttl" for graph in graphs()} | {TRIG, CHECKSUMS}


@pytest.mark.parametrize("name", [graph.name for graph in graphs()])
def test_download_of_a_graph_reads_back_as_that_graph(name: str, files: dict[str, Download], dataset: Store) -> None:
    read = [quad.triple for quad in parse(files[f"{name}.ttl"].bytes, format=RdfFormat.TURTLE)]
    assert len(read) == len(in_graph(dataset, name))
    assert set(read) == set(in_graph(dataset, name))


def test_download_of_everything_reads_back_as_the_dataset(files: dict[str, Download], dataset: Store) -> None:
    read = list(parse(files[TRIG].bytes, format=RdfFormat.TRIG))
    assert len(read) == len(dataset)
    assert set(read) == set(dataset)


def test_download_tells_gesteld_from_afgeleid_by_graph(files: dict[str, Download]) -> None:
    store = Store()
    store.bulk_load(files[TRIG].bytes, format=RdfFormat.TRIG)
    query = "SELECT ?graph WHERE { GRAPH ?graph { ?s a :Ruimtekoppeling } } GROUP BY ?graph"
    assert list(rows(store, query)) == [(GRAAF + "afgeleid",)]


def test_checksums_are_those_of_the_bytes(files: dict[str, Download]) -> None:
    lines = files[CHECKSUMS].bytes.decode().splitlines()
    assert len(lines) == len(files) - 1
    for line in lines:
        digest, name = line.split("  ")
        assert digest == files[name].sha256 == sha256(files[name].bytes).hexdigest()


@pytest.mark.parametrize("name", ["kennis.ttl", TRIG])
def test_download_says_version_and_license(name: str, files: dict[str, Download]) -> None:
    head = files[name].bytes.decode()[:300]
    assert data_version() in head
    assert "licence/CC_BY_4_0" in head


def test_download_is_the_same_of_the_same_data_in_another_order(
    engine: Engine, dataset: Store, files: dict[str, Download]
) -> None:
    """Held together with the data set, which is the same when it is built again."""
    again = Store()
    again.extend(reversed(list(dataset)))
    assert {download.name: download.sha256 for download in downloads(engine, again)} == {
        name: download.sha256 for name, download in files.items()
    }


def test_download_changes_when_a_triple_does(engine: Engine, dataset: Store, files: dict[str, Download]) -> None:
    changed = Store()
    changed.extend(dataset)
    graph = NamedNode(GRAAF + "vormen")
    changed.add(Quad(graph, NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso"), graph, graph))
    hashes = {download.name: download.sha256 for download in downloads(engine, changed)}
    assert {name for name in files if hashes[name] != files[name].sha256} == {"vormen.ttl", TRIG, CHECKSUMS}


def test_export_writes_every_file_into_a_new_folder(files: dict[str, Download], tmp_path: Path) -> None:
    folder = tmp_path / "uit" / "data"
    written = list(write(files.values(), folder))
    assert sorted(written) == sorted(folder.iterdir())
    assert {path.name: path.read_bytes() for path in written} == {name: file.bytes for name, file in files.items()}
    names = {line.split("  ")[1] for line in (folder / CHECKSUMS).read_text().splitlines()}
    assert names == {path.name for path in written} - {CHECKSUMS}


def test_export_says_which_file_it_cannot_write(files: dict[str, Download], tmp_path: Path) -> None:
    in_the_way = tmp_path / "bestand"
    in_the_way.write_text("")
    with pytest.raises(WijkaanpakError, match=r"bestand/.*is niet te schrijven"):
        list(write(files.values(), in_the_way))


def test_dataset_for_downloads_has_an_empty_default_graph(dataset: Store) -> None:
    assert not list(dataset.quads_for_pattern(None, None, None, DefaultGraph()))


def test_downloads_fit_the_shapes_that_are_published_with_them(files: dict[str, Download]) -> None:
    shapes = rdflib.Graph().parse(data=files["vormen.ttl"].bytes, format="turtle")
    names = ("ontologie.ttl", "kennis.ttl", "afgeleid.ttl", "regels.ttl")
    data = [quad.triple for name in names for quad in parse(files[name].bytes, format=RdfFormat.TURTLE)]
    assert shacl_results(data, shapes) == []
