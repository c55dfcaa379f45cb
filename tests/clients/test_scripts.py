"""The scripts of the pages: their types hold together, and what they work out is right."""

import subprocess
from pathlib import Path

import pytest

from tests import npm

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def node_modules() -> Path:
    """The packages that package-lock.json pins."""
    return npm.node_modules()


def test_types_of_the_scripts_hold_together(node_modules: Path) -> None:
    program = str(node_modules / ".bin" / "tsc")
    run = subprocess.run([program, "--project", str(HERE)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_what_the_scripts_work_out_is_right(node_modules: Path) -> None:
    files = sorted(map(str, HERE.glob("*.test.mjs")))
    assert node_modules.is_dir()
    run = subprocess.run(["node", "--test", *files], capture_output=True, text=True, check=False)
    assert files and run.returncode == 0, run.stdout
