"""A real browser (Chromium) at a real server, in Dutch."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

from api.app import create_app
from api.http.settings import Settings
from kb.engine import Engine
from tests import npm

# Of what passes axe need not tell which elements do. What it says of colours takes half of its time, and contrast is asked of
# every page in both schemes besides (CONTRAST).
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Without a window it takes half the time of a whole one, which does as well.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SIZE: ViewportSize = {"width": 1280, "height": 720}
# What is left of 1280 CSS pixels at 400% (WCAG 1.4.10); a table or code may scroll by itself.
NARROW: ViewportSize = {"width": 320, "height": 640}
# Longer than any busy machine takes: a test that waits this long has failed.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)
# An advice with everything on it: a name that public data know, a trigger, and a dated work that can move.
SITUATION = (
    "wijk=Presikhaaf&aanleidingen=vervanging-riool&werken.0.cyclus=riool&werken.0.van=2027&werken.0.tot=2029"
    "&werken.0.graven=ja&werken.0.schuifruimte=2&peildatum=2026-01-01"
)
# Nothing that Chromium does of its own accord reaches out, and it runs as root in a container.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a moment: to compile its scripts thoroughly is more work than it saves.
    "--js-flags=--no-turbofan",
]


@pytest.fixture(scope="package")
def address(engine: Engine) -> Iterator[str]:
    """The address of the live service."""
    app = create_app(engine, Settings(sparql_workers=2))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser; without one these tests are skipped and say so."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("Chromium is not installed; see .ci/install")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        yield browser
        browser.close()


class Window:
    """A tab that tests use one after another, as a new one takes longer than most tests; and what its pages complain of.

    Our pages keep nothing in a browser, and the end of every test sees to that, so the next one finds no trace of it.
    """

    def __init__(self, browser: Browser, *, scripts: bool = True) -> None:
        # Who wants no motion does not wait for smooth scrolling either.
        self.context = browser.new_context(locale="nl-NL", java_script_enabled=scripts, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 40" not in message.text:
            self.complaints.append(message.text)

    @contextmanager
    def opened(self) -> Iterator[Page]:
        """The tab as if it were new; whatever a script or the security policy complains of meanwhile is an error."""
        self.page.set_viewport_size(SIZE)
        self.page.emulate_media(media="null", color_scheme="null")
        self.complaints.clear()
        yield self.page
        assert self.complaints == []
        assert self.context.storage_state() == {"cookies": [], "origins": []}
        self.page.goto("about:blank")


@pytest.fixture(scope="package")
def window(browser: Browser) -> Window:
    """The tab of all tests."""
    return Window(browser)


@pytest.fixture
def page(window: Window) -> Iterator[Page]:
    """A tab; whatever a script or the security policy complains of fails the test."""
    with window.opened() as page:
        yield page


@pytest.fixture(scope="session")
def axe() -> str:
    """The program that looks for what people with a handicap stumble over."""
    return (npm.node_modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def stumbling_blocks(page: Page, axe: str, *, links: bool = False) -> list[tuple[str, str, list[str]]]:
    """What axe finds on a page, of WCAG 2.2 AA and what it holds to be best practice; `links` in a text by their looks too."""
    page.evaluate(axe)
    rules = {**RULES, "rules": {"color-contrast": {"enabled": False}, "link-in-text-block": {"enabled": links}}}
    found = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", rules)
    return [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]


@pytest.fixture(scope="package")
def plain_window(browser: Browser) -> Window:
    """The tab of all tests in which no script runs."""
    return Window(browser, scripts=False)


@pytest.fixture
def plain_page(plain_window: Window) -> Iterator[Page]:
    """A tab in which no script runs."""
    with plain_window.opened() as page:
        yield page
