"""The page of the search, and its field in the header of every page. It needs no script."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.client import TestClient
from tests.linked.pages import Page
from tests.linked.pages import parse as parse_page


def page(client: TestClient, path: str, status: int = 200, language: str = "nl") -> Page:
    response = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert response.status_code == status, response.text
    found = parse_page(response.text)
    assert found.problems == []
    return found


def first_hit(found: Page) -> tuple[str, str]:
    """The name and the address of the first hit."""
    link = next(one for one in found.all("a") if "dt" in one.parents)
    return link.text, link.attributes["href"]


@pytest.mark.parametrize(
    "path", ["/", "/land", "/advies", "/doc/opgave/wijk-ontharden", "/def", "/sparql", "/zoek", "/doc/x"]
)
def test_every_page_has_the_field(client: TestClient, path: str) -> None:
    found = parse_page(client.get(path, headers={"Accept": "text/html"}).text)
    (form,) = [form for form in found.all("form") if form.attributes["action"] == "/zoek"]
    assert (form.attributes["method"], form.attributes["role"]) == ("get", "search")
    assert "header" in form.parents
    assert any(label.attributes["for"] == "zoekveld" for label in found.all("label"))


def test_synonym_leads_to_the_thing_and_is_told(client: TestClient) -> None:
    found = page(client, "/zoek?q=gaskraan+dicht")
    assert first_hit(found) == (
        "Aanwijzing van een aardgasvrije wijk",
        "/doc/instrument/aanwijsbevoegdheid-warmtetransitie",
    )
    assert "synoniem: gaskraan dicht" in found.text("dl")


def test_typing_error_is_answered_with_what_was_meant(client: TestClient) -> None:
    found = page(client, "/zoek?q=Selwert")
    assert "Bedoelde u Selwerd?" in " ".join(found.all("main")[0].text.split())
    assert first_hit(found) == ("Selwerd", "/doc/wijk/selwerd")


def test_area_says_its_municipality_and_kind(client: TestClient) -> None:
    found = page(client, "/zoek?q=selwerd+groningen")
    assert first_hit(found) == ("Selwerd (Groningen)", "/doc/gebied/BU00141000")
    assert "Buurt van het CBS, code BU00141000." in found.text("dl")


def test_hits_can_be_narrowed_to_a_kind(client: TestClient) -> None:
    links = [link for link in page(client, "/zoek?q=warmtenet").links() if "soort=instrument" in link]
    narrowed = page(client, links[0])
    kinds = {one.text for one in narrowed.all("span") if one.attributes.get("class") == "soort"}
    assert kinds == {"instrument"}


def test_pages_lead_through_all_hits(client: TestClient) -> None:
    found = page(client, "/zoek?q=riool")
    seen = []
    while following := [one.attributes["href"] for one in found.all("a") if one.attributes.get("rel") == "next"]:
        seen.append(parse_qs(urlsplit(following[0]).query)["pagina"][0])
        found = page(client, following[0])
    assert seen == [str(number) for number in range(2, len(seen) + 2)]
    assert len(seen) > 1


def test_question_stays_in_the_field_and_language_in_the_links(client: TestClient) -> None:
    found = page(client, "/zoek?q=heat+network&taal=en")
    (field,) = [one for one in found.all("input") if one.attributes.get("id") == "zoekveld"]
    assert field.attributes["value"] == "heat network"
    name, path = first_hit(found)
    assert (name, path) == ("heat network", "/doc/beheercyclus/warmtenet?taal=en")


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "%00", "x" * 5000, "' OR 1=1", "😀"])
def test_hostile_question_is_only_text(client: TestClient, hostile: str) -> None:
    response = client.get("/zoek", params={"q": hostile}, headers={"Accept": "text/html"})
    assert response.status_code == 200
    found = parse_page(response.text)
    assert found.problems == []
    assert [one for one in found.all("script", "img") if one.attributes.get("src", "").startswith("x")] == []
    assert found.all("script") == []


@pytest.mark.parametrize("page_asked", ["0", "-1", "x", "99999999", "²"])
def test_page_that_cannot_be_is_no_error(client: TestClient, page_asked: str) -> None:
    assert client.get(f"/zoek?q=riool&pagina={page_asked}", headers={"Accept": "text/html"}).status_code == 200


def test_kinds_of_the_best_hits_stand_open_and_the_others_folded(client: TestClient) -> None:
    found = page(client, "/zoek?q=warmtenet")
    kinds = [one for one in found.all("a") if "merkje" in one.attributes.get("class", "")]
    folded = [one for one in kinds if "details" in one.parents]
    assert len(kinds) - len(folded) == 9, "everything, and eight kinds"
    assert [one.text for one in found.all("summary")][-1] == f"Nog {len(folded)} soorten"
    chosen = page(client, folded[-1].attributes["href"])
    assert [one for one in chosen.all("details") if "open" in one.attributes], "the chosen kind is seen"
    assert [one.text for one in chosen.all("a") if one.attributes.get("aria-current") == "true"] == [folded[-1].text]


def test_few_kinds_are_not_folded(client: TestClient) -> None:
    assert not [one for one in page(client, "/zoek?q=Selwert").all("details") if "open" in one.attributes]
