"""The rules as plain SPARQL: every CONSTRUCT run to fixpoint by Oxigraph over the knowledge and one situation's triples."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Triple

from kb.knowledge.knowledge import Knowledge
from kb.names import XSD
from kb.rdf.situation import node_name, situation_triples
from kb.rule.expression import Value
from kb.rule.rule import Rule
from kb.rule.strata import is_recursive, stratify
from kb.situation.facts import Facts, Link
from kb.situation.model import Situatie

SITUATION = NamedNode("urn:situatie")


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
    """Runs situation rules as they are written, without the engine."""

    def __init__(self, knowledge: Knowledge, rules: list[Rule]) -> None:
        self.store = Store()
        self.store.bulk_extend(knowledge.store)
        self.rules = rules
        self.groups = stratify(rules)

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
        growing = True
        while growing:
            found = {triple for rule in group for triple in self._construct(rule)} - derived
            self.store.extend(Quad(*triple) for triple in found)
            derived |= found
            growing = bool(found) and is_recursive(group)

    def _construct(self, rule: Rule) -> QueryTriples:
        answer = self.store.query(rule.text)
        assert isinstance(answer, QueryTriples)
        return answer


def _individual(triple: Triple) -> NamedNode:
    assert isinstance(triple.object, NamedNode)  # all that rules may derive
    return triple.object
