"""Short ways for tests to look into the named graphs of the data set."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, QuerySolutions, Store, Triple

from kb.dataset.graphs import GRAAF
from kb.names import PREFIXES

PREFIX_LINES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in {**PREFIXES, "graaf": GRAAF}.items())


def in_graph(store: Store, name: str) -> list[Triple]:
    """The triples of the graph with this name."""
    return [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(GRAAF + name))]


def rows(store: Store, query: str) -> Iterator[tuple[str, ...]]:
    """The solutions of a SELECT, each value as text; the usual prefixes are set, and `graaf:` for the graphs."""
    solutions = store.query(PREFIX_LINES + query)
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        yield tuple(getattr(value, "value", "") for value in solution)
