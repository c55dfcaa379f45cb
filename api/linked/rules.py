"""What a page shows of a rule besides its description: its text, what it reads and derives, and its test."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from markupsafe import Markup
from pyoxigraph import NamedNode, Triple

from api.html.highlight import coloured
from api.linked.naming import Ref, is_nameless
from api.linked.view import Value, Viewer
from kb import paths
from kb.check.rule_tests import path_of_test
from kb.engine import Engine
from kb.names import short
from kb.rule.rule import Rule
from kb.rule.terms import derived_terms, read_terms
from kb.situation.facts import Link

MOST_SHOWN = 25
_TEST_LANGUAGES = {".json": "json", ".trig": "turtle"}


@dataclass(frozen=True)
class RuleView:
    """One rule as it is shown; `about_situation` tells the two kinds apart."""

    rule: Rule
    about_situation: bool
    code: Markup
    derives: tuple[Ref, ...]
    reads: tuple[Ref, ...]
    count: int
    examples: tuple[tuple[Ref, Ref, Value], ...]
    possible: tuple[tuple[Ref, Ref], ...]
    test: Markup | None


class Rules:
    """Every rule of an engine, by IRI."""

    def __init__(self, engine: Engine, folder: Path = paths.RULES) -> None:
        self.engine = engine
        self._folder = folder
        self.by_iri = {rule.iri: rule for rule in [*engine.knowledge.rules, *engine.rules]}

    def view(self, rule: Rule, viewer: Viewer) -> RuleView:
        """A rule as it is shown."""
        derived, possible = self._derived.get(rule, []), self._possible.get(rule, [])
        told = (triple for triple in derived if not is_nameless(triple.object))  # the others say nothing by themselves
        return RuleView(
            rule=rule,
            about_situation=rule in self.engine.rules,
            code=coloured(rule.text, "sparql"),
            derives=tuple(viewer.ref(node) for node in derived_terms(rule)),
            reads=tuple(viewer.ref(node) for node in read_terms(rule)),
            count=len(derived) or len(possible),
            examples=tuple(viewer.values(islice(told, MOST_SHOWN))),
            possible=tuple((viewer.ref(link.property), viewer.ref(link.object)) for link in possible[:MOST_SHOWN]),
            test=self._test(rule),
        )

    def deriving(self, term: NamedNode) -> list[Rule]:
        """The rules that derive statements with a property or class."""
        return self._deriving.get(term, [])

    def reading(self, term: NamedNode) -> list[Rule]:
        """The rules that look for a property or class."""
        return self._reading.get(term, [])

    @cached_property
    def _deriving(self) -> dict[NamedNode, list[Rule]]:
        return self._by_term(derived_terms)

    @cached_property
    def _reading(self) -> dict[NamedNode, list[Rule]]:
        return self._by_term(read_terms)

    def _by_term(self, terms: Callable[[Rule], Iterable[NamedNode]]) -> dict[NamedNode, list[Rule]]:
        """The rules with each term, in their own order."""
        found: dict[NamedNode, list[Rule]] = {}
        for rule in self.by_iri.values():
            for term in set(terms(rule)):
                found.setdefault(term, []).append(rule)
        return found

    @cached_property
    def _derived(self) -> dict[Rule, list[Triple]]:
        """What each rule over the knowledge derived."""
        found: dict[Rule, list[Triple]] = {}
        for triple, (rule, _) in self.engine.knowledge.lineage.items():
            if isinstance(triple.subject, NamedNode):
                found.setdefault(rule, []).append(triple)
        return {rule: sorted(triples, key=str) for rule, triples in found.items()}

    @cached_property
    def _possible(self) -> dict[Rule, list[Link]]:
        """What each rule about a situation can conclude, in one situation or another."""
        program = self.engine.program
        found: dict[Rule, set[Link]] = {}
        for ground in program.rules:
            head = program.atoms[ground.head]
            if isinstance(head, Link):
                found.setdefault(ground.rule, set()).add(head)
        return {
            rule: sorted(links, key=lambda link: (short(link.property), short(link.object)))
            for rule, links in found.items()
        }

    def _test(self, rule: Rule) -> Markup | None:
        path = path_of_test(rule, self._folder)
        if not path.is_file():
            return None
        return coloured(path.read_text(encoding="utf-8"), _TEST_LANGUAGES[path.suffix])
