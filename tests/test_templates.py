"""The templates of the pages hold no words of their own: what people read stands in the catalogue, in both languages."""

import re
from pathlib import Path

import pytest

from api.html.site import WEB
from kb.language import LANGUAGES, catalogue
from tests.conftest import ROOT

TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
# What a machine reads, and elements with their attributes.
LITERAL = re.compile(r"<(code|pre|textarea)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>|[\w-]+=\"[^\"]*\"")
# What has the same name in every language.
SAME = {"Wijkaanpak", "SPARQL", "API", "CC", "BY", "EUPL", "SHA", "kB", "ms", "Downloads", "downloads", "ttl"}
SPOKEN = re.compile(r"\bzeg(?:\.count)?\('([^']+)'\s*[,)]")
PAIR = re.compile(r"\btr\(|\bchoose\(|'[^'{}<>]* [^'{}<>]*' if taal")


def words_of(template: str) -> list[str]:
    """The words that a template itself would put on a page."""
    shown = TAG.sub(" ", LITERAL.sub(" ", CODE.sub(" ", template)))
    return [word for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", shown)) if word not in SAME]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_takes_its_words_from_the_catalogue(path: Path) -> None:
    template = path.read_text(encoding="utf-8")
    assert words_of(template) == []
    assert PAIR.findall(template) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_catalogue_has_what_a_template_says(path: Path) -> None:
    said = set(SPOKEN.findall(path.read_text(encoding="utf-8")))
    assert [sorted(said - catalogue(language).names) for language in LANGUAGES] == [[] for _ in LANGUAGES]


def test_no_code_of_the_pages_chooses_between_two_texts() -> None:
    found = [path for path in (ROOT / "api").rglob("*.py") if re.search(r"\btr\b|\.choose\(", path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize("template", ["<p>Bestanden</p>", "{{ tr('Bestand', 'File') }}", "<b>{{ x }} rijen</b>"])
def test_words_in_a_template_are_found(template: str) -> None:
    assert words_of(template) or PAIR.findall(template)
