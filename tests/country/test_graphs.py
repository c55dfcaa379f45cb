"""Areas as linked data fit the published shapes, say what the screening says, and answer the example queries."""

import gzip
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple
from rdflib.namespace import SH

from kb import paths
from kb.country.area import AREA
from kb.country.fill import Country
from kb.country.graphs import CLOSE_MATCH, GEBIED, HEEFT_SCREENING, AreaGraphs, elsewhere, export, load_areas
from kb.country.screening import SECTIONS, Screening
from kb.country.selection import Selection, select
from kb.dataset.description import VOID
from kb.dataset.graphs import link_files
from kb.engine import Engine
from kb.errors import WijkaanpakError
from kb.names import DEF, TYPE
from kb.situation.model import CBS_CODE, read_situation
from tests.conftest import ROOT
from tests.shacl import read_shapes, shacl_results

LAND = ROOT / "examples" / "land"
SELWERD = "BU00141000"


@pytest.fixture(scope="module")
def graphs(engine: Engine, country: Country) -> AreaGraphs:
    """The country with sewer and heat network assumed everywhere."""
    works = read_situation((LAND / "riool-en-warmtenet.json").read_bytes())
    assumed = works.model_copy(update={"peildatum": date(2026, 6, 1)})
    return AreaGraphs(Screening(engine, country.table, assumed), country, date(2026, 6, 2))


