"""`toets-gevallen`: what it measures, and that bad files are named one by one."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from kb.check.bekende_wijken import known_wijken
from kb.check.gevallen import BadFile, Cases, Geval, Scores, average, words_in
from kb.engine import Engine
from kb.errors import WijkaanpakError
from kb.situation.before import WIJK
from tests.conftest import ROOT

SITUATIE = {"aanleidingen": ["aardgasvrije-wijk"], "peildatum": "2026-06-01"}


def write(folder: Path, part: str, name: str, data: Any) -> None:
    """One file of a folder with cases."""
    (folder / part).mkdir(exist_ok=True)
    (folder / part / f"{name}.json").write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")


def scores(engine: Engine, folder: Path) -> Scores:
    """The scores of the only case in a folder."""
    [case] = Cases(engine).measure(folder)
    assert isinstance(case, Geval), case
    return case.scores


def test_geval_that_tells_nothing_measures_nothing(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path, "situaties", "proef", SITUATIE)
    write(tmp_path, "verwacht", "proef", {"leidend": None, "opgaven": []})
    found = scores(engine, tmp_path)
    assert found.leidendGoed is found.opgavenGevonden is found.koppelingenEersteVijf is found.instrumentenBekend is None
    assert found.leidendAantal == 1


def test_geval_counts_what_is_found(engine: Engine, tmp_path: Path) -> None:
    expected = {
        "leidend": "energie",
        "opgaven": ["woningen-van-het-gas-af", "speelplekken-bouwen"],
        "instrumenten": [{"slug": None, "tekst": "onbekend"}, {"slug": "isde", "tekst": "ISDE"}],
        "conflicten": [{"slug": None, "tekst": "onbekend"}],
    }
    write(tmp_path, "situaties", "proef", SITUATIE)
    write(tmp_path, "verwacht", "proef", expected)
    [case] = Cases(engine).measure(tmp_path)
    assert isinstance(case, Geval)
    assert (case.scores.leidendGoed, case.scores.opgavenGevonden) == (1, 0.5)
    assert (case.scores.instrumentenBekend, case.scores.conflictenBekend) == (0.5, 0)
    assert case.scores.conflictenGevonden is None
    assert case.onbekend == ("speelplekken-bouwen",)


def test_average_is_over_the_gevallen_that_have_the_measure(engine: Engine, tmp_path: Path) -> None:
    for name, expected in (("een", {"leidend": ["energie"]}), ("twee", {"leidend": ["mobiliteit"]}), ("drie", {})):
        write(tmp_path, "situaties", name, SITUATIE)
        write(tmp_path, "verwacht", name, expected)
    cases = [case for case in Cases(engine).measure(tmp_path) if isinstance(case, Geval)]
    assert average(cases).leidendGoed == 0.5


@pytest.mark.parametrize(("name", "naam"), [("selwerd", None), ("proef", "Selwerd"), ("proef", "Selwerd, Groningen")])
def test_known_wijk_is_left_out_of_the_evidence(name: str, naam: str | None, engine: Engine, tmp_path: Path) -> None:
    write(tmp_path, "situaties", name, {**SITUATIE, "naam": naam})
    write(tmp_path, "verwacht", name, {})
    [case] = Cases(engine).measure(tmp_path)
    assert isinstance(case, Geval)
    assert case.weggelaten == "selwerd"


BAD = [
    ("{", {}, "geen geldige JSON"),
    ({"kenmerk": []}, {}, "onbekend veld"),
    ({"kenmerken": ["bestaat-niet"]}, {}, "onbekend als kenmerk"),
    (SITUATIE, "[", "geen geldige JSON"),
    (SITUATIE, {"koppelingen": [["een"]]}, "koppelingen[0]"),
    (SITUATIE, None, "ontbreekt"),
]


@pytest.mark.parametrize(("situatie", "verwacht", "reason"), BAD)
def test_bad_file_is_named_with_what_is_wrong(
    situatie: Any, verwacht: Any, reason: str, engine: Engine, tmp_path: Path
) -> None:
    write(tmp_path, "situaties", "proef", situatie)
    if verwacht is not None:
        write(tmp_path, "verwacht", "proef", verwacht)
    [bad] = Cases(engine).measure(tmp_path)
    assert isinstance(bad, BadFile)
    assert reason in str(bad)


def test_folder_without_gevallen_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(WijkaanpakError, match="heeft geen gevallen"):
        list(Cases(engine).measure(tmp_path))


def test_command_prints_a_table_and_the_average(tmp_path: Path) -> None:
    write(tmp_path, "situaties", "proef", SITUATIE)
    write(tmp_path, "verwacht", "proef", {"leidend": ["energie"]})
    result = CliRunner().invoke(app, ["toets-gevallen", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "gemiddeld" in result.output and "1,00" in result.output


def test_command_measures_the_good_gevallen_and_names_the_bad(tmp_path: Path) -> None:
    write(tmp_path, "situaties", "goed", SITUATIE)
    write(tmp_path, "verwacht", "goed", {"leidend": ["energie"]})
    write(tmp_path, "situaties", "fout", "{")
    result = CliRunner().invoke(app, ["toets-gevallen", str(tmp_path), "--json"])
    assert result.exit_code == 1
    assert "fout.json" in result.output
    assert [case["geval"] for case in json.loads(result.stdout)["gevallen"]] == ["goed"]


def test_every_known_wijk_is_a_geval_left_out_of_its_own_evidence(engine: Engine) -> None:
    wijken = {name: (before, after) for name, before, after in known_wijken(engine.knowledge)}
    assert len(wijken) == len(engine.knowledge.instances(WIJK))
    before, after = wijken["amsterdam-betondorp"]
    assert (before.wijk, before.peildatum) == ("amsterdam-betondorp", date(2014, 1, 1))
    assert "vervanging-riool" in before.aanleidingen
    assert {werk.cyclus for werk in before.werken} == {"gasnet", "riool", "wegdek"}
    assert after.leidend == ("klimaatadaptatie",)
    assert ("waterbuffers-creeren", "wijk-ontharden") in after.koppelingen
    case = Cases(engine).case("amsterdam-betondorp", before, after)
    assert case.weggelaten == "amsterdam-betondorp"
    assert case.scores.instrumentenBekend == 1


def test_command_without_folder_measures_all_known_wijken_but_those_held_apart() -> None:
    result = CliRunner().invoke(app, ["toets-gevallen", "--behalve", str(ROOT / "tests" / "gevallen"), "--json"])
    assert result.exit_code == 0, result.output
    names = {case["geval"] for case in json.loads(result.stdout)["gevallen"]}
    assert "selwerd" in names
    assert "amsterdam-betondorp" not in names


def test_command_can_print_the_average_alone(tmp_path: Path) -> None:
    write(tmp_path, "situaties", "proef", SITUATIE)
    write(tmp_path, "verwacht", "proef", {"leidend": ["energie"]})
    result = CliRunner().invoke(app, ["toets-gevallen", str(tmp_path), "--gemiddeld"])
    assert "gemiddeld" in result.output
    assert "proef" not in result.output


def test_instruments_off_the_list_do_not_count(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path, "situaties", "proef", SITUATIE)
    write(tmp_path, "verwacht", "proef", {"instrumenten": [{"slug": "warmtetransitievisie"}, {"slug": "startanalyse"}]})
    words = words_in(ROOT / "tests" / "gevallen" / "instrumenten-0.1.txt")
    [among_all] = Cases(engine).measure(tmp_path)
    [among_fifty] = Cases(engine, words).measure(tmp_path)
    assert isinstance(among_all, Geval) and isinstance(among_fifty, Geval)
    assert 0 < (among_fifty.scores.instrumentenGetoond or 0) < (among_all.scores.instrumentenGetoond or 0)


def test_list_that_is_not_there_or_empty_is_told(tmp_path: Path) -> None:
    (tmp_path / "leeg.txt").write_text("", encoding="utf-8")
    with pytest.raises(WijkaanpakError, match="is leeg; verwacht"):
        words_in(tmp_path / "leeg.txt")
    with pytest.raises(WijkaanpakError, match="ontbreekt"):
        words_in(tmp_path / "er-niet.txt")


def test_part_that_was_taken_up_counts_as_the_task_it_belongs_to(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path, "situaties", "proef", {**SITUATIE, "opgaven": ["waterbuffers-creeren"]})
    write(tmp_path, "verwacht", "proef", {"opgaven": ["regenwater-afkoppelen"]})
    assert scores(engine, tmp_path).opgavenGevonden == 1
