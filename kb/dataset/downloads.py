"""The data set as files: one Turtle file a graph, everything as one TriG, and a list of checksums.

Equal data gives equal bytes: blank nodes have stable names (kb.skolem), triples are written in order, prefixes too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, serialize

from kb import paths
from kb.dataset.description import DATASET
from kb.dataset.graphs import Graph, build_dataset, data_version, graphs
from kb.engine import Engine
from kb.errors import WijkaanpakError
from kb.knowledge.knowledge import Knowledge
from kb.names import DCTERMS
from kb.rdf.formats import prefixes, with_sorted_prefixes, write_triples

TRIG = "wijkaanpak.trig"
CHECKSUMS = "SHA256SUMS"
LICENSE = NamedNode(DCTERMS + "license")


@dataclass(frozen=True)
class Download:
    """One file: what it is called and holds, and the SHA-256 of its bytes."""

    name: str
    media_type: str
    bytes: bytes
    sha256: str


def downloads(engine: Engine, store: Store | None = None, ontology: Path = paths.ONTOLOGY) -> list[Download]:
    """Every file of the data set, the list of checksums last; `store` is the data set when it was built already."""
    data = store if store is not None else build_dataset(engine, ontology)
    head = _head(data, ontology)
    held = [(graph, _sorted(data, graph.iri)) for graph in graphs(ontology)]
    files = [
        _download(f"{graph.name}.ttl", "text/turtle", head + write_triples(triples, engine.knowledge, RdfFormat.TURTLE))
        for graph, triples in held
    ]
    files.append(_download(TRIG, "application/trig", head + _trig(held, engine.knowledge)))
    return [*files, _download(CHECKSUMS, "text/plain", "".join(map(_checksum_line, files)).encode())]


def write(files: Iterable[Download], folder: Path) -> Iterator[Path]:
    """Write files into a folder, which is made when it is not there; gives the path of each file written.

    Errors: WijkaanpakError when a file cannot be written.
    """
    for download in files:
        path = folder / download.name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(download.bytes)
        except OSError as error:
            raise WijkaanpakError(f"{path} is niet te schrijven: {error.strerror}.") from error
        yield path


def _download(name: str, media_type: str, data: bytes) -> Download:
    return Download(name, media_type, data, sha256(data).hexdigest())


def _checksum_line(download: Download) -> str:
    """A line as `sha256sum --check` reads it."""
    return f"{download.sha256}  {download.name}\n"


def _head(store: Store, ontology: Path) -> bytes:
    """Comment lines that say what a file is, for whoever finds it apart from the rest."""
    stated = (quad.object for quad in store.quads_for_pattern(DATASET, LICENSE, None, None))
    licenses = [license.value for license in stated if isinstance(license, NamedNode)]
    lines = [f"Wijkaanpak {data_version(ontology)}", f"Licentie: {', '.join(licenses)}", f"Dataset: {DATASET.value}"]
    return "".join(f"# {line}\n" for line in lines).encode()


def _sorted(store: Store, graph: NamedNode) -> list[Triple]:
    """A graph's triples in order: the store gives them in an order of its own."""
    return sorted((quad.triple for quad in store.quads_for_pattern(None, None, None, graph)), key=str)


def _trig(held: Sequence[tuple[Graph, list[Triple]]], knowledge: Knowledge) -> bytes:
    quads = (Quad(t.subject, t.predicate, t.object, graph.iri) for graph, triples in held for t in triples)
    data = serialize(quads, format=RdfFormat.TRIG, prefixes=prefixes(knowledge))
    assert data is not None  # it is None only when written to a file
    return with_sorted_prefixes(data)
