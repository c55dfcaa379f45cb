"""The data set as named graphs: what is stated, what is derived, the rules and the links, each apart and described.

`build_dataset` gives one in-memory store with every graph; the default graph of a query is the union of all of them.
"""

from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store

from kb import paths
from kb.engine import Engine
from kb.knowledge import knowledge_files, read_turtle
from kb.names import BASE
from kb.shacl_rules import rules_graph

GRAAF = BASE + "graaf/"


@dataclass(frozen=True)
class Graph:
    """A named graph: its IRI and, per language, its label and description."""

    iri: NamedNode
    label: dict[str, str]
    description: dict[str, str]
