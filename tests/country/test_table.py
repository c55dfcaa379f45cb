"""The prepared table says what the files say: areas checked by hand, sums, places in the order, ranks and outlines."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from kb import paths
from kb.country.area import to_decimal
from kb.country.fill import Country, sums
from kb.country.outlines import centre, from_rd, geojson, unpack
from kb.country.table import DESCRIBED, Landtabel, read_table, write_table
from kb.engine import Engine
from kb.errors import WijkaanpakError
from kb.names import expand
from kb.situation.resolve import MAXIMAAL, MINIMAAL

CBS = "cbs-kerncijfers-wijken-en-buurten"
BY_HAND = [
    # Selwerd
    ("BU00141000", "inwoners", "6580", CBS, 2024),
    ("BU00141000", "aandeel-koopwoningen", "0.21", CBS, 2024),
    ("BU00141000", "aandeel-stadsverwarming", "0.19", "cbs-hoofdverwarming", 2021),
    ("BU00141000", "aandeel-65-plus", "0.151", CBS, 2024),  # 995 of 6580
    ("BU00141000", "misdrijven-per-duizend-inwoners", "56.839", "cbs-misdrijven-per-buurt", 2025),  # 374 of 6580
    ("BU00141000", "dakoppervlak-zon-per-woning", "11.561", "quintel-etlocal", 2016),  # 0.036798764 km² on 3183
    # Presikhaaf-West
    ("WK020204", "woz-waarde", "253", CBS, 2024),
    ("WK020204", "aandeel-lage-inkomens", "0.573", f"{CBS}-2022", 2022),
    ("WK020204", "arbeidsparticipatie", "0.54", f"{CBS}-2022", 2022),
    ("WK020204", "aandeel-eenzaam", "0.61", "rivm-gezondheid-2020", 2020),
    ("WK020204", "moeite-met-rondkomen", "0.274", "rivm-gezondheid-2020", 2020),
    ("WK020204", "verandering-leefbaarheid", "0.0453", "leefbaarometer-scores", 2022),  # 3.8296 less 3.7843
    ("WK020204", "autos-per-woning", "0.722", "cbs-wijk-en-buurtkaart-2024", 2024),  # 3140 on 4350
    # a buurt of Amsterdam, with letters, and figures of its code of then
    ("BU0363MP03", "inwoners", "3005", CBS, 2024),
    ("BU0363MP03", "aandeel-corporatiebezit", "0.81", f"{CBS}-2019", 2019),
    ("BU0363MP03", "aardgasaandeel", "1", "cbs-hoofdverwarming", 2021),
    # a municipality that was merged, and a wijk in it
    ("GM1992", "inwoners", "74304", CBS, 2024),
    ("WK199230", "woningen", "6630", f"{CBS}-2022", 2022),  # was WK050100
    # a whole city, a wijk with its number in its name, a wijk of Delft, a buurt of Zeist
    ("GM0363", "woz-waarde", "498", CBS, 2024),
    ("WK034403", "bevolkingsdichtheid", "4310", CBS, 2024),
    ("WK050324", "aandeel-koopwoningen", "0.26", CBS, 2024),
    ("BU03550402", "woz-waarde", "468", CBS, 2024),
]


@pytest.mark.parametrize(("code", "grootheid", "value", "bron", "year"), BY_HAND)
def test_figure_is_that_of_the_file(
    country: Country, code: str, grootheid: str, value: str, bron: str, year: int
) -> None:
    area = country.table.area(code)
    assert area is not None
    figure = area.by_grootheid[grootheid]
    assert (figure.waarde, figure.bron, figure.jaar, figure.gebied) == (Decimal(value), bron, year, code)


def test_area_without_homes_has_no_figures_about_homes(country: Country) -> None:
    hospital = country.table.area("BU00140007")
    assert hospital is not None and hospital.naam == "UMCG"
    assert (
        not {"aandeel-koopwoningen", "woz-waarde", "aardgasaandeel", "aandeel-65-plus"} & hospital.by_grootheid.keys()
    )


def test_every_area_of_the_year_is_there(country: Country) -> None:
    counts = dict(country.table.frame["soort"].cast(pl.String).value_counts().iter_rows())
    assert counts == {"GM": 342, "WK": 3393, "BU": 14574}


@pytest.mark.parametrize("kind", ["WK", "BU"])
def test_inhabitants_add_up_to_those_of_the_municipality(country: Country, kind: str) -> None:
    areas = country.table.frame.select("soort", "gemeente", "inwoners", "code")
    parts = areas.filter(pl.col("soort") == kind).group_by("gemeente").agg(pl.col("inwoners").sum(), pl.len())
    whole = areas.with_row_index("rij").filter(pl.col("soort") == "GM")
    both = whole.join(parts, left_on=pl.col("rij").cast(pl.Int32), right_on="gemeente", suffix="_delen")
    assert both.height == 342
    # CBS rounds each wijk and buurt, and leaves the inhabitants of some out; that is under one in a thousand.
    gap = (pl.col("inwoners") - pl.col("inwoners_delen")).abs()
    off = both.filter((gap > 5 * pl.col("len")) & (gap * 1000 > pl.col("inwoners")))
    assert off["code"].to_list() == []


def test_municipalities_add_up_to_the_country(country: Country) -> None:
    whole = country.table.frame.filter(pl.col("soort") == "GM")
    assert whole["inwoners"].sum() == 17_942_942  # NL00 in CBS 85984NED


def test_rows_of_parents_lead_up(country: Country) -> None:
    frame = country.table.frame
    codes = frame["code"].to_list()
    for code, gemeente, wijk in frame.select("code", "gemeente", "wijk").iter_rows():
        assert codes[gemeente] == f"GM{code[2:6]}"
        assert wijk is None if code.startswith("GM") else codes[wijk] == f"WK{code[2:8]}"
    assert codes == sorted(
        codes, key=lambda code: (code[2:6], code[2:8] if len(code) > 6 else "", code[:2] == "BU", code)
    )


def test_columns_stand_in_the_documented_order(country: Country) -> None:
    table = country.table
    expected = [*DESCRIBED]
    for slug in table.grootheden:
        expected += [slug, f"{slug}@bron", f"{slug}@jaar", f"{slug}@landelijk", f"{slug}@stedelijk"]
    assert table.frame.columns == expected
    assert table.values().columns == list(table.grootheden)


def test_code_of_another_year_leads_to_the_area(country: Country) -> None:
    old = {"WK036324": "WK0363KE", "BU03630557": "BU0363MP03", "WK050100": "WK199230"}
    found = {code: area and area.code for code in old if (area := country.table.area(code)) or True}
    assert found == old


def test_province_is_known_of_every_area(country: Country) -> None:
    assert country.table.frame["provincie"].null_count() == 0
    merged = country.table.area("GM1992")
    assert merged is not None and merged.provincie == "Zuid-Holland"


def test_percentile_counts_areas_of_the_same_kind_with_a_lower_value(country: Country) -> None:
    wijken = country.table.frame.filter((pl.col("soort") == "WK") & pl.col("woz-waarde").is_not_null())
    row = wijken.filter(pl.col("code") == "WK020204").to_dicts()[0]
    for within, column in ((wijken, "landelijk"), (wijken.filter(pl.col("stedelijkheid") == 2), "stedelijk")):
        lower = within.filter(pl.col("woz-waarde") < row["woz-waarde"]).height
        assert abs(row[f"woz-waarde@{column}"] - 100 * lower / within.height) < 1.5


def test_percentile_is_left_out_where_few_areas_have_a_figure(country: Country) -> None:
    betondorp = country.table.area("BU0363MP03")
    assert betondorp is not None
    assert betondorp.by_grootheid["aandeel-corporatiebezit"].landelijk is None  # known of Amsterdam only


def test_outline_surrounds_the_centre_and_is_small(country: Country) -> None:
    selwerd = country.table.area("BU00141000")
    packed = country.table.outline("BU00141000")
    assert selwerd is not None and selwerd.plaats is not None and packed is not None
    middle = centre(unpack(packed))
    assert abs(middle.lon - selwerd.plaats[0]) < 0.002 and abs(middle.lat - selwerd.plaats[1]) < 0.002
    assert geojson(packed)["type"] == "MultiPolygon"
    assert sum(path.stat().st_size for path in paths.COUNTRY.parent.glob("*.parquet")) < 3_000_000


def test_national_grid_becomes_longitude_and_latitude() -> None:
    tower = from_rd(155_000, 463_000)  # the tower in Amersfoort, where the grid has its middle
    assert abs(tower.lon - 5.38720621) < 1e-7 and abs(tower.lat - 52.15517440) < 1e-7
    martini = from_rd(233_883.131, 582_065.167)
    assert abs(martini.lon - 6.568201) < 2e-5 and abs(martini.lat - 53.219386) < 2e-5


def test_table_reads_back_as_it_was_written(country: Country, tmp_path: Path) -> None:
    path = tmp_path / "land.parquet"
    write_table(country.table, path)
    again = read_table(path)
    assert again.frame.equals(country.table.frame)
    assert (again.grootheden, again.year) == (country.table.grootheden, country.table.year)


def test_file_that_is_no_table_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "land.parquet"
    path.write_bytes(b"nee")
    with pytest.raises(WijkaanpakError, match="is geen tabel van wijkaanpak land importeer"):
        read_table(path)


def test_columns_with_the_values_of_the_wijk_are_those_that_fill_a_situation(country: Country, engine: Engine) -> None:
    columns = country.table.values_with_wijk(sums(engine.knowledge))
    codes = country.table.frame["code"].to_list()
    for code in ("BU00141000", "BU00140007", "BU0363MP03", "WK020204", "GM1992"):
        figures = country.look_up(code, engine).by_grootheid
        row = columns.row(codes.index(code), named=True)
        assert {slug: to_decimal(value) for slug, value in row.items() if value is not None} == {
            slug: figure.waarde for slug, figure in figures.items()
        }


def test_every_figure_lies_in_the_range_of_its_quantity(country: Country, engine: Engine) -> None:
    knowledge = engine.knowledge
    for slug in country.table.grootheden:
        node = expand(f"grootheid/{slug}")
        low, high = (float(knowledge.literal(node, prop) or "nan") for prop in (MINIMAAL, MAXIMAAL))
        column = country.table.frame[slug].drop_nulls()
        assert column.is_between(low, high).all(), slug


def test_long_form_has_a_row_a_figure(country: Country) -> None:
    table: Landtabel = country.table
    long = table.long()
    assert long.height == sum(table.frame[slug].count() for slug in table.grootheden)
