"""What experts expect, one test an expectation; and how a wrong expectation is refused."""

from pathlib import Path

import pytest

from kb import paths
from kb.check.verwachtingen import Expectations, Unmet, Verwachting, read_expectations
from kb.engine import Engine

FILES = sorted(paths.EXPECTATIONS.glob("*.yaml"))
EXPECTED = [(path, each) for path in FILES for each in read_expectations(path)]


@pytest.fixture(scope="module")
def expectations(engine: Engine) -> Expectations:
    """The judge over the project's own knowledge and rules."""
    return Expectations(engine, paths.EXAMPLES)


@pytest.mark.parametrize(
    ("path", "expected"),
    EXPECTED,
    ids=[f"{path.stem}: {each.name if isinstance(each, Unmet) else each.naam}" for path, each in EXPECTED],
)
def test_verwachting_komt_uit(path: Path, expected: Verwachting | Unmet, expectations: Expectations) -> None:
    if isinstance(expected, Unmet):
        pytest.fail(str(expected))
    reasons = expectations.unmet(expected, path.parent)
    assert not reasons, "\n".join([*reasons, f"verwacht, omdat: {expected.omdat}"])
