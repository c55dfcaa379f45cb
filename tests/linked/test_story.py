"""The page of a known wijk tells what happened there, and opens as an example."""

import re
from html import unescape

import pytest

from api.pages.advies.address import read_address
from kb.engine import Engine
from kb.names import slug
from kb.situation.before import WIJK, situation_before
from kb.situation.model import read_situation
from tests.client import TestClient
from tests.linked.pages import parse

CHAPTERS = [
    *("Hoe het was", "Wat leidde, en wat werd opgepakt", "Wat werd gekoppeld", "Wat botste"),
    *("Welke instrumenten werden gebruikt", "Hoe het afliep", "Cijfers", "Bronnen"),
]


def read(client: TestClient, wijk: str, language: str = "nl") -> str:
    """The page of a wijk."""
    response = client.get(f"/doc/wijk/{wijk}", headers={"Accept": "text/html", "Accept-Language": language})
    assert response.status_code == 200, response.text
    return str(response.text)


def test_story_is_told_in_the_order_in_which_it_went(client: TestClient) -> None:
    page = parse(read(client, "utrecht-overvecht-noord"))
    assert [" ".join(title.text.split()) for title in page.all("h2")][: len(CHAPTERS)] == CHAPTERS
    said = " ".join(page.all("article")[0].text.split())
    assert "Gestrand. Het hoofdplan is gestopt" in said
    assert "Begin niet zonder dekking voor de onrendabele top" in said
    assert "320 huishoudens2022" in said
    assert "(DUIC, 2025)" in said


def test_notes_lead_to_sources(client: TestClient) -> None:
    page = parse(read(client, "reyeroord"))
    places = set(page.values("id"))
    notes = [link[1:] for link in page.links() if link.startswith("#bron-")]
    assert notes
    assert set(notes) <= places


def test_story_in_english_has_no_dutch_titles(client: TestClient) -> None:
    titles = {" ".join(title.text.split()) for title in parse(read(client, "selwerd", "en")).all("h2", "h3")}
    assert "How it ended" in titles
    assert titles.isdisjoint(CHAPTERS)


def test_wijk_opens_as_an_example_with_what_was_known_before(client: TestClient, engine: Engine) -> None:
    found = re.search(r'class="knop" href="/advies\?([^"]+)"', read(client, "reyeroord"))
    assert found
    address = unescape(found[1])
    stated = read_address([tuple(pair.split("=")) for pair in address.replace("%3A", ":").split("&")])  # type: ignore[misc]  # a key and a value each
    [wijk] = [node for node in engine.knowledge.instances(WIJK) if slug(node) == "reyeroord"]
    assert read_situation(stated.given) == situation_before(engine.knowledge, wijk)
    assert "Advies voor Reyeroord" in client.get(f"/advies?{address}", follow_redirects=True).text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_known_wijk_has_a_story(client: TestClient, engine: Engine, language: str) -> None:
    for wijk in engine.knowledge.instances(WIJK):
        page = parse(read(client, slug(wijk), language))
        assert page.problems == []
        assert len(page.all("h2")) >= 5, wijk


def test_list_of_programmes_is_named_with_an_apostrophe(client: TestClient) -> None:
    response = client.get("/doc/programma", headers={"Accept": "text/html"})
    assert "Programma&#39;s" in response.text
