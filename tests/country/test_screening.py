"""Areas are found by what follows for them, in words of the vocabulary; the most alike first when asked."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from kb.cli.base import app
from kb.country.fill import Country
from kb.country.rows import collection, flat, rows_frame
from kb.country.screening import SECTIONS, Screening
from kb.country.selection import Selection, select
from kb.errors import SelectionError
from kb.names import slug
from kb.situation.model import Situatie

SELWERD = "BU00141000"


def test_sections_are_those_that_the_advice_of_the_area_gives(screening: Screening, country: Country) -> None:
    row = country.table.row(SELWERD)
    situation = country.fill(Situatie(wijk=SELWERD), screening.engine).situation
    outcome = screening.engine.evaluate(situation)
    derived = {(link.property, link.object) for link in outcome.derived()}
    for section in SECTIONS:
        by_itself = {node for prop, node in derived if prop == section.property}
        assert set(screening.of_row(row)[section.name]) == by_itself


def test_filters_join(screening: Screening, country: Country) -> None:
    wide = select(screening, country, Selection({"leidt": ("sociaaleconomisch",)}))
    narrow = select(
        screening, country, Selection({"leidt": ("sociaaleconomisch",)}, ("aandeel-koopwoningen<0,3",), kind="wijk")
    )
    assert set(narrow.rows) < set(wide.rows)
    for row in narrow.rows:
        area = country.table.area_at(row)
        assert area.soort == "wijk"
        assert area.by_grootheid["aandeel-koopwoningen"].waarde < 0.3
        assert "sociaaleconomisch" in map(slug, screening.of_row(row)["leidendeTransities"])


def test_filter_by_municipality_gives_its_wijken_and_buurten(screening: Screening, country: Country) -> None:
    for name in ("GM0014", "groningen"):
        found = select(screening, country, Selection(gemeente=name)).rows
        assert {country.table.area_at(row).gemeente for row in found} == {"Groningen"}
        assert {country.table.area_at(row).soort for row in found} == {"wijk", "buurt"}


def test_box_holds_the_areas_whose_centre_lies_in_it(screening: Screening, country: Country) -> None:
    found = select(screening, country, Selection(box=(6.54, 53.23, 6.56, 53.24))).rows
    assert SELWERD in [country.table.area_at(row).code for row in found]
    assert len(found) < 30


def test_most_alike_come_first_and_say_how(screening: Screening, country: Country) -> None:
    found = select(screening, country, Selection(like="Selwerd, Groningen"))
    order = [(found.likeness[row].different, found.likeness[row].distance) for row in found.rows]
    assert order == sorted(order)
    own, first = screening.of_row(country.table.row(SELWERD)), screening.of_row(found.rows[0])
    apart = sum(len(set(own[name]) ^ set(first[name])) for name in own)
    assert order[0][0] == apart
    assert SELWERD not in [country.table.area_at(row).code for row in found.rows]
    assert {country.table.area_at(row).soort for row in found.rows[:50]} == {"buurt"}


def test_words_that_are_not_known_are_told_together_with_near_ones(screening: Screening, country: Country) -> None:
    asked = Selection({"leidt": ("energi",)}, ("koop>0.5", "x"), "Gronnigen", "wyk", None, "Zelwerd")
    with pytest.raises(SelectionError) as error:
        select(screening, country, asked)
    near = {problem.field: problem.nearest for problem in error.value.problems}
    assert near["leidt"] == ("energie",)
    assert near["gemeente"][0] == "Groningen"
    assert len(error.value.problems) == 6


def test_rows_are_the_same_in_every_form(screening: Screening, country: Country, tmp_path: Path) -> None:
    rows = select(screening, country, Selection(gemeente="Urk")).rows
    frame = rows_frame(screening, rows)
    frame.write_parquet(tmp_path / "urk.parquet")
    flat(frame).write_csv(tmp_path / "urk.csv")
    features = json.loads(json.dumps(collection(screening, rows)))["features"]
    assert pl.read_parquet(tmp_path / "urk.parquet").equals(frame)
    assert pl.read_csv(tmp_path / "urk.csv")["code"].to_list() == [feature["id"] for feature in features]
    assert [feature["properties"]["conclusies"]["instrumenten"] for feature in features] == frame[
        "instrumenten"
    ].to_list()
    assert {feature["geometry"]["type"] for feature in features} == {"MultiPolygon"}


def test_command_writes_files_and_shows_a_table(tmp_path: Path) -> None:
    runner = CliRunner()
    shown = runner.invoke(app, ["land", "zoek", "--gemeente", "Urk", "--soort", "wijk"])
    assert shown.exit_code == 0, shown.output
    assert "WK018400" in shown.output
    written = runner.invoke(app, ["land", "zoek", "--gemeente", "Urk", "--csv", str(tmp_path / "urk.csv")])
    assert written.exit_code == 0, written.output
    assert (tmp_path / "urk.csv").read_text(encoding="utf-8").startswith("code,naam,soort,")


def test_command_with_an_unknown_word_names_near_ones() -> None:
    result = CliRunner().invoke(app, ["land", "zoek", "--leidt", "energi"])
    assert result.exit_code == 2
    assert "De filters kloppen niet" in result.output
    assert "'energie'" in result.output


def test_what_is_assumed_is_assumed_everywhere(tmp_path: Path) -> None:
    plan = tmp_path / "riool.json"
    plan.write_text('{"werken": [{"cyclus": "riool", "van": 2027, "tot": 2029, "graven": true}]}', encoding="utf-8")
    out = tmp_path / "urk.parquet"
    result = CliRunner().invoke(
        app, ["land", "zoek", "--gemeente", "Urk", "--aannemen", str(plan), "--parquet", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert all("klimaatadaptatie" in found for found in pl.read_parquet(out)["leidendeTransities"].to_list())
