"""The rules as plain SPARQL: every CONSTRUCT run to fixpoint by Oxigraph over the knowledge and one situation's triples."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from kb.knowledge.knowledge import Knowledge
from kb.rule.rule import Rule
from kb.rule.strata import is_recursive, stratify
from kb.situation.facts import Link

SITUATION = NamedNode("urn:situatie")


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
