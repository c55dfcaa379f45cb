"""Searching and looking up in a browser: accessible, narrow and dark, and all by keyboard without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, stumbling_blocks
from tests.browser.test_reading import CONTRAST

PATHS = [
    "/zoek?",
    "/zoek?q=warmtenet",
    "/zoek?q=Selwert",
    "/zoek?q=xyzzy",
    "/opzoeken?",
    "/doc/instrument?heeftInstrumentsoort=geld&heeftOpenInstrument=ja",
    "/doc/wijk?heeftAfloop=gestrand",
]
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(page: Page, address: str, axe: str, path: str, language: str) -> None:
    page.goto(f"{address}{path}&taal={language}")
    page.evaluate(UNFOLD)
    assert stumbling_blocks(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_text_stands_out_and_narrow_screens_need_no_sideways_scrolling(
    browser: Browser, address: str, path: str, scheme: str
) -> None:
    sizes = {"width": 320, "height": 640}
    with browser.new_context(locale="nl-NL", color_scheme=scheme, viewport=sizes) as context:  # type: ignore[arg-type]  # one of its literals
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address + path)
        page.evaluate(UNFOLD)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate(CONTRAST) == []


def test_search_field_of_any_page_leads_to_the_thing_by_keyboard_without_scripts(
    plain_page: Page, address: str
) -> None:
    page = plain_page
    page.goto(f"{address}/downloads")
    page.get_by_role("searchbox", name="Zoek in alles").focus()
    page.keyboard.type("gaskraan dicht")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoek?q=gaskraan+dicht")
    page.get_by_role("link", name="Aanwijzing van een aardgasvrije wijk").press("Enter")
    page.wait_for_url("**/doc/instrument/aanwijsbevoegdheid-warmtetransitie")


def test_list_is_narrowed_down_by_keyboard_without_scripts(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(f"{address}/doc/instrument")
    page.get_by_label("Op schaal").select_option("straat")
    page.get_by_role("button", name="Kies").press("Enter")
    page.wait_for_url("**opSchaal=straat**")
    expect(page.get_by_role("status")).to_contain_text("voldoen")
