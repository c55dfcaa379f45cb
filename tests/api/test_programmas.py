"""Plannings over HTTP: what comes of them, as JSON and as CSV, with every problem by row and field."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from kb.programme.model import Werkprogramma

WORKS = [
    {"id": "R", "vak": "V1", "cyclus": "riool", "van": 2028, "tot": 2029, "schuifruimte": 2, "graven": True},
    {"id": "G", "vak": "V1", "cyclus": "gasnet", "van": 2031, "graven": True},
]
CSV = "id;vak;cyclus;van;tot;schuifruimte;graven\nR;V1;riool;2028;2029;2;ja\nG;V1;gasnet;2031;;;ja\n"
PATH = "/v1/programmas?peildatum=2026-11-26"


def ask(client: TestClient, works: list[dict[str, Any]], path: str = PATH) -> dict[str, Any]:
    """The programme of works given as JSON."""
    response = client.post(path, json={"werken": works})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_programma_tells_what_meets(client: TestClient) -> None:
    made = ask(client, WORKS)
    (meeting,) = made["plaatsen"][0]["ontmoetingen"]
    assert [(move["werk"], move["jaren"]) for move in meeting["verschuivingen"]] == [("R", 2)]
    assert meeting["eenOpening"] and meeting["beslisVoor"] == 2028
    assert Werkprogramma.model_validate(made).model_dump(mode="json") == made


def test_csv_gives_the_same_as_json(client: TestClient) -> None:
    response = client.post(PATH, content=CSV.encode(), headers={"Content-Type": "text/csv; charset=utf-8"})
    assert response.status_code == 200, response.text
    assert response.json()["plaatsen"] == ask(client, WORKS)["plaatsen"]


def test_bevinding_is_explained_by_uitleg(client: TestClient) -> None:
    meeting = ask(client, WORKS)["plaatsen"][0]["ontmoetingen"][0]
    for finding in meeting["bevindingen"]:
        body = {"situatie": meeting["situatie"], "conclusie": finding["conclusie"]}
        explained = client.post("/v1/adviezen/uitleg", json=body)
        assert explained.json()["bewijzen"], finding


def test_bad_row_comes_back_with_row_and_field(client: TestClient) -> None:
    made = ask(client, [*WORKS, {"cyclus": "rioll", "van": "x", "vak": "V1"}])
    assert len(made["werken"]) == 2
    (refused,) = made["nietGebruikt"]
    assert refused["rij"] == 3 and refused["problemen"][0]["veld"] == "van"
    assert refused["waarden"]["cyclus"] == "rioll"


def test_oordelen_come_back_and_lapse(client: TestClient) -> None:
    stands = {work["id"]: work["stand"] for work in ask(client, WORKS)["werken"]}
    verdict = {"werk1": "R", "werk2": "G", "partij": "gemeente", "oordeel": "samen", "datum": "2026-11-12"}
    given = [verdict | {"stand1": stands["R"], "stand2": stands["G"]}, verdict | {"partij": "wie dan ook"}]
    moved = [WORKS[0], WORKS[1] | {"van": 2030}]
    for works, status in ((WORKS, "geldig"), (moved, "vervallen")):
        made = client.post(PATH, json={"werken": works, "oordelen": given}).json()
        (meeting,) = made["plaatsen"][0]["ontmoetingen"]
        assert [found["status"] for found in meeting["oordelen"]] == [status]
        (refused,) = made["nietGebruikteOordelen"]
        assert (refused["rij"], refused["problemen"][0]["veld"]) == (2, "partij")
    assert meeting["oordelen"][0]["gewijzigd"][0]["velden"][0] == {"veld": "van", "was": "2031", "wordt": "2030"}


def test_afstand_decides_whether_drawn_werken_meet(client: TestClient) -> None:
    places = ("POINT (232550 584000)", "POINT (232550 584015)")
    drawn = [
        {name: value for name, value in work.items() if name != "vak"} | {"geometrie": place}
        for work, place in zip(WORKS, places, strict=True)
    ]
    met = [
        sum(len(place["ontmoetingen"]) for place in ask(client, drawn, f"{PATH}&afstand={metres}")["plaatsen"])
        for metres in (10, 20)
    ]
    assert met == [0, 1]
    assert client.post(f"{PATH}&afstand=ver", json={"werken": WORKS}).status_code == 400


def test_taal_of_the_answer_can_be_chosen(client: TestClient) -> None:
    made = ask(client, WORKS, PATH + "&taal=en")
    assert made["werken"][0]["werksoort"]["label"] == "sewer"


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        ("", "text/csv", 400),
        ("id;soort\n1;riool\n", "text/csv", 400),  # no column cyclus
        ("vak;cyclus;van\n" + "V;riool;2028\n" * 501, "text/csv", 400),  # more rows than may be
        ("[]", "application/json", 400),  # a list is no planning
        ('{"werken": [1]}', "application/json", 400),
        ('{"werken": [], "kleur": "rood"}', "application/json", 400),
        ("<werken/>", "application/xml", 415),
    ],
)
def test_body_that_is_no_planning_is_a_problem(client: TestClient, content: str, media_type: str, status: int) -> None:
    response = client.post("/v1/programmas", content=content, headers={"Content-Type": media_type})
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_too_many_pairs_are_a_problem(client: TestClient) -> None:
    works = [{"id": str(number), "vak": "V", "cyclus": "riool", "van": 2028} for number in range(46)]
    response = client.post("/v1/programmas", json={"werken": works})
    assert response.status_code == 400
    assert "1035 paren" in response.text
