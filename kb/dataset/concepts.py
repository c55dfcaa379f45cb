"""The terms as SKOS concept schemes (NL-SBB), made from the knowledge by the queries of rules/begrippen.

One scheme a kind, with its class at the top and its individuals below, and one scheme for the classes of the ontology: the
same word may name two kinds of things (an element and a management cycle), and a scheme holds a label only once.
"""

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Quad, QueryTriples, Store, Triple

from kb import paths


def concept_triples(asserted: Iterable[Triple], rules: Path = paths.RULES) -> list[Triple]:
    """What the queries make of the stated knowledge; each also sees what those before it made."""
    store = Store()
    store.extend(Quad(*triple) for triple in asserted)
    made: dict[Triple, None] = {}
    for path in sorted((rules / "begrippen").glob("*.rq")):
        found = store.query(path.read_text(encoding="utf-8"))
        assert isinstance(found, QueryTriples)
        new = list(found)
        store.extend(Quad(*triple) for triple in new)
        made.update(dict.fromkeys(new))
    return list(made)
