"""Names of the ontology in Python, and texts in two languages: what is missing is an error at once."""

import importlib
import pkgutil
import string
from decimal import Decimal

import polib
import pytest
from pyoxigraph import NamedNode

import api
import kb
from kb import engine as engine_module
from kb.engine import Engine, check_declarations
from kb.errors import KnowledgeError
from kb.language import LANGUAGES, LOCALE, catalogue, show_measure, show_number, show_share
from kb.names import declarations


def fields(text: str) -> set[str]:
    """The names between braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_name_that_python_declares_is_in_the_ontology(engine: Engine) -> None:
    for package in (kb, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    assert len(declarations()) > 100
    check_declarations(engine.knowledge)


def test_renamed_name_is_an_error_at_start_that_says_where(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = {NamedNode("https://w3id.org/wijkaanpak/def#heeftKoppelkansje"): "kb.advice.terms:1"}
    monkeypatch.setattr(engine_module, "declarations", lambda: renamed)
    with pytest.raises(KnowledgeError, match=r":heeftKoppelkansje \(kb\.advice\.terms:1\)"):
        Engine(engine.knowledge, engine.vocabulary, engine.rules, engine.program)


def test_texts_have_the_same_names_and_fields_in_both_languages() -> None:
    dutch, english = ({e.msgid: e for e in polib.pofile(str(LOCALE / f"{name}.po"))} for name in LANGUAGES)
    assert dutch.keys() == english.keys()
    for name, entry in dutch.items():
        assert entry.msgstr or entry.msgstr_plural, name
        assert fields(entry.msgstr) == fields(english[name].msgstr), name


def test_unknown_text_is_an_error() -> None:
    with pytest.raises(AssertionError, match="no-such-text"):
        catalogue("nl")("no-such-text")


@pytest.mark.parametrize(("language", "number", "share"), [("nl", "3.183,5", "57,8 %"), ("en", "3,183.5", "57.8%")])
def test_numbers_are_written_as_the_language_does(language: str, number: str, share: str) -> None:
    assert show_number(Decimal("3183.50"), language) == number
    assert show_share(Decimal("0.5779"), language) == share


@pytest.mark.parametrize(
    ("measured", "shown"),
    [("7980.4", "7.980"), ("56.839", "56,8"), ("11.561", "11,6"), ("0.459", "0,46"), ("0.0237", "0,024"), ("0", "0")],
)
def test_measures_are_as_precise_as_people_say_them(measured: str, shown: str) -> None:
    assert show_measure(Decimal(measured), "nl") == shown


def test_count_takes_singular_and_plural() -> None:
    assert [catalogue("nl").count("instrument", number) for number in (1, 1200)] == [
        "1 instrument",
        "1.200 instrumenten",
    ]
