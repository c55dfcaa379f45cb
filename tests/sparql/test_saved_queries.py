"""The saved queries at their own addresses, with what is filled in."""

from collections.abc import Iterator

import pytest

from api.app import create_app
from api.http.settings import Settings
from api.sparql.example_queries import Voorbeeld, read_voorbeelden
from kb.engine import Engine
from tests.client import TestClient

WITH_PARAMETERS = [voorbeeld for voorbeeld in read_voorbeelden() if voorbeeld.parameters]


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[TestClient]:
    """The whole service."""
    with TestClient(create_app(engine, Settings(sparql_workers=1)), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("voorbeeld", WITH_PARAMETERS, ids=lambda voorbeeld: voorbeeld.slug)
def test_vraag_is_answered_about_what_is_filled_in(voorbeeld: Voorbeeld, client: TestClient) -> None:
    path = f"/v1/vragen/{voorbeeld.slug}"
    described = client.get("/v1/openapi.json").json()["paths"][path.removeprefix("/v1")]["get"]["parameters"]
    whole = client.get(path).json()["results"]["bindings"]
    for parameter in described[:-1]:
        rows = client.get(path, params={parameter["name"]: parameter["example"]}).json()["results"]["bindings"]
        assert len(rows) < len(whole), parameter["name"]
    assert whole


def test_vraag_without_a_version_leads_people_to_the_page_and_programs_to_the_answer(client: TestClient) -> None:
    path = "/vragen/ruimteclaims?element=straatprofiel"
    page = client.get(path, headers={"Accept": "text/html"}, follow_redirects=False)
    assert page.status_code == 303
    assert page.headers["location"].startswith("/sparql?query=SELECT") or "VALUES" in page.headers["location"]
    answer = client.get(path, headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert {line.split(",")[1] for line in answer.text.splitlines()[1:]} == {"straatprofiel"}


@pytest.mark.parametrize(
    ("asked", "field", "near"),
    [
        ("opgave=hite", "opgave", ()),
        ("element=straatprofile", "element", "straatprofiel"),
        ("opgav=x", "opgav", "opgave"),
    ],
)
def test_wrong_value_is_refused_with_what_looks_like_it(asked: str, field: str, near: str, client: TestClient) -> None:
    response = client.get(f"/v1/vragen/ruimteclaims?{asked}")
    assert response.status_code == 400
    [fault] = response.json()["fouten"]
    assert fault["veld"] == field
    assert not near or near in fault["nabij"]


def test_value_cannot_leave_its_place_in_the_query(client: TestClient) -> None:
    response = client.get("/v1/vragen/ruimteclaims", params={"opgave": "https://x.nl/> } SELECT * { ?s ?p ?o } #"})
    assert response.status_code == 400


def test_list_names_every_vraag(client: TestClient) -> None:
    listed = client.get("/v1/vragen").json()["vragen"]
    assert {row["id"] for row in listed} == {voorbeeld.slug for voorbeeld in read_voorbeelden()}
