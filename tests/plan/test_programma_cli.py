"""The command `land programma`."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cli import app
from tests.conftest import ROOT

EXAMPLE = str(ROOT / "examples" / "planning.csv")
SMALL = "id;vak;cyclus;van;tot;schuifruimte;graven\nR;V1;riool;2028;2029;2;ja\nG;V1;gasnet;2031;;;ja\n"
VERDICTS = str(ROOT / "examples" / "oordelen.csv")
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


def test_example_of_oordelen_comes_back_with_what_changed_since() -> None:
    code, told, wrong = run(EXAMPLE, *ON, "--oordelen", VERDICTS)
    assert (code, wrong) == (0, "")
    said = " ".join(told.split())
    assert "gemeente: samen (A. de Boer, 12-11-2026), want het riool kan twee jaar wachten" in said
    assert "vervallen: W-201 gewijzigd (van: was 2030, wordt 2031; tot: was 2031, wordt 2032)" in said
    assert "nog te beoordelen door warmtebedrijf" in said


def test_docs_show_what_the_example_gives() -> None:
    """Every line of the shortened output in docs/programma.md is one that the command really gives, in that order."""
    docs = (ROOT / "docs" / "programma.md").read_text(encoding="utf-8")
    for block in re.findall(
        r"```console\n\$ wijkaanpak land programma (examples/planning\.csv[^\n]*)\n([^`]+)```", docs
    ):
        command, shown = block
        if "…" not in shown:
            continue
        arguments = [str(ROOT / word) if word.startswith("examples/") else word for word in shlex.split(command)]
        _, told, _ = run(*arguments)
        lines, place = [line.strip() for line in told.splitlines()], 0
        for line in (line.strip() for line in shown.splitlines()):
            if line != "…":
                assert line in lines[place:], line
                place += lines[place:].index(line) + 1


def test_sinds_tells_which_oordelen_lapse(tmp_path: Path) -> None:
    old = tmp_path / "oud.csv"
    old.write_text(
        (ROOT / "examples" / "planning.csv").read_text(encoding="utf-8").replace("2028;2029;;2", "2028;2030;;2")
    )
    new, verdicts = tmp_path / "nieuw.csv", tmp_path / "oordelen.csv"
    new.write_text(old.read_text(encoding="utf-8").replace("2031;2031", "2032;2032"), encoding="utf-8")
    verdicts.write_text(Path(VERDICTS).read_text(encoding="utf-8"), encoding="utf-8")
    code, told, _ = run(str(new), *ON, "--sinds", str(old), "--oordelen", str(verdicts))
    assert code == 0
    assert "R-102 + G-502: netbeheerder: niet samen" in " ".join(told.split())


def test_oordeelblad_has_a_row_for_every_party() -> None:
    code, told, _ = run("-", *ON, "--oordeelblad", given=SMALL)
    assert code == 0 and told.startswith("werk1;werk2;partij;") and "\r\nR;G;;;;;;" in told.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("leeg.csv", b"", "het bestand is leeg"),
        ("excel.csv", "werk1;werk2;partij;oordeel;datum\nR;G;gemeente;één;x\n".encode("cp1252"), "geen UTF-8"),
        ("stuk.csv", b"werk1;werk2\n", "geen kolom partij"),
    ],
)
def test_oordelen_that_cannot_be_read_name_their_file(tmp_path: Path, name: str, content: bytes, wrong: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    code, _, told = run("-", *ON, "--oordelen", str(file), given=SMALL)
    assert code == 2
    assert wrong in told and name in told


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
