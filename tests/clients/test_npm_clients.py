"""Programs from npm that others wrote: Comunica asks the live endpoint, Spectral lints the API's own document."""

import json
import subprocess
from pathlib import Path

import pytest

from api.app import create_app
from api.http.settings import Settings
from kb.engine import Engine
from tests import npm
from tests.conftest import NORMEN

HERE = Path(__file__).parent
LINTER = NORMEN / "adr" / "linter.yaml"


@pytest.fixture(scope="module")
def node_modules() -> Path:
    """The packages that package-lock.json pins."""
    return npm.node_modules()


def test_comunica_reads_solutions_graphs_and_booleans(node_modules: Path, endpoint: str) -> None:
    assert node_modules.is_dir()
    run = subprocess.run(["node", "comunica.mjs", endpoint], cwd=HERE, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "in orde" in run.stdout


def test_spectral_finds_nothing_against_the_rest_api_design_rules(
    node_modules: Path, engine: Engine, tmp_path: Path
) -> None:
    settings = Settings(contact_name="Beheer", contact_email="beheer@wijk.nl", contact_url="https://wijk.nl")
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(create_app(engine, settings).openapi()), encoding="utf-8")
    spectral = node_modules / ".bin" / "spectral"
    command = [str(spectral), "lint", "--format", "json", "--fail-severity", "hint", "--ruleset", str(LINTER)]
    run = subprocess.run([*command, str(document)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout or run.stderr
    assert run.stdout.startswith("[]"), run.stdout
