"""Files as people download them are read, and what cannot be read is said in a sentence."""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from kb.country.build import Imported, build
from kb.country.files import FileReport
from kb.country.reading import FileError, read_sheet
from kb.country.sources import Sources, is_named
from tests.country.conftest import BESTANDEN


def import_files(sources: Sources, *names: str) -> Imported:
    return build([BESTANDEN / "kerncijfers_2024.csv", *(BESTANDEN / name for name in names)], sources)


def report_of(imported: Imported, name: str) -> FileReport:
    return next(report for report in imported.files if report.name == name)


def value(imported: Imported, code: str, grootheid: str) -> tuple[Decimal, str, int]:
    area = imported.table.area(code)
    assert area is not None
    figure = area.by_grootheid[grootheid]
    return figure.waarde, figure.bron, figure.jaar


@pytest.mark.parametrize(
    "header",
    [
        "Koopwoningen_47",  # OData
        "koopwoningen",
        "Wonen/Woningen naar eigendom/Koopwoningen (%)",  # StatLine
        "Wonen.Woningen.naar.eigendom.Koopwoningen....",  # read by R
    ],
)
def test_column_is_known_by_its_stem_however_it_was_downloaded(header: str) -> None:
    assert is_named(header, "Koopwoningen")
    assert not is_named(header, "Huurwoningen")


def test_statline_csv_has_byte_order_mark_padding_decimal_comma_and_dots(sources: Sources) -> None:
    imported = import_files(sources, "85984NED_statline.csv")
    report = report_of(imported, "85984NED_statline.csv")
    assert report.tabel == "kerncijfers wijken en buurten 2024"
    assert (report.matched, report.unmatched) == (4, ())
    bron = "cbs-kerncijfers-wijken-en-buurten"
    assert value(imported, "BU00141000", "aardgasaandeel") == (Decimal("0.805"), bron, 2024)
    assert value(imported, "BU00141000", "aandeel-corporatiebezit") == (Decimal("0.66"), bron, 2024)
    selwerd = imported.table.area("BU00141000")
    assert selwerd is not None and "aandeel-lage-inkomens" not in selwerd.by_grootheid  # "." in the file


def test_cell_that_is_no_number_is_named_with_its_line_and_the_rest_is_kept(sources: Sources) -> None:
    imported = import_files(sources, "85984NED_statline.csv")
    (bad,) = report_of(imported, "85984NED_statline.csv").bad
    assert bad == "regel 5: Wonen/Woningen naar eigendom/Koopwoningen (%) is geen getal: 'veel'."
    assert value(imported, "BU00141001", "aandeel-corporatiebezit")[0] == Decimal("0.4")


def test_odata_json_has_numbered_columns_and_marks_for_missing(sources: Sources) -> None:
    imported = import_files(sources, "kwb_2023_odata.json")
    report = report_of(imported, "kwb_2023_odata.json")
    assert report.tabel == "kerncijfers wijken en buurten 2023"  # by the address in it
    assert report.unmatched == ("BU00149999",)
    assert report.bad == ()  # -99997, "." and null are no figure
    bron = "cbs-kerncijfers-wijken-en-buurten-2023"
    assert value(imported, "BU00141000", "aandeel-corporatiebezit") == (Decimal("0.67"), bron, 2023)
    assert value(imported, "GM0014", "aardgasaandeel") == (Decimal("0.781"), bron, 2023)
    selwerd = imported.table.area("BU00141000")
    assert selwerd is not None and "aardgasaandeel" not in selwerd.by_grootheid


@pytest.mark.parametrize(
    ("name", "grootheid", "expected", "year"),
    [
        ("84286NED_2018.json", "gasverbruik-per-woning", "900", 2018),
        ("86165NED_2025.json", "gasverbruik-per-woning", "640", 2025),
        ("86165NED_2025.json", "aandeel-koopwoningen", "0.22", 2025),
    ],
)
def test_key_figures_of_every_year_are_known_by_the_code_of_their_table(
    sources: Sources, name: str, grootheid: str, expected: str, year: int
) -> None:
    found = value(import_files(sources, name), "BU00141000", grootheid)
    assert (found[0], found[2]) == (Decimal(expected), year)


def test_table_is_known_by_the_title_that_statline_gives_its_file(sources: Sources) -> None:
    tabel = sources.recognise("Kerncijfers_wijken_en_buurten_2023_24112026_101500.csv", [])
    assert tabel is not None and tabel.slug == "kerncijfers-2023"


def test_newest_figure_wins_whatever_the_order_of_the_files(sources: Sources) -> None:
    names = ("86165NED_2025.json", "84286NED_2018.json", "kwb_2023_odata.json")
    for order in (names, names[::-1]):
        assert value(import_files(sources, *order), "BU00141000", "aandeel-koopwoningen")[2] == 2025


