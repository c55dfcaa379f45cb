"""Every kind of page in a browser: accessible in both languages and schemes, and on a narrow screen."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PATIENCE, SITUATION, stumbling_blocks
from tests.browser.test_reading import CONTRAST

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
