"""How often known neighbourhoods had what an answer would add: a question is worth what its likely answers change."""

from collections import defaultdict
from functools import cached_property

from pyoxigraph import NamedNode

from kb.explain.candidates import Candidate
from kb.knowledge.knowledge import Knowledge
from kb.names import declared
from kb.situation.before import HAD_AANLEIDING, HAD_BETROKKENE, HAD_KENMERK, HAD_OPGAVE, HAD_WERK, WIJK
from kb.situation.facts import subject_of
from kb.situation.model import HEEFT_METING, HEEFT_WERK, LINK_FIELDS

DREMPEL, OP_GROOTHEID, WIJST_OP = map(declared, ("Drempel", "opGrootheid", "wijstOpKenmerk"))
HAD_LEIDENDE_TRANSITIE = declared("hadLeidendeTransitie")
HAD = {
    LINK_FIELDS["aanleidingen"]: HAD_AANLEIDING,
    LINK_FIELDS["opgaven"]: HAD_OPGAVE,
    LINK_FIELDS["kenmerken"]: HAD_KENMERK,
    LINK_FIELDS["afwezigeKenmerken"]: HAD_KENMERK,
    LINK_FIELDS["betrokkenen"]: HAD_BETROKKENE,
    HEEFT_WERK: HAD_WERK,
}
# What held in all known wijken counts for as many wijken as this beside those where the same transition led.
PRIOR = 4


class Likelihood:
    """Tells of each candidate in which share of the known wijken it held beforehand."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def of(self, candidate: Candidate, leading: frozenset[NamedNode] = frozenset()) -> float:
        """A share of one; of what known wijken do not tell a half, and of what none of them had a little.

        Where transitions lead, the known wijken where one of them led count beside all of them.
        """
        shares = [self._share(prop, node, leading) for prop, node in candidate.facts.links]
        shares += [self._share(own.property, subject_of(own), leading) for own in candidate.facts.nodes]
        return min(shares, default=0.5)

    def _share(self, prop: NamedNode, node: NamedNode | None, leading: frozenset[NamedNode]) -> float:
        if node is None:
            return 0.5
        if prop == HEEFT_METING:
            shown = (self._of(HAD_KENMERK, kenmerk, leading) for kenmerk in self._shown_by.get(node, ()))
            return max(shown, default=0.5)
        if prop not in HAD:
            return 0.5
        share = self._of(HAD[prop], node, leading)
        return 1 - share if prop == LINK_FIELDS["afwezigeKenmerken"] else share

    def _of(self, had: NamedNode, node: NamedNode, leading: frozenset[NamedNode]) -> float:
        # The rule of succession: what none of some wijken had is not impossible.
        having = self._had[had, node]
        share = (len(having) + 1) / (len(self.knowledge.instances(WIJK)) + 2)
        alike = self._led_by(leading)
        return (len(alike & having) + PRIOR * share) / (len(alike) + PRIOR)

    def _led_by(self, leading: frozenset[NamedNode]) -> frozenset[NamedNode]:
        return frozenset(wijk for node in leading for wijk in self.knowledge.subjects(HAD_LEIDENDE_TRANSITIE, node))

    @cached_property
    def _had(self) -> dict[tuple[NamedNode, NamedNode], set[NamedNode]]:
        """With each thing that was known of some wijken beforehand, those wijken."""
        found: dict[tuple[NamedNode, NamedNode], set[NamedNode]] = defaultdict(set)
        for wijk in self.knowledge.instances(WIJK):
            for had in set(HAD.values()):
                for node in self.knowledge.objects(wijk, had):
                    found[had, node].add(wijk)
        return found

    @cached_property
    def _shown_by(self) -> dict[NamedNode, tuple[NamedNode, ...]]:
        """With each measured value the characteristics that its limits point to."""
        found: dict[NamedNode, list[NamedNode]] = {}
        for limit in self.knowledge.instances(DREMPEL):
            for value in self.knowledge.objects(limit, OP_GROOTHEID):
                found.setdefault(value, []).extend(self.knowledge.objects(limit, WIJST_OP))
        return {value: tuple(nodes) for value, nodes in found.items()}
