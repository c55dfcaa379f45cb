"""Making one graph in a store equal to another, so that readers see the old graph or the new one.

One update does it, `DELETE … INSERT … WHERE`, of only what differs: between two releases that is little, so that a graph of
any size is done in seconds. In a store that runs each request as one transaction (Oxigraph) a reader sees all of it or
nothing. Virtuoso has no such transaction: while it commits, a reader can see part of the difference.

Where more differs than a store does in one update before its time is up, it goes in steps, what is new first, so that what
both graphs hold is always there; this is told. A graph that was not there yet is taken away again when that breaks off.
"""

import logging
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from pyoxigraph import NamedNode

from kb.errors import StoreError
from kb.store.client import StoreClient

logger = logging.getLogger("kb.store")

# The triples that one update changes at most. Virtuoso changes half a million in the minute that it gives an update.
MOST_CHANGED = 200_000
# Programs that are known not to keep an update apart from readers until it is whole.
SEEN_THROUGH = ("Virtuoso",)
Answer = TypeVar("Answer")


class Insist(Protocol):
    """Asks something of a store, and again what it did not do in time."""

    def __call__(self, ask: Callable[..., Answer], *arguments: Any) -> Answer:
        """The answer."""


def place(client: StoreClient, source: NamedNode, target: NamedNode, insist: Insist) -> None:
    """Let the target hold what the source holds; the source stays.

    Errors: StoreError; a target that is not whole then is named, unless it could be taken away.
    """
    added, removed = _only_in(source, target, "?s ?p ?o"), _only_in(target, source, "?x ?y ?z")
    differing = insist(client.count_where, f"{{ {added} }} UNION {{ {removed} }}")
    if not differing:
        return
    if differing <= MOST_CHANGED:
        change = f"DELETE {{ GRAPH {target} {{ ?x ?y ?z }} }} INSERT {{ GRAPH {target} {{ ?s ?p ?o }} }}"
        insist(client.update, f"{change} WHERE {{ {{ {added} }} UNION {{ {removed} }} }}")
        return
    logger.warning(
        "%s verandert te veel voor één update (%d triples): het gaat in stappen, en wie nu leest ziet er een deel van.",
        target.value,
        differing,
    )
    new = insist(client.count, target) == 0
    try:
        _in_steps(client, "INSERT", target, "?s ?p ?o", added, insist)
        _in_steps(client, "DELETE", target, "?x ?y ?z", removed, insist)
    except BaseException:
        _undo(client, target, new=new)
        raise


def seen_through(server: str) -> bool:
    """Whether a store, by the name that it gives itself, lets readers see part of an update."""
    return server.startswith(SEEN_THROUGH)


def clear(client: StoreClient, graph: NamedNode, insist: Insist) -> None:
    """Let there be no such graph: a large one in steps, as one update may take too long."""
    pattern = f"GRAPH {graph} {{ ?s ?p ?o }}"
    if insist(client.count, graph) > MOST_CHANGED:
        _in_steps(client, "DELETE", graph, "?s ?p ?o", pattern, insist)
    insist(client.delete, graph)


def _only_in(one: NamedNode, other: NamedNode, triple: str) -> str:
    """The pattern of the triples that one graph has and the other has not."""
    return f"GRAPH {one} {{ {triple} }} FILTER NOT EXISTS {{ GRAPH {other} {{ {triple} }} }}"


def _in_steps(client: StoreClient, what: str, graph: NamedNode, triple: str, pattern: str, insist: Insist) -> None:
    """Insert or delete the triples of a pattern, as many at a time as one update may change."""
    some = f"SELECT {triple} WHERE {{ {pattern} }} LIMIT {MOST_CHANGED}"
    for _ in range(0, insist(client.count_where, pattern), MOST_CHANGED):
        insist(client.update, f"{what} {{ GRAPH {graph} {{ {triple} }} }} WHERE {{ {{ {some} }} }}")
    if left := insist(client.count_where, pattern):
        raise StoreError(f"de opslag verandert {graph.value} niet: {left} triples blijven achter.")


def _undo(client: StoreClient, graph: NamedNode, *, new: bool) -> None:
    """After a change that broke off: take a graph away that was not there before, or say that it is not whole."""
    try:
        if new:
            clear(client, graph, lambda ask, *arguments: ask(*arguments))
            return
    except StoreError as error:
        logger.warning("%s is niet op te ruimen: %s", graph.value, error)
    logger.warning("%s is niet heel; publiceer opnieuw om het af te maken.", graph.value)
