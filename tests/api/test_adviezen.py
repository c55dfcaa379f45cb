"""Advice and explanation over HTTP: the answers are those of the engine, in the promised shapes and forms."""

import csv
import io
from typing import Any

import pytest
import rdflib
from docx import Document
from pydantic import TypeAdapter
from pyoxigraph import RdfFormat, parse
from starlette.testclient import TestClient

from api.http.negotiation import WORD
from api.v1.models import Rangorde, Uitleg, WaaromNiet, WatAls
from kb.advice.model import Advies, Vraag
from kb.engine import Engine
from kb.names import DEF, expand
from kb.situation.model import Situatie, read_situation

Json = dict[str, Any]


def ask(client: TestClient, path: str, body: object, **headers: str) -> Any:
    """The JSON of a POST that must succeed."""
    response = client.post(f"/v1/adviezen{path}", json=body, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def test_advies_is_what_the_engine_says(client: TestClient, engine: Engine, situaties: dict[str, Situatie]) -> None:
    for situation in situaties.values():
        body = situation.model_dump(mode="json", exclude_defaults=True)
        assert ask(client, "?vragen=0", body) == engine.advise(situation).model_dump(mode="json"), situation.wijk


def test_advies_has_no_field_outside_its_model(client: TestClient, selwerd: Json) -> None:
    advice = ask(client, "", selwerd)
    assert Advies.model_validate(advice).model_dump(mode="json") == advice


def test_advies_holds_as_many_vragen_as_asked(client: TestClient) -> None:
    assert [len(ask(client, f"?vragen={count}", {})["vragen"]) for count in (0, 1, 3)] == [0, 1, 3]


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", {}, "nl"),
        ("?taal=en", {}, "en"),
        ("", {"Accept-Language": "en-GB,nl;q=0.5"}, "en"),
        ("", {"Accept-Language": "en;q=0.5, nl-BE;q=0.8"}, "nl"),
        ("", {"Accept-Language": "fr"}, "nl"),  # a language we do not speak
        ("?taal=nl", {"Accept-Language": "en"}, "nl"),  # the query goes before the header
    ],
)
def test_taal_comes_from_query_then_header(
    client: TestClient, query: str, header: dict[str, str], expected: str
) -> None:
    response = client.post(f"/v1/adviezen{query}", json={"kenmerken": ["laag-vertrouwen"]}, headers=header)
    assert response.headers["content-language"] == expected
    assert {"nl": "Vertrouwen", "en": "Trust"}[expected] in {row["label"] for row in response.json()["behoeften"]}


def test_situatie_may_come_as_turtle_or_jsonld(client: TestClient) -> None:
    turtle = f"PREFIX : <{DEF}> [] a :Situatie ; :heeftKenmerk <kenmerk/laag-vertrouwen> ."
    kenmerk = '{"@id": "kenmerk/laag-vertrouwen"}'
    jsonld = f'{{"@context": {{"@vocab": "{DEF}"}}, "@type": "Situatie", "heeftKenmerk": {kenmerk}}}'
    expected = ask(client, "", {"kenmerken": ["laag-vertrouwen"]})
    for form, body in (("text/turtle; charset=utf-8", turtle), ("application/ld+json", jsonld)):
        response = client.post("/v1/adviezen", content=body, headers={"Content-Type": form})
        assert response.status_code == 200, response.text
        assert response.json() == expected


def test_advies_as_turtle_holds_every_conclusion(client: TestClient, engine: Engine, selwerd: Json) -> None:
    response = client.post("/v1/adviezen", json=selwerd, headers={"Accept": "text/turtle"})
    assert response.headers["content-type"].startswith("text/turtle")
    said = {(quad.predicate, quad.object) for quad in parse(response.content, format=RdfFormat.TURTLE)}
    assert shown(engine, read_situation(selwerd)) <= said


