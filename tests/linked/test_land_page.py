"""The page of the country shows the same areas in a table and on a map, by a form that needs no script."""

import gzip

import pytest

from tests.client import TestClient
from tests.linked.pages import Page
from tests.linked.pages import parse as parse_page


def page(client: TestClient, query: str = "", status: int = 200) -> Page:
    response = client.get(f"/land{query}", headers={"Accept": "text/html", "Accept-Language": "nl"})
    assert response.status_code == status, response.text
    found = parse_page(response.text)
    assert found.problems == []
    return found


def test_map_and_table_show_the_same_areas(client: TestClient) -> None:
    found = page(client, "?gemeente=Urk")
    drawn = [element.text for element in found.all("title") if "Wijkaanpak" not in element.text]
    named = [element.text for element in found.all("a") if element.attributes["href"].startswith("/doc/gebied/BU")]
    assert sorted(drawn) == sorted(named)
    assert len(drawn) > 5


def test_every_row_leads_to_the_area_and_to_its_advice(client: TestClient) -> None:
    links = [element.attributes["href"] for element in page(client, "?gemeente=Urk&soort=wijk").all("a")]
    assert {"/doc/gebied/WK018400", "/advies?wijk=WK018400"} <= set(links)


def test_every_field_has_a_label_and_keeps_what_was_chosen(client: TestClient) -> None:
    found = page(client, "?gemeente=Groningen&leidt=sociaaleconomisch&opgave=&meting=inwoners%3E100")
    labelled = {element.attributes["for"] for element in found.all("label")}
    fields = {element.attributes["id"] for element in found.all("select", "input") if "id" in element.attributes}
    assert fields == labelled
    chosen = {element.text for element in found.all("option") if "selected" in element.attributes}
    assert {"Groningen", "Sociaaleconomisch"} <= chosen


def test_whole_country_is_drawn_with_dots_and_goes_by_pages(client: TestClient) -> None:
    found = page(client)
    assert any("punt" in element.attributes.get("class", "") for element in found.all("path"))
    assert any(element.attributes.get("rel") == "next" for element in found.all("a"))


def test_measure_colours_the_map_and_has_its_column(client: TestClient) -> None:
    found = page(client, "?gemeente=Urk&kleur=aandeel-koopwoningen")
    assert any("g-v" in element.attributes.get("class", "") for element in found.all("path"))
    assert any("koopwoningen" in element.text for element in found.all("th"))


@pytest.mark.parametrize("query", ["?leidt=energi", "?soort=straat", "?zoals=Zelwerd", "?meting=x"])
def test_what_is_not_understood_is_told_above_the_form(client: TestClient, query: str) -> None:
    found = page(client, query, 400)
    assert any(element.attributes.get("role") == "alert" for element in found.all("div"))
    assert found.all("form")


def test_nothing_found_is_said(client: TestClient) -> None:
    assert any(
        element.text.startswith("0 gebieden") for element in page(client, "?meting=inwoners%3E99999999").all("h2")
    )


@pytest.mark.parametrize("query", ["?gemeente=Amsterdam", "?gemeente=Rotterdam", ""])
def test_page_is_light(client: TestClient, query: str) -> None:
    assert len(gzip.compress(client.get(f"/land{query}", headers={"Accept": "text/html"}).content)) < 150_000


def test_page_runs_no_script_and_asks_no_other_host(client: TestClient) -> None:
    found = page(client, "?gemeente=Urk")
    assert found.all("script") == []
    assert all(
        element.attributes.get(name, "/").startswith(("/", "#", "https://creativecommons", "https://interoperable"))
        for element in found.elements
        for name in ("href", "src", "action")
    )
