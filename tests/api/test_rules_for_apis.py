"""The Dutch REST API Design Rules that hold for every route: document, headers, CORS, names."""

import re
from threading import Event
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import API_VERSION
from api.app import create_app
from api.http.negotiation import preferred
from api.http.settings import Settings
from api.waiting import prepared
from kb.engine import Engine

OPERATIONS = ("get", "post")


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    """The API's own document."""
    response = client.get("/v1/openapi.json", headers={"Origin": "https://example.org"})
    assert response.headers["access-control-allow-origin"] == "*"
    found: dict[str, Any] = response.json()
    return found


def test_document_tells_who_is_responsible(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert "contact" not in document["info"]
    assert document["info"]["version"] == API_VERSION
    assert document["info"]["license"]["identifier"] == "EUPL-1.2"
    assert document["servers"][0]["url"] == f"/v{API_VERSION[0]}"


def test_document_is_made_in_the_background_once_the_service_is_there(engine: Engine) -> None:
    app, made = create_app(engine), Event()
    app.openapi = made.set  # type: ignore[assignment,method-assign]  # as in create_app
    assert prepared(app) is app
    assert made.wait(60)


def test_document_names_the_contact_that_is_set(engine: Engine) -> None:
    contact = {"name": "Beheer", "email": "beheer@wijk.nl", "url": "https://wijk.nl/contact"}
    found = create_app(engine, Settings.model_validate({f"contact_{name}": value for name, value in contact.items()}))
    assert found.openapi()["info"]["contact"] == contact


def test_address_with_a_slash_at_the_end_leads_to_the_one_without(client: TestClient) -> None:
    response = client.get("/v1/", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (308, "/v1")


def test_document_lists_a_path_for_every_collection(client: TestClient, document: dict[str, Any]) -> None:
    for collection in client.get("/v1").json()["verzamelingen"]:
        assert {f"/{collection['naam']}", f"/{collection['naam']}/{{id}}"} <= set(document["paths"])


def test_names_follow_the_rules(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        assert re.fullmatch(r"/|(/[a-z0-9-]+|/\{id\})+", path), path
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                assert re.fullmatch(r"[a-z][a-zA-Z]*", parameter["name"]), parameter


def test_every_operation_tells_its_problems_and_version(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            responses = operation["responses"]
            assert method in OPERATIONS
            assert "422" not in responses
            assert {"400", "406", "500"} <= set(responses), path
            assert "API-Version" in responses["200"]["headers"]


def test_every_request_and_advice_in_the_document_has_an_example_that_works(
    client: TestClient, document: dict[str, Any]
) -> None:
    for path in (path for path in document["paths"] if path.startswith("/adviezen")):
        operation = document["paths"][path]["post"]
        example = operation["requestBody"]["content"]["application/json"]["example"]
        response = client.post(f"/v1{path}", json=example)
        assert response.status_code == 200, response.text
        answer = operation["responses"]["200"]["content"]["application/json"]["example"]
        assert type(answer) is type(response.json())
        assert answer


@pytest.mark.parametrize("path", ["/v1", "/v1/opgaven", "/v1/nergens", "/gezondheid", "/v1/openapi.json"])
def test_every_answer_is_versioned_and_safe(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["api-version"] == API_VERSION
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert headers["referrer-policy"] == "no-referrer"


def test_script_of_another_site_may_ask_for_advice(client: TestClient) -> None:
    preflight = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options("/v1/adviezen", headers=preflight)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"


def test_public_base_stands_before_every_link(engine: Engine) -> None:
    client = TestClient(create_app(engine, Settings(public_base="https://wijk.example.org")))
    assert client.get("/v1").json()["_links"]["self"]["href"] == "https://wijk.example.org/v1"
    assert client.get("/v1/openapi.json").json()["servers"][0]["url"] == "https://wijk.example.org/v1"
    assert client.get("/v1/niets").json()["type"].startswith("https://wijk.example.org/v1/problemen/")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKAANPAK_MAX_BODY", "4096")
    monkeypatch.setenv("WIJKAANPAK_CORS_ORIGINS", "https://a.nl")
    monkeypatch.setenv("WIJKAANPAK_STORE_PASSWORD", "geheim")
    found = Settings()
    assert "geheim" not in repr(found)
    assert found.store.password == "geheim"
    assert (found.max_body, found.cors_origins, found.public_base) == (4096, "https://a.nl", "")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "a/json"),
        ("a/*;q=0.5, b/turtle", "b/turtle"),
        ("a/json;q=0.1, a/*;q=0.9, b/turtle;q=0.5", "b/turtle"),  # the more exact range decides
        ("A/JSON", "a/json"),
        ("c/html", None),
        ("a/json;q=0, b/turtle;q=0", None),
    ],
)
def test_preferred_form_follows_quality_and_exactness(accept: str, expected: str | None) -> None:
    def match(name: str, offer: str) -> int:
        return {"*/*": 1, f"{offer[0]}/*": 2, offer: 3}.get(name, 0)

    assert preferred(accept, ["a/json", "b/turtle"], match) == expected
