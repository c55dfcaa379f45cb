"""The example queries of the query page: each runs at the live endpoint and finds something."""

import httpx
import pytest
from rdflib import Graph

from api.sparql.example_queries import Voorbeeld, read_voorbeelden

VOORBEELDEN = read_voorbeelden()


@pytest.mark.parametrize("voorbeeld", VOORBEELDEN, ids=lambda voorbeeld: voorbeeld.slug)
def test_voorbeeld_finds_something(voorbeeld: Voorbeeld, endpoint: str, http: httpx.Client) -> None:
    response = http.post(endpoint, content=voorbeeld.query, headers={"Content-Type": "application/sparql-query"})
    assert response.status_code == 200, response.text
    if "json" in response.headers["content-type"]:
        answer = response.json()
        assert answer["results"]["bindings"]
        unbound = set(answer["head"]["vars"]) - {name for row in answer["results"]["bindings"] for name in row}
        assert not unbound, "columns without any value"
    else:
        assert len(Graph().parse(data=response.text, format="turtle")) > 0


def test_voorbeelden_cover_the_knowledge_by_theme() -> None:
    assert len(VOORBEELDEN) >= 15
    assert len({voorbeeld.thema for voorbeeld in VOORBEELDEN}) >= 5
    assert all(voorbeeld.titel and voorbeeld.uitleg.endswith(".") for voorbeeld in VOORBEELDEN)
    assert len({voorbeeld.titel for voorbeeld in VOORBEELDEN}) == len(VOORBEELDEN)
