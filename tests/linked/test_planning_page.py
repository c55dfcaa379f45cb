"""A planning of works that someone sends: shown as calendar, table and words, bad rows one by one, and nothing kept."""

import json

import pytest
from httpx import Response

from api.html.forms import sent_fields
from tests.client import TestClient
from tests.linked.pages import Page
from tests.linked.pages import parse as parse_page

PATH = "/land/planning"
DAY = {"peildatum": "2026-11-26"}
WORKS = "id;gebied;straat;cyclus;van;tot;schuifruimte;graven\n"
SEWER = "R;Selwerd, Groningen;Eikenlaan;riool;2028;2029;2;ja\n"
HEAT = "W;Selwerd, Groningen;Eikenlaan;warmtenet;2031;2032;3;ja\n"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)></textarea>'


def read(response: Response, status: int = 200) -> Page:
    """The page of an answer."""
    assert response.status_code == status, response.text
    found = parse_page(response.text)
    assert found.problems == []
    return found


def send(client: TestClient, planning: str, status: int = 200, **more: str) -> Page:
    """The page that answers a planning pasted into the form."""
    fields = {name: (None, value) for name, value in {"planning": planning, **DAY, **more}.items()}
    return read(client.post(PATH, files=fields, headers={"Accept-Language": "nl"}), status)


def test_example_is_one_click_away_and_tells_what_meets(client: TestClient) -> None:
    links = set(read(client.get(PATH)).links())
    assert f"{PATH}?voorbeeld=ja" in links
    found = read(client.get(f"{PATH}?voorbeeld=ja", headers={"Accept-Language": "nl"}))
    assert "Eikenlaan, Selwerd, Groningen" in {one.text for one in found.all("h2")}
    assert "riool (R-101) + warmtenet (W-201)" in {one.text for one in found.all("h3")}


def test_drawing_and_table_show_the_same_works(client: TestClient) -> None:
    found = send(client, WORKS + SEWER + HEAT)
    drawn = [one.text for one in found.all("title") if "svg" in one.parents]
    rows = [[cell.text for cell in found.all("th", "td") if "tbody" in cell.parents]]
    assert drawn == ["riool, 2028–2029", "warmtenet, 2031–2032"]
    assert rows[0][:3] == ["R", "riool", "2028–2029"]


def test_who_would_have_to_move_is_told_with_its_proof(client: TestClient) -> None:
    found = send(client, WORKS + SEWER + HEAT)
    told = " ".join(found.all("main")[0].text.split())
    assert "samen als: R 2 jaar later" in told
    proofs = [link for link in found.links() if link.startswith("/advies/waarom")]
    assert proofs
    for proof in proofs:
        assert len(proof) < 2000
        assert client.get(proof, headers={"Accept": "text/html"}).status_code == 200


def test_file_goes_before_what_is_pasted(client: TestClient) -> None:
    sent = {"bestand": ("a.csv", WORKS + SEWER), "planning": (None, WORKS + HEAT), "peildatum": (None, "2026-11-26")}
    found = read(client.post(PATH, files=sent))
    assert [one.text for one in found.all("title") if "svg" in one.parents] == ["riool, 2028–2029"]


def test_every_bad_row_is_named_with_its_field_and_the_others_count(client: TestClient) -> None:
    found = send(client, WORKS + SEWER + "X;Selwerd, Groningen;;rioll;2028;;;\nY;Zelwerd;;riool;twee;;;\n")
    cells = [cell.text for cell in found.all("th", "td") if "tbody" in cell.parents]
    bad = [tuple(cells[place : place + 2]) for place, cell in enumerate(cells) if cell in ("3", "4")]
    assert ("3", "cyclus") in bad and ("4", "van") in bad
    assert "riool" in cells


@pytest.mark.parametrize(
    ("planning", "told"),
    [
        ("", "leeg"),
        ("id;soort\n1;riool\n", "kolom cyclus"),
        ("cyclus;vak;van\n" + "riool;V;2028\n" * 501, "501 rijen"),
        ("id;cyclus;vak;van\n" + "".join(f"{n};riool;V;2028\n" for n in range(46)), "1035 paren"),
        ('id;cyclus\n1;"riool\n', "geen geldige CSV"),
    ],
)
def test_planning_that_cannot_be_read_is_told_and_stays_in_the_field(
    client: TestClient, planning: str, told: str
) -> None:
    found = send(client, planning, 400)
    (alert,) = [one for one in found.all("div") if one.attributes.get("role") == "alert"]
    assert told in alert.text
    (field,) = [one for one in found.all("textarea") if one.attributes.get("id") == "planning"]
    assert field.text.strip() == planning.strip()


@pytest.mark.parametrize("day", ["morgen", "2026-13-01", "<b>"])
def test_day_that_is_none_is_told(client: TestClient, day: str) -> None:
    found = send(client, WORKS + SEWER, 400, peildatum=day)
    assert any("is geen dag" in one.text for one in found.all("div") if one.attributes.get("role") == "alert")


