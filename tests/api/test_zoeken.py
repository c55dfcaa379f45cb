"""The search over HTTP: all that has a name, each hit with why it is one and where it is described."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.v1.zoeken import Zoekresultaten


def get(client: TestClient, **query: str) -> Any:
    """What is found."""
    response = client.get("/v1/zoekresultaten", params=query)
    assert response.status_code == 200, response.text
    return response.json()


def test_treffer_has_the_promised_shape_and_leads_on(client: TestClient) -> None:
    found = get(client, zoek="gaskraan dicht")
    shaped = Zoekresultaten.model_validate(found).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert shaped == found
    (hit,) = found["resultaten"]
    assert (hit["reden"], hit["gevonden"]) == ("synoniem", "gaskraan dicht")
    for link in hit["_links"].values():
        assert client.get(link["href"]).status_code == 200


@pytest.mark.parametrize("asked", ["Selwerd", "koppeling-gedeeld", "heeftKoppelkans", "BU00141000", "poster"])
def test_every_kind_of_treffer_leads_to_its_description(client: TestClient, asked: str) -> None:
    hit = get(client, zoek=asked)["resultaten"][0]
    for link in hit["_links"].values():
        assert client.get(link["href"].partition("#")[0]).status_code == 200, hit


def test_tikfout_is_forgiven_and_told(client: TestClient) -> None:
    hit = get(client, zoek="riolernig")["resultaten"][0]
    assert (hit["id"], hit["reden"], hit["gevonden"]) == ("beheercyclus/riool", "bedoeld", "riolering")


def test_soort_narrows_and_counts_stay(client: TestClient) -> None:
    everything, narrowed = get(client, zoek="warmtenet"), get(client, zoek="warmtenet", soort="instrument")
    counts = {row["soort"]: row["aantal"] for row in everything["soorten"]}
    assert narrowed["aantal"] == counts["instrument"] < everything["aantal"] == sum(counts.values())
    assert narrowed["soorten"] == everything["soorten"]


def test_links_of_a_page_lead_through_all_that_is_found(client: TestClient) -> None:
    page = get(client, zoek="riool", perPagina="40")
    seen = [row["iri"] for row in page["resultaten"]]
    while following := page["_links"].get("next"):
        page = client.get(following["href"]).json()
        seen += [row["iri"] for row in page["resultaten"]]
    assert len(seen) == len(set(seen)) == page["aantal"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "zoek"),  # nothing is asked
        ("zoek=", "zoek"),
        ("zoek=" + "x" * 201, "zoek"),
        ("zoek=riool&soort=instrumnt", "soort"),  # no such kind
        ("zoek=riool&q=riool", "q"),  # no such key
    ],
)
def test_question_that_cannot_be_is_a_problem(client: TestClient, query: str, field: str) -> None:
    response = client.get(f"/v1/zoekresultaten?{query}")
    assert response.status_code == 400, response.text
    assert [fault["veld"] for fault in response.json()["fouten"]] == [field]


def test_unknown_soort_is_answered_with_what_looks_like_it(client: TestClient) -> None:
    (fault,) = client.get("/v1/zoekresultaten?zoek=riool&soort=instrumnt").json()["fouten"]
    assert fault["nabij"][0] == "instrument"
