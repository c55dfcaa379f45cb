"""The years of works on the time line of the form: dragged, they change the fields and with them the advice."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SITUATION, stumbling_blocks

FORM = f"/advies?{SITUATION}&rijen=2"
# How long the work of that situation is, and so how many years its bar is wide.
YEARS = 3


def width(found: Locator) -> float:
    box = found.bounding_box()
    assert box
    return box["width"]


def drag(page: Page, grip: Locator, years: int, year: float) -> None:
    """Drag something by its middle over so many years, each so many pixels wide."""
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + years * year, y, steps=3)
    page.mouse.up()


@pytest.mark.parametrize(
    ("grip", "years", "van", "tot"),
    [(".staaf", 3, "2030", "2032"), (".links", 1, "2028", "2029"), (".rechts", 2, "2027", "2031")],
)
def test_dragging_a_bar_or_an_edge_changes_the_fields(
    page: Page, address: str, grip: str, years: int, van: str, tot: str
) -> None:
    page.goto(address + FORM)
    bar = page.locator(".staaf").first
    drag(page, bar if grip == ".staaf" else bar.locator(grip), years, width(bar) / YEARS)
    works = page.locator("#werken")
    expect(works.get_by_label("Van (jaar)").first).to_have_value(van)
    expect(works.get_by_label("Tot en met").first).to_have_value(tot)


def test_advice_follows_what_is_dragged(page: Page, address: str) -> None:
    page.goto(address + FORM)
    expect(page.locator("article.a4")).to_contain_text("Riool 2027")
    bar = page.locator(".staaf").first
    drag(page, bar, 3, width(bar) / YEARS)
    page.get_by_role("button", name="Toon het advies").last.click()
    page.wait_for_url("**werken.0.van=2030**")
    expect(page.locator("article.a4")).to_contain_text("Riool 2030")
    expect(page.locator("article.a4")).not_to_contain_text("Riool 2027")


def test_bar_follows_what_is_typed(page: Page, address: str) -> None:
    page.goto(address + FORM)
    bar = page.locator(".staaf").first
    before = width(bar)
    page.locator("#werken").get_by_label("Tot en met").first.fill("2027")
    assert width(bar) == pytest.approx(before / YEARS, abs=4)
    page.locator("#werken").get_by_label("Van (jaar)").first.fill("2028")
    expect(bar).to_be_hidden()


def test_new_bar_is_drawn_in_an_empty_row(page: Page, address: str) -> None:
    page.goto(address + FORM)
    year = width(page.locator(".staaf").first) / YEARS
    drag(page, page.locator(".spoor").nth(1), 1, year)
    works = page.locator("#werken")
    first, last = (works.get_by_label(label).nth(1).input_value() for label in ("Van (jaar)", "Tot en met"))
    assert int(last) == int(first) + 1


def test_work_is_dragged_by_finger(page: Page, address: str) -> None:
    page.goto(address + FORM)
    bar = page.locator(".staaf").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)
    x, y, year = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, box["width"] / YEARS
    for kind, at in [("touchStart", x), ("touchMove", x + year), ("touchMove", x + 2 * year), ("touchEnd", None)]:
        points = [] if at is None else [{"x": at, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(page.locator("#werken").get_by_label("Van (jaar)").first).to_have_value("2029")


def test_time_line_says_nothing_twice_and_is_not_there_without_scripts(
    page: Page, plain_page: Page, address: str, axe: str
) -> None:
    page.goto(address + FORM)
    expect(page.locator("#jaarlijn")).to_be_visible()
    assert stumbling_blocks(page, axe) == []
    assert page.locator("#jaarlijn").get_by_role("paragraph").count() == 0, "hidden from who hears the page"
    plain_page.goto(address + FORM)
    expect(plain_page.locator("#jaarlijn")).to_be_hidden()
    expect(plain_page.locator("#werken").get_by_label("Van (jaar)").first).to_have_value("2027")
