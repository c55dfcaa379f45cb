"""The data set on disk, so that a service that starts need not make it again: a file of N-Quads for each content."""

import contextlib
import sys
from pathlib import Path
from threading import Lock

import pyoxigraph
from pyoxigraph import RdfFormat, Store, parse

import kb
from kb import paths
from kb.dataset.graphs import build_dataset
from kb.engine import Engine
from kb.kept import cache_folder, drop_oldest, hash_of, in_use, is_ours, temporary_beside
from kb.names import BASE

# Each is a hundred megabytes.
MOST_KEPT = 2


class KeptDataset:
    """The data set of an engine as a file and as a store, each made when it is asked for and not there yet."""

    def __init__(self, engine: Engine, ontology: Path = paths.ONTOLOGY, rules: Path = paths.RULES) -> None:
        self._engine = engine
        self._ontology = ontology
        self._rules = rules
        self._lock = Lock()
        self._built: Store | None = None
        folder = cache_folder()
        self._file = folder / f"{self._key()}.nq" if folder else None

    def store(self) -> Store:
        """The data set as a store, from the file when there is one."""
        with self._lock:
            return self._built or self._loaded() or self._made()

    def file(self) -> Path | None:
        """The data set as N-Quads; None when nothing can be kept."""
        if self._file is None:
            return None
        with self._lock:
            if is_ours(self._file):
                in_use(self._file)
            else:
                self._built = self._made()
            return self._file if is_ours(self._file) else None

    def _loaded(self) -> Store | None:
        if self._file is None or not is_ours(self._file):
            return None
        store = Store()
        try:
            # Not `load`, which gives blank nodes another label each time.
            store.bulk_extend(parse(path=str(self._file), format=RdfFormat.N_QUADS))
        except (OSError, SyntaxError):
            return None
        return store

    def _made(self) -> Store:
        store = build_dataset(self._engine, self._ontology, self._rules)
        if self._file is not None:
            with contextlib.suppress(OSError), temporary_beside(self._file) as file:
                store.dump(file, format=RdfFormat.N_QUADS)
            drop_oldest(self._file, MOST_KEPT)
        return store

    def _key(self) -> str:
        """The hash of everything that the data set depends on."""
        engine = self._engine
        rules = sorted(rule.text for rule in (*engine.rules, *engine.knowledge.rules))
        roots = ((self._ontology, "*.ttl"), (self._rules, "*.rq"), (Path(kb.__file__).parent, "*.py"))
        files = [path for root, pattern in roots for path in sorted(root.rglob(pattern))]
        return hash_of(files, BASE, engine.knowledge.release, *rules, sys.version, pyoxigraph.__version__)
