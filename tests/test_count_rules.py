"""Rules that count: they run once, over what the other rules over the knowledge have come to."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, RdfFormat, Store, Triple, Variable

from kb.errors import RuleError
from kb.knowledge.derive import derive
from kb.knowledge.knowledge import Knowledge
from kb.names import DEF, TYPE, XSD, term
from kb.rule.parse import parse_rule
from kb.rule.rule import Rule
from kb.rule.shacl import rules_turtle
from tests.strategies import rule_text

COUNT = """
CONSTRUCT { ?a :aantal ?n ; a :Druk }
WHERE {
  ?a a :Ding .
  { SELECT ?a (COUNT(DISTINCT ?b) AS ?n) WHERE { ?a :ook ?b } GROUP BY ?a HAVING (COUNT(DISTINCT ?b) > 1) }
  FILTER NOT EXISTS { ?a :rustig true }
}
"""
TURTLE = ":a a :Ding ; :raakt :b . :b a :Ding ; :raakt :c . :c a :Ding ; :raakt :d . :d a :Ding ; :rustig true ."


def rule(construct: str, name: str = "kennis/telling/proef") -> Rule:
    """A rule over the knowledge; one that counts, unless named otherwise."""
    return parse_rule(rule_text(construct), Path(f"{name}.rq"))


def also(head: str, body: str, name: str) -> Rule:
    """A rule that does not count."""
    return rule(f"CONSTRUCT {{ {head} }} WHERE {{ {body} }}", f"kennis/{name}")


CLOSURE = [
    also("?a :ook ?b", "?a :raakt ?b", "raakt"),
    also("?a :ook ?c", "?a :ook ?b . ?b :raakt ?c", "verder"),
]


def known(*rules: Rule) -> Knowledge:
    """What the rules make of the little knowledge here."""
    store = Store()
    store.load(f"@prefix : <{DEF}> . {TURTLE}".encode(), RdfFormat.TURTLE)
    return derive(store, list(rules))


def counted(knowledge: Knowledge) -> dict[str, str]:
    """The counts by the name of what was counted."""
    found = knowledge.literals(term("aantal"))
    return {str(subject).removesuffix(">").rpartition("#")[2]: value.value for subject, value in found}


def test_telregel_counts_what_the_other_rules_have_come_to() -> None:
    assert counted(known(rule(COUNT), *CLOSURE)) == {"a": "3", "b": "2"}


def test_other_rules_go_on_with_what_was_counted() -> None:
    busy = also("?a :vraagt :rust", "?a a :Druk", "rust")
    knowledge = known(busy, rule(COUNT), *CLOSURE)
    assert len(list(knowledge.triples(predicate=term("vraagt")))) == 2


def test_lineage_of_a_count_has_its_rule_its_number_and_what_the_outer_patterns_matched() -> None:
    knowledge = known(rule(COUNT), *CLOSURE)
    triple = next(knowledge.triples(term("a"), term("aantal")))
    maker, binding = knowledge.lineage[triple]
    assert maker.slug == "proef"
    assert binding[Variable("n")] == Literal(3)
    assert [pattern.fill(binding) for pattern in maker.body.patterns] == [Triple(term("a"), TYPE, term("Ding"))]


@pytest.mark.parametrize(
    ("further", "why"),
    [
        ([rule("CONSTRUCT { ?a :som ?m } WHERE { { SELECT ?a (SUM(?n) AS ?m) WHERE { ?a :aantal ?n } GROUP BY ?a } }",
               "kennis/telling/tweede")], ":aantal volgt uit de telregel proef"),
        ([also("?a :rustig true", "?a :aantal ?n", "rustig")], ":rustig volgt uit de telregel proef"),
    ],
    ids=["directly", "through another rule"],
)  # fmt: skip
def test_telregel_that_uses_what_a_telregel_derives_is_refused(further: list[Rule], why: str) -> None:
    with pytest.raises(RuleError, match=why) as caught:
        known(rule(COUNT), *further)
    assert caught.value.line > 7


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("?a :p ?n", "precies één deelvraag"),
        ("{ SELECT * WHERE { ?a :p ?n } }", "noem de variabelen"),
        ("{ SELECT ?a (SAMPLE(?b) AS ?n) WHERE { ?a :p ?b } GROUP BY ?a }", "SAMPLE kan niet"),
        ("{ SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a :p ?b OPTIONAL { ?b :q ?c } } GROUP BY ?a }", "OPTIONAL kan niet"),
        ("{ SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a :p* ?b } GROUP BY ?a }", "een pad"),
        ("{ SELECT ?a (COUNT(?b) AS ?m) WHERE { ?a :p ?b } GROUP BY ?a }", r"\?n is nergens gebonden"),
        ("{ SELECT ?a (COUNT(?b) AS ?n) WHERE { ?a :p ?b } GROUP BY ?a LIMIT 3 }", "LIMIT kan niet"),
    ],
)
def test_telregel_outside_its_subset_is_refused(where: str, why: str) -> None:
    with pytest.raises(RuleError, match=why) as caught:
        rule(f"CONSTRUCT {{ ?a :aantal ?n }}\nWHERE {{\n{where}\n}}")
    assert caught.value.line >= 8


def test_count_of_whole_numbers_is_a_whole_number() -> None:
    _, value = next(known(rule(COUNT), *CLOSURE).literals(term("aantal")))
    assert value.datatype.value == XSD + "integer"


def test_published_telregel_comes_after_the_rules_it_counts_over() -> None:
    turtle = rules_turtle([], [rule(COUNT), *CLOSURE])
    assert turtle.count("regel:proef") == 2  # itself, and in the one shape that runs it
    assert "sh:order 0.4" in turtle
    assert turtle.count("sh:rule regel:") == 3
