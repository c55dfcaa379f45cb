"""The consultant's page over HTTP: the whole job without scripts, with everything in the address."""

import csv
import io
import json
import re
import shlex
from collections.abc import Sequence
from html import unescape
from urllib.parse import parse_qsl

import pytest
import rdflib
from docx import Document
from starlette.testclient import TestClient

from api.pages.advies.address import Asked, flatten, read_address, unflatten
from api.pages.advies.page import examples
from kb.advice.model import Instrument
from kb.engine import Engine
from kb.names import DEF, ID
from kb.report.first import in_order_of_need
from kb.situation.model import Situatie, dump_situation

SEWER = "werken.0.cyclus=riool&werken.0.van=2027&werken.0.tot=2029&werken.0.graven=ja&peildatum=2026-01-01"

# Fields that text can be put in.
HOSTED = (
    *("wijk", "gemeente", "naam", "kenmerken", "fase", "peildatum", "werken.0.cyclus", "werken.0.van", "zonder"),
    *("metingen.x", "prioriteiten.energie", "wensen.0.opgave", "rijen", "vergelijk", "gegevens", "conclusie", "na"),
)


def read(client: TestClient, address: str, status: int = 200) -> str:
    """The HTML of a page."""
    response = client.get(address)
    html: str = response.text
    assert response.status_code == status, html[:2000]
    return html


