"""What the tests of the country share: the prepared table, and small files in the shape of real downloads."""

from pathlib import Path

import pytest

from kb import paths
from kb.country.fill import Country, load_country
from kb.country.screening import Screening
from kb.country.sources import Sources
from kb.engine import Engine
from kb.situation.model import Situatie

BESTANDEN = Path(__file__).parent / "bestanden"


@pytest.fixture(scope="session")
def country() -> Country:
    """The country as it comes with the project."""
    return load_country(paths.COUNTRY)


@pytest.fixture(scope="session")
def sources(engine: Engine) -> Sources:
    """The tables and columns that the knowledge describes."""
    return Sources(engine.knowledge)


@pytest.fixture(scope="session")
def screening(engine: Engine, country: Country) -> Screening:
    """All areas, with nothing assumed."""
    return Screening(engine, country.table, Situatie())
