"""The rules as plain SPARQL: every CONSTRUCT run to fixpoint by Oxigraph over the knowledge and one situation's triples."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Triple

from kb.knowledge.knowledge import Knowledge
from kb.names import XSD
from kb.rdf.situation import node_name, situation_triples
from kb.rule.expression import Value
from kb.rule.rule import Rule
from kb.rule.strata import stratify
from kb.situation.facts import Facts, Link
from kb.situation.model import Situatie

SITUATION = NamedNode("urn:situatie")
VARIABLE = re.compile(r"\?situatie\b")


def all_triples(situation: Situatie, facts: Facts) -> list[Triple]:
    """A situation called SITUATION with all that its facts say: the years and dates that follow from what is stated too."""
    triples = situation_triples(situation, facts, SITUATION)
    triples += [Triple(SITUATION, prop, _term(value)) for prop, value in facts.values.items()]
    for number, node in enumerate(facts.nodes):
        triples += [Triple(node_name(node, number), prop, _term(value)) for prop, value in node.values.items()]
    return triples


def _term(value: Value) -> NamedNode | Literal:
    if isinstance(value, NamedNode):
        return value
    if isinstance(value, bool):
        return Literal(value)
    if isinstance(value, Decimal):
        return Literal(str(value), datatype=NamedNode(XSD + "decimal"))
    assert isinstance(value, datetime)
    return Literal(value.isoformat(), datatype=NamedNode(XSD + "dateTime"))


class PlainSparql:
    """Runs situation rules without the engine: as they are written, or for the one situation that there is.

    With `named`, every `?situatie` is the situation that the triples are about: the same answers, as there is no other, from
    which Oxigraph can start. As they are written it reads some rules for every situation that there could be, and that takes
    five times as long.
    """

    def __init__(self, knowledge: Knowledge, rules: list[Rule], *, named: bool = False) -> None:
        self.store = Store()
        self.store.bulk_extend(knowledge.store)
        self.rules = rules
        self.groups = stratify(rules)
        self.queries = {rule.slug: VARIABLE.sub(str(SITUATION), rule.text) if named else rule.text for rule in rules}

    def derive(self, triples: Iterable[Triple]) -> set[Link]:
        """What the rules derive from the triples of a situation called SITUATION, stratum by stratum."""
        stated = [Quad(*triple) for triple in triples]
        derived: set[Triple] = set()
        self.store.extend(stated)
        try:
            for group in self.groups:
                self._run(group, derived)
            return {Link(triple.predicate, _individual(triple)) for triple in derived}
        finally:
            for quad in [*stated, *(Quad(*triple) for triple in derived)]:
                self.store.remove(quad)

    def _run(self, group: list[Rule], derived: set[Triple]) -> None:
        """Run a group until nothing is new; after the first round only the rules that ask for what was new in the last."""
        running = group
        while running:
            found = {triple for rule in running for triple in self._construct(rule)} - derived
            self.store.extend(Quad(*triple) for triple in found)
            derived |= found
            new = {triple.predicate for triple in found}
            running = [rule for rule in group if any(pattern.predicate in new for pattern in rule.body.patterns)]

    def _construct(self, rule: Rule) -> QueryTriples:
        answer = self.store.query(self.queries[rule.slug])
        assert isinstance(answer, QueryTriples)
        return answer


def _individual(triple: Triple) -> NamedNode:
    assert isinstance(triple.object, NamedNode)  # all that rules may derive
    return triple.object
