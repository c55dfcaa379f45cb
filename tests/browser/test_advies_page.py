"""The consultant's pages in a browser: the whole path without scripts, accessible in both languages, on screen and paper."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import SITUATION


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
