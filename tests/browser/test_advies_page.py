"""The consultant's pages in a browser: a row more without scripts, and the advice on paper."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import SITUATION


def test_another_work_keeps_what_was_given_without_scripts(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(f"{address}/advies?wijk=Presikhaaf")
    works = page.locator("#werken")
    works.get_by_label("Soort werk").first.select_option("riool")
    works.get_by_label("Van (jaar)").first.fill("2027")
    works.get_by_role("button", name="Nog een werk").click()
    expect(works.get_by_label("Van (jaar)")).to_have_count(2)
    expect(works.get_by_label("Van (jaar)").first).to_have_value("2027")


def test_paper_holds_the_advice_without_the_form(page: Page, address: str) -> None:
    page.goto(f"{address}/advies?{SITUATION}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Koppelkansen die lonen").first).to_be_visible()
    expect(page.locator("#formulier")).to_be_hidden()
    # A4 at 96 dots an inch, less the margins of the page.
    page.set_viewport_size({"width": 695, "height": 1039})
    assert page.locator("article.a4").evaluate("one => one.getBoundingClientRect().height") <= 1039
