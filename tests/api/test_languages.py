"""Errors speak the language of the asker, as the advice does."""

from typing import Any

import pytest

from tests.client import TestClient

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,nl;q=0.5"}
BODY = {"fase": "kenen", "naam": 3, "werken": [{"cyclus": "riool", "van": 2030, "tot": 2029}]}


def test_melding_is_in_english_when_asked_for(client: TestClient) -> None:
    response = client.post("/v1/adviezen", json=BODY, headers=ENGLISH)
    problem: dict[str, Any] = response.json()
    assert response.headers["content-language"] == "en"
    assert problem["title"] == "Invalid input"
    said = {fault["veld"]: fault["melding"] for fault in problem["fouten"]}
    assert said["fase"].startswith("unknown as ")
    assert "Did you mean 'kennen'" in said["fase"]
    assert said["naam"].startswith("must be text")
    assert said["werken[0].tot"] == "2029 lies before the first year 2030."
    assert problem["detail"].startswith("3 faults, in ")


def test_melding_is_in_dutch_otherwise(client: TestClient) -> None:
    problem = client.post("/v1/adviezen", json=BODY, headers={"Accept-Language": "fr"}).json()
    assert problem["title"] == "Ongeldige invoer"
    assert any("ligt voor het eerste jaar" in fault["melding"] for fault in problem["fouten"])


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/v1/opgave", 404, "There is nothing here."),
        ("GET", "/v1/opgaven/gas", 404, "Unknown as"),
        ("GET", "/v1/adviezen", 405, "GET"),
        ("GET", "/downloads/kennis", 404, "Unknown file"),
        ("GET", "/sparql?query=SELEC", 400, "The query cannot be read at line 1, column 6."),
        ("POST", "/sparql?update=CLEAR", 403, "This service is for reading only"),
        ("POST", "/v1/adviezen?taal=fr", 400, "must be one of"),
    ],
)
def test_every_error_is_in_english_when_asked_for(
    method: str, path: str, status: int, said: str, client: TestClient
) -> None:
    response = client.request(method, path, headers=ENGLISH)
    assert response.status_code == status, response.text
    assert said in response.json()["detail"]
    assert response.headers["content-language"] == "en"
    assert "Accept-Language" in response.headers["vary"]
