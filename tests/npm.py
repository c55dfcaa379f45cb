"""The packages from npm that tests use, as `tests/clients/package-lock.json` pins them."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "clients"


def node_modules() -> Path:
    """The folder of the packages, installed once; without npm the test is visibly skipped."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed; see .ci/install")
    installed = HERE / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
        subprocess.run(["npm", "ci", "--prefer-offline", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    return HERE / "node_modules"
