"""Plannings are read as people make them; what cannot be used is named by row and field, and nothing is lost."""

import pytest

from kb.engine import Engine
from kb.errors import SituationError
from kb.programme.reading import read_csv
from tests.conftest import ROOT
from tests.plan.planning import from_csv, programme

GOOD = "id,vak,cyclus,van\nR,V1,riool,2028\n"


def test_example_is_read_whole(engine: Engine) -> None:
    made = from_csv(engine, (ROOT / "examples" / "planning.csv").read_text(encoding="utf-8"))
    assert len(made.werken) == 16
    assert not made.nietGebruikt and not made.nietGelezen
    assert len({place.gebied for place in made.plaatsen}) >= 3


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        "\ufeff" + GOOD,  # as Excel writes it
        GOOD.replace("\n", "\r\n"),
        "ID, Vak ,Cyclus,VAN\nR,V1, Riool ,2028\n\n",  # capitals, spaces, an empty line
        'id,vak,cyclus,van\n"R","V1","riolering","2028"\n',  # a synonym, between quotation marks
    ],
)
def test_csv_is_read_as_programs_write_it(engine: Engine, text: str) -> None:
    made = from_csv(engine, text)
    assert not made.nietGebruikt
    assert [(work.id, work.werksoort.slug, work.van, work.tot) for work in made.werken] == [("R", "riool", 2028, 2028)]


@pytest.mark.parametrize(
    ("row", "field", "said"),
    [
        ("riool;2O28;;;;;", "van", "geheel getal"),  # a letter in the number
        ("riool;2029;2028;;;;", "tot", "2029"),
        ("riool;;;;;;", "van", "ontbreekt"),
        ("rioll;2028;;;;;", "cyclus", "riool"),  # says what it looks like
        (";2028;;;;;", "cyclus", "ontbreekt"),
        ("riool;2028;;misschien;;;", "graven", "ja of nee"),
        ("riool;2028;;;zeker;;", "zekerheid", "onbekend"),
        ("riool;2028;;;;veel;", "kosten", "getal"),
        ("riool;2028;;;;-5;", "kosten", "ten minste"),
        ("riool;2028;;;;;zes", "schuifruimte", "geheel getal"),
        ("riool;2028;;;;;3;te;veel", "", "velden"),  # more fields than the header has
    ],
)
def test_bad_row_is_named_and_kept(engine: Engine, row: str, field: str, said: str) -> None:
    header = "id;vak;cyclus;van;tot;graven;zekerheid;kosten;schuifruimte"
    made = from_csv(engine, f"{header}\nX;V1;{row}\nR;V1;riool;2028\n")
    assert [work.id for work in made.werken] == ["R"]
    (refused,) = made.nietGebruikt
    assert refused.rij == 2 and refused.waarden["id"] == "X"
    assert field in {problem.veld for problem in refused.problemen}
    assert said in " ".join(problem.melding for problem in refused.problemen)


def test_everything_wrong_with_a_row_is_told_at_once(engine: Engine) -> None:
    (refused,) = programme(engine, {"cyclus": "rioll", "van": 2028, "vak": "V", "gebied": "Nergenshuizen"}).nietGebruikt
    assert {problem.veld for problem in refused.problemen} == {"cyclus", "gebied"}


@pytest.mark.parametrize(
    ("work", "field"),
    [
        ({"cyclus": "riool", "van": 2028}, "gebied"),  # nowhere
        ({"cyclus": "riool", "van": 2028, "straat": "Eikenlaan"}, "gebied"),  # a street of no place
        ({"cyclus": "riool", "van": 2028, "vak": "V", "vast": True, "schuifruimte": 2}, "schuifruimte"),
        ({"cyclus": "riool", "van": 2028, "vak": "V", "kleur": "rood"}, "kleur"),
        ({"cyclus": "riool", "van": "2028", "vak": "V"}, "van"),  # in JSON a year is a number
        ({"cyclus": "sloop-en-nieuwbouw", "aangelegd": 1960, "vak": "V"}, "van"),  # no lifetime is known
    ],
)
def test_row_without_sense_is_refused(engine: Engine, work: dict[str, object], field: str) -> None:
    (refused,) = programme(engine, work).nietGebruikt
    assert [problem.veld for problem in refused.problemen] == [field]
    assert refused.waarden == work


def test_second_row_of_one_id_is_refused(engine: Engine) -> None:
    made = from_csv(engine, GOOD + "R,V2,gasnet,2030\n")
    assert [(row.rij, row.problemen[0].veld) for row in made.nietGebruikt] == [(3, "id")]


def test_unknown_kolom_is_told(engine: Engine) -> None:
    assert from_csv(engine, "vak,cyclus,van,afdeling\nV1,riool,2028,Beheer\n").nietGelezen == ("afdeling",)


@pytest.mark.parametrize(
    ("cell", "euros"), [("1.850.000", 1_850_000), ("€ 1850000", 1_850_000), ("12,50", 12.5), ("12.5", 12.5)]
)
def test_kosten_are_read_as_people_write_them(engine: Engine, cell: str, euros: float) -> None:
    assert from_csv(engine, f"vak;cyclus;van;kosten\nV1;riool;2028;{cell}\n").werken[0].kosten == euros


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "leeg"),
        ("id,cyclus\n".encode("utf-16"), "UTF-16"),
        ("vak,cyclus\nCaf\u00e9,riool\n".encode("latin-1"), "regel 2"),
        (b"id,soort\n1,riool\n", "geen kolom cyclus"),
        (b"cyclus,cyclus\nriool,riool\n", "tweemaal"),
        (b'vak,cyclus\n"V1,riool\n', "CSV"),  # a quotation mark that is not closed
    ],
)
def test_unreadable_file_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(SituationError, match=said):
        read_csv(data)
