"""The knowledge base read from a store: what is stated comes from there, what follows from it is derived here."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from kb import paths
from kb.dataset.graphs import ADDED_WHEN_PUBLISHED, GRAAF
from kb.dataset.skolem import GENID
from kb.engine import Engine
from kb.errors import StoreError
from kb.knowledge.derive import derive
from kb.knowledge.described import described
from kb.knowledge.knowledge import Knowledge
from kb.rule.files import read_rules
from kb.rule.rule import KNOWLEDGE_FOLDER
from kb.store.client import StoreClient
from kb.store.publication import Publication, read_publication

STATED = (NamedNode(GRAAF + "ontologie"), NamedNode(GRAAF + "kennis"))

# Stores cap what one answer holds, some (Virtuoso) without saying so; this is well below the lowest usual cap of 10,000.
PAGE = 5_000


def load_engine(client: StoreClient, rules: Path = paths.RULES) -> Engine:
    """The engine over the knowledge in a store, with our own rules.

    Errors: as `load_knowledge`.
    """
    return Engine.over(load_knowledge(client, rules), rules)


def load_knowledge(client: StoreClient, rules: Path = paths.RULES) -> Knowledge:
    """The knowledge base in a store with everything that the knowledge rules derive from it.

    Errors: StoreError when the store is away, holds no whole publication, or changes meanwhile.
    """
    publication = _published(client)
    store = Store()
    for graph in STATED:
        triples = read_graph(client, graph)
        _check(publication, graph, len(triples))
        stated = (triple for triple in triples if triple.predicate not in ADDED_WHEN_PUBLISHED)
        store.extend(Quad(*_with_blank_nodes(triple)) for triple in stated)
    if _published(client) != publication:
        raise StoreError("de gegevens in de opslag zijn tijdens het lezen vervangen; lees ze opnieuw.")
    return described(derive(store, read_rules(rules / KNOWLEDGE_FOLDER)))


def read_graph(client: StoreClient, graph: NamedNode, page: int = PAGE) -> set[Triple]:
    """Every triple of a graph without blank nodes, a page at a time, in the order of its subjects.

    Errors: StoreError.
    """
    found: set[Triple] = set()
    start = ""
    while True:
        triples = client.construct(_page_query(graph, start, page))
        found.update(triples)
        if len(triples) < page:
            return found
        # The page may have ended in the middle of its last subject, so the next begins with that one again.
        last = max(_subjects(triples))
        if last == start:
            raise StoreError(f"{last} heeft meer dan {page} eigenschappen; dat past niet in een pagina.")
        start = last


def _page_query(graph: NamedNode, start: str, page: int) -> str:
    condition = f"FILTER (STR(?s) >= {json.dumps(start)})"
    rows = f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} {condition} }} ORDER BY STR(?s) LIMIT {page}"
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ {rows} }} }}"


def _subjects(triples: list[Triple]) -> Iterator[str]:
    return (triple.subject.value for triple in triples if isinstance(triple.subject, NamedNode))


def _published(client: StoreClient) -> Publication:
    publication = read_publication(client)
    if publication is None:
        raise StoreError(
            f"in de opslag op {client.address.query} staan geen gegevens; zet ze erin met wijkaanpak publiceer."
        )
    return publication


def _check(publication: Publication, graph: NamedNode, found: int) -> None:
    expected = publication.graphs.get(graph)
    if expected is None or expected.count != found:
        count = expected.count if expected else 0
        raise StoreError(
            f"de opslag geeft {found} triples van {graph.value}, terwijl er {count} in horen: "
            "er wordt net gepubliceerd, of de opslag kapt antwoorden af."
        )


def _with_blank_nodes(triple: Triple) -> Triple:
    """The triple with blank nodes where they were before they were given names for publication."""
    subject, object = _blank(triple.subject), _blank(triple.object)
    return Triple(subject, triple.predicate, object)


def _blank(node: Any) -> Any:
    named = isinstance(node, NamedNode) and node.value.startswith(GENID)
    return BlankNode(node.value.removeprefix(GENID)) if named else node