def test_file_written_by_r_is_read_and_its_old_codes_are_found_by_name(sources: Sources) -> None:
    imported = import_files(sources, "84583NED_amsterdam_2019.csv")
    report = report_of(imported, "84583NED_amsterdam_2019.csv")
    assert report.unmatched == ("BU03630301 Gouden Bocht",)
    assert value(imported, "BU0363MP03", "aandeel-corporatiebezit")[::2] == (Decimal("0.81"), 2019)
    betondorp = imported.table.area("BU03635700")  # its code of then
    assert betondorp is not None and betondorp.code == "BU0363MP03"


def test_code_that_now_is_another_area_does_not_give_it_its_figures(sources: Sources) -> None:
    imported = import_files(sources, "hoofdverwarming_2021.csv")
    report = report_of(imported, "hoofdverwarming_2021.csv")
    assert "BU17830601 Kwintsheul-Oost" in report.unmatched
    wateringen = imported.table.area("BU17830601")
    assert wateringen is not None and wateringen.naam == "Wateringen Centrumgebied"
    assert "aardgasaandeel" not in wateringen.by_grootheid
    assert value(imported, "BU00141000", "aandeel-stadsverwarming")[0] == Decimal("0.19")


def test_change_is_the_last_year_less_the_year_since_which_it_is_told(sources: Sources) -> None:
    scores = {
        row.split(",")[2]: Decimal(row.split(",")[3])
        for row in (BESTANDEN / "leefbaarometer.csv").read_text().splitlines()[1:]
    }
    found = value(import_files(sources, "leefbaarometer.csv"), "WK001410", "verandering-leefbaarheid")
    assert (found[0], found[2]) == (scores["2022"] - scores["2014"], 2022)


BROKEN = [
    ("leeg.csv", b"", "leeg.csv is leeg."),
    ("wit.csv", b"  \n\n", "wit.csv is leeg."),
    ("kop.csv", b"code;naam\n", "kop.csv heeft een kop maar geen rijen."),
    ("latijn.csv", "code;naam\nWK007001;Nijlân\n".encode("latin-1"), "op regel 2 staat de byte 0xE2"),
    ("zestien.csv", "code;naam\nWK007001;A\n".encode("utf-16"), "staat in UTF-16"),
    ("half.csv.gz", gzip.compress(b"code;naam\n" * 99, mtime=0)[:-20], "half.csv.gz is beschadigd"),
    ("half.json", b'{"value": [{"Codering_3": "BU00', "half.json is geen geldige JSON"),
    ("anders.json", b'{"error": "not found"}', 'er is geen lijst onder "value"'),
    ("beeld.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "beeld.png is geen tekst"),
    ("anders.csv", b"a,b\n1,2\n", "heeft geen kolom met codes van gemeenten, wijken of buurten"),
]


@pytest.mark.parametrize(("name", "content", "expected"), BROKEN)
def test_file_that_cannot_be_used_gives_a_sentence(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileError) as error:
        read_sheet(path)
    assert expected in str(error.value)


def test_broken_file_is_told_and_the_others_are_read(sources: Sources, tmp_path: Path) -> None:
    empty = tmp_path / "leeg.csv"
    empty.write_bytes(b"")
    imported = build([empty, BESTANDEN / "kerncijfers_2024.csv"], sources)
    assert [report.problem for report in imported.files] == ["leeg.csv is leeg.", ""]
    assert imported.table.frame.height == 19


def test_row_with_too_few_fields_is_named_with_its_line(sources: Sources, tmp_path: Path) -> None:
    path = tmp_path / "hoofdverwarming.csv"
    path.write_text("code,name,district_heat_pct\nBU00141000,Selwerd,19\nBU00141001,Paddepoel-Zuid\n")
    report = build([BESTANDEN / "kerncijfers_2024.csv", path], sources).files[1]
    assert report.bad == ("regel 3: 2 velden, waar de kop er 3 heeft.",)


def test_table_that_the_knowledge_does_not_describe_is_told(sources: Sources, tmp_path: Path) -> None:
    path = tmp_path / "bomen.csv"
    path.write_text("buurt;bomen\nBU00141000;512\n")
    report = build([BESTANDEN / "kerncijfers_2024.csv", path], sources).files[1]
    assert report.unknown and "is van geen tabel die de kennis beschrijft" in report.problem


def test_without_the_areas_of_a_year_there_is_no_table(sources: Sources) -> None:
    with pytest.raises(FileError, match="geef ook de kerncijfers"):
        build([BESTANDEN / "hoofdverwarming_2021.csv"], sources)
