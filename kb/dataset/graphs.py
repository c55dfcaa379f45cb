"""The data set as named graphs: what is stated, what is derived, the rules and the links, each apart and described.

`build_dataset` gives one in-memory store with every graph and an empty default graph; a service lets the default graph of a
query be the union of all of them. It is built only when asked for: advice needs none of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal as OneOf

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

import kb
from kb import paths
from kb.dataset.concepts import concept_triples
from kb.dataset.description import DATASET, VOID, catalogue_triples
from kb.dataset.lineage import lineage_triples
from kb.dataset.skolem import Skolem, skolemise
from kb.engine import Engine
from kb.knowledge.described import certainties
from kb.knowledge.turtle import read_turtle
from kb.names import BASE, DCTERMS, DEF, OWL, RDFS, TYPE
from kb.rule.shacl import rules_graph

GRAAF = BASE + "graaf/"
LINKS = "links-"
ONTOLOGY = NamedNode(DEF.rstrip("#"))
_VERSION, _DEFINED_BY = NamedNode(OWL + "versionInfo"), NamedNode(RDFS + "isDefinedBy")
# What only a publication says.
ADDED_WHEN_PUBLISHED = frozenset({_VERSION, _DEFINED_BY})


@dataclass(frozen=True)
class Graph:
    """A named graph: its IRI and, per language, its label and description."""

    iri: NamedNode
    label: dict[str, str]
    description: dict[str, str]

    @property
    def name(self) -> str:
        """The last part of the IRI, such as `kennis` or `links-tooi`."""
        return self.iri.value.removeprefix(GRAAF)


def graphs(ontology: Path = paths.ONTOLOGY) -> list[Graph]:
    """Every graph of the data set, as the catalogue and the link sets describe it, by name."""
    stated = [quad.triple for path in (ontology / "catalogus.ttl", *link_files(ontology)) for quad in read_turtle(path)]
    subsets = [t.object for t in stated if t.subject == DATASET and t.predicate == NamedNode(VOID + "subset")]
    found = [node for node in subsets if isinstance(node, NamedNode)]
    return [
        Graph(node, _texts(stated, node, "title"), _texts(stated, node, "description"))
        for node in sorted(found, key=lambda node: node.value)
    ]


def link_files(ontology: Path = paths.ONTOLOGY) -> list[Path]:
    """The files of links to other data sets, by name."""
    return sorted((ontology / "links").glob("*.ttl"))


def build_dataset(engine: Engine, ontology: Path = paths.ONTOLOGY, rules: Path = paths.RULES) -> Store:
    """A store with every graph; blank nodes have stable names, and what OWL and SHACL want blank has stable labels."""
    store = Store()
    for name, triples in _contents(engine, ontology):
        _add(store, name, triples)
    names = [graph.iri for graph in graphs(ontology)]
    _add(store, "catalogus", catalogue_triples(store, names, data_version(ontology, rules), ontology))
    return store


def data_version(ontology: Path = paths.ONTOLOGY, rules: Path = paths.RULES) -> str:
    """The version of the data: that of the project, and a hash of every file the data is made from."""
    hashed = sha256()
    for root in (ontology, rules):
        for path in sorted(path for path in root.rglob("*") if path.suffix in (".ttl", ".rq")):
            hashed.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{kb.__version__}+{hashed.hexdigest()[:12]}"


def _contents(engine: Engine, ontology: Path) -> Iterator[tuple[str, Iterable[Triple]]]:
    """Every graph but the catalogue, which counts the others."""
    lineage = engine.knowledge.lineage
    stated = [triple for triple in engine.knowledge.triples() if triple not in lineage]
    skolem = Skolem([*stated, *lineage])
    asserted = [skolem.triple(triple) for triple in stated]
    terms = _file(ontology / "wijkaanpak.ttl")
    own = set(terms)
    yield "ontologie", [*terms, *_published(terms)]
    yield "kennis", (triple for triple in asserted if triple not in own)
    yield "afgeleid", map(skolem.triple, lineage)
    yield "herkomst", lineage_triples(lineage, skolem, certainties(engine.knowledge))
    yield "vormen", _file(ontology / "shapes.ttl", "all")
    yield "begrippen", concept_triples(asserted, ontology)
    yield "regels", skolemise(rules_graph(engine.rules, engine.knowledge.rules))
    for path in link_files(ontology):
        yield LINKS + path.stem, _file(path)


def _published(terms: Iterable[Triple]) -> Iterator[Triple]:
    """What holds of every term alike, so that the file need not say it: where it is defined, and the version of that."""
    yield Triple(ONTOLOGY, _VERSION, Literal(kb.__version__))
    own = {triple.subject for triple in terms if triple.predicate == TYPE}
    for node in sorted((node for node in own if isinstance(node, NamedNode) and node.value.startswith(DEF)), key=str):
        yield Triple(node, _DEFINED_BY, ONTOLOGY)


def _file(path: Path, blank: OneOf["owl", "all"] = "owl") -> list[Triple]:
    return skolemise((quad.triple for quad in read_turtle(path)), blank)


def _add(store: Store, name: str, triples: Iterable[Triple]) -> None:
    graph = NamedNode(GRAAF + name)
    store.extend(Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)


def _texts(stated: list[Triple], node: NamedNode, property: str) -> dict[str, str]:
    wanted = NamedNode(DCTERMS + property)
    return {
        triple.object.language: triple.object.value
        for triple in stated
        if triple.subject == node
        and triple.predicate == wanted
        and isinstance(triple.object, Literal)
        and triple.object.language
    }
