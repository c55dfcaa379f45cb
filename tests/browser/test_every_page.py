"""Every kind of page in a browser: accessible in both languages and schemes, and on a narrow screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, SITUATION, Window, stumbling_blocks
from tests.browser.test_reading import CONTRAST, Scheme

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
    "/doc/opgave/woningen-van-het-gas-af?",
    "/doc/regel/koppeling-gedeeld?",
    "/downloads?",
    "/land?gemeente=Urk",
    "/land?gemeente=Urk&kleur=aandeel-koopwoningen&werk=riool",
    "/land?leidt=energi",
    "/doc/gebied/BU00141000?",
    "/land/vergelijk?eerste=BU00141000&tweede=BU02020423",
    "/land/vergelijk?eerste=Selwerd,+Groningen&tweede=Centrum",
    "/land/planning?",
    "/land/planning?voorbeeld=ja",
    "/zoek?",
    "/zoek?q=warmtenet",
    "/zoek?q=Selwert",
    "/zoek?q=xyzzy",
    "/opzoeken?",
    "/doc/instrument?heeftInstrumentsoort=geld&heeftOpenInstrument=ja",
    "/doc/wijk?heeftAfloop=gestrand",
]
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"


# Both languages have the same elements, and axe takes a second for each page: of those in English it sees every third.
SEEN_BY_AXE = [*(f"{path}&taal=nl" for path in PATHS), *(f"{path}&taal=en" for path in PATHS[::3])]
NOT_SEEN = [f"{path}&taal=en" for path in PATHS if f"{path}&taal=en" not in SEEN_BY_AXE]


@pytest.fixture(scope="module", params=[*SEEN_BY_AXE, *NOT_SEEN])
def opened(request: pytest.FixtureRequest, window: Window, address: str) -> Iterator[Page]:
    """A page with all its parts unfolded, loaded once for all that is asked of it."""
    with window.opened() as page:
        page.goto(address + request.param)
        page.evaluate(UNFOLD)
        yield page


@pytest.mark.parametrize("opened", SEEN_BY_AXE, indirect=True)
def test_axe_finds_nothing(opened: Page, axe: str) -> None:
    assert stumbling_blocks(opened, axe, links="taal=en" in opened.url) == []


def test_narrow_screen_needs_no_sideways_scrolling(opened: Page) -> None:
    opened.set_viewport_size(NARROW)
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_on_a_narrow_screen(opened: Page, scheme: Scheme) -> None:
    opened.set_viewport_size(NARROW)
    opened.emulate_media(color_scheme=scheme)
    assert opened.evaluate(CONTRAST) == []
