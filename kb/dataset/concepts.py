"""The terms as SKOS concept schemes (NL-SBB), made from the knowledge by the queries of ontology/begrippen.

One scheme a kind, with its class at the top and its individuals below, and one scheme for the classes of the ontology: the
same word may name two kinds of things (an element and a management cycle), and a scheme holds a label only once.
"""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad, QueryTriples, Store, Triple

from kb import paths
from kb.errors import KnowledgeError

# The order counts: each query also sees what those before it made, and not what comes after it.
QUERIES = ("kaders", "begrippen", "ontologie", "boven", "klassen", "bronnen")


def concept_triples(asserted: Iterable[Triple], ontology: Path = paths.ONTOLOGY) -> list[Triple]:
    """What the queries make of the stated knowledge.

    Errors: KnowledgeError when the folder holds other queries than those of `QUERIES`.
    """
    folder = ontology / "begrippen"
    _check_names(folder)
    store = Store()
    store.extend(Quad(*triple) for triple in asserted)
    made: dict[Triple, None] = {}
    for name in QUERIES:
        found = store.query((folder / f"{name}.rq").read_text(encoding="utf-8"))
        assert isinstance(found, QueryTriples)
        new = list(found)
        store.extend(Quad(*triple) for triple in new)
        made.update(dict.fromkeys(new))
    return list(made)


def _check_names(folder: Path) -> None:
    names = {path.stem for path in folder.glob("*.rq")}
    if names != set(QUERIES):
        differing = ", ".join(sorted(names ^ set(QUERIES)))
        raise KnowledgeError(f"{folder}: hier horen de vragen {', '.join(QUERIES)}; anders is: {differing}.")
