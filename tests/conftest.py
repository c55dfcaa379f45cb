"""Fixtures shared by all tests: the loaded engine and the example situations."""

import fcntl
import gc
import os
import pickle
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import RLock

import pytest
from hypothesis import settings
from pyoxigraph import Store

from kb import cache as cached
from kb import kept, paths
from kb.dataset.downloads import Download, downloads
from kb.dataset.kept import KeptDataset
from kb.engine import Engine
from kb.situation.model import Situatie, read_situation

ROOT = Path(__file__).parent.parent
NORMEN = Path(__file__).parent / "normen"

# The same examples in every run, so that whether a change passes does not depend on luck; `--hypothesis-profile=zoek` looks
# further, with others each time.
settings.register_profile("vast", derandomize=True)
settings.register_profile("zoek", max_examples=300)
settings.load_profile("vast")

# HermiT runs a second or so at a time: that is over before what Java compiles thoroughly is of use.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

# The modules that `make check` runs: each takes seconds and needs nothing but Python.
QUICK = {
    *("test_docs", "test_examples", "test_goldens", "test_renamed_terms", "test_rooms", "test_rule_subset"),
    *("test_situation", "test_turtle_format", "test_types"),
}

# The groups that take longest, longest first: they start first, so that no process is left with one at the end. The wheel
# needs nothing that the others share, so one process is at work on that while another makes it.
LONGEST = (
    *("browser", "test_types", "test_wheel", "linked", "store-Virtuoso", "sparql", "api-test_random_situations"),
    *("attacks-test_attacks", "test_check", "store-Oxigraph", "test_explain", "test_semantics", "test_published_rules"),
    *("test_downloads", "test_dataset", "test_advice_shapes", "test_rule_types", "test_begrippen", "test_advice_rdf"),
    *("test_consistency", "country-test_land_cli", "api-test_kennis", "api-test_advies_page", "test_cache"),
    *("test_docs_regels_voorbeeld", "api-test_languages"),
)


def pytest_configure(config: pytest.Config) -> None:
    """Start groups in the order given above, not those of most tests first; look for cycles among objects less often."""
    gc.set_threshold(100_000, 20, 100)  # knowledge is a million objects that all stay
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main() -> Generator[None, object, object]:
    """One folder for what loading makes, for every worker and every process that a test starts; a set one is kept."""
    os.environ.setdefault("JDK_JAVA_OPTIONS", SHORT_LIVED)
    if kept.VARIABLE in os.environ:
        return (yield)
    with tempfile.TemporaryDirectory(prefix="wijkaanpak-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(kept.VARIABLE, folder)
        return (yield)


@contextmanager
def _in_turn() -> Iterator[None]:
    """Workers that start together do not all make what is kept: the first does, the others wait for it and find it."""
    folder = os.environ.get(kept.VARIABLE)
    if not folder or not Path(folder).is_dir():
        yield
        return
    with (Path(folder) / "beurt").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is quick; keep together, when tests run side by side, those that share what takes long to set up."""
    for item in items:
        if item.path.stem in QUICK:
            item.add_marker(pytest.mark.quick)
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    if hasattr(config, "workerinput"):  # side by side
        items.sort(key=lambda item: _place(_group(item)))


def _place(group: str) -> int:
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


def _group(item: pytest.Item) -> str:
    """A module is a group; each store is one, and so are the pages, which share an index and downloads, and the browser.

    What asks the live endpoint is one group too: it takes as long to load as most of these modules.
    """
    parts = item.path.relative_to(ROOT / "tests").with_suffix("").parts
    callspec = getattr(item, "callspec", None)
    servers = [value.name for value in callspec.params.values() if hasattr(value, "binary")] if callspec else []
    if parts[0] == "store":
        return "-".join([parts[0], *servers])
    if parts[0] in ("sparql", "clients"):
        return "sparql"
    return parts[0] if parts[0] in ("linked", "browser") else "-".join(parts)


# The modules that are about loading itself.
LOADING = {"test_cache", "test_check", "test_dataset"}
_load, _store = Engine.load, KeptDataset.store
_stores: dict[Path, Store] = {}
_loading = RLock()


@cache
def _engine_of(*folders: Path, **named: Path) -> Engine:
    with _in_turn():
        return _load(*folders, **named)


def _store_of(data_set: KeptDataset) -> Store:
    file = data_set.file()
    if file is None:
        return _store(data_set)
    with _loading:  # a service prepares itself in a thread, while a test asks for the same
        if file not in _stores:
            with _in_turn():
                _stores[file] = _store(data_set)
        return _stores[file]


@cache
def _downloads_of(engine: Engine, store: Store) -> list[Download]:
    """The downloads, made by the first worker that needs them."""
    data_set = KeptDataset(engine).file()
    if data_set is None:
        return downloads(engine, store)
    file = data_set.with_suffix(".downloads")
    with _in_turn():
        made: list[Download] | None = kept.unpickled(file)
        if made is None:
            made = downloads(engine, store)
            kept.put(file, pickle.dumps(made), most=1)
    return made


def _kept_of_project(ontology: Path, rules: Path, make: Callable[[], cached.Parts]) -> cached.Parts:
    """Of a copy of the project, that only one test loads, nothing is kept: to write it takes as long as half of making it."""
    own = (ontology, rules) == (paths.ONTOLOGY, paths.RULES)
    return cached.kept(ontology, rules, make) if own else make()


@pytest.fixture(autouse=True)
def loaded_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands and services that run in this process share what is long to load and never changes."""
    monkeypatch.setattr("kb.engine.kept", _kept_of_project)
    if request.path.stem not in LOADING:
        monkeypatch.setattr(Engine, "load", _engine_of)
        monkeypatch.setattr(KeptDataset, "store", _store_of)
        monkeypatch.setattr("api.pages.downloads.downloads", _downloads_of)


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine over the project's own knowledge and rules."""
    return _engine_of()


@pytest.fixture(scope="session")
def situaties() -> dict[str, Situatie]:
    """The example situations by file name."""
    files = sorted((ROOT / "examples").glob("*.json"))
    return {path.stem: read_situation(path.read_text(encoding="utf-8")) for path in files}


@pytest.fixture(scope="session")
def dataset(engine: Engine) -> Store:
    """The data set as named graphs. Not to be changed by a test."""
    return _store_of(KeptDataset(engine))
