"""What loading makes of ontology and rules, kept on disk so that the next start need not make it again.

A kept file is named by the hash of everything it was made from: every file of ontology and rules, the code of this
package, Python and Oxigraph.
"""

import pickle
import platform
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from kb.kept import cache_folder, hash_of, put, unpickled
from kb.knowledge.graph import Graph, Part, Subject
from kb.knowledge.knowledge import Knowledge, Lineage
from kb.knowledge.vocabulary import Vocabulary
from kb.program.program import Program
from kb.rule.rule import Binding, Rule

MOST_KEPT = 4


class Parts(NamedTuple):
    """What an engine is made of."""

    knowledge: Knowledge
    vocabulary: Vocabulary
    rules: list[Rule]
    program: Program
    assuming: frozenset[int]


class _Kept(NamedTuple):
    """The parts as they are written: a store cannot be pickled, so its quads stand as N-Quads.

    Quads and lineage are most of the content and serve few questions; they stay bytes until one asks for them.
    """

    graph: dict[Subject, dict[NamedNode, list[Part]]]
    quads: bytes
    lineage: bytes
    release: str
    rules: list[Rule]
    vocabulary: Vocabulary
    situation_rules: list[Rule]
    program: Program
    assuming: frozenset[int]


def kept(ontology: Path, rules: Path, make: Callable[[], Parts]) -> Parts:
    """The parts for these folders, from disk when they are there, else made and put there.

    A folder that cannot be read or written, or a file that cannot be, is no error: the parts are made.
    """
    folder = cache_folder()
    if folder is None:
        return make()
    path = folder / f"{content_key(ontology, rules)}.pickle"
    found = _read(path)
    if found is None:
        found = make()
        put(path, pickle.dumps(_written(found), pickle.HIGHEST_PROTOCOL), MOST_KEPT)
    return found


def content_key(ontology: Path, rules: Path) -> str:
    """The hash of everything that the parts depend on."""
    roots = ((ontology, "*.ttl"), (rules, "*.rq"), (Path(__file__).parent, "*.py"))
    files = [path for root, pattern in roots for path in sorted(root.rglob(pattern))]
    return hash_of(files, sys.version, platform.machine(), pyoxigraph.__version__)


def _read(path: Path) -> Parts | None:
    """The parts in a file of our own."""
    made = unpickled(path)
    if not isinstance(made, _Kept):
        return None
    knowledge = Knowledge(
        partial(_store, made.quads), made.rules, partial(_lineage, made), Graph(made.graph), made.release
    )
    return Parts(knowledge, made.vocabulary, made.situation_rules, made.program, made.assuming)


def _store(quads: bytes) -> Store:
    store = Store()
    store.bulk_extend(parse(quads, format=RdfFormat.N_QUADS))
    return store


def _lineage(made: _Kept) -> Lineage:
    numbered: dict[Triple, tuple[int, Binding]] = pickle.loads(made.lineage)
    return {triple: (made.rules[number], binding) for triple, (number, binding) in numbered.items()}


def _written(parts: Parts) -> _Kept:
    knowledge = parts.knowledge
    quads = knowledge.store.dump(format=RdfFormat.N_QUADS)
    assert quads is not None
    number = {rule: place for place, rule in enumerate(knowledge.rules)}
    lineage = {triple: (number[rule], binding) for triple, (rule, binding) in knowledge.lineage.items()}
    return _Kept(
        knowledge.graph.by_subject,
        quads,
        pickle.dumps(lineage, pickle.HIGHEST_PROTOCOL),
        knowledge.release,
        knowledge.rules,
        parts.vocabulary,
        parts.rules,
        parts.program,
        parts.assuming,
    )
