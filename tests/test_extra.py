"""The service runs without what only checking needs."""

import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions

import pytest

from kb.check import run
from kb.check.run import EXTRA, run_checks
from tests.conftest import ROOT


def test_extra_controle_names_what_only_checking_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {line.partition(">")[0].partition("=")[0] for line in project["optional-dependencies"]["controle"]}
    imported = {name.lower() for module in EXTRA for name in packages_distributions()[module]}
    assert named == imported
    assert not [line for line in project["dependencies"] if line.startswith(tuple(named))]


def test_service_starts_without_the_extra() -> None:
    code = "import sys; sys.modules.update(dict.fromkeys({}, None)); import api.waiting, api.cli, kb.store.publish"
    done = subprocess.run(
        [sys.executable, "-c", code.format(EXTRA)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_check_without_the_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import_module("kb.check.knowledge")
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    monkeypatch.setattr(run, "check_consistency", lambda _: iter(()))
    monkeypatch.setattr(run, "_with_engine", lambda *_: iter(()))
    said = [str(finding) for result in run_checks() for finding in result.findings]
    assert said == ["pyshacl is er niet; installeer het met: pip install 'wijkaanpak[controle]'"]
