"""The types hold together: mypy, as a test, so that it runs beside the others."""

import subprocess
import sys

from tests.conftest import ROOT


def test_types_hold_together() -> None:
    run = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
