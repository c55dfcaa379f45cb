"""Short ways for tests to look into the named graphs of the data set."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple

from kb.dataset.graphs import GRAAF
from kb.names import PREFIXES
from kb.rdf.prov import GENERATED, PARTS, USED

PREFIX_LINES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in {**PREFIXES, "graaf": GRAAF}.items())

AFGELEID = NamedNode(GRAAF + "afgeleid")
HERKOMST = NamedNode(GRAAF + "herkomst")
# Of the half a million triples of lineage, all of one shape, so many statements are enough.
MOST_DERIVED = 2000


def in_graph(store: Store, name: str) -> list[Triple]:
    """The triples of the graph with this name."""
    return [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(GRAAF + name))]


def rows(store: Store, query: str) -> Iterator[tuple[str, ...]]:
    """The solutions of a SELECT, each value as text; the usual prefixes are set, and `graaf:` for the graphs."""
    solutions = store.query(PREFIX_LINES + query)
    assert isinstance(solutions, QuerySolutions)
    for solution in solutions:
        yield tuple(getattr(value, "value", "") for value in solution)


def some_lineage(dataset: Store) -> Store:
    """The data set with every graph, of what was derived all but its lineage, of that only some statements."""
    kept = _without(dataset, HERKOMST)
    for statement, firing, premises in _derived(dataset):
        kept.extend([*statement, *firing, *premises])
    return kept


def some_derived(dataset: Store, most: int = MOST_DERIVED) -> Store:
    """The data set with every graph, but only some of what was derived, each with its lineage."""
    kept = _without(dataset, AFGELEID, HERKOMST)
    for statement, firing, premises in islice(_derived(dataset), most):
        kept.extend([*statement, *firing, *premises])
        subject, predicate, value = (_only(statement, part) for part in PARTS)
        kept.add(Quad(subject, predicate, value, AFGELEID))
    return kept


def _without(dataset: Store, *graphs: NamedNode) -> Store:
    kept = Store()
    for graph in dataset.named_graphs():
        if graph not in graphs:
            kept.bulk_extend(dataset.quads_for_pattern(None, None, None, graph))
    return kept


def _derived(dataset: Store) -> Iterator[tuple[list[Quad], list[Quad], list[Quad]]]:
    """Of some derived statements, what the lineage says of it, of the firing that made it, and of its premises."""
    for generated in islice(dataset.quads_for_pattern(None, GENERATED, None, HERKOMST), MOST_DERIVED):
        firing = _about(dataset, generated.object)
        premises = [quad for used in firing if used.predicate == USED for quad in _about(dataset, used.object)]
        yield _about(dataset, generated.subject), firing, premises


def _about(dataset: Store, node: Any) -> list[Quad]:
    return list(dataset.quads_for_pattern(node, None, None, HERKOMST))


def _only(statement: list[Quad], prop: NamedNode) -> Any:
    return next(quad.object for quad in statement if quad.predicate == prop)
