"""SHACL validation for tests: shapes of others on our data, with every result as a readable line."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import RdfFormat, Triple, serialize
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

Result = tuple[str, str, str, str]


class _Prepared(rdflib.Graph):  # type: ignore[misc]  # rdflib is not followed by mypy here
    """A graph that parses each query once: pySHACL asks the same few for every focus node, and parsing is most of its time."""

    def __init__(self) -> None:
        super().__init__()
        self._parsed: dict[str, Query] = {}

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
        if query_object not in self._parsed:
            self._parsed[query_object] = prepareQuery(query_object, initNs=kwargs.get("initNs"))
        return super().query(self._parsed[query_object], *args, **kwargs)


def read_shapes(files: Sequence[Path]) -> rdflib.Graph:
    """The shapes of some files together."""
    shapes = rdflib.Graph()
    for file in files:
        shapes.parse(file)
    return shapes


def shacl_results(data: Iterable[Triple], shapes: rdflib.Graph) -> list[Result]:
    """Everything that does not fit: severity, focus node, path or constraint, value."""
    text = serialize(data, format=RdfFormat.N_TRIPLES)
    assert text is not None
    graph = _Prepared().parse(data=text, format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", inplace=True)
    return sorted(_result(report, result) for result in report.subjects(RDF.type, SH.ValidationResult))


def _result(report: rdflib.Graph, result: Any) -> Result:
    def value(name: str) -> str:
        return str(report.value(result, SH[name]) or "").rpartition("shacl#")[2]

    return (
        value("resultSeverity"),
        value("focusNode"),
        value("resultPath") or value("sourceConstraintComponent"),
        value("value"),
    )