def text_of(html: str) -> str:
    """What the page says, without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def first_screen(html: str) -> str:
    """What the A4 says."""
    return text_of(html.partition("<article")[2].partition("</article>")[0])


def link(html: str, label: str) -> str:
    """The address of the first link with a text."""
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>{re.escape(label)}<', html)
    assert found, label
    return unescape(found[1])


def test_name_alone_gives_an_advice_with_what_public_data_say(client: TestClient) -> None:
    page = text_of(read(client, "/advies?wijk=Presikhaaf"))
    assert "Advies voor Presikhaaf" in page
    assert "CBS 2024: aandeel koopwoningen: 18 %" in page
    assert "Open vragen" in page


def test_where_too_little_is_known_the_questions_come_first(client: TestClient) -> None:
    page = first_screen(read(client, "/advies?fase=kennen"))
    assert "Er is nog te weinig bekend om te zeggen wat leidt" in page
    assert "Wat is de reden om nu te beginnen?" in page
    assert "Geen koppelkans" not in page


def test_drawings_stand_beside_the_same_in_a_table(client: TestClient) -> None:
    page = read(client, f"/advies?aanleidingen=vervanging-riool&werken.0.schuifruimte=2&{SEWER}")
    assert page.count('<svg class="tekening"') == 3
    assert page.count("Hetzelfde als tabel") == 3
    assert re.search(r'<a href="[^"]*waarom[^"]*">Waterbuffers creëren</a></th><td>0</td><td>gevraagd</td>', page)
    assert re.search(r">Riool</a></th><td>2027–2029</td><td>–</td><td>2 jaar</td>", page)
    assert re.search(r'class="teken sterk"[^>]*>sterk<', page)
    assert re.search(r">Meer groen maken</a></th><td>deelt de plek</td><td>5 m</td>", page)


def test_every_situation_comes_back_from_its_address(situaties: dict[str, Situatie]) -> None:
    for name, situation in situaties.items():
        given = dump_situation(situation)
        again = unflatten(flatten(given))
        assert {**again, "metingen": None} == {**given, "metingen": None}, name
        assert {key: float(value) for key, value in again.get("metingen", {}).items()} == given.get("metingen", {})


def test_form_with_empty_fields_and_synonyms_leads_to_the_address_of_the_situation(client: TestClient) -> None:
    sent = "/advies?wijk=&kenmerken=laag+vertrouwen&kenmerken=&werken.0.cyclus=riolering&werken.0.van=2027&fase="
    response = client.get(sent, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/advies?kenmerken=laag-vertrouwen&werken.0.cyclus=riool&werken.0.van=2027"


def test_shared_address_gives_the_same_page(client: TestClient) -> None:
    address = f"/advies?wijk=Presikhaaf&{SEWER}"
    assert read(client, address) == read(client, address)


def test_ambiguous_name_offers_the_areas_it_can_mean(client: TestClient) -> None:
    page = read(client, "/advies?wijk=Centrum&kenmerken=laag-vertrouwen", 400)
    chosen = link(page, "Centrum (Arnhem) (wijk)")
    assert "kenmerken=laag-vertrouwen" in chosen
    assert "Advies voor Centrum (Arnhem)" in text_of(read(client, chosen))


@pytest.mark.parametrize(
    ("query", "field", "right"),
    [
        ("kenmerken=laag-vertrouwe", "kenmerken", "Laag vertrouwen"),
        ("werken.0.cyclus=rool", "werken.0.cyclus", "Riool"),
        ("metingen.aardgasaandel=0,9", "metingen.aardgasaandel", "Aardgasaandeel"),
    ],
)
def test_wrong_term_is_told_at_its_field_with_what_would_be_right(
    client: TestClient, query: str, field: str, right: str
) -> None:
    page = read(client, f"/advies?{query}", 400)
    assert f'id="fout-{field}"' in page
    assert read(client, link(page, right))


def test_years_in_the_wrong_order_are_told_at_their_work(client: TestClient) -> None:
    page = read(client, "/advies?werken.0.cyclus=riool&werken.0.van=2029&werken.0.tot=2027", 400)
    assert "2027 ligt voor het eerste jaar 2029." in text_of(page)
    assert re.search(r'name="werken.0.tot"[^>]* aria-invalid="true"', page)


def test_unknown_key_in_the_address_is_told(client: TestClient) -> None:
    assert "Onbekend veld: 'wijkk'. Bedoelt u wijk?" in text_of(read(client, "/advies?wijkk=Selwerd", 400))


def test_following_an_answer_changes_the_advice_and_says_what_changed(client: TestClient) -> None:
    page = read(client, f"/advies?{SEWER}")
    answer = re.search(r'class="antwoorden">\s*<li><a href="([^"]+)"', page)
    assert answer
    after = read(client, unescape(answer[1]))
    assert "Wat er veranderde" in text_of(after)
    assert first_screen(after) != first_screen(page)


def test_stated_fact_can_be_taken_away_and_a_figure_struck_out(client: TestClient) -> None:
    page = read(client, f"/advies?kenmerken=laag-vertrouwen&{SEWER}")
    without = re.search(r'class="weg" href="([^"]+)" aria-label="Haal weg: Laag vertrouwen"', page)
    assert without and "laag-vertrouwen" not in unescape(without[1]).partition("vergelijk=")[0]
    assert "koopwoningen: 18 %" not in first_screen(read(client, "/advies?wijk=Presikhaaf&zonder=aandeel-koopwoningen"))


def test_work_in_an_unknown_street_says_so_and_keeps_it_through_the_form(client: TestClient) -> None:
    page = read(client, f"/advies?{SEWER}&werken.0.straatOnbekend=ja")
    assert "Riool 2027–2029, gravend, straat onbekend" in text_of(page)
    assert re.search(r'name="werken.0.straatOnbekend"[^>]*>\s*<option value="ja" selected>', page)
    assert "straatOnbekend" not in read(client, f"/advies?{SEWER}"), "nobody is asked who did not say it"


def test_another_work_is_one_press_away_and_keeps_what_was_given(client: TestClient) -> None:
    page = read(client, f"/advies?{SEWER}&rijen=2")
    assert 'name="werken.1.cyclus"' in page
    assert re.search(r'name="werken.0.van"[^>]* value="2027"', page)


def test_line_of_the_advice_leads_to_its_proof_and_sources(client: TestClient) -> None:
    page = read(client, f"/advies?aanleidingen=vervanging-riool&{SEWER}")
    proof = read(client, link(page, "waarom?"))
    assert "De klimaatadaptatie leidt" in text_of(proof)
    assert "vervanging van het riool is opgegeven" in text_of(proof)
    assert 'rel="external"' in proof


def test_row_says_why_it_stands_before_the_next(client: TestClient) -> None:
    page = read(client, f"/advies?aanleidingen=vervanging-riool&{SEWER}")
    order = read(client, link(page, "waarom eerder?"))
    assert "De eerste maatstaf waarop zij verschillen" in text_of(order)
    assert re.search("Waarom .+ eraan voldoet", text_of(order)) and 'href="#bron-1"' in order


def test_last_row_of_a_list_stands_before_nothing(client: TestClient) -> None:
    page = read(client, f"/advies?aanleidingen=vervanging-riool&{SEWER}").partition("</article>")[0]
    ranked = [part.partition("</ol>")[0] for part in page.split("<ol")[1:]]
    rows = [part.count("/advies/waarom?") for part in ranked]
    assert len([number for number in rows if number]) == 2  # couplings and instruments
    assert page.count("waarom eerder?<") == sum(number - 1 for number in rows if number)


def moved_up(rows: Sequence[Instrument]) -> tuple[Instrument, Instrument]:
    """The first instrument that stands above another by nothing but that the other needs it, and that other one."""
    place, shown = ([row.id for row in order] for order in (rows, in_order_of_need(rows)))
    return next(
        (needed, row)
        for row in rows
        for needed in rows
        if needed.id in {first.id for first in row.eerst}
        and place.index(needed.id) > place.index(row.id)
        and shown.index(needed.id) < shown.index(row.id)
    )


def test_row_that_another_needs_first_says_so(
    client: TestClient, engine: Engine, situaties: dict[str, Situatie]
) -> None:
    paddepoel = next(path for name, path in examples(engine, "nl") if name == "Paddepoel")
    needed, row = moved_up(engine.advise(situaties["paddepoel"]).instrumenten)
    keys = f"conclusie={needed.conclusie}&na={row.conclusie}"
    order = text_of(read(client, paddepoel.replace("/advies?", "/advies/eerder?") + f"&{keys}"))
    assert f"{needed.label} staat voor {row.label}" in order
    assert "is eerst nodig voor" in order


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "conclusie=zzz&na=yyy",
        "conclusie=heeftLeidendeTransitie/transitie/energie&na=heeftLeidendeTransitie/transitie/klimaatadaptatie",
    ],
)
def test_order_of_what_stands_in_no_list_is_refused(client: TestClient, keys: str) -> None:
    assert 'role="alert"' in read(client, f"/advies/eerder?{SEWER}&{keys}", 400)


def test_variant_by_leaving_out_a_fact_stands_beside_the_advice(client: TestClient) -> None:
    page = read(client, f"/advies?kenmerken=wateroverlast&{SEWER}")
    choose = read(client, link(page, "Vergelijk met een variant"))
    chosen = re.search(r'<a href="([^"]+)"[^>]*>Wateroverlast</a>', choose)
    assert chosen
    both = read(client, unescape(chosen[1]))
    assert "Twee varianten naast elkaar" in text_of(both)
    assert "Kenmerk Wateroverlast" in text_of(both)
    assert "− vervalt" in text_of(both)


def test_variant_by_the_form_keeps_both_in_the_address(client: TestClient) -> None:
    dug = f"aanleidingen=vervanging-riool&kenmerken=wateroverlast&{SEWER}"
    choose = read(client, f"/advies/naast?{dug}")
    [base] = re.findall(r'name="vergelijk" value="([^"]+)"', choose)
    assert 'action="/advies/naast"' in choose
    changed = {"kenmerken": ["wateroverlast", "laag vertrouwen"], "wijk": "", "werken.0.graven": "nee"}
    sent = {"vergelijk": unescape(base), **dict(parse_qsl(dug)), **changed}
    response = client.get("/advies/naast", params=sent)
    assert response.status_code == 200
    assert response.url.path == "/advies/naast" and "kenmerken=laag-vertrouwen" in response.url.query.decode()
    assert "Kenmerk Laag vertrouwen" in text_of(response.text)
    assert "+ erbij Riool vernieuwen zonder graven" in text_of(response.text)
    swapped = read(client, link(response.text, "Wissel A en B om"))
    assert "− vervalt Riool vernieuwen zonder graven" in text_of(swapped)


def test_lines_of_two_variants_lead_to_their_proof_and_to_what_the_other_lacks(client: TestClient) -> None:
    both = read(client, f"/advies/naast?{SEWER}&vergelijk=aanleidingen%3Dvervanging-riool%26kenmerken%3Dwateroverlast")
    assert "Het bewijs" in text_of(read(client, link(both, "waarom?")))
    assert "Dit geldt hier niet" in text_of(read(client, link(both, "waarom niet in B?")))


def test_refused_variant_returns_to_the_comparison(client: TestClient) -> None:
    refused = read(client, f"/advies/naast?{SEWER}&kenmerken=laag-vertrouwe&vergelijk=kenmerken%3Dwateroverlast", 400)
    assert 'action="/advies/naast"' in refused
    assert 'name="vergelijk" value="kenmerken=wateroverlast"' in refused
    mended = read(client, link(refused, "Laag vertrouwen"))
    assert "Twee varianten naast elkaar" in text_of(mended)


def test_unchanged_variant_asks_again_what_differs(client: TestClient) -> None:
    same = client.get("/advies/naast", params={**dict(parse_qsl(SEWER)), "vergelijk": SEWER})
    assert "Kies wat in de variant anders is" in text_of(same.text)


def test_what_changed_can_be_put_side_by_side(client: TestClient) -> None:
    page = read(client, f"/advies?{SEWER}&vergelijk=aanleidingen%3Dvervanging-riool")
    assert "Twee varianten naast elkaar" in text_of(read(client, link(page, "Zet beide naast elkaar")))


@pytest.mark.parametrize("earlier", ["wijk=zzzz", "kleur=rood", "%00", "werken.0=1"])
def test_comparison_with_what_is_not_understood_asks_for_a_variant(client: TestClient, earlier: str) -> None:
    response = client.get("/advies/naast", params={**dict(parse_qsl(SEWER)), "vergelijk": earlier})
    assert response.status_code == 200 and "Kies wat in de variant anders is" in text_of(response.text)


def test_comparison_without_a_situation_leads_to_the_form(client: TestClient) -> None:
    assert client.get("/advies/naast", follow_redirects=False).headers["location"] == "/advies"


def test_question_answered_with_no_is_not_asked_again(client: TestClient) -> None:
    asked = "/advies/naast?fase=kennen&aanleidingen=vervanging-riool"
    page = read(client, asked)
    found = re.search(r'<a href="([^"]*afwezigeKenmerken=([^"&]+)[^"]*)" aria-label="([^"]+) Nee">Nee</a>', page)
    assert found and f'aria-label="{found[3]} Ja">Ja</a>' in page
    assert "Geldt niet" in text_of(read(client, unescape(found[1])))
    assert f'aria-label="{found[3]}' not in read(client, f"{asked}&afwezigeKenmerken={found[2]}")


def test_why_not_says_what_would_make_it_hold(client: TestClient) -> None:
    page = read(client, "/advies/waarom?kenmerken=laag-vertrouwen&conclusie=heeftLeidendeTransitie/transitie/energie")
    assert "Dit geldt hier niet" in text_of(page)
    after = read(client, link(page, "stel dat dit zo is"))
    assert "De energietransitie leidt" in text_of(after)


def test_why_of_an_unknown_name_says_so(client: TestClient) -> None:
    assert "'zzz'" in text_of(read(client, "/advies/waarom?conclusie=zzz", 400))


def test_pages_speak_english(client: TestClient) -> None:
    page = read(client, f"/advies?taal=en&{SEWER}")
    assert '<html lang="en">' in page and "What leads" in page and "Open questions" in page
    assert "taal=en" in link(page, "why?")
    assert 'name="taal" value="en"' in page


@pytest.mark.parametrize("form", ["md", "json", "ttl"])
def test_advice_can_be_taken_along(client: TestClient, form: str) -> None:
    response = client.get(f"/advies.{form}?{SEWER}")
    assert response.status_code == 200
    assert "riool" in response.text


def test_advice_can_be_taken_along_as_a_table_that_excel_opens(client: TestClient) -> None:
    page = read(client, f"/advies?wijk=Presikhaaf&{SEWER}")
    response = client.get(link(page, "Als tabel voor Excel (CSV)"))
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="advies.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfsoort;conclusie;id;naam;status;")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    advice = client.get(link(page, "Als JSON")).json()
    shown = {row["conclusie"]: row["label"] for row in advice["koppelkansen"] + advice["instrumenten"]}
    assert shown.items() <= {row["sleutel"]: row["naam"] for row in rows}.items()


def test_advice_can_be_taken_along_as_jsonld_that_says_what_the_turtle_says(client: TestClient) -> None:
    page = read(client, f"/advies?wijk=Presikhaaf&{SEWER}")
    response = client.get(link(page, "Als JSON-LD (RDF)"))
    assert response.headers["content-type"] == "application/ld+json"
    linked = rdflib.Graph().parse(data=response.text, format="json-ld")
    turtle = rdflib.Graph().parse(data=client.get(link(page, "Als Turtle (RDF)")).text, format="turtle")

    def said(graph: rdflib.Graph) -> set[tuple[str, str]]:
        [situation] = graph.subjects(rdflib.RDF.type, rdflib.URIRef(f"{DEF}Situatie"))
        pairs = {(str(prop), str(node)) for prop, node in graph.predicate_objects(situation)}
        return {(prop, node) for prop, node in pairs if node.startswith(ID)}

    assert said(linked) and said(linked) <= said(turtle)
    couplings = {f"{DEF}heeftKoppelkans", f"{DEF}heeftPassendInstrument", f"{DEF}heeftAanleiding"}
    assert {pair for pair in said(turtle) if pair[0] in couplings} <= said(linked)


def test_call_of_the_api_can_be_pasted_and_gives_the_same_advice(client: TestClient) -> None:
    page = read(client, f"/advies?naam=d'Oude+Wijk&{SEWER}")
    found = re.search(r"<pre[^>]*><code>(curl .*?)</code>", page)
    assert found
    _, _, _, address, _, _, _, body = shlex.split(unescape(found[1]))
    assert address.startswith("http://")
    advice = client.post(address, content=body, headers={"Content-Type": "application/json"}).json()
    assert advice["koppelkansen"] == client.get(link(page, "Als JSON")).json()["koppelkansen"] != []


def test_every_form_that_the_page_names_is_a_form_of_the_api(client: TestClient) -> None:
    page = read(client, f"/advies?{SEWER}")
    forms = re.findall(r"<li><code>([a-z]+/[^<]+)</code>", page)
    assert {"text/csv", "application/ld+json", "text/turtle"} <= set(forms)
    for form in forms:
        response = client.post("/v1/adviezen", json={"fase": "kennen"}, headers={"Accept": form})
        assert response.headers["content-type"].partition(";")[0] == form


def test_advice_can_be_taken_along_as_a_word_document(client: TestClient) -> None:
    page = read(client, f"/advies?wijk=Presikhaaf&{SEWER}")
    response = client.get(link(page, "Als Word-document, met bewijzen en bronnen"))
    assert response.headers["content-disposition"] == 'attachment; filename="advies.docx"'
    assert Document(io.BytesIO(response.content)).paragraphs[0].text == "Advies voor Presikhaaf"


def test_saved_situation_opens_at_the_same_advice(client: TestClient) -> None:
    address = "/advies?wijk=Presikhaaf&zonder=aandeel-koopwoningen&kenmerken=laag-vertrouwen"
    saved = client.get(address.replace("/advies?", "/advies/situatie.json?")).content
    opened = client.post("/advies", files={"bestand": ("situatie.json", saved, "application/json")})
    assert opened.status_code == 200, opened.text
    assert "aandeel-koopwoningen" not in json.loads(saved)["metingen"]
    assert first_screen(opened.text) == first_screen(read(client, address))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"wijkk": 1}', b"<x>"])
def test_file_that_is_no_situation_is_told(client: TestClient, content: bytes) -> None:
    response = client.post("/advies", files={"bestand": ("x.json", content, "application/json")})
    assert response.status_code == 400
    assert "Hier klopt nog iets niet" in response.text


def test_hostile_text_stays_text(client: TestClient) -> None:
    hostile = "%3Cscript%3Ealert(1)%3C/script%3E%22%27%26"
    for key in HOSTED:
        for path in ("/advies", "/advies/waarom", "/advies/eerder", "/advies/naast"):
            response = client.get(f"{path}?fase=kennen&{key}={hostile}")
            assert response.status_code in (200, 400), (key, response.text)
            assert "<script>" not in response.text
            assert "unsafe" not in response.headers["content-security-policy"]


def test_address_with_odd_keys_is_refused_not_broken(client: TestClient) -> None:
    for key in (
        "werken",
        "werken.x.van",
        "werken.0",
        "werken.99999.van",
        "metingen",
        "herkomst.a",
        "werken.0.kleur",
        ".",
    ):
        assert client.get(f"/advies?{key}=1").status_code == 400, key


def test_asked_address_keeps_strikes_and_choice_of_data() -> None:
    asked = read_address([("wijk", "Selwerd"), ("zonder", "aardgasaandeel"), ("gegevens", "nee"), ("rijen", "3")])
    assert asked == Asked({"wijk": "Selwerd"}, ("aardgasaandeel",), fill=False, rows=3)
    assert asked.path() == "/advies?wijk=Selwerd&zonder=aardgasaandeel&gegevens=nee"


@pytest.mark.parametrize(("written", "read_as"), [("0,35", "0.35"), ("35 %", "0.35"), ("14,3%", "0.143"), ("12", "12")])
def test_figures_may_be_written_as_people_do(written: str, read_as: str) -> None:
    assert read_address([("metingen.aandeel-koopwoningen", written)]).given["metingen"] == {
        "aandeel-koopwoningen": read_as
    }
