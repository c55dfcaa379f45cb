"""Searching and looking up in a browser: accessible, narrow and dark, and all by keyboard without scripts."""

from playwright.sync_api import Page, expect


def test_search_field_of_any_page_leads_to_the_thing_by_keyboard_without_scripts(
    plain_page: Page, address: str
) -> None:
    page = plain_page
    page.goto(f"{address}/downloads")
    page.get_by_role("searchbox", name="Zoek in alles").focus()
    page.keyboard.type("gaskraan dicht")
    page.keyboard.press("Enter")
    page.wait_for_url("**/zoek?q=gaskraan+dicht")
    page.get_by_role("link", name="Aanwijzing van een aardgasvrije wijk").press("Enter")
    page.wait_for_url("**/doc/instrument/aanwijsbevoegdheid-warmtetransitie")


def test_list_is_narrowed_down_by_keyboard_without_scripts(plain_page: Page, address: str) -> None:
    page = plain_page
    page.goto(f"{address}/doc/instrument")
    page.get_by_label("Op schaal").select_option("straat")
    page.get_by_role("button", name="Kies").press("Enter")
    page.wait_for_url("**opSchaal=straat**")
    expect(page.get_by_role("status")).to_contain_text("voldoen")