@pytest.mark.parametrize(("language", "title"), [("nl", "Advies voor Selwerd"), ("en", "Advice for Selwerd")])
def test_advies_as_word_is_a_document_for_the_council(
    client: TestClient, selwerd: Json, language: str, title: str
) -> None:
    response = client.post(f"/v1/adviezen?taal={language}", json=selwerd, headers={"Accept": WORD})
    assert response.headers["content-type"] == WORD
    assert Document(io.BytesIO(response.content)).paragraphs[0].text == title


def test_advies_as_word_is_described(client: TestClient) -> None:
    described = client.get("/v1/openapi.json").json()["paths"]["/adviezen"]["post"]["responses"]["200"]["content"]
    assert described[WORD]["schema"]["format"] == "binary"


def test_advies_as_jsonld_is_the_same_json_and_says_the_same_in_rdf(
    client: TestClient, engine: Engine, situaties: dict[str, Situatie]
) -> None:
    for situation in situaties.values():
        body = situation.model_dump(mode="json", exclude_defaults=True)
        response = client.post("/v1/adviezen?vragen=0", json=body, headers={"Accept": "application/ld+json"})
        assert response.headers["content-type"] == "application/ld+json"
        added = {"@context", "@type", "uitspraken"}
        assert {k: v for k, v in response.json().items() if k not in added} == engine.advise(situation).model_dump(
            mode="json"
        )
        expected = {(p.value, o.value) for p, o in shown(engine, situation)}
        quads = list(parse(response.content, format=RdfFormat.JSON_LD))
        graph = rdflib.Graph().parse(data=response.content, format="json-ld")
        assert conclusions(engine, ((q.predicate.value, str(q.object.value)) for q in quads)) == expected
        assert conclusions(engine, ((str(p), str(o)) for _, p, o in graph)) == expected


def test_advies_as_csv_holds_every_conclusion(client: TestClient, engine: Engine, selwerd: Json) -> None:
    response = client.post("/v1/adviezen?taal=en", json=selwerd, headers={"Accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-language"] == "en"
    rows = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";")
    said = {node for _, node in shown(engine, read_situation(selwerd))}
    assert said == {expand(row["id"]) for row in rows if not row["sleutel"].startswith("heeftLeidgrond")}


def test_uitleg_of_a_conclusion_ends_in_what_was_stated_and_in_sources(client: TestClient) -> None:
    asked = {"situatie": {"kenmerken": ["laag-vertrouwen"]}, "conclusie": "heeftBehoefte/behoefte/vertrouwen"}
    answer = ask(client, "/uitleg", asked)
    assert Uitleg.model_validate(answer).model_dump(mode="json") == answer
    assert answer["geldt"]
    [proof] = answer["bewijzen"]
    steps = [premise for step in proof["premissen"] for premise in (step, *step["premissen"])]
    leaves = {leaf["soort"]: leaf for leaf in steps if not leaf["premissen"]}
    assert proof["regel"] == "behoefte-uit-kenmerk"
    assert leaves["situatie"]["conclusie"] == "heeftKenmerk/kenmerk/laag-vertrouwen"
    assert all(source["plaats"] and source["label"] for source in leaves["kennis"]["bronnen"])
    assert all(source["pagina"].startswith("https://") for source in leaves["kennis"]["bronnen"])


def test_uitleg_gives_every_proof_when_asked(client: TestClient, selwerd: Json) -> None:
    asked = {"situatie": selwerd, "conclusie": "heeftBehoefte/behoefte/vertrouwen"}
    one, all_ = ask(client, "/uitleg", asked), ask(client, "/uitleg", asked | {"alle": True})
    assert len(one["bewijzen"]) == 1 < len(all_["bewijzen"])


def test_uitleg_of_what_does_not_hold_is_empty(client: TestClient) -> None:
    answer = ask(client, "/uitleg", {"situatie": {}, "conclusie": "heeftBehoefte/behoefte/vertrouwen"})
    assert (answer["geldt"], answer["bewijzen"]) == (False, [])