@pytest.mark.parametrize("column", ["id", "gebied", "straat", "cyclus", "van"])
def test_hostile_text_is_only_text(client: TestClient, column: str) -> None:
    cells = dict(zip(WORKS.strip().split(";"), SEWER.strip().split(";"), strict=True)) | {column: HOSTILE}
    quoted = ";".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells.values())
    found = send(client, WORKS + quoted + "\n" + HEAT)
    assert found.all("script") == []
    assert [one for one in found.all("img") if one.attributes.get("src") == "x"] == []


def test_page_is_not_kept_by_anything_on_the_way(client: TestClient) -> None:
    assert client.post(PATH, files={"planning": (None, WORKS + SEWER)}).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "media_type", "begin"),
    [
        ("ics", "text/calendar", b"BEGIN:VCALENDAR"),
        ("csv", "text/csv", "\ufeffsoort;".encode()),
        ("html", "text/html", b"<!DOCTYPE html>"),
        ("json", "application/json", b"{"),
        ("ttl", "text/turtle", b"@prefix"),
        ("oordelen.csv", "text/csv", "\ufeffwerk1;".encode()),
    ],
)
def test_answer_can_be_taken_along(client: TestClient, form: str, media_type: str, begin: bytes) -> None:
    buttons = [one.attributes.get("value") for one in send(client, WORKS + SEWER + HEAT).all("button")]
    assert form in buttons
    response = client.post(PATH, files={"planning": (None, WORKS + SEWER + HEAT), "vorm": (None, form)})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(media_type)
    assert f'filename="programma.{form}"' in response.headers["content-disposition"]
    assert response.content.startswith(begin)


def test_what_is_taken_along_is_what_the_api_gives(client: TestClient) -> None:
    sent = {"planning": (None, WORKS + SEWER + HEAT), "vorm": (None, "json"), "peildatum": (None, "2026-11-26")}
    taken = client.post(PATH, files=sent, headers={"Accept-Language": "nl"}).json()
    asked = client.post(
        "/v1/programmas?peildatum=2026-11-26&taal=nl",
        content=(WORKS + SEWER + HEAT).encode(),
        headers={"Content-Type": "text/csv"},
    ).json()
    assert json.dumps(taken, sort_keys=True) == json.dumps(asked, sort_keys=True)


def test_oordelen_filled_in_on_the_sheet_are_read_with_the_planning(client: TestClient) -> None:
    planning = WORKS + SEWER + HEAT
    asked = {
        "planning": (None, planning),
        "vorm": (None, "oordelen.csv"),
        **{name: (None, day) for name, day in DAY.items()},
    }
    blank = client.post(PATH, files=asked, headers={"Accept-Language": "nl"}).content.decode("utf-8-sig")
    filled = blank.replace("R;W;;;;;;", "R;W;gemeente;samen;;A. de Boer;2026-11-12;")
    sheet = {"oordeelbestand": ("oordelen.csv", filled + "R;W;niemand;samen;;;2026-11-12;;;;\n")}

    def told(planning: str) -> str:
        fields = {"planning": (None, planning), **{name: (None, day) for name, day in DAY.items()}}
        found = read(client.post(PATH, files={**fields, **sheet}, headers={"Accept-Language": "nl"}))
        return " ".join(found.all("main")[0].text.split())

    assert "gemeente: samen (A. de Boer, 12-11-2026) – geldig" in told(planning)
    assert "onbekend als betrokkene: 'niemand'" in told(planning)
    assert "vervallen: W gewijzigd (van: was 2031, wordt 2030)" in told(planning.replace("2031;2032", "2030;2032"))


@pytest.mark.parametrize(("distance", "told"), [("ver", "is geen getal"), ("-5", "van 0 tot en met 1000")])
def test_afstand_that_is_none_is_told(client: TestClient, distance: str, told: str) -> None:
    found = send(client, WORKS + SEWER, 400, afstand=distance)
    assert any(told in one.text for one in found.all("div") if one.attributes.get("role") == "alert")


def test_body_that_is_too_large_is_refused(client: TestClient) -> None:
    assert client.post(PATH, files={"planning": (None, "x" * 300_000)}).status_code == 413


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data", "multipart/form-data; boundary=é"])
def test_body_that_is_no_form_is_told(client: TestClient, content_type: str) -> None:
    response = client.post(PATH, content=b"--x\r\n\r\n", headers={"Content-Type": content_type.encode("latin-1")})
    assert response.status_code == 400


def test_form_without_files_is_read_too() -> None:
    body = b"planning=id%3Bcyclus%0D%0A1%3Bri%C3%B6ol&peildatum=2026-11-26"
    assert sent_fields("application/x-www-form-urlencoded; charset=utf-8", body) == {
        "planning": "id;cyclus\r\n1;riöol".encode(),
        "peildatum": b"2026-11-26",
    }


def test_example_file_is_the_one_of_the_project(client: TestClient) -> None:
    response = client.get(f"{PATH}/planning.csv")
    assert response.headers["content-type"].startswith("text/csv")
    assert response.text.startswith("id;gebied;straat")


def test_it_is_there_in_english(client: TestClient) -> None:
    found = read(client.get(f"{PATH}?voorbeeld=ja&taal=en"))
    assert found.text("h1") == "A planning of works"
    assert any(one.text.startswith("sewer (R-101)") for one in found.all("h3"))
