"""A real browser (Chromium) at a real server, in Dutch."""

import shutil
from collections.abc import Iterator
from threading import Thread
from time import sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from api.app import create_app
from api.http.settings import Settings
from kb.engine import Engine
from tests import npm

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new tab; whatever a script or the security policy complains of fails the test."""
    with browser.new_context(locale="nl-NL") as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if message.type == "error" and "status of 40" not in message.text
                else None
            ),
        )
        page.set_default_timeout(PATIENCE)
        yield page
        assert complaints == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The program that looks for what people with a handicap stumble over."""
    return (npm.node_modules() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def stumbling_blocks(page: Page, axe: str) -> list[tuple[str, str, list[str]]]:
    """What axe finds on a page, of WCAG 2.2 AA and what it holds to be best practice."""
    page.evaluate(axe)
    found = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", RULES)
    return [(one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A new tab in which no script runs."""
    with browser.new_context(locale="nl-NL", java_script_enabled=False) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        yield page
