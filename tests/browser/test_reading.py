"""The other pages in a browser: contrast, zoom, and the way past the menu."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, SIZE, Window

Scheme: TypeAlias = Literal["light", "dark"]
PATHS = ["/", "/def", "/doc/opgave/woningen-van-het-gas-af", "/doc/regel/koppeling-gedeeld", "/downloads", "/sparql"]
# WCAG's contrast of every text with what is behind it; large or bold text may have less (1.4.3).
CONTRAST = """() => {
  const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const luminance = (rgb) => rgb.slice(0, 3)
    .map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  };
  const poor = new Map();
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const [a, b] = [luminance(parse(style.color)), luminance(behind(e))].sort((x, y) => y - x);
    const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < needed) poor.set(`${e.tagName}.${e.className} ${style.color}`, contrast.toFixed(2));
  }
  return [...poor];
}"""


@pytest.mark.parametrize(
    "path", ["/doc/bron/poster", "/downloads", "/land/planning?voorbeeld=ja", "/land?gemeente=Urk"]
)
def test_tables_and_drawings_are_seen_whole_on_a_narrow_screen(page: Page, address: str, path: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(address + path)
    expect(page.locator(".tafel").first).to_be_visible()
    wider = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.outerHTML.slice(0, 200))"
    assert page.locator(".tafel").evaluate_all(wider) == []
    drawings = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth).length"
    assert page.locator("svg.kalender").evaluate_all(drawings) == 0


def test_first_tab_offers_the_way_past_the_menu(page: Page, address: str) -> None:
    page.goto(f"{address}/def")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_header_takes_two_lines_on_a_narrow_screen_and_its_menu_needs_no_script(
    plain_page: Page, address: str, language: str
) -> None:
    page = plain_page
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{address}/def?taal={language}")
    header, menu = page.get_by_role("banner"), page.get_by_role("navigation").first
    box = header.bounding_box()
    assert box and box["height"] <= 100
    expect(menu.get_by_role("link", name="SPARQL")).to_be_hidden()
    header.get_by_text("Menu").press("Enter")
    menu.get_by_role("link", name="SPARQL").press("Enter")
    page.wait_for_url("**/sparql*")


@pytest.mark.parametrize("width", [1100, 1280])
def test_menu_lies_open_in_one_line_where_there_is_room(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(f"{address}/def?taal=en")
    header = page.get_by_role("banner")
    expect(header.get_by_text("Menu")).to_be_hidden()
    expect(header.get_by_role("link", name="SPARQL")).to_be_visible()
    box = header.bounding_box()
    assert box and box["height"] <= 60


def test_iri_of_a_term_leads_to_its_place_on_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/def#Opgave")
    expect(page.get_by_role("heading", name="opgave :Opgave")).to_be_in_viewport()


def test_every_small_target_can_be_hit(page: Page, address: str) -> None:
    # WCAG 2.5.8 asks 24 by 24 CSS pixels of what stands by itself; links in running text are exempt.
    page.goto(f"{address}/sparql")
    for target in page.locator(":is(header a, button, summary):visible").all():
        box = target.bounding_box()
        assert box and box["height"] >= 24, target.inner_text()


# Last, as the tab is theirs until all of a page has been asked.


@pytest.fixture(scope="module", params=PATHS)
def opened(request: pytest.FixtureRequest, window: Window, address: str) -> Iterator[Page]:
    """A page, loaded once for all that is asked of it."""
    with window.opened() as page:
        page.goto(address + request.param)
        yield page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(opened: Page, scheme: Scheme) -> None:
    opened.set_viewport_size(SIZE)
    opened.emulate_media(color_scheme=scheme)
    assert opened.evaluate(CONTRAST) == []


def test_page_needs_no_sideways_scrolling_when_enlarged(opened: Page) -> None:
    opened.set_viewport_size(NARROW)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320
