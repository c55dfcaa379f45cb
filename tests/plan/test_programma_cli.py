"""The command `land programma`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cli import app
from tests.conftest import ROOT

EXAMPLE = str(ROOT / "examples" / "planning.csv")
SMALL = "id;vak;cyclus;van;tot;schuifruimte;graven\nR;V1;riool;2028;2029;2;ja\nG;V1;gasnet;2031;;;ja\n"
ON = ("--peildatum", "2026-11-26")


def run(*arguments: str, given: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["land", "programma", *arguments], input=given)
    return result.exit_code, result.stdout, result.stderr


def test_example_is_told_as_a_table() -> None:
    code, told, wrong = run(EXAMPLE, *ON)
    assert (code, wrong) == (0, "")
    for said in ("R-101 2 jaar later (gemeente)", "zware botsing met de rustperiode", "besluit voor 2028"):
        assert said in told


@pytest.mark.parametrize(
    ("option", "begins"),
    [
        ("--json", "{"),
        ("--csv", "soort;"),
        ("--ics", "BEGIN:VCALENDAR"),
        ("--html", "<!DOCTYPE html>"),
        ("--turtle", "@prefix"),
    ],
)
def test_planning_comes_out_in_every_form(option: str, begins: str) -> None:
    code, told, _ = run("-", *ON, option, given=SMALL)
    assert code == 0 and told.startswith(begins)


def test_bewijs_of_an_ontmoeting_is_shown() -> None:
    key = "kanEersteLatenWachten/werkpaar/riool--gasnet"
    code, told, _ = run("-", *ON, "--bewijs", f"G+R {key}", "--json", given=SMALL)
    assert code == 0 and len(json.loads(told)) == 1


def test_unknown_ontmoeting_names_those_that_are_there() -> None:
    code, _, wrong = run("-", *ON, "--bewijs", "R+X", given=SMALL)
    assert code == 2 and "R+G" in wrong


def test_sinds_shows_what_changed(tmp_path: Path) -> None:
    old = tmp_path / "oud.csv"
    old.write_text(SMALL.replace("2031", "2035"), encoding="utf-8")
    code, told, _ = run("-", *ON, "--sinds", str(old), given=SMALL)
    assert code == 0
    assert "van: was 2035, wordt 2031" in told and "R 2 jaar later" in told


def test_two_forms_at_once_are_refused() -> None:
    code, _, wrong = run(EXAMPLE, "--json", "--csv")
    assert code == 2 and "kies één" in wrong
