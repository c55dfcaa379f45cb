"""An advice as a table for a spreadsheet: opened again, it holds what the other forms hold."""

import csv
import io

import pytest

from kb.engine import Engine
from kb.names import expand, term
from kb.rdf.advice import advice_triples
from kb.report.table import COLUMNS, advice_table, conclusions
from kb.situation.model import Situatie
from kb.spreadsheet import harmless, sheet

SEWER = {"cyclus": "riool", "van": 2027, "tot": 2029, "graven": True, "eigenaar": "gemeente"}
DUG = Situatie.model_validate({"aanleidingen": ["vervanging-riool"], "werken": [SEWER], "peildatum": "2026-01-01"})


def opened(engine: Engine, situation: Situatie, language: str = "nl") -> list[dict[str, str]]:
    """The rows of the table of an advice, as a program reads them."""
    table = advice_table(engine, engine.advise(situation, language), language)
    return list(csv.DictReader(io.StringIO(table, newline=""), delimiter=";", strict=True))


def keys_in(value: object) -> set[str]:
    """Every conclusion key in JSON values, but for the measures of a ranking."""
    match value:
        case dict():
            own = {value["conclusie"]} if "conclusie" in value and "rustOpAanname" in value else set()
            return own.union(*(keys_in(part) for part in value.values()))
        case list() | tuple():
            return set[str]().union(*map(keys_in, value))
        case _:
            return set()


def test_table_has_one_row_for_every_conclusion_of_the_json(engine: Engine, situaties: dict[str, Situatie]) -> None:
    for name, situation in situaties.items():
        keys = [row["sleutel"] for row in opened(engine, situation)]
        assert len(keys) == len(set(keys)), name
        assert set(keys) == keys_in(engine.advise(situation).model_dump(mode="json")), name


def test_every_row_is_a_statement_of_the_turtle(engine: Engine, situaties: dict[str, Situatie]) -> None:
    situation = situaties["reyeroord"]
    said = {(triple.predicate, triple.object) for triple in advice_triples(engine, situation)}
    shown = {(prop, node) for prop, node in said if prop in engine.vocabulary.conclusions}
    rows = {(term(row["sleutel"].partition("/")[0]), expand(row["id"])) for row in opened(engine, situation)}
    assert rows <= said
    assert {node for _, node in shown} <= {node for _, node in rows}, "nothing shown is missing"


def test_row_says_what_it_rests_on_and_when_to_decide(engine: Engine) -> None:
    advice = engine.advise(DUG)
    coupling = next(row for row in advice.koppelkansen if row.sterk and row.beslisVoor)
    [row] = [row for row in opened(engine, DUG) if row["sleutel"] == coupling.conclusie]
    assert (row["soort"], row["conclusie"], row["naam"]) == ("koppeling", "heeft koppelkans", coupling.label)
    assert (row["status"], row["beslis vóór"]) == ("sterk", "2027")
    assert row["volgende kans"] == str(coupling.volgendeKans)
    assert "heeft aanleiding: vervanging riool" in row["rust op"].split(" | ")
    [proof] = engine.why(DUG, coupling.conclusie)
    assert len(row["bronnen"].split(" | ")) == len(proof.sources())
    assert all(page.startswith("https://") for page in row["adressen van bronnen"].split(" | "))


def test_instrument_says_whether_it_fits_and_who_carries_it_out(engine: Engine) -> None:
    rows = {row["id"]: row for row in opened(engine, DUG) if row["soort"] == "instrument"}
    for instrument in engine.advise(DUG).instrumenten:
        row = rows[instrument.id]
        assert row["status"] == {"past": "past", "mogelijk": "ga na", "komt": "gaat nog open"}[instrument.status]
        assert row["wie"] == " | ".join(party.label for party in instrument.wie)
        assert (row["termijn"], row["bedrag"]) == (instrument.termijn or "", instrument.bedrag or "")


def test_cells_are_in_the_language_asked_and_the_header_in_dutch(engine: Engine) -> None:
    rows = opened(engine, DUG, "en")
    assert tuple(rows[0]) == COLUMNS
    assert "has coupling chance" in {row["conclusie"] for row in rows}
    assert {row["rust op aanname"] for row in rows} <= {"yes", "no"}


def test_conclusion_within_another_has_its_own_row(engine: Engine) -> None:
    keys = {row.conclusie.partition("/")[0] for row in conclusions(engine.advise(DUG))}
    assert {"heeftLeidendeTransitie", "heeftLeidgrond", "heeftStap"} <= keys


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_cell_that_a_spreadsheet_would_run_is_text(start: str) -> None:
    assert harmless(f"{start}1+cmd|' /C calc'!A0") == f"'{start}1+cmd|' /C calc'!A0"


def test_hostile_name_cannot_begin_a_cell(engine: Engine) -> None:
    hostile = DUG.model_copy(update={"naam": '";=1+1\r\n=2+2'})
    for row in opened(engine, hostile):
        assert set(row) == set(COLUMNS)
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_sheet_is_quoted_as_the_standard_says() -> None:
    text = sheet(("a", "b"), [{"a": 'zegt "nee"; toch', "b": "twee\nregels"}, {"a": "één"}])
    assert text == 'a;b\r\n"zegt ""nee""; toch";"twee\nregels"\r\néén;\r\n'
