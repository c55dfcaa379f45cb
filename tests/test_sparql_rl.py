"""The rules in the syntax of SPARQL 1.2 RL: read back, each is the rule it was."""

import pytest

from kb import paths
from kb.rule.files import read_rules
from kb.rule.parse import parse_rule
from kb.rule.rule import Rule
from kb.rule.sparql_rl import to_construct, to_sparql_rl

RULES = [rule for folder in ("kennis", "situatie") for rule in read_rules(paths.RULES / folder)]


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.counts], ids=lambda rule: rule.slug)
def test_regel_in_sparql_rl_reads_back_as_the_same_rule(rule: Rule) -> None:
    exported = to_sparql_rl(rule)
    assert exported
    assert "RULE" in exported and not any(word in exported for word in ("CONSTRUCT", "EXISTS", "BIND"))
    header = "".join(line + "\n" for line in rule.text.splitlines() if line.startswith("#@"))
    again = parse_rule(header + to_construct(exported), rule.path)
    assert (again.head, again.body) == (rule.head, rule.body)


def test_regel_that_counts_has_no_counterpart() -> None:
    counting = [rule for rule in RULES if rule.counts]
    assert counting and all(to_sparql_rl(rule) is None for rule in counting)


def test_keyword_in_a_text_or_name_is_no_keyword() -> None:
    text = 'RULE { ?a :b ?NOT } WHERE { ?a :set "NOT { SET (?x := 1) }" . SET (?NOT := CONCAT("RULE", STR(?a))) }'
    assert to_construct(text) == (
        'CONSTRUCT { ?a :b ?NOT } WHERE { ?a :set "NOT { SET (?x := 1) }" . BIND (CONCAT("RULE", STR(?a)) AS ?NOT) }'
    )
