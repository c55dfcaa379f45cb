"""Measure the consultant's page: `python -m bench.page`.

In a real browser, what the example Reyeroord takes from nothing to the A4: clicks, keystrokes and the seconds of the machine
for each step, and what a first load weighs. Then the time of an advice and of a what-if, each about a situation that was not
asked before. What a person needs is estimated by the keystroke-level model (Card, Moran and Newell, 1980).
"""

import argparse
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.pages.advies.address import COMPARE, Asked
from bench.served import served
from bench.situations import examples
from kb.situation.model import dump_situation, read_situation

NAME = "reyeroord"
# Seconds of the keystroke-level model: a key, pointing and pressing, and making up one's mind before each of these.
KEY, CLICK, THINK = 0.28, 1.3, 1.35
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@dataclass
class Step:
    """One step: what the hand does, for how many decisions, and how long the machine keeps it waiting."""

    name: str
    clicks: int = 0
    keys: int = 0
    decisions: int = 0
    machine: float = 0.0

    @property
    def person(self) -> float:
        """The seconds of a person who knows the answers, by the keystroke-level model."""
        return self.clicks * CLICK + self.keys * KEY + self.decisions * THINK


@dataclass
class Hand:
    """Does what a consultant does, and counts it."""

    page: Page
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what follows under a name."""
        self.steps.append(Step(name))
        yield

    def click(self, selector: str) -> None:
        """Point at something and press."""
        self.page.locator(selector).first.click()
        self.steps[-1].clicks += 1
        self.steps[-1].decisions += 1

    def write(self, selector: str, text: str) -> None:
        """Point at a field and type."""
        self.click(selector)
        self.page.keyboard.type(text)
        self.steps[-1].keys += len(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list: open it, and press what is meant."""
        self.page.locator(selector).select_option(value)
        self.steps[-1].clicks += 2
        self.steps[-1].decisions += 1

    def wait(self, act: Callable[[], object]) -> None:
        """Do something that leads to another page, and wait until all of that is there."""
        start = time.perf_counter()
        with self.page.expect_navigation(wait_until="load"):
            act()
        self.steps[-1].machine += time.perf_counter() - start


def main() -> None:
    """Measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aantal", type=int, default=30, help="requests of each kind")
    given = parser.parse_args()
    app = create_app()
    with served(app) as address, sync_playwright() as playwright:
        program = next(filter(None, map(shutil.which, BROWSERS)))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        _print_path(_follow(browser, address))
        _print_loads(browser, address)
        browser.close()
        _print_times(address, given.aantal)


def _follow(browser: Browser, address: str) -> list[Step]:
    """From an empty browser to the A4 on paper and in Word."""
    page = browser.new_context(locale="nl-NL", accept_downloads=True).new_page()
    page.set_default_timeout(120_000)
    hand = Hand(page)
    with hand.step("open de startpagina"):
        hand.wait(lambda: page.goto(address))
    with hand.step("noem de wijk"):
        hand.write("#v-wijk", "Reyeroord")
        hand.steps[-1].keys += 1
        hand.wait(lambda: page.keyboard.press("Enter"))
    with hand.step("waarom nu"):
        hand.write("#aanleidingen-erbij", "vervanging riool")
    with hand.step("welk werk"):
        hand.choose("[name='werken.0.cyclus']", "riool")
        hand.write("[name='werken.0.van']", "2023")
        hand.choose("[name='werken.0.graven']", "ja")
    with hand.step("wie aan tafel"):
        hand.click("#betrokkenen summary")
        for party in ("gemeente", "waterschap", "bewoners"):
            hand.click(f"#betrokkenen input[value='{party}']")
    with hand.step("peildatum"):
        hand.click("#v-peildatum")
        page.locator("#v-peildatum").fill("2020-01-01")
        hand.steps[-1].keys += len("01012020")
    with hand.step("wat geldt er"):
        hand.write("#kenmerken-erbij", "wateroverlast")
    with hand.step("toon het A4"):
        hand.wait(lambda: hand.click(".knoppen button[type=submit]"))
    with hand.step("druk het A4 af"):
        hand.steps[-1].keys += 2
        start = time.perf_counter()
        page.pdf(format="A4")
        hand.steps[-1].machine += time.perf_counter() - start
    with hand.step("of neem het mee in Word"), page.expect_download() as download:
        start = time.perf_counter()
        hand.click("a[href*='.docx']")
    download.value.path()
    hand.steps[-1].machine += time.perf_counter() - start
    return hand.steps


def _print_path(steps: list[Step]) -> None:
    print("| stap | klikken | toetsen | machine (s) | mens, geschat (s) |\n|---|---:|---:|---:|---:|")
    whole = Step("samen")
    person = 0.0
    for step in steps:
        print(f"| {step.name} | {step.clicks} | {step.keys} | {step.machine:.2f} | {step.person:.0f} |")
        whole.clicks, whole.keys = whole.clicks + step.clicks, whole.keys + step.keys
        whole.machine, person = whole.machine + step.machine, person + step.person
    print(f"| {whole.name} | {whole.clicks} | {whole.keys} | {whole.machine:.2f} | {person:.0f} |\n")


def _print_loads(browser: Browser, address: str) -> None:
    """What goes over the line at a first load, headers included."""
    print("| eerste keer laden | kB, samengeperst |\n|---|---:|")
    for name, path in (("startpagina", "/"), ("formulier", "/advies"), ("advies Reyeroord", _asked().path())):
        with browser.new_context(locale="nl-NL") as context:
            page = context.new_page()
            page.set_default_timeout(120_000)
            session = context.new_cdp_session(page)
            sizes: list[float] = []
            session.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            session.send("Network.enable")
            page.goto(f"{address}{path}", wait_until="networkidle")
            print(f"| {name} | {sum(sizes) / 1000:.0f} |")
    print()


def _print_times(address: str, number: int) -> None:
    """The whole answer to a request, seen from outside and in CPU time of the process."""
    print("| aanvraag | p50 (ms) | p90 (ms) | rekentijd p50 (ms) |\n|---|---:|---:|---:|")
    with httpx.Client(base_url=address, timeout=60) as client:
        for name, compared in (("advies", False), ("wat-als", True)):
            timed = [_timed(client, _variant(at + number * compared, compared=compared)) for at in range(number + 1)][
                1:
            ]
            wall, used = zip(*timed, strict=True)
            p90 = statistics.quantiles(wall, n=10)[-1]
            print(f"| {name} | {statistics.median(wall):.0f} | {p90:.0f} | {statistics.median(used):.0f} |")


def _timed(client: httpx.Client, path: str) -> tuple[float, float]:
    wall, used = time.perf_counter(), time.process_time()
    client.get(path, follow_redirects=True).raise_for_status()
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - used)


def _asked() -> Asked:
    return Asked(dump_situation(examples()[NAME]))


def _variant(number: int, *, compared: bool) -> str:
    """The example with a figure of its own, beside the same without it where it is a what-if."""
    asked = _asked()
    changed = read_situation(asked.given | {"metingen": {"gasverbruik-per-woning": 900 + number}})
    also = [(COMPARE, urlencode(asked.pairs()))] if compared else []
    return asked.path(changed, also=also)


if __name__ == "__main__":
    main()
