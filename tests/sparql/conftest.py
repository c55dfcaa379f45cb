"""Fixtures of the SPARQL tests: the project's data set, and a live endpoint over it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Store

from api.http.settings import Settings
from tests.sparql.serving import serving

SELECT = "SELECT ?opgave { ?opgave a <https://w3id.org/wijkaanpak/def#Opgave> }"


@pytest.fixture(scope="session")
def endpoint(dataset: Store) -> Iterator[str]:
    """The address of a live endpoint over the project's data, with the default settings."""
    with serving(lambda: dataset, Settings(sparql_workers=2)) as address:
        yield address


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """A client that waits as long as a query may take."""
    with httpx.Client(timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def oxigraph_command() -> Path:
    """Oxigraph's own command, which the development requirements install beside Python."""
    return Path(sys.executable).parent / "oxigraph"
