"""What the README shows is what the command prints."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.conftest import ROOT

BLOCKS = re.findall(
    r"```console\n\$ wijkaanpak (.*?)\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S
)


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_output_in_the_readme_is_real(command: str, shown: str) -> None:
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1"}
    arguments = [sys.executable, "-m", "kb.cli", *shlex.split(command)]
    run = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    printed = "\n".join(line.rstrip() for line in run.stdout.splitlines())
    assert printed.startswith(shown.rstrip().removesuffix("…").rstrip())


def test_readme_shows_output() -> None:
    assert len(BLOCKS) >= 3
