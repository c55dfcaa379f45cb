"""Every area of the country has a name that leads to its description: a page for people and RDF for machines."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from kb.country.area import AREA
from kb.country.graphs import GEBIED
from kb.names import TYPE
from tests.client import TestClient
from tests.linked.pages import parse as parse_page

SELWERD = "BU00141000"


@pytest.mark.parametrize("name", [f"gebied/{SELWERD}", f"screening/{SELWERD}", f"screening/{SELWERD}-8135f179"])
def test_name_leads_to_the_description(client: TestClient, name: str) -> None:
    page = client.get(f"/id/{name}")
    assert (page.status_code, page.headers["location"]) == (303, f"/doc/gebied/{SELWERD}")
    turtle = client.get(f"/id/{name}", headers={"Accept": "text/turtle"})
    assert turtle.headers["location"] == f"/doc/gebied/{SELWERD}.ttl"


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "nt", "rdf"])
def test_description_is_there_in_every_form(client: TestClient, ending: str) -> None:
    response = client.get(f"/doc/gebied/{SELWERD}.{ending}")
    assert response.status_code == 200, response.text
    form = RdfFormat.from_extension(ending)
    assert form is not None
    triples = list(parse(response.content, format=form))
    assert (NamedNode(AREA + SELWERD), GEBIED) in {(t.subject, t.object) for t in triples if t.predicate == TYPE}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_page_shows_figures_conclusions_and_the_way_up(client: TestClient, language: str) -> None:
    response = client.get(f"/doc/gebied/{SELWERD}?taal={language}", headers={"Accept": "text/html"})
    assert response.status_code == 200, response.text
    page = parse_page(response.text)
    assert page.problems == []
    assert page.all("h1")[0].text == "Selwerd (Groningen)"
    links = {element.attributes.get("href", "").partition("?")[0] for element in page.all("a")}
    assert {"/doc/gebied/GM0014", "/doc/gebied/WK001410", "/doc/transitie/sociaaleconomisch", "/advies"} <= links
    assert "2024" in response.text


def test_page_and_link_name_the_area_itself(client: TestClient) -> None:
    page = client.get("/doc/gebied/WK020201", headers={"Accept": "text/html"})
    assert "<code>https://w3id.org/wijkaanpak/id/gebied/WK020201</code>" in page.text
    turtle = client.get("/doc/gebied/WK020201.ttl")
    assert turtle.headers["link"] == '<https://w3id.org/wijkaanpak/id/gebied/WK020201>; rel="describes"'


@pytest.mark.parametrize("code", ["GM0014", "WK001410", "BU00140000"])
def test_every_kind_of_area_has_a_page(client: TestClient, code: str) -> None:
    assert client.get(f"/doc/gebied/{code}", headers={"Accept": "text/html"}).status_code == 200


def test_unknown_area_is_not_found_as_a_page_or_a_problem(client: TestClient) -> None:
    page = client.get("/doc/gebied/BU99999999", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = client.get("/doc/gebied/BU99999999", headers={"Accept": "text/turtle"})
    assert problem.headers["content-type"] == "application/problem+json"
