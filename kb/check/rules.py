"""Checks of the rules: readable, in strata, about things that exist, resting on known sources, and able to fire."""

from collections.abc import Collection, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, QueryTriples

from kb.check.rule_tests import run_rule_tests
from kb.check.rule_types import check_rule_types
from kb.check.turtle_files import Finding, TurtleFiles
from kb.engine import Engine
from kb.errors import RuleError
from kb.knowledge.knowledge import Knowledge
from kb.names import DEF, ID, expand, short, term
from kb.rule.files import read_each, same_names
from kb.rule.rule import KNOWLEDGE_FOLDER, SITUATION_FOLDER, Body, Pattern, Rule
from kb.rule.strata import check_counts, line_of, stratify


def read_each_rule(rules: Path) -> tuple[list[Rule], list[Finding]]:
    """The rules that are allowed, and a finding for each that is not."""
    found = [read_each(rules / folder) for folder in (KNOWLEDGE_FOLDER, SITUATION_FOLDER)]
    read = [rule for some, _ in found for rule in some]
    refused = [*(error for _, errors in found for error in errors), *same_names(read)]
    return read, [Finding(error.reason, error.path, error.line) for error in refused]


def check_rules(rules: list[Rule], files: TurtleFiles) -> Iterator[Finding]:
    """What is wrong with rules that can each be read: their strata, their sources, and what they speak of."""
    try:
        stratify([rule for rule in rules if rule.about_situation])
        check_counts([rule for rule in rules if not rule.about_situation])
    except RuleError as error:
        yield Finding(error.reason, error.path, error.line)
    yield from check_rule_types(rules, files)
    described = {triple.subject for file in files.files for triple in file.triples}
    sources = {t.subject for file in files.files for t in file.triples if t.object == term("Bron")}
    for rule in rules:
        yield from _unknown_sources(rule, sources)
        yield from _unknown_terms(rule, described)


def check_fires(engine: Engine) -> Iterator[Finding]:
    """A finding for each rule that no situation, or nothing in the knowledge, can ever make fire; rules that count aside."""
    grounded = {rule.rule.slug for rule in engine.program.rules}
    for rule in engine.rules:
        if rule.slug not in grounded:
            reason = "deze regel kan nooit vuren: in de kennis staat niets dat aan alle patronen in WHERE voldoet."
            yield Finding(reason, rule.path, line_of(rule, "WHERE"))
    for rule in engine.knowledge.rules:
        # What a count comes to can change with one wijk more; its test says that it can fire.
        if not rule.counts and not _has_fired(engine.knowledge, rule):
            reason = "deze regel leidt niets af: in de kennis staat niets dat aan alle patronen in WHERE voldoet."
            yield Finding(reason, rule.path, line_of(rule, "WHERE"))


def check_rule_tests(engine: Engine, rules: Path) -> Iterator[Finding]:
    """A finding for each rule whose test fails or is not there."""
    for failure in run_rule_tests(engine, rules):
        yield Finding(failure.reason, failure.path)


def _unknown_sources(rule: Rule, sources: Collection[object]) -> Iterator[Finding]:
    for citation in rule.citations:
        if expand(citation.source) not in sources:
            slug = citation.source.removeprefix("bron/")
            reason = f"onbekende bron '{slug}'; beschrijf haar in ontology/kennis of verbeter de naam."
            yield Finding(reason, rule.path, line_of(rule, slug))


def _unknown_terms(rule: Rule, described: Collection[object]) -> Iterator[Finding]:
    used = {part for pattern in _patterns(rule) for part in (pattern.subject, pattern.predicate, pattern.object)}
    ours = [part for part in used if isinstance(part, NamedNode) and part.value.startswith((DEF, ID))]
    for node in sorted((node for node in ours if node not in described), key=str):
        name = f":{short(node)}" if node.value.startswith(DEF) else short(node)
        yield Finding(f"{name} is nergens beschreven.", rule.path, line_of(rule, short(node).rpartition("/")[2]))


def _patterns(rule: Rule) -> Iterator[Pattern]:
    yield from rule.head
    bodies: list[Body] = [rule.body, *rule.body.absent]
    for body in bodies:
        yield from body.patterns


def _has_fired(knowledge: Knowledge, rule: Rule) -> bool:
    """Whether the rule derived something, or would have if another rule had not been first."""
    if any(maker.slug == rule.slug for maker, _ in knowledge.lineage.values()):
        return True
    constructed = knowledge.store.query(rule.text)
    assert isinstance(constructed, QueryTriples)
    return next(constructed, None) is not None
