"""The pages of the country in a browser: accessible, in both languages and schemes, on a narrow screen and on paper."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import stumbling_blocks
from tests.conftest import ROOT


def test_axe_finds_nothing_where_rows_are_bad(page: Page, address: str, axe: str) -> None:
    page.goto(f"{address}/land/planning")
    page.get_by_label("Of plak de rijen hier").fill("vak;cyclus;van\nV;riool;2030\nV;rioll;2030\n")
    page.get_by_role("button", name="Lees de planning").click()
    expect(page.get_by_role("region", name="Tabel met rijen die niet te gebruiken")).to_contain_text("rioll")
    assert stumbling_blocks(page, axe) == []


def test_form_works_by_keyboard_without_scripts(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(f"{address}/land")
    page.get_by_label("Gemeente").select_option("Urk")
    page.get_by_role("button", name="Toon de gebieden").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**gemeente=Urk**")
    page.get_by_role("link", name="Advies voor").first.click()
    page.wait_for_url("**/advies?wijk=BU0184*")


def test_two_areas_are_compared_by_keyboard_without_scripts(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(f"{address}/land/vergelijk")
    page.get_by_label("Eerste gebied").fill("Selwerd, Groningen")
    page.get_by_label("Tweede gebied").fill("Presikhaaf I, Arnhem")
    page.keyboard.press("Enter")
    page.wait_for_url("**eerste=Selwerd*tweede=Presikhaaf**")
    expect(page.get_by_role("heading", name="Selwerd (Groningen) naast")).to_be_visible()


def test_planning_is_uploaded_read_and_taken_along_without_scripts(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(f"{address}/land/planning")
    page.get_by_label("Bestand (CSV)").set_input_files(ROOT / "examples" / "planning.csv")
    page.get_by_label("Peildatum").fill("2026-11-26")
    page.get_by_role("button", name="Lees de planning").press("Enter")
    expect(page.get_by_role("heading", name="riool (R-101) + warmtenet (W-201)")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Agenda (iCalendar)").press("Enter")
    assert taken.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")
