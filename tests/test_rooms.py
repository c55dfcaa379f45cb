"""The rooms of the code stand in an order, and imports only point to rooms before one's own."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Those of one line may know each other; nothing knows what comes in a later line.
KB = (
    ("kb",),
    ("kb.names", "kb.errors", "kb.paths", "kb.language", "kb.kept", "kb.spreadsheet", "kb.collector"),
    ("kb.rule",),
    ("kb.knowledge",),
    ("kb.situation",),
    ("kb.program",),
    ("kb.explain",),
    ("kb.advice",),
    ("kb.cache",),
    ("kb.engine",),
    ("kb.rdf",),
    ("kb.dataset",),
    ("kb.country",),
    ("kb.search",),
    ("kb.programme",),
    ("kb.report",),
    ("kb.check",),
    ("kb.store",),
    ("kb.cli",),
)
API = (
    ("api",),
    ("api.http",),
    ("api.html",),
    ("api.v1",),
    ("api.sparql",),
    ("api.linked",),
    ("api.pages",),
    ("api.app",),
    ("api.waiting",),
    ("api.cli",),
)
FLOORS = {room: number for number, rooms in enumerate(KB + API) for room in rooms}
OTHERS = ("tests", "bench")
MODULE_NAME = re.compile(r"(?:kb|api|tests|bench)(?:\.\w+)+(?::\w+)?")


def module_of(path: Path) -> str:
    """The name of the module in a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {module_of(path): path for top in ("kb", "api", *OTHERS) for path in sorted((ROOT / top).rglob("*.py"))}


def room_of(module: str) -> str:
    """The room that a module is in."""
    return ".".join(module.split(".")[:2])


def imported(module: str) -> Iterator[str]:
    """The modules of ours that a module imports, anywhere in it, or names in a string that could be imported."""
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom) and node.module in FILES:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in FILES else node.module for name in inner)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and MODULE_NAME.fullmatch(node.value):
            yield node.value.partition(":")[0]


PRODUCT = [module for module in FILES if not module.startswith(OTHERS)]


@pytest.mark.parametrize("module", PRODUCT)
def test_imports_point_to_earlier_rooms(module: str) -> None:
    own = room_of(module)
    later = [
        name
        for name in imported(module)
        if name.startswith(OTHERS) or (room_of(name) != own and FLOORS[room_of(name)] > FLOORS[own])
    ]
    assert later == []


@pytest.mark.parametrize("module", [module for module in PRODUCT if module.startswith("kb")])
def test_knowledge_base_does_not_know_the_service(module: str) -> None:
    assert [name for name in imported(module) if name.startswith("api")] == []


def test_no_import_goes_round() -> None:
    TopologicalSorter({module: set(imported(module)) - {module} for module in PRODUCT}).prepare()


@pytest.mark.parametrize("module", [module for module in FILES if module.startswith("bench")])
def test_benchmark_takes_only_the_reference_from_the_tests(module: str) -> None:
    taken = [name for name in imported(module) if name.startswith("tests")]
    assert all(name.startswith("tests.reference") for name in taken)
