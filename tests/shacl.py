"""SHACL validation for tests: shapes of others on our data, with every result as a readable line."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pyshacl
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from kb.names import XSD

Result = tuple[str, str, str, str]


class Prepared(rdflib.Graph):  # type: ignore[misc]  # rdflib is not followed by mypy here
    """A graph that parses each query once: pySHACL asks the same few for every focus node, and parsing is most of its time."""

    _parsed: ClassVar[dict[tuple[Any, ...], Query]] = {}

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
        names = kwargs.get("initNs")
        key = (query_object, *sorted((names or {}).items()))
        if key not in self._parsed:
            self._parsed[key] = prepareQuery(query_object, initNs=names)
        return super().query(self._parsed[key], *args, **kwargs)


def as_rdflib(triples: Iterable[Triple]) -> Prepared:
    """Triples in the library of the other reasoners, term by term: writing them and reading that again takes far longer."""
    graph = Prepared()
    term = cache(_term)
    for triple in triples:
        graph.add((term(triple.subject), term(triple.predicate), term(triple.object)))
    return graph


def _term(term: Any) -> rdflib.term.Node:
    match term:
        case NamedNode():
            return rdflib.URIRef(term.value)
        case BlankNode():
            return rdflib.BNode(term.value)
        case Literal(language=str()):
            return rdflib.Literal(term.value, lang=term.language)
        case Literal():
            plain = term.datatype.value == f"{XSD}string"
            return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value))
    raise TypeError(term)


def read_shapes(files: Sequence[Path]) -> rdflib.Graph:
    """The shapes of some files together."""
    shapes = rdflib.Graph()
    for file in files:
        shapes.parse(file)
    return shapes


def shacl_results(data: Iterable[Triple], shapes: rdflib.Graph) -> list[Result]:
    """Everything that does not fit: severity, focus node, path or constraint, value."""
    graph = as_rdflib(data)
    with _without_words():
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True)
    return sorted(_result(report, result) for result in report.subjects(RDF.type, SH.ValidationResult))


@contextmanager
def _without_words() -> Iterator[None]:
    """Of each result pySHACL writes down the whole shape in words, which takes longer than to find it; no test reads that."""
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("pyshacl.constraints") and hasattr(module, "stringify_node"):
                patch.setattr(module, "stringify_node", lambda *_: "")
        yield


def _result(report: rdflib.Graph, result: Any) -> Result:
    def value(name: str) -> str:
        return str(report.value(result, SH[name]) or "").rpartition("shacl#")[2]

    return (
        value("resultSeverity"),
        value("focusNode"),
        value("resultPath") or value("sourceConstraintComponent"),
        value("value"),
    )
