"""A built wheel works by itself: it carries ontology, rules and pages, and runs in an empty folder."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cli import app
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "inhoud")
    return folder / "inhoud"


def run(unpacked: Path, code: str, folder: Path) -> str:
    """What Python prints when it finds the project only in the unpacked wheel."""
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_gives_the_same_advies_as_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    example = ROOT / "examples" / "selwerd.json"
    code = f"import sys, kb.cli; sys.argv = ['wijkaanpak', 'advies', {str(example)!r}, '--json']; kb.cli.main()"
    theirs = json.loads(run(unpacked, code, tmp_path))
    ours = CliRunner().invoke(app, ["advies", str(example), "--json"])
    assert theirs == json.loads(ours.stdout)


def test_wheel_finds_its_own_files(unpacked: Path, tmp_path: Path) -> None:
    code = "from kb import paths; from api.html import site; print(paths.ONTOLOGY, site.__file__)"
    found = run(unpacked, code, tmp_path).split()
    assert all(path.startswith(str(unpacked)) for path in found)
    assert (unpacked / "api" / "web" / "templates").is_dir()


def test_wheel_knows_every_area(unpacked: Path, tmp_path: Path) -> None:
    code = (
        "from kb.country.fill import load_country, table_path as path; print(load_country(path()).table.frame.height)"
    )
    assert run(unpacked, code, tmp_path).strip() == "18309"
