"""The whole path of a new user in a browser: from a name to an advice with its proofs, shared, saved and taken along."""

import io
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Locator, Page, expect

from kb.language import catalogue
from tests.browser.conftest import Window


@dataclass(frozen=True)
class Wijk:
    """A wijk of the table of the country, and what is answered about it, as people type it."""

    typed: str
    named: str
    trigger: str
    work: str
    party: str
    phase: str


WIJKEN = {
    "veendorp": Wijk("Zegveld", "Zegveld (Woerden)", "verzakkende straten", "riool", "waterschap", "kennen"),
    "naoorlogse-hoogbouw": Wijk(
        "ommoord", "Ommoord (Rotterdam)", "van het gas af", "warmtenet", "woningcorporatie", "kiezen"
    ),
    "binnenstad": Wijk(
        "Binnenstad, Deventer", "Binnenstad (Deventer)", "hittestress", "elementenverharding", "bewoners", "kunnen"
    ),
    "tuindorp": Wijk(
        "tuindorp oostzaan", "Tuindorp Oostzaan (Amsterdam)", "paalrot", "gasnet", "netbeheerder", "kijken"
    ),
    "nieuwbouwwijk": Wijk(
        "Nesselande", "Nesselande (Rotterdam)", "vol stroomnet", "laagspanningsnet", "gemeente", "kennen"
    ),
    "gehucht": Wijk("Bontebok", "Bontebok (Heerenveen)", "glasvezel aanleggen", "wegdek", "bewoners", "kiezen"),
}
# Nothing in these wijken asks for it, so that it is a good thing to ask why not.
NOT_LEADING = "heeftLeidendeTransitie/transitie/mobiliteit"
# One wijk after the other with and without scripts, in one language and the other, so that all four come about.
RUNS = [
    (kind, scripts, language)
    for kind, (scripts, language) in zip(WIJKEN, cycle(product((True, False), ("nl", "en"))), strict=False)
]


@pytest.mark.parametrize(("kind", "scripts", "language"), RUNS)
def test_from_a_name_to_an_advice_that_is_proven_shared_and_taken_along(
    request: pytest.FixtureRequest, address: str, kind: str, scripts: bool, language: str
) -> None:
    window: Window = request.getfixturevalue("window" if scripts else "plain_window")
    with window.opened() as page:
        walk = Walk(page, language, WIJKEN[kind])
        walk.name_the_wijk(address)
        walk.answer_what_is_asked()
        walk.ask_for_proof()
        walk.ask_why_not_and_what_if()
        walk.share()
        walk.save_and_open()
        walk.take_along()


@dataclass
class Walk:
    """One user's way over the pages, in one language."""

    page: Page
    language: str
    wijk: Wijk

    def say(self, name: str) -> str:
        """A text of the pages."""
        return catalogue(self.language)(name)

    @property
    def title(self) -> str:
        """What the advice is called."""
        return catalogue(self.language)("title", name=self.wijk.named)

    @property
    def a4(self) -> Locator:
        """The first screen of the advice."""
        return self.page.locator("article.a4")

    def parts(self) -> list[str]:
        """What the A4 says, without the situation above it."""
        return self.a4.locator("section.deel").all_inner_texts()

    def press(self, name: str) -> None:
        """Press the last button with a name: that of the form stands below everything that it fills in."""
        self.page.get_by_role("button", name=self.say(name), exact=True).last.click()

    def follow(self, name: str) -> None:
        """Follow the first link with a text."""
        self.page.get_by_role("link", name=self.say(name)).first.click()

    def name_the_wijk(self, address: str) -> None:
        """From the start page, in one's own language, to a first advice."""
        self.page.goto(address)
        if self.language == "en":
            self.page.get_by_role("link", name="English").click()
        self.page.get_by_label(self.say("advies.wijk_label")).fill(self.wijk.typed)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name=self.title)).to_be_visible()

    def answer_what_is_asked(self) -> None:
        """Why now, which works, who is at the table, which phase: each changes what the A4 says."""
        before = self.a4.inner_text()
        self.page.locator("#aanleidingen-erbij").fill(self.wijk.trigger)
        works = self.page.locator("#werken")
        works.get_by_label(self.say("advies.werk.cyclus")).select_option(self.wijk.work)
        works.get_by_label(self.say("advies.werk.van")).fill("2028")
        works.get_by_label(self.say("advies.werk.tot")).fill("2029")
        works.get_by_label(self.say("advies.werk.graven")).select_option("ja")
        parties = self.page.locator("#betrokkenen")
        parties.locator("summary").first.click()
        parties.locator(f"input[value={self.wijk.party}]").check()
        process = self.page.locator("#fase")
        process.get_by_label(self.say("advies.fase_label")).select_option(self.wijk.phase)
        process.get_by_label(self.say("advies.peildatum_label")).fill("2026-11-26")
        self.press("advies.knop")
        self.page.wait_for_url("**peildatum=2026-11-26*")
        assert "=&" not in self.page.url, "what was left open does not stand in the address"
        expect(self.a4).to_contain_text("2028")
        expect(self.a4.get_by_role("heading", name=self.say("leading"), exact=True)).to_be_visible()
        assert self.a4.inner_text() != before

    def ask_for_proof(self) -> None:
        """A line of the A4 leads to its proof, and that back to the advice."""
        self.a4.get_by_role("link", name=self.say("advies.waarom").removesuffix("?").capitalize()).first.click()
        expect(self.page.get_by_role("heading", name=self.say("advies.bewijs"))).to_be_visible()
        expect(self.page.locator("ul.bewijs li").first).to_be_visible()
        self.follow("advies.terug")
        expect(self.page.get_by_role("heading", name=self.title)).to_be_visible()

    def ask_why_not_and_what_if(self) -> None:
        """What does not hold tells what would make it hold; supposing that shows what it changes."""
        here = self.page.url
        self.page.get_by_label(self.say("advies.waarom_niet_label")).fill(NOT_LEADING)
        self.press("advies.waarom_niet_knop")
        expect(self.page.get_by_role("heading", name=self.say("missing"))).to_be_visible()
        self.page.locator("ol.regels a").first.click()
        expect(self.page.get_by_role("heading", name=self.say("advies.verschil"))).to_be_visible()
        assert self.page.locator("section.verschil li").count()
        self.page.goto(here)

    def share(self) -> None:
        """The address says it all: who opens it elsewhere reads the same."""
        other = self.page.context.new_page()
        other.goto(self.page.url)
        assert other.locator("article.a4").inner_text() == self.a4.inner_text()
        other.close()

    def save_and_open(self) -> None:
        """A saved situation opens at the same advice, and saved again it is the same file."""
        parts, saved = self.parts(), self.downloaded("advies.bewaar")
        self.page.get_by_label(self.say("advies.bestand")).set_input_files(saved)
        self.press("advies.open_bestand")
        self.page.wait_for_url("**gegevens=nee*")
        expect(self.page.get_by_role("heading", name=self.title)).to_be_visible()
        assert self.parts() == parts
        assert self.downloaded("advies.bewaar").read_bytes() == saved.read_bytes()

    def take_along(self) -> None:
        """Word opens with the title of the advice."""
        word = Document(io.BytesIO(self.downloaded("advies.als.docx").read_bytes()))
        assert word.paragraphs[0].text == self.title

    def downloaded(self, name: str) -> Path:
        """The file behind a link."""
        with self.page.expect_download() as download:
            self.follow(name)
        return download.value.path()
