"""Errors over HTTP: each a problem that says what is wrong, where, and what would be right; all of them together."""

import json
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.http.models import Probleem
from api.http.settings import Settings
from kb.engine import Engine
from kb.situation.model import Situatie

JSON = {"Content-Type": "application/json"}
JSON_LD = {"Content-Type": "application/ld+json"}


def problem(response: Any, status: int) -> Probleem:
    """The problem that a response must be."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["api-version"]
    found = Probleem.model_validate(response.json())
    assert found.status == status
    return found


def test_situatie_with_faults_in_shape_and_terms_gets_them_all_together(client: TestClient) -> None:
    body = {
        "naam": 3,
        "fase": "kenen",
        "kenmerkn": [],
        "werken": [{"cyclus": "riool", "tot": "later"}],
        "metingen": {"aardgasaandeel": 7, "woningen": "veel"},
    }
    found = {fault.veld: fault for fault in problem(client.post("/v1/adviezen", json=body), 400).fouten}
    assert set(found) == {"naam", "fase", "kenmerkn", "werken[0].tot", "metingen.aardgasaandeel", "metingen.woningen"}
    assert found["fase"].nabij[0] == "kennen"
    assert found["kenmerkn"].nabij[0] == "kenmerken"
    assert "geheel getal" in found["werken[0].tot"].melding


def test_verzoek_names_the_part_that_is_wrong(client: TestClient) -> None:
    body = {"situatie": {"fase": "kenen", "naam": 1}, "toevoegen": {"wijk": "selwert"}, "weglaten": 3, "meer": 1}
    faults = problem(client.post("/v1/adviezen/wat-als", json=body), 400).fouten
    assert {fault.veld for fault in faults} == {"situatie.fase", "situatie.naam", "toevoegen.wijk", "weglaten", "meer"}


def test_conclusie_that_no_rule_draws_is_wrong_beside_the_situatie(client: TestClient) -> None:
    body = {"situatie": {"fase": "kenen"}, "conclusie": "heeftBehoefte/behoefte/vertrouwn"}
    faults = problem(client.post("/v1/adviezen/uitleg", json=body), 400).fouten
    assert [fault.veld for fault in faults] == ["situatie.fase", "conclusie"]
    assert "heeftBehoefte/behoefte/vertrouwen" in faults[1].nabij


invalid_bodies = [
    (b"", JSON, "JSON"),  # nothing at all
    (b"{", JSON, "JSON"),  # half an object
    (b"\xff", JSON, "JSON"),  # no UTF-8
    (b"[" * 100_000, JSON, "JSON"),  # nested deeper than a parser may follow
    (b"[]", JSON, "object"),  # not an object
    (b'{"peildatum": 0}', JSON, "datum"),  # a moment in seconds is no date
    (b'{"metingen": {"woningen": NaN}}', JSON, "getal"),
    (b'{"kenmerken": [' + b'"x",' * 500 + b'"x"]}', JSON, "200"),  # more than anyone means
    (b'{"@context": {"@vocab": "https://x.nl/"}' + b', "a": {"b": 1' * 9_000 + b"}" * 9_001, JSON_LD, "JSON"),
    (b"{}", JSON_LD, "Situatie"),  # no situation in it
    (b"[] a :Situatie", {"Content-Type": "text/turtle"}, "Turtle"),  # no prefix
]


@pytest.mark.parametrize(("body", "headers", "word"), invalid_bodies)
def test_inhoud_that_is_no_situatie_is_refused(
    client: TestClient, body: bytes, headers: dict[str, str], word: str
) -> None:
    faults = problem(client.post("/v1/adviezen", content=body, headers=headers), 400).fouten
    assert word in faults[0].melding


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("pagina=0", ["pagina"]),  # pages count from 1
        ("pagina=een&perPagina=1000", ["pagina", "perPagina"]),
        ("perpagina=10", ["perpagina"]),  # unknown key, not skipped in silence
    ],
)
def test_query_that_is_wrong_is_refused_with_every_fault(client: TestClient, query: str, fields: list[str]) -> None:
    assert [fault.veld for fault in problem(client.get(f"/v1/opgaven?{query}"), 400).fouten] == fields


def test_unknown_taal_says_which_are_known(client: TestClient) -> None:
    [fault] = problem(client.post("/v1/adviezen?taal=fr", json={}), 400).fouten
    assert "'nl' or 'en'" in fault.melding


def test_unknown_address_waits_for_no_document(engine: Engine) -> None:
    """A mistyped address comes early, and what an API document takes to make would be time in which nobody is answered."""
    app = create_app(engine)
    app.openapi = lambda: pytest.fail("the document is made")  # type: ignore[method-assign]  # as in create_app
    assert "/v1/opgaven" in problem(TestClient(app).get("/v1/opgavn"), 404).fouten[0].nabij


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/v1/opgaven/woningen-van-gas-af", "woningen-van-het-gas-af"),
        ("/v1/regels/instrument-pas", "instrument-past"),
        ("/v1/opgave", "/v1/opgaven"),
        ("/v1/opgaven/", "/v1/opgaven"),  # no slash at the end
        ("/v1/problemen/niet-gevonde", "niet-gevonden"),
    ],
)
def test_unknown_address_names_the_nearest(client: TestClient, path: str, near: str) -> None:
    found = problem(client.get(path), 404)
    assert near in found.fouten[0].nabij
    assert found.instance == path


@pytest.mark.parametrize("path", ["/v1/opgaven/..%2f..", "/v1/opgaven/%00", "/v1/opgaven/a%20b", "/v1/wijken/%C2%B5"])
def test_strange_address_is_not_found(client: TestClient, path: str) -> None:
    problem(client.get(path), 404)


def test_wrong_method_is_told_which_are_allowed(client: TestClient) -> None:
    response = client.get("/v1/adviezen")
    assert "POST" in problem(response, 405).detail
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "text/*;q=0"])
def test_form_that_is_not_offered_is_refused(client: TestClient, accept: str) -> None:
    assert "application/json" in problem(client.get("/v1/opgaven", headers={"Accept": accept}), 406).detail


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "text/csv"}, {}, JSON | {"Content-Encoding": "gzip"}], ids=["csv", "none", "gzip"]
)
def test_inhoud_in_another_form_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    problem(client.post("/v1/adviezen", content=b"{}", headers=headers), 415)


def test_inhoud_that_is_too_large_is_refused_announced_or_not(engine: Engine) -> None:
    client = TestClient(create_app(engine, Settings(max_body=2_000)), raise_server_exceptions=False)
    large = b'{"naam": "' + b"x" * 3_000 + b'"}'
    problem(client.post("/v1/adviezen", content=large, headers=JSON), 413)
    problem(client.post("/v1/adviezen", content=iter([large[:1_500], large[1_500:]]), headers=JSON), 413)


def test_unexpected_error_shows_nothing_of_the_inside(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret")

    client = TestClient(create_app(engine, Settings()), raise_server_exceptions=False)
    monkeypatch.setattr(engine, "advise", fail)
    response = client.post("/v1/adviezen", json={}, headers={"Origin": "https://example.org"})
    problem(response, 500)
    assert "secret" not in response.text
    assert response.headers["access-control-allow-origin"] == "*"


def test_type_of_every_problem_can_be_read(client: TestClient) -> None:
    kinds = client.get("/v1/problemen").json()["soorten"]
    for kind in kinds:
        assert client.get(f"/v1/problemen/{kind['id']}").json() == kind
    type_ = problem(client.get("/v1/opgave"), 404).type
    assert client.get(type_).json()["status"] == 404


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from([*Situatie.model_fields, "situatie", "conclusie", "toevoegen", "cyclus"])
bodies = st.dictionaries(fields, json_values | st.dictionaries(fields, json_values, max_size=3), max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies | json_values, path=st.sampled_from(["", "/uitleg", "/waarom-niet", "/wat-als", "/vragen"]))
def test_random_json_never_breaks_the_service(app: FastAPI, body: object, path: str) -> None:
    # Not the client's own JSON, which refuses the NaN that others do send.
    client = TestClient(app, raise_server_exceptions=False)
    response = client.post(f"/v1/adviezen{path}", content=json.dumps(body), headers=JSON)
    assert response.status_code in (200, 400), response.text
