"""The page of the country in a browser: accessible, in both languages and schemes, on a narrow screen and on paper."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import stumbling_blocks
from tests.browser.test_reading import CONTRAST

PATHS = [
    "/land?gemeente=Urk",
    "/land?gemeente=Urk&kleur=aandeel-koopwoningen&werk=riool",
    "/land?leidt=energi",
    "/doc/gebied/BU00141000?",
]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(page: Page, address: str, axe: str, path: str, language: str) -> None:
    page.goto(f"{address}{path}&taal={language}")
    assert stumbling_blocks(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_text_stands_out_and_narrow_screens_need_no_sideways_scrolling(
    browser: Browser, address: str, path: str, scheme: str
) -> None:
    sizes = {"width": 320, "height": 640}
    with browser.new_context(locale="nl-NL", color_scheme=scheme, viewport=sizes) as context:  # type: ignore[arg-type]  # one of its literals
        page = context.new_page()
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate(CONTRAST) == []


def test_form_works_by_keyboard_without_scripts(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(f"{address}/land")
    page.get_by_label("Gemeente").select_option("Urk")
    page.get_by_role("button", name="Zoek").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**gemeente=Urk**")
    page.get_by_role("link", name="Advies voor").first.click()
    page.wait_for_url("**/advies?wijk=BU0184*")
