"""How often known neighbourhoods had what an answer would add: a question is worth what its likely answers change."""

from collections import Counter
from functools import cached_property

from pyoxigraph import NamedNode

from kb.explain.candidates import Candidate
from kb.knowledge.knowledge import Knowledge
from kb.names import declared
from kb.situation.before import HAD_AANLEIDING, HAD_BETROKKENE, HAD_KENMERK, HAD_OPGAVE, HAD_WERK, WIJK
from kb.situation.facts import subject_of
from kb.situation.model import HEEFT_METING, HEEFT_WERK, LINK_FIELDS

DREMPEL, OP_GROOTHEID, WIJST_OP = map(declared, ("Drempel", "opGrootheid", "wijstOpKenmerk"))
HAD = {
    LINK_FIELDS["aanleidingen"]: HAD_AANLEIDING,
    LINK_FIELDS["opgaven"]: HAD_OPGAVE,
    LINK_FIELDS["kenmerken"]: HAD_KENMERK,
    LINK_FIELDS["afwezigeKenmerken"]: HAD_KENMERK,
    LINK_FIELDS["betrokkenen"]: HAD_BETROKKENE,
    HEEFT_WERK: HAD_WERK,
}


class Likelihood:
    """Tells of each candidate in which share of the known wijken it held beforehand."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def of(self, candidate: Candidate) -> float:
        """A share of one; of what known wijken do not tell a half, and of what none of them had a little."""
        shares = [self._share(prop, node) for prop, node in candidate.facts.links]
        shares += [self._share(own.property, subject_of(own)) for own in candidate.facts.nodes]
        return min(shares, default=0.5)

    def _share(self, prop: NamedNode, node: NamedNode | None) -> float:
        if node is None:
            return 0.5
        if prop == HEEFT_METING:
            return max((self._of(HAD_KENMERK, shown) for shown in self._shown_by.get(node, ())), default=0.5)
        if prop not in HAD:
            return 0.5
        share = self._of(HAD[prop], node)
        return 1 - share if prop == LINK_FIELDS["afwezigeKenmerken"] else share

    def _of(self, had: NamedNode, node: NamedNode) -> float:
        # The rule of succession: what none of some wijken had is not impossible.
        return (self._counts[had, node] + 1) / (self._wijken + 2)

    @cached_property
    def _wijken(self) -> int:
        return len(self.knowledge.instances(WIJK))

    @cached_property
    def _counts(self) -> Counter[tuple[NamedNode, NamedNode]]:
        told, wijken = set(HAD.values()), self.knowledge.instances(WIJK)
        return Counter((had, node) for wijk in wijken for had in told for node in self.knowledge.objects(wijk, had))

    @cached_property
    def _shown_by(self) -> dict[NamedNode, tuple[NamedNode, ...]]:
        """With each measured value the characteristics that its limits point to."""
        found: dict[NamedNode, list[NamedNode]] = {}
        for limit in self.knowledge.instances(DREMPEL):
            for value in self.knowledge.objects(limit, OP_GROOTHEID):
                found.setdefault(value, []).extend(self.knowledge.objects(limit, WIJST_OP))
        return {value: tuple(nodes) for value, nodes in found.items()}
