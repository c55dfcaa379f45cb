"""Two areas side by side: the address holds both, and what differs is marked in words. It needs no script."""

import pytest
from starlette.datastructures import QueryParams

from tests.client import TestClient
from tests.linked.pages import Page
from tests.linked.pages import parse as parse_page

PAIR = "?eerste=Selwerd,+Groningen&tweede=BU02020423"  # and Presikhaaf I, Arnhem


def page(client: TestClient, query: str = "", status: int = 200, language: str = "nl") -> Page:
    response = client.get(f"/land/vergelijk{query}", headers={"Accept": "text/html", "Accept-Language": language})
    assert response.status_code == status, response.text
    found = parse_page(response.text)
    assert found.problems == []
    return found


def concluded(client: TestClient, code: str) -> dict[str, set[str]]:
    """What the API says follows for an area, by kind of conclusion."""
    found = client.get(f"/v1/gebieden/{code}").json()["conclusies"]
    return {name: {row["label"]["nl"] for row in rows} for name, rows in found.items()}


def test_conclusions_of_only_one_stand_with_that_one(client: TestClient) -> None:
    one, other = concluded(client, "BU00141000"), concluded(client, "BU02020423")
    told = page(client, PAIR)
    blocks = [one.text for one in told.all("div") if one.text.startswith("Alleen Selwerd (Groningen)")]
    counted = sum(int(block.partition("\n")[0].rpartition("(")[2].rstrip(") ")) for block in map(_first_line, blocks))
    expected = [label for name in one for label in one[name] - other[name]]
    assert counted == len(expected) > 0
    assert [label for label in expected if not any(label in block for block in blocks)] == []


def _first_line(block: str) -> str:
    return block[: block.index(")", block.index("(Groningen)") + len("(Groningen)")) + 1]


def test_figures_have_source_year_and_percentile_and_what_lies_far_apart_is_said(client: TestClient) -> None:
    rows = {row.text.split("\n")[0]: " ".join(row.text.split()) for row in page(client, PAIR).all("tr")}
    older = next(text for text in rows.values() if text.startswith("Aandeel 65-plussers"))
    assert "verschilt" in older
    assert "15,1 % CBS 2024; hoger dan 21 %" in older and "24,6 % CBS 2024; hoger dan 67 %" in older
    near = next(text for text in rows.values() if text.startswith("Aandeel koopwoningen"))
    assert "verschilt" not in near


def test_both_can_be_swapped_and_lead_to_their_advice(client: TestClient) -> None:
    links = list(page(client, PAIR).links())
    swapped = next(link for link in links if link.startswith("/land/vergelijk") and "eerste=BU02020423" in link)
    assert dict(QueryParams(swapped.partition("?")[2])) == {"eerste": "BU02020423", "tweede": "BU00141000"}
    assert {"/advies?wijk=BU00141000", "/advies?wijk=BU02020423"} <= set(links)
    assert {"eerste=BU00141000"} <= {link.partition("?")[2] for link in client_links(client, "/doc/gebied/BU00141000")}


def client_links(client: TestClient, path: str) -> list[str]:
    return list(parse_page(client.get(path, headers={"Accept": "text/html"}).text).links())


def test_name_of_several_areas_is_answered_with_each_at_its_own_address(client: TestClient) -> None:
    found = page(client, "?eerste=Selwerd,+Groningen&tweede=Centrum", 400)
    assert any(one.attributes.get("role") == "alert" for one in found.all("div"))
    offers = [link for link in found.links() if "tweede=WK" in link or "tweede=BU" in link]
    assert len(offers) > 3
    assert all("eerste=Selwerd" in link for link in offers)
    assert client.get(offers[0], headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("query", ["", "?eerste=Selwerd,+Groningen", "?eerste=&tweede="])
def test_without_two_areas_it_is_a_form_that_keeps_what_was_given(client: TestClient, query: str) -> None:
    found = page(client, query)
    assert found.all("table") == []
    fields = {one.attributes["id"] for one in found.all("input") if "main" in one.parents and "id" in one.attributes}
    assert fields == {one.attributes["for"] for one in found.all("label") if "main" in one.parents}


@pytest.mark.parametrize("hostile", ["<script>", "xyzzy", "BU99999999", "%00", "x" * 3000])
def test_area_that_is_none_is_told(client: TestClient, hostile: str) -> None:
    response = client.get("/land/vergelijk", params={"eerste": hostile, "tweede": "BU00141000"})
    assert response.status_code == 400
    assert parse_page(response.text).all("script") == []


def test_it_is_there_in_english(client: TestClient) -> None:
    assert page(client, PAIR, language="en").text("h1") == "Two areas side by side"