@pytest.fixture(scope="module")
def exported(graphs: AreaGraphs, country: Country, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wijken and buurten of Arnhem and Groningen as files."""
    folder = tmp_path_factory.mktemp("land")
    rows = [
        row
        for name in ("Groningen", "Arnhem")
        for row in select(graphs.screening, country, Selection(gemeente=name)).rows
    ]
    list(export(graphs, rows, folder))
    return folder


@pytest.fixture(scope="module")
def store(exported: Path, engine: Engine) -> Store:
    """The exported areas with the knowledge, as in a published store."""
    found = Store()
    load_areas(exported / "gebieden.nq.gz", found)
    found.extend(engine.knowledge.store)
    return found


def answers(store: Store, name: str) -> list[dict[str, str]]:
    query = (LAND / f"{name}.rq").read_text(encoding="utf-8")
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{each: row[each].value for each in names} for row in found]


def test_conclusions_are_those_of_the_screening(graphs: AreaGraphs, country: Country) -> None:
    row = country.table.row(SELWERD)
    triples = graphs.triples(row)
    for section in SECTIONS:
        said = {triple.object for triple in triples if triple.predicate == section.property}
        assert said == set(graphs.screening.of_row(row)[section.name])


def test_no_node_is_blank_and_every_screening_has_a_name_for_what_is_assumed(
    graphs: AreaGraphs, screening: Screening, country: Country
) -> None:
    row = country.table.row(SELWERD)
    without = AreaGraphs(screening, country, date(2026, 6, 2))
    named = {_screening(each.triples(row)) for each in (graphs, without)}
    assert len(named) == 2
    assert all(isinstance(node, NamedNode | Literal) for triple in graphs.triples(row) for node in triple)


def test_names_elsewhere_fit_the_pattern_of_each_register(country: Country) -> None:
    """For every area of the country: TOOI in small letters with four digits, the Kadaster in capitals, with a version."""
    patterns = [
        re.compile(str(pattern))
        for path in link_files()
        for pattern in rdflib.Graph().parse(path).objects(predicate=rdflib.URIRef(VOID + "uriRegexPattern"))
    ]
    codes = country.table.frame["code"].to_list()
    named = {code: elsewhere(area) for code in codes if (area := country.table.area(code))}
    assert len(named) == len(codes)
    assert all(names and all(any(p.fullmatch(name) for p in patterns) for name in names) for names in named.values())
    assert len({name for names in named.values() for name in names}) == len(codes)
    assert named["GM0014"] == ("https://identifier.overheid.nl/tooi/id/gemeente/gm0014",)
    assert named["WK039416"] == ("https://data.kkg.kadaster.nl/id/wijk/WK039416/1",)  # as the Kadaster itself writes it


def test_names_elsewhere_of_known_wijken_are_those_of_the_link_sets(country: Country) -> None:
    """What is stated by hand for a known wijk and what follows from the code of its area are one name."""
    stated = {
        str(name)
        for path in link_files()
        for name in rdflib.Graph().parse(path).objects(predicate=rdflib.URIRef(CLOSE_MATCH.value))
    }
    for code in (SELWERD, "GM0014"):
        area = country.table.area(code)
        assert area and set(elsewhere(area)) <= stated


def test_areas_fit_the_published_shapes(graphs: AreaGraphs, country: Country, engine: Engine) -> None:
    triples = [triple for code in (SELWERD, "WK001410", "GM0014") for triple in graphs.triples(country.table.row(code))]
    shapes = read_shapes([paths.ONTOLOGY / "shapes.ttl"])
    for shape, _, target in list(shapes.triples((None, SH.targetClass, None))):
        if target not in (rdflib.URIRef(DEF + "Gebied"), rdflib.URIRef(DEF + "Situatie")):
            shapes.remove((shape, SH.targetClass, target))
    known = list(_known(engine, triples))
    assert shacl_results([*triples, *known], shapes) == []
    without = [triple for triple in triples if triple.predicate != CBS_CODE]
    assert shacl_results([*without, *known], shapes) != []


def test_export_holds_the_areas_with_those_they_lie_in(exported: Path, store: Store) -> None:
    text = gzip.decompress((exported / "gebieden.nq.gz").read_bytes()).decode()
    assert "<https://w3id.org/wijkaanpak/graaf/land>" in text.splitlines()[0]
    areas = {quad.subject for quad in store.quads_for_pattern(None, TYPE, GEBIED)}
    assert {NamedNode(AREA + code) for code in (SELWERD, "WK001410", "GM0014", "GM0202")} <= areas
    assert (exported / "voorbeeld.ttl").read_text(encoding="utf-8").startswith("@prefix")


def test_query_finds_where_sewer_and_heat_network_couple(store: Store) -> None:
    rows = answers(store, "riool-koppelt-met-warmtenet")
    assert {row["gemeente"] for row in rows} == {"Arnhem", "Groningen"}
    assert all(row["koppeltMet"] for row in rows)


def test_query_counts_per_province_and_municipality(store: Store, graphs: AreaGraphs, country: Country) -> None:
    rows = answers(store, "leidend-per-provincie")
    energy = {row["gemeente"]: int(row["wijken"]) for row in rows if row["transitie"].endswith("/energie")}
    for gemeente in ("Arnhem", "Groningen"):
        found = select(graphs.screening, country, Selection({"leidt": ("energie",)}, gemeente=gemeente, kind="wijk"))
        assert energy[gemeente] == len(found.rows)


def test_query_finds_ten_most_like_selwerd(store: Store) -> None:
    rows = answers(store, "lijkt-op-selwerd")
    different = [int(row["anders"]) for row in rows]
    assert len(rows) == 10
    assert different == sorted(different)


def test_file_that_is_no_export_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.nq").write_text("geen quads", encoding="utf-8")
    with pytest.raises(WijkaanpakError, match="land exporteer"):
        load_areas(tmp_path / "x.nq", Store())


def _screening(triples: Iterable[Triple]) -> object:
    return next(triple.object for triple in triples if triple.predicate == HEEFT_SCREENING)


def _known(engine: Engine, triples: Iterable[Triple]) -> Iterable[Triple]:
    """Of the knowledge, what each thing in the triples is."""
    for node in {triple.object for triple in triples if isinstance(triple.object, NamedNode)}:
        yield from (Triple(node, TYPE, cls) for cls in engine.knowledge.objects(node, TYPE))
