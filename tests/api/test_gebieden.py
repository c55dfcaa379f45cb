"""The areas of the country over HTTP: filters, pages, GeoJSON, and one area."""

from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.testclient import TestClient

from api.v1.area_models import Gebied, Gebiedenlijst
from kb.country.area import AREA
from kb.country.graphs import AS_WKT

SELWERD = "BU00141000"


def get(client: TestClient, path: str) -> Any:
    """The JSON of a GET that must succeed."""
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


def test_lijst_has_the_promised_shape(client: TestClient) -> None:
    page = get(client, "/v1/gebieden?gemeente=Groningen&leidt=sociaaleconomisch&perPagina=5")
    assert Gebiedenlijst.model_validate(page).model_dump(mode="json", by_alias=True, exclude_unset=True) == page
    assert {row["gemeente"]["naam"] for row in page["resultaten"]} == {"Groningen"}
    assert all("sociaaleconomisch" in row["conclusies"]["leidendeTransities"] for row in page["resultaten"])


def test_links_of_a_page_lead_through_all_that_is_found(client: TestClient) -> None:
    seen: list[str] = []
    address = "/v1/gebieden?gemeente=Urk&meting=inwoners>=1&limit=4"
    while address:
        page = get(client, address)
        seen += [row["code"] for row in page["resultaten"]]
        address = page["_links"].get("next", {}).get("href", "")
    assert len(seen) == len(set(seen)) == page["aantal"]


def test_geojson_by_accept_or_by_f_has_the_links_of_ogc_api_features(client: TestClient) -> None:
    path = "/v1/gebieden?bbox=6.5,53.2,6.6,53.25&soort=buurt&limit=3"
    accepted = client.get(path, headers={"Accept": "application/geo+json"})
    asked = client.get(f"{path}&f=geojson")
    for response in (accepted, asked):
        found = response.json()
        assert response.headers["content-type"] == "application/geo+json"
        assert (found["type"], found["numberReturned"]) == ("FeatureCollection", 3)
        assert found["numberMatched"] > 3
        assert {"self", "next", "alternate"} <= {link["rel"] for link in found["links"]}
    west, south, east, north = 6.5, 53.2, 6.6, 53.25
    for feature in asked.json()["features"]:
        lon, lat = feature["properties"]["plaats"]
        assert west <= lon <= east and south <= lat <= north
        assert feature["geometry"]["type"] == "MultiPolygon"


def test_works_that_are_assumed_change_what_follows(client: TestClient) -> None:
    path = "/v1/gebieden?gemeente=Urk&soort=wijk&leidt=klimaatadaptatie"
    assert get(client, path)["aantal"] == 0
    assert get(client, f"{path}&werk=riool")["aantal"] == 1


def test_most_alike_come_first_and_say_how(client: TestClient) -> None:
    rows = get(client, f"/v1/gebieden?zoals={SELWERD}&limit=10")["resultaten"]
    order = [(row["gelijkenis"]["anders"], row["gelijkenis"]["afstand"]) for row in rows]
    assert order == sorted(order)


def test_every_word_that_is_not_known_is_told_at_once(client: TestClient) -> None:
    response = client.get("/v1/gebieden?leidt=energi&meting=x&gemeente=Gronnigen", headers={"Accept-Language": "en"})
    assert response.status_code == 400
    faults = {fault["veld"]: fault for fault in response.json()["fouten"]}
    assert set(faults) == {"leidt", "meting", "gemeente"}
    assert faults["leidt"]["nabij"] == ["energie"]
    assert "unknown as" in faults["leidt"]["melding"]


@pytest.mark.parametrize(
    "query",
    [
        "bbox=1,2,3",  # three numbers
        "limit=0",
        "soort=straat",
        "f=xml",
        "kleur=rood",  # no such filter
    ],
)
def test_query_that_cannot_be_read_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/gebieden?{query}").status_code == 400


def test_gebied_has_figures_with_source_and_year_and_what_follows(client: TestClient) -> None:
    area = get(client, f"/v1/gebieden/{SELWERD}")
    assert Gebied.model_validate(area).model_dump(mode="json", by_alias=True) == area
    assert (area["naam"], area["wijk"]["code"], area["bekendeWijk"]) == ("Selwerd", "WK001410", "selwerd")
    figure = next(row for row in area["cijfers"] if row["grootheid"] == "aandeel-koopwoningen")
    assert figure["jaar"] == 2024 and figure["bron"].startswith("cbs")
    keys = [row["conclusie"] for row in area["conclusies"]["leidendeTransities"]]
    assert keys == ["heeftLeidendeTransitie/transitie/sociaaleconomisch"]


def test_gebied_as_turtle_has_its_geometry(client: TestClient) -> None:
    response = client.get(f"/v1/gebieden/{SELWERD}", headers={"Accept": "text/turtle"})
    triples = list(parse(response.content, format=RdfFormat.TURTLE))
    assert NamedNode(AREA + SELWERD) in {triple.subject for triple in triples}
    assert sum(triple.predicate == AS_WKT for triple in triples) == 2


def test_same_gebied_need_not_be_sent_again(client: TestClient) -> None:
    first = client.get(f"/v1/gebieden/{SELWERD}")
    again = client.get(f"/v1/gebieden/{SELWERD}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("code", ["BU99999999", "selwerd", "<b>"])
def test_unknown_gebied_is_not_found(client: TestClient, code: str) -> None:
    assert client.get(f"/v1/gebieden/{code}").status_code == 404
