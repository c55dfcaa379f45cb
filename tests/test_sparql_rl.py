"""The rules in the syntax of SPARQL 1.2 RL: read back, each is the rule it was."""

import pytest

from kb import paths
from kb.engine import Engine
from kb.rule.files import rule_files
from kb.rule.parse import parse_rule
from kb.rule.rule import Rule
from kb.rule.sparql_rl import to_construct, to_sparql_rl

SLUGS = [path.stem for folder in ("kennis", "situatie") for path in rule_files(paths.RULES / folder)]


@pytest.fixture(scope="module")
def rules(engine: Engine) -> dict[str, Rule]:
    """The rules of the project by name."""
    return {rule.slug: rule for rule in (*engine.knowledge.rules, *engine.rules)}


@pytest.mark.parametrize("slug", SLUGS)
def test_regel_in_sparql_rl_reads_back_as_the_same_rule(rules: dict[str, Rule], slug: str) -> None:
    rule = rules[slug]
    if rule.counts:
        assert to_sparql_rl(rule) is None, "there is no counterpart of counting"
        return
    exported = to_sparql_rl(rule)
    assert exported
    assert "RULE" in exported and not any(word in exported for word in ("CONSTRUCT", "EXISTS", "BIND"))
    header = "".join(line + "\n" for line in rule.text.splitlines() if line.startswith("#@"))
    again = parse_rule(header + to_construct(exported), rule.path)
    assert (again.head, again.body) == (rule.head, rule.body)


def test_some_regel_counts(rules: dict[str, Rule]) -> None:
    assert any(rule.counts for rule in rules.values())


def test_keyword_in_a_text_or_name_is_no_keyword() -> None:
    text = 'RULE { ?a :b ?NOT } WHERE { ?a :set "NOT { SET (?x := 1) }" . SET (?NOT := CONCAT("RULE", STR(?a))) }'
    assert to_construct(text) == (
        'CONSTRUCT { ?a :b ?NOT } WHERE { ?a :set "NOT { SET (?x := 1) }" . BIND (CONCAT("RULE", STR(?a)) AS ?NOT) }'
    )
