"""Fixtures shared by all tests: the loaded engine and the example situations."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from kb.dataset.graphs import build_dataset
from kb.engine import Engine
from kb.situation.model import Situatie, read_situation

ROOT = Path(__file__).parent.parent
NORMEN = Path(__file__).parent / "normen"


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine over the project's own knowledge and rules."""
    return Engine.load()


@pytest.fixture(scope="session")
def situaties() -> dict[str, Situatie]:
    """The example situations by file name."""
    files = sorted((ROOT / "examples").glob("*.json"))
    return {path.stem: read_situation(path.read_text(encoding="utf-8")) for path in files}


@pytest.fixture(scope="session")
def dataset(engine: Engine) -> Store:
    """The data set as named graphs. Not to be changed by a test."""
    return build_dataset(engine)
