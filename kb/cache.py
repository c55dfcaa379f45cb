"""What loading makes of ontology and rules, kept on disk so that the next start need not make it again.

A kept file is named by the hash of everything it was made from: every file of ontology and rules, the code of this
package, Python and Oxigraph. Another content is another name, so that what is found is never stale. `WIJKAANPAK_CACHE`
names the folder; empty keeps nothing.
"""

import contextlib
import hashlib
import os
import pickle
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from kb.knowledge.graph import Graph, Part, Subject
from kb.knowledge.knowledge import Knowledge, Lineage
from kb.knowledge.vocabulary import Vocabulary
from kb.program.program import Program
from kb.rule.rule import Binding, Rule

VARIABLE = "WIJKAANPAK_CACHE"
MOST_KEPT = 4
# What a file that is cut short, or made by another release of a library, can raise when it is read.
UNREADABLE = (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError)


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
        _write(path, found)
    return found


def cache_folder() -> Path | None:
    """The folder for kept files, or None when nothing is to be kept."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "wijkaanpak"


def content_key(ontology: Path, rules: Path) -> str:
    """The hash of everything that the parts depend on."""
    digest = hashlib.sha256(f"{sys.version} {platform.machine()} {pyoxigraph.__version__}".encode())
    for root, pattern in ((ontology, "*.ttl"), (rules, "*.rq"), (Path(__file__).parent, "*.py")):
        for path in sorted(root.rglob(pattern)):
            content = path.read_bytes()
            digest.update(f"\0{path}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _read(path: Path) -> Parts | None:
    """The parts in a file of our own; unpickling runs code, so nobody else's file is read."""
    try:
        if path.stat().st_uid != os.getuid():
            return None
        made: _Kept = pickle.loads(path.read_bytes())
    except UNREADABLE:
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


def _write(path: Path, parts: Parts) -> None:
    """Put the parts in a file at once, so that another process never reads half of one, and drop the oldest files."""
    made = _written(parts)
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
        Path(file.name).replace(path)
        for old in _oldest(path.parent):
            old.unlink(missing_ok=True)


def _oldest(folder: Path) -> Iterator[Path]:
    files = sorted(folder.glob("*.pickle"), key=lambda path: path.stat().st_mtime, reverse=True)
    yield from files[MOST_KEPT:]
