"""A hundred random situations go the whole path of the page: the form, the advice, a proof, the report."""

import io
import re
from html import unescape
from itertools import count
from urllib.parse import urlencode

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.pages.advies.address import PATH, Asked, flatten
from kb.engine import Engine
from kb.situation.model import Situatie, dump_situation
from tests.strategies import situations

SITUATIONS = 100
# A form sends its empty fields too.
EMPTY = [("naam", ""), ("gemeente", ""), ("kenmerken", ""), ("werken.9.cyclus", ""), ("wensen.9.opgave", "")]
PROOF = re.compile(r'class="waarom" href="([^"]+)"')
FIELD = re.compile(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"')
# Every other one is taken along as text too, and every tenth opened in Word, which takes as long as the others together.
TEXT_EVERY, WORD_EVERY = 2, 10

HOSTILE = {
    "a script": '"><script>alert(1)</script>',
    "a template": "{{ 7*7 }}{% raw %}",
    "an address": "javascript:alert(1)//../../etc/passwd",
    "a query": "' ; DROP ALL ; SELECT * { ?s ?p ?o } #",
    "control characters": "a\x00b\x0b\x1b[31m\r\nSet-Cookie: x=1",
    "writing from right to left": "\u202eקרב\u2066 ﷽ 👩‍👩‍👧‍👦",
    "no characters": "\ufffe\uffff\ufffd",
    "a number that is none": "٣1e9999999999-0x1F½",
    "a flood": "wijk " * 1500,
}


def read(client: TestClient, address: str) -> str:
    """The page at an address, which must be there and hold no trace of a mistake of ours."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.text[:500])
    assert "Traceback" not in response.text
    return str(response.text)


def test_random_situations_go_from_form_to_report(client: TestClient, engine: Engine) -> None:
    number, proofs = count(), count()

    @settings(max_examples=SITUATIONS, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situations(engine), st.sampled_from(["nl", "en"]))
    def follow(situation: Situatie, language: str) -> None:
        stated = dump_situation(situation)
        asked, also = Asked(stated), [("taal", language)]
        page = read(client, f"{PATH}?{urlencode([*flatten(stated), *EMPTY, *also])}")
        if found := PROOF.search(page):
            read(client, unescape(found[1]))
            next(proofs)
        place = next(number)
        if place % TEXT_EVERY == 0:
            read(client, asked.path(page=f"{PATH}.md", also=also))
        if place % WORD_EVERY == 0:
            report = client.get(asked.path(page=f"{PATH}.docx", also=also))
            assert Document(io.BytesIO(report.content)).paragraphs

    follow()
    assert next(number) >= SITUATIONS
    assert next(proofs) > SITUATIONS / 2


@pytest.fixture(scope="module")
def fields(client: TestClient) -> list[str]:
    """The names of all fields of the form."""
    return sorted(set(FIELD.findall(read(client, PATH))))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_in_any_field_is_answered_in_words(client: TestClient, fields: list[str], text: str) -> None:
    assert {"wijk", "kenmerken", "werken.0.van", "metingen.aardgasaandeel", "wensen.0.opgave"} <= set(fields)
    for field in ("naam", *fields):
        response = client.get(PATH, params={"fase": "kennen", field: text})
        assert response.status_code in (200, 400, 414), (field, response.text[:500])
        assert "<script>" not in response.text
        assert "Traceback" not in response.text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("page", ["waarom", "eerder", "naast"])
def test_hostile_text_is_answered_in_words_by_every_page(client: TestClient, page: str, text: str) -> None:
    for field in ("wijk", "naam", "conclusie", "na", "vergelijk", "zonder", "rijen", "taal"):
        response = client.get(f"{PATH}/{page}", params={"fase": "kennen", field: text})
        assert response.status_code in (200, 400, 414), (field, response.text[:500])
        assert "<script>" not in response.text


@pytest.mark.parametrize("form", [".docx", ".md", ".json", ".ttl", "/situatie.json"])
def test_hostile_name_goes_along_as_text_or_not_at_all(client: TestClient, form: str) -> None:
    for text in HOSTILE.values():
        response = client.get(f"{PATH}{form}", params={"aanleidingen": "vervanging-riool", "naam": text})
        assert response.status_code in (200, 400, 414), response.text[:500]
