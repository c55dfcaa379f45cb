"""The commands `land importeer` and `land toon`, and `--zonder-gegevens`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kb.cli import app
from tests.country.conftest import BESTANDEN

SITUATIE = json.dumps({"wijk": "Presikhaaf", "peildatum": "2026-06-01"})


def run(*arguments: str, given: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments, input=given)
    return result.exit_code, result.stdout, result.stderr


def test_import_says_per_file_what_was_found_and_what_was_not(tmp_path: Path) -> None:
    out = tmp_path / "land.parquet"
    files = [str(BESTANDEN / name) for name in ("kerncijfers_2024.csv", "hoofdverwarming_2021.csv")]
    code, told, wrong = run("land", "importeer", *files, "--opnieuw", "--uit", str(out))
    assert (code, wrong) == (0, "")
    assert "✓ hoofdverwarming_2021.csv: hoofdverwarming per buurt; 3 van 5 gebieden gevonden" in told
    assert "2 niet gevonden: BU03635701 Nieuwe Oosterbegraafplaats; BU17830601 Kwintsheul-Oost." in told
    assert out.exists() and "19 gebieden van 2024" in told


def test_import_adds_to_the_table_that_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "land.parquet"
    assert run("land", "importeer", str(BESTANDEN / "86165NED_2025.json"), "--uit", str(out))[0] == 0
    monkeypatch.setenv("WIJKAANPAK_LAND", str(out))
    selwerd = json.loads(run("land", "toon", "BU00141000", "--json")[1])
    figures = {figure["grootheid"]: figure for figure in selwerd["cijfers"]}
    assert (figures["aandeel-koopwoningen"]["waarde"], figures["aandeel-koopwoningen"]["jaar"]) == (0.22, 2025)
    assert figures["inwoners"]["jaar"] == 2024
    assert selwerd["naam"] == "Selwerd"


def test_broken_file_is_told_and_the_command_fails(tmp_path: Path) -> None:
    empty = tmp_path / "leeg.csv"
    empty.write_bytes(b"")
    arguments = ("land", "importeer", str(empty), "--uit", str(tmp_path / "land.parquet"))
    code, _, wrong = run(*arguments)
    assert code == 2 and "leeg.csv is leeg." in wrong and "Traceback" not in wrong
    code, _, wrong = run(*arguments, str(BESTANDEN / "86165NED_2025.json"))
    assert code == 1 and "leeg.csv is leeg." in wrong


def test_table_can_be_named_for_a_file_that_does_not_tell_it(tmp_path: Path) -> None:
    path = tmp_path / "download.json"
    path.write_bytes((BESTANDEN / "86165NED_2025.json").read_bytes())
    out = str(tmp_path / "land.parquet")
    assert "--tabel" in run("land", "importeer", str(path), "--uit", out)[2]
    assert (
        "kerncijfers wijken en buurten 2025"
        in run("land", "importeer", str(path), "--tabel", "86165NED", "--uit", out)[1]
    )
    assert "geen tabel heet" in run("land", "importeer", str(path), "--tabel", "kerncijfer-2025", "--uit", out)[2]


def test_area_is_shown_with_where_it_lies_and_its_measures() -> None:
    code, told, _ = run("land", "toon", "Selwerd, Groningen")
    assert code == 0
    for part in (
        "Selwerd (Groningen): buurt BU00141000",
        "wijk Noordwest (WK001410)",
        "CBS 2024",
        "zeer sterk stedelijk",
    ):
        assert part in told


def test_area_that_is_not_there_is_told_with_what_looks_like_it() -> None:
    code, _, wrong = run("land", "toon", "Selwert")
    assert code == 2 and "Selwerd, Groningen" in wrong


def test_advice_is_filled_unless_asked_otherwise() -> None:
    filled = json.loads(run("advies", "-", "--json", given=SITUATIE)[1])
    stated = json.loads(run("advies", "-", "--json", "--zonder-gegevens", given=SITUATIE)[1])
    assert {row["gebied"] for row in filled["ingevuld"]} == {"WK020204"}
    assert stated["ingevuld"] == [] and "metingen" not in stated["situatie"]


def test_explanation_is_about_the_filled_situation_too() -> None:
    key = "heeftAfgeleidKenmerk/kenmerk/armoede"
    assert "▪" in run("waarom", "-", key, given=SITUATIE)[1]
    assert run("waarom", "-", key, "--zonder-gegevens", given=SITUATIE)[0] == 1


def test_left_out_figures_are_told() -> None:
    given = json.dumps({"wijk": "BU0363MP03", "kenmerken": ["veel-particulier-bezit"]})
    assert "niet ingevuld, want u geeft iets anders op: aandeel-corporatiebezit" in run("advies", "-", given=given)[2]


@pytest.mark.parametrize("module", ["api.app", "kb.cli", "kb.country.fill"])
def test_start_does_not_wait_for_the_library_that_reads_the_table(module: str) -> None:
    code = f"import sys, {module}; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
