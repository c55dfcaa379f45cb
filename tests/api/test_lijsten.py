"""Lists of the API, narrowed down by the same choices as the pages have."""

from typing import Any
from urllib.parse import urlencode

import pytest

from kb.engine import Engine
from kb.names import declared, slug
from kb.search.facets import LIJSTKEUZE
from tests.client import TestClient
from tests.linked.test_lists import names, page

# A list of the API beside that of the pages, and what is asked of both.
ASKED = [
    ("instrumenten", "instrument", {"heeftInstrumentsoort": "geld"}),
    ("instrumenten", "instrument", {"opSchaal": "straat", "inzetbaarInFase": "kijken"}),
    ("instrumenten", "instrument", {"uitgevoerdDoor": "woningcorporatie"}),
    ("instrumenten", "instrument", {"heeftOpenInstrument": "nee"}),
    ("instrumenten", "instrument", {"zoek": "gaskraan dicht"}),
    ("instrumenten", "instrument", {"zoek": "warmtprogramma"}),
    ("wijken", "wijk", {"heeftAfloop": "gestrand", "hadLeidendeTransitie": "energie"}),
    ("bronnen", "bron", {"inJaar": "2025", "publisher": "Gemeente Rotterdam"}),
    ("regels", "regel", {"leidtAf": "heeftKoppelkans"}),
]


def get(client: TestClient, name: str, asked: dict[str, str]) -> Any:
    response = client.get(f"/v1/{name}?{urlencode({**asked, 'perPagina': '200'})}")
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(("name", "segment", "asked"), ASKED)
def test_lijst_holds_what_the_page_shows(client: TestClient, name: str, segment: str, asked: dict[str, str]) -> None:
    found = get(client, name, asked)
    listed = [row["id"].rpartition("/")[2] for row in found["resultaten"]]
    shown = names(page(client, f"/doc/{segment}?{urlencode(asked)}"))
    assert sorted(listed) == sorted(shown)
    assert found["aantal"] == len(listed) < get(client, name, {})["aantal"]


def test_links_of_a_page_keep_what_is_asked(client: TestClient) -> None:
    response = client.get("/v1/instrumenten?heeftInstrumentsoort=geld&perPagina=5&opSchaal=")
    assert '</v1/instrumenten?heeftInstrumentsoort=geld&pagina=2&perPagina=5>; rel="next"' in response.headers["link"]


def test_every_choice_of_the_ontology_is_in_the_document_with_its_values(client: TestClient, engine: Engine) -> None:
    paths = client.get("/v1/openapi.json").json()["paths"]
    for cls, _ in engine.knowledge.segments.items():
        path = f"/{engine.knowledge.literal(cls, declared('meervoud'))}"
        described = {each["name"]: each for each in paths[path]["get"]["parameters"]}
        chosen = {slug(prop).rpartition("#")[2] for prop in engine.knowledge.objects(cls, LIJSTKEUZE)}
        assert chosen <= described.keys()
    scale = next(each for each in paths["/instrumenten"]["get"]["parameters"] if each["name"] == "opSchaal")
    assert "straat" in str(scale["schema"]) and scale["description"].endswith("op schaal.")


@pytest.mark.parametrize(
    ("asked", "field", "near"),
    [
        ("opSchaal=straatt", "opSchaal", "straat"),  # a typing error
        ("heeftOpenInstrument=yes", "heeftOpenInstrument", None),  # in another language
        ("opschaal=straat", "opschaal", "opSchaal"),  # no such key
        ("opSchaal=" + "x" * 201, "opSchaal", None),  # too long
    ],
)
def test_bad_value_is_told_with_its_parameter_and_what_is_allowed(
    client: TestClient, asked: str, field: str, near: str | None
) -> None:
    response = client.get(f"/v1/instrumenten?{asked}")
    assert response.status_code == 400, response.text
    (fault,) = response.json()["fouten"]
    assert fault["veld"] == field
    assert near is None or near in fault["nabij"]
    if field == "heeftOpenInstrument":
        assert "Mogelijk zijn: ja, nee." in fault["melding"]


def test_all_bad_values_are_told_at_once(client: TestClient) -> None:
    response = client.get("/v1/instrumenten?opSchaal=x&inzetbaarInFase=y", headers={"Accept-Language": "en"})
    assert [fault["veld"] for fault in response.json()["fouten"]] == ["inzetbaarInFase", "opSchaal"]
    assert all("Possible are" in fault["melding"] for fault in response.json()["fouten"])
