"""What docs/regels.md shows is true: its rules are allowed, its tests and Turtle can be read."""

import json
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kb.check.rule_tests import SituationTest
from kb.errors import RuleError
from kb.rule.parse import parse_rule
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "regels.md").read_text(encoding="utf-8")
HEADER = """#@ label: Proef
#@ label-en: Trial
#@ uitleg: Proef.
#@ uitleg-en: Trial.
#@ bron: poster | Instrumenten
#@ zekerheid: aanname
PREFIX : <https://w3id.org/wijkaanpak/def#>
CONSTRUCT { ?situatie :inFase ?fase } WHERE { ?situatie :inFase ?fase .
"""
SITUATION_RULE = Path("rules/situatie/behoefte/voorbeeld.rq")


def blocks(language: str) -> list[str]:
    """The code blocks in a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
    assert found
    return found


@pytest.mark.parametrize("block", blocks("sparql"))
def test_every_rule_and_pattern_in_the_page_is_allowed(block: str) -> None:
    text = block if block.startswith("#@") else f"{HEADER}{block}}}"
    assert parse_rule(text, SITUATION_RULE).head


def test_rule_with_the_slip_in_the_page_is_refused_for_it() -> None:
    block = blocks("text")[1]
    with pytest.raises(RuleError, match=r":3: de uitleg noemt \{oplosing\}"):
        parse_rule(block, SITUATION_RULE)
    assert parse_rule(block.replace("oplosing", "oplossing"), SITUATION_RULE).slug == "voorbeeld"


@pytest.mark.parametrize("block", blocks("json"))
def test_every_test_in_the_page_has_the_shape_of_one(block: str) -> None:
    test = SituationTest.model_validate(json.loads(block))
    assert test.vuurt.situatie != test.bijna.situatie


@pytest.mark.parametrize(("language", "format"), [("turtle", RdfFormat.TURTLE), ("trig", RdfFormat.TRIG)])
def test_every_turtle_in_the_page_can_be_read(language: str, format: RdfFormat) -> None:
    for block in blocks(language):
        assert list(parse(block, format=format, base_iri="urn:proef:"))


@pytest.mark.parametrize("word", ["OPTIONAL", "UNION", "MINUS", "BIND", "VALUES"])
def test_what_the_page_says_is_not_allowed_is_refused(word: str) -> None:
    assert f"`{word}`" in TEXT
    parts = {
        "OPTIONAL": "OPTIONAL { ?situatie :heeftBehoefte ?behoefte }",
        "UNION": "{ ?situatie :heeftBehoefte ?behoefte } UNION { ?situatie :heeftOpgave ?opgave }",
        "MINUS": "MINUS { ?situatie :heeftBehoefte ?behoefte }",
        "BIND": "BIND (1 AS ?een)",
        "VALUES": "VALUES ?fase { :kennen }",
    }
    with pytest.raises(RuleError, match=word):
        parse_rule(f"{HEADER}{parts[word]}}}", SITUATION_RULE)
