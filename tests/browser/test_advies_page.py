"""The consultant's pages in a browser: the whole path without scripts, accessible in both languages, on screen and paper."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, stumbling_blocks
from tests.browser.test_reading import CONTRAST

SITUATION = (
    "wijk=Presikhaaf&aanleidingen=vervanging-riool&werken.0.cyclus=riool&werken.0.van=2027&werken.0.tot=2029"
    "&werken.0.graven=ja&werken.0.schuifruimte=2&peildatum=2026-01-01"
)
ORDER = (
    "conclusie=heeftKoppelkans/koppeling/waterbuffers-creeren--wijk-ontharden"
    "&na=heeftKoppelkans/koppeling/groenoppervlak-vergroten--waterbuffers-creeren"
)
PATHS = [
    "/?",
    "/advies?",
    f"/advies?{SITUATION}",
    f"/advies?{SITUATION}&vergelijk=wijk%3DPresikhaaf",
    "/advies?wijk=Centrum&kenmerken=laag-vertrouwe&metingen.aardgasaandeel=3",
    f"/advies/waarom?{SITUATION}&conclusie=heeftLeidendeTransitie/transitie/klimaatadaptatie",
    f"/advies/waarom?{SITUATION}&conclusie=heeftLeidendeTransitie/transitie/energie",
    f"/advies/waarom?{SITUATION}&conclusie=wateroverlast",
    f"/advies/waarom?{SITUATION}&conclusie=zzz",
    f"/advies/eerder?{SITUATION}&{ORDER}",
    f"/advies/eerder?{SITUATION}&conclusie=zzz",
    f"/advies/naast?{SITUATION}",
    f"/advies/naast?{SITUATION}&kenmerken=laag-vertrouwen&vergelijk=wijk%3DPresikhaaf",
    f"/advies/naast?{SITUATION}&kenmerken=laag-vertrouwe&vergelijk=wijk%3DPresikhaaf",
    "/doc/wijk/utrecht-overvecht-noord?",
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


def test_from_a_name_to_an_advice_a_proof_and_back_without_scripts(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(address)
    page.get_by_label("Wijk, buurt of gemeente").fill("Presikhaaf")
    page.get_by_role("button", name="Toon het advies").click()
    expect(page.get_by_role("heading", name="Advies voor Presikhaaf")).to_be_visible()
    works = page.locator("#werken")
    works.get_by_label("Soort werk").first.select_option("riool")
    works.get_by_label("Van (jaar)").first.fill("2027")
    works.get_by_role("button", name="Nog een werk").click()
    expect(page.locator("#werken").get_by_label("Van (jaar)")).to_have_count(2)
    page.locator("#werken").get_by_label("Wordt er gegraven?").first.select_option("ja")
    page.get_by_role("button", name="Toon het advies").last.click()
    expect(page.get_by_role("heading", name="Wat er veranderde")).to_be_visible()
    assert "=&" not in page.url and not page.url.endswith("=")
    page.get_by_role("link", name="Waarom? ").first.click()
    expect(page.get_by_role("heading", name="Het bewijs")).to_be_visible()
    page.get_by_role("link", name="Terug naar het advies").last.click()
    expect(page.get_by_role("heading", name="Advies voor Presikhaaf")).to_be_visible()


def test_paper_holds_the_advice_without_the_form(page: Page, address: str) -> None:
    page.goto(f"{address}/advies?{SITUATION}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Koppelkansen die lonen").first).to_be_visible()
    expect(page.locator("#formulier")).to_be_hidden()
    # A4 at 96 dots an inch, less the margins of the page.
    page.set_viewport_size({"width": 695, "height": 1039})
    assert page.locator("article.a4").evaluate("one => one.getBoundingClientRect().height") <= 1039
