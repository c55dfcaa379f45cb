"""The query page as people use it: pick an example, run it, read the table, follow a link."""

import re

from playwright.sync_api import Page, expect

EXAMPLE = "Opgaven per transitie"
TABLE = "#uitkomst table"


def write(page: Page, query: str) -> None:
    """Replace what stands in the editor, by keyboard."""
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def test_example_runs_and_its_links_lead_to_descriptions(page: Page, address: str) -> None:
    page.goto(f"{address}/sparql")
    page.get_by_text("Transities en opgaven", exact=False).click()
    page.get_by_role("link", name=EXAMPLE, exact=False).first.click()
    expect(page.locator("#vraagkop")).to_contain_text(EXAMPLE)
    page.get_by_role("button", name="Voer uit").click()
    link = page.locator(TABLE).get_by_role("link").first
    expect(link).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+ rijen in [\d,]+ ms"))
    link.click()
    expect(page).to_have_url(re.compile(re.escape(address) + "/doc/"))
    expect(page.get_by_role("heading", name="Wat er gezegd wordt")).to_be_visible()


def test_editor_colours_the_query(page: Page, address: str) -> None:
    page.goto(f"{address}/sparql")
    keyword, variable = page.locator(".cm-keyword").first, page.locator(".cm-variable-2").first
    assert keyword.evaluate("e => getComputedStyle(e).color") != variable.evaluate("e => getComputedStyle(e).color")


def test_query_is_written_and_run_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/sparql")
    write(page, "ASK { ?opgave a :Opgave }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#uitkomst .oordeel")).to_have_text("Ja")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Voer uit")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null"), "back in the editor"


def test_known_prefixes_are_declared_when_used(page: Page, address: str) -> None:
    page.goto(f"{address}/sparql")
    write(page, 'SELECT ?x { ?x a :Wijk ; skos:prefLabel ?naam . FILTER (STRSTARTS(?naam, "owl:x")) }')
    page.get_by_role("button", name="Voer uit").click()
    expect(page.get_by_role("status")).to_contain_text("0 rijen")
    text = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert re.findall(r"^PREFIX (\S*):", text, re.MULTILINE) == ["", "skos"], "and none for what is in a text"


def test_mistake_is_shown_with_its_line_and_goes_when_mended(page: Page, address: str) -> None:
    page.goto(f"{address}/sparql")
    write(page, "SELECT *\nWHERE { ?s a }")
    page.get_by_role("button", name="Voer uit").click()
    expect(page.get_by_role("alert")).to_contain_text("regel 2")
    expect(page.locator(".foute-regel")).to_have_count(1)
    write(page, "SELECT * WHERE { ?s a ?soort } LIMIT 3")
    page.get_by_role("button", name="Voer uit").click()
    expect(page.locator(f"{TABLE} tbody tr")).to_have_count(3)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".foute-regel")).to_have_count(0)


def test_graph_is_shown_as_turtle_and_saved_as_file(page: Page, address: str) -> None:
    page.goto(f"{address}/sparql?voorbeeld=kleving-als-graaf")
    page.get_by_role("button", name="Voer uit").click()
    expect(page.locator("#uitkomst pre")).to_contain_text("@prefix opgave:")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON-LD").click()
    assert download.value.suggested_filename == "uitkomst.jsonld"


def test_address_of_an_answer_can_be_shared(page: Page, address: str) -> None:
    page.goto(f"{address}/sparql")
    page.get_by_role("button", name="Voer uit").click()
    expect(page.locator(TABLE)).to_be_visible()
    page.reload()
    expect(page.locator(TABLE)).to_be_visible()


def test_page_works_without_scripts(plain_page: Page, address: str) -> None:
    plain_page.goto(f"{address}/sparql?voorbeeld=opgaven-per-transitie")
    plain_page.get_by_role("button", name="Voer uit").click()
    plain_page.locator(TABLE).get_by_role("link").first.click()
    expect(plain_page).to_have_url(re.compile(re.escape(address) + "/doc/"))
