"""A situation is filled from public data, unless `gegevens=nee`; a name of several areas is answered with them."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

PRESIKHAAF = {"wijk": "Presikhaaf", "peildatum": "2026-06-01"}
ARMOEDE = "heeftAfgeleidKenmerk/kenmerk/armoede"


def post(client: TestClient, path: str, body: Any, expected: int = 200) -> Any:
    answer = client.post(f"/v1/adviezen{path}", json=body)
    assert answer.status_code == expected, answer.text
    return answer.json()


def test_advice_says_what_was_filled_in_with_source_and_year(client: TestClient) -> None:
    advice = post(client, "", PRESIKHAAF)
    owned = next(row for row in advice["ingevuld"] if row["grootheid"]["id"] == "grootheid/aandeel-koopwoningen")
    assert (owned["waarde"], owned["jaar"], owned["gebied"]) == (0.18, 2024, "WK020204")
    assert owned["tekst"] == "CBS 2024: aandeel koopwoningen: 18 %"
    assert advice["situatie"]["herkomst"]["aandeel-koopwoningen"]["jaar"] == 2024


def test_without_data_only_what_is_stated_counts(client: TestClient) -> None:
    assert post(client, "?gegevens=nee", PRESIKHAAF)["ingevuld"] == []


@pytest.mark.parametrize("query", ["", "?gegevens=nee"])
def test_explanation_is_of_the_same_situation_as_the_advice(client: TestClient, query: str) -> None:
    found = post(client, f"/uitleg{query}", {"situatie": PRESIKHAAF, "conclusie": ARMOEDE})
    assert found["geldt"] == (not query)


def test_filled_situation_of_an_advice_can_be_sent_back(client: TestClient) -> None:
    advice = post(client, "", PRESIKHAAF)
    again = post(client, "?gegevens=nee", advice["situatie"])
    assert again["ontvangstbewijs"]["uitkomst"] == advice["ontvangstbewijs"]["uitkomst"]


def test_name_of_several_areas_is_answered_with_the_candidates(client: TestClient) -> None:
    problem = post(client, "", {"wijk": "Centrum"}, 400)
    assert "Centrum, Groningen (wijk WK001400)" in str(problem)


def test_name_with_its_municipality_is_enough(client: TestClient) -> None:
    advice = post(client, "", {"wijk": "Centrum", "gemeente": "Groningen"})
    assert advice["situatie"]["wijk"] == "WK001400"
    assert advice["situatie"]["naam"] == "Centrum (Groningen)"
