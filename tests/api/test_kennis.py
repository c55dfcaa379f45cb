"""The knowledge over HTTP: every collection of the ontology, every individual, every rule."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.v1.collections import Collections
from api.v1.models import Individu, Lijst, Overzicht, Regel
from kb.engine import Engine
from kb.names import short, slug, term


def get(client: TestClient, path: str) -> Any:
    """The JSON of a GET that must succeed."""
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


def test_overzicht_lists_every_class_with_a_plural(client: TestClient, engine: Engine) -> None:
    overview = get(client, "/v1")
    plurals = {triple.object.value for triple in engine.knowledge.triples(predicate=term("meervoud"))}  # type: ignore[union-attr]  # a literal
    assert {row["naam"] for row in overview["verzamelingen"]} == plurals
    assert Overzicht.model_validate(overview).model_dump(mode="json", by_alias=True) == overview


def test_overzicht_is_also_where_the_document_says_it_is(client: TestClient) -> None:
    assert get(client, "/v1/") == get(client, "/v1")


def test_every_verzameling_gives_every_individu_in_the_promised_shape(client: TestClient, engine: Engine) -> None:
    collections = Collections(engine, "")
    for collection in collections.all:
        model = Regel if collection.name == "regels" else Individu
        for node in collections.members(collection)[:40]:
            resource = get(client, f"{collection.path}/{slug(node)}")
            assert resource["id"] == short(node)
            assert model.model_validate(resource).model_dump(mode="json", by_alias=True) == resource


def test_links_of_a_page_lead_through_the_whole_verzameling(client: TestClient, engine: Engine) -> None:
    seen: list[str] = []
    address = "/v1/bronnen?perPagina=60"
    while address:
        page = get(client, address)
        seen += [row["iri"] for row in page["resultaten"]]
        address = page["_links"].get("next", {}).get("href", "")
    assert seen == [node.value for node in engine.knowledge.instances(term("Bron"))]


def test_lijst_has_the_promised_shape_and_a_link_header(client: TestClient) -> None:
    response = client.get("/v1/opgaven?pagina=2&perPagina=3")
    page = response.json()
    assert Lijst.model_validate(page).model_dump(mode="json", by_alias=True, exclude_unset=True) == page
    assert '</v1/opgaven?pagina=3&perPagina=3>; rel="next"' in response.headers["link"]
    assert len(page["resultaten"]) == 3 < page["aantal"]


@pytest.mark.parametrize("text", ["VERTROUWEN", "trust", "laag vertrouwen"])
def test_zoek_finds_in_both_languages_whatever_the_case(client: TestClient, text: str) -> None:
    found = get(client, f"/v1/kenmerken?zoek={text}")
    assert "kenmerk/laag-vertrouwen" in {row["id"] for row in found["resultaten"]}
    assert found["aantal"] < get(client, "/v1/kenmerken")["aantal"]


def test_opgave_says_what_it_rests_on_and_where_it_leads(client: TestClient) -> None:
    opgave = get(client, "/v1/opgaven/woningen-van-het-gas-af")
    assert opgave["label"] == {"nl": "woningen van het gas af", "en": "homes off natural gas"}
    assert opgave["zekerheid"] == "gebrond"
    assert all(source["plaats"] and source["pagina"] for source in opgave["bronnen"])
    relations = {row["eigenschap"]["id"]: row for row in opgave["relaties"]}
    transitie = relations["hoortBij"]["met"][0]
    assert get(client, transitie["_links"]["self"]["href"])["label"] == transitie["label"]


def test_relatie_that_a_rule_derived_names_the_rule(client: TestClient) -> None:
    opgave = get(client, "/v1/opgaven/woningen-van-het-gas-af")
    couplings = next(row for row in opgave["relatiesVan"] if row["eigenschap"]["id"] == "koppeltOpgave")
    rule = couplings["met"][0]["regel"]
    assert get(client, f"/v1/regels/{rule}")["over"] == "kennis"


def test_regel_gives_its_sparql(client: TestClient, engine: Engine) -> None:
    rule = engine.rules[0]
    resource = get(client, f"/v1/regels/{rule.slug}")
    assert (resource["sparql"], resource["over"]) == (rule.text, "situatie")
    assert resource["uitleg"] == rule.explanation


def test_kennis_is_not_sent_again_to_who_has_it(client: TestClient) -> None:
    first = client.get("/v1/transities/energie")
    again = client.get("/v1/transities/energie", headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/v1/transities/energie", headers={"If-None-Match": '"old"'}).status_code == 200


def test_head_is_get_without_the_body(client: TestClient) -> None:
    head, get_ = client.head("/v1/opgaven"), client.get("/v1/opgaven")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get_.headers["content-length"]


def test_gezondheid_counts_what_is_loaded(client: TestClient, engine: Engine) -> None:
    assert get(client, "/gezondheid")["individuen"] == len(engine.knowledge.individuals)