def test_waarom_niet_gives_changes_that_what_if_confirms(client: TestClient) -> None:
    key = "heeftBehoefte/behoefte/vertrouwen"
    answer = ask(client, "/waarom-niet?aantal=3", {"situatie": {}, "conclusie": key})
    assert WaaromNiet.model_validate(answer).model_dump(mode="json") == answer
    assert not answer["geldt"]
    assert 1 <= len(answer["manieren"]) <= 3
    for way in answer["manieren"]:
        change = {"situatie": {}, "toevoegen": way["toevoegen"], "weglaten": way["weglaten"]}
        assert key in {row["conclusie"] for row in ask(client, "/wat-als", change)["erbij"]}


def test_waarom_niet_of_what_holds_says_so(client: TestClient) -> None:
    asked = {"situatie": {"kenmerken": ["laag-vertrouwen"]}, "conclusie": "heeftBehoefte/behoefte/vertrouwen"}
    answer = ask(client, "/waarom-niet", asked)
    assert (answer["geldt"], answer["manieren"]) == (True, [])


def test_wat_als_there_and_back_is_the_same_change_reversed(client: TestClient) -> None:
    change = {"kenmerken": ["laag-vertrouwen"]}
    there = ask(client, "/wat-als", {"situatie": {}, "toevoegen": change})
    back = ask(client, "/wat-als", {"situatie": change, "weglaten": change})
    assert WatAls.model_validate(there).model_dump(mode="json") == there
    assert there["erbij"]
    assert there["erbij"] == back["vervalt"]
    assert there["vervalt"] == back["erbij"]


def test_vragen_have_answers_that_change_what_they_say(client: TestClient) -> None:
    questions = ask(client, "/vragen?aantal=2", {})
    adapter = TypeAdapter(list[Vraag])
    assert adapter.dump_python(adapter.validate_python(questions), mode="json") == questions
    best = max(questions[0]["antwoorden"], key=lambda answer: answer["verandert"])
    assert best["verandert"] == questions[0]["verandert"]
    before, after = first_screen(ask(client, "", {})), first_screen(ask(client, "", best["toevoegen"]))
    assert len(before ^ after) == best["verandert"]


def first_screen(advice: Json) -> set[str]:
    """What the first screen of an advice shows."""
    shown = (("leidendeTransities", None), ("koppelkansen", 5), ("instrumenten", 5), ("conflicten", None))
    return {row["id"] for part, most in shown for row in advice[part][:most]}


def test_rangorde_names_the_criterion_its_proof_and_what_is_missing(client: TestClient, selwerd: Json) -> None:
    rows = ask(client, "", selwerd)["koppelkansen"]
    first, last = rows[0], rows[-1]
    asked = {"situatie": selwerd, "eerste": last["conclusie"], "tweede": first["conclusie"]}
    answer = ask(client, "/rangorde", asked)
    assert Rangorde.model_validate(answer).model_dump(mode="json") == answer
    assert (answer["eerste"]["id"], answer["tweede"]["id"]) == (first["id"], last["id"])
    assert answer["maatstaf"]["id"] in {criterion["id"] for criterion in first["rangorde"]}
    assert answer["maatstaf"]["id"] not in {criterion["id"] for criterion in last["rangorde"]}
    assert answer["bewijs"]["conclusie"] == answer["conclusie"]


def test_rangorde_of_two_lists_is_refused(client: TestClient, selwerd: Json) -> None:
    advice = ask(client, "", selwerd)
    keys = (advice[part][0]["conclusie"] for part in ("koppelkansen", "instrumenten"))
    asked = dict(zip(("eerste", "tweede"), keys, strict=True)) | {"situatie": selwerd}
    assert client.post("/v1/adviezen/rangorde", json=asked).status_code == 400


def shown(engine: Engine, situation: Situatie) -> set[tuple[Any, Any]]:
    """The conclusions about a situation that an advice shows."""
    links = engine.evaluate(situation).derived()
    return {(link.property, link.object) for link in links if link.property in engine.vocabulary.conclusions}


def conclusions(engine: Engine, pairs: Any) -> set[tuple[str, str]]:
    """The pairs whose property is one that an advice shows."""
    names = {prop.value for prop in engine.vocabulary.conclusions}
    return {(prop, value) for prop, value in pairs if prop in names}
