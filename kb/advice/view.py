"""What the parts of an advice are read from: one outcome with the knowledge it is about, in one language."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TypedDict

from pyoxigraph import NamedNode

from kb.advice.model import Ding, Maatstaf, Voorbeeld, Werk
from kb.advice.ranking import Ranking, met
from kb.advice.terms import HEEFT_AFLOOP, HEEFT_VOORBEELD
from kb.explain.proof import conclusion_key
from kb.explain.wording import Texts
from kb.knowledge.knowledge import Knowledge
from kb.names import short
from kb.program.evaluate import Outcome
from kb.rule.expression import Value
from kb.situation.facts import Link, Node
from kb.situation.model import (
    CYCLUS,
    HEEFT_WERK,
    PLANZEKERHEID,
    SCHUIFRUIMTE,
    TOT,
    VAN,
    VOLGENDE_KANS,
    WERK_VAN,
)


class Concluded(TypedDict):
    """The fields that every conclusion has."""

    id: str
    label: str
    conclusie: str
    rustOpAanname: bool
    redenen: tuple[str, ...]
    rangorde: tuple[Maatstaf, ...]


class View:
    """Looks things up for the parts of an advice; it decides nothing itself."""

    def __init__(
        self, knowledge: Knowledge, texts: Texts, ranking: Ranking, outcome: Outcome, certain: set[int], language: str
    ) -> None:
        self.knowledge = knowledge
        self.texts = texts
        self.ranking = ranking
        self.outcome = outcome
        self.language = language
        self._certain = certain
        self._links: dict[NamedNode, list[Link]] = defaultdict(list)
        for link in outcome.derived():
            self._links[link.property].append(link)

    # What holds

    def links(self, *properties: NamedNode) -> list[Link]:
        """What the rules conclude with these properties, ranked by the criteria for them, then by name."""
        found = [link for prop in properties for link in self._links[prop]]
        criteria = self.ranking.criteria(*properties)

        def place(link: Link) -> tuple[object, ...]:
            misses = tuple(not meets for meets in met(criteria, self.outcome, link.object))
            return (*misses, self.label(link.object))

        return sorted(found, key=place)

    def concluded(self, prop: NamedNode) -> dict[NamedNode, Link]:
        """The individuals that the rules conclude with a property."""
        return {link.object: link for link in self._links[prop]}

    def holds(self, prop: NamedNode, node: NamedNode) -> bool:
        """Whether a link holds, stated or derived."""
        return self.outcome.holds(Link(prop, node))

    def reasons(self, link: Link) -> tuple[str, ...]:
        """The explanation of each rule that fired; two firings over the same things in another order are one reason."""
        number = self._number(link)
        fired = self.outcome.fired.get(number, []) if number is not None else []
        rules = {self.texts.subject(rule): rule for rule in fired}.values() if len(fired) > 1 else fired
        return tuple(dict.fromkeys(self.texts.rule(rule, self.outcome, self.language) for rule in rules))

    def conclusion(self, link: Link, *ranked_as: NamedNode) -> Concluded:
        """The fields that every conclusion has; its list is ranked as the results of `ranked_as`, else of its own property."""
        number = self._number(link)
        return {
            "id": short(link.object),
            "label": self.label(link.object),
            "conclusie": conclusion_key(link),
            "rustOpAanname": number not in self._certain,
            "redenen": self.reasons(link),
            "rangorde": self._criteria_met(link.object, ranked_as or (link.property,)),
        }

    def _number(self, link: Link) -> int | None:
        return self.outcome.program.find(link)

    def _criteria_met(self, node: NamedNode, properties: tuple[NamedNode, ...]) -> tuple[Maatstaf, ...]:
        criteria = self.ranking.criteria(*properties)
        return tuple(
            Maatstaf(
                id=short(criterion.node),
                label=self.label(criterion.node),
                conclusie=conclusion_key(Link(criterion.property, node)),
            )
            for criterion, meets in zip(criteria, met(criteria, self.outcome, node), strict=True)
            if meets
        )

    # What the knowledge says

    def label(self, node: NamedNode) -> str:
        """The name of an individual."""
        return self.knowledge.label(node, self.language)

    def thing(self, node: NamedNode) -> Ding:
        """An individual by name."""
        return Ding(id=short(node), label=self.label(node))

    def things(self, nodes: Iterable[NamedNode]) -> tuple[Ding, ...]:
        """Individuals by name, in the order of their names."""
        return tuple(sorted(map(self.thing, nodes), key=lambda thing: thing.label))

    def related(self, node: NamedNode, prop: NamedNode) -> tuple[Ding, ...]:
        """What an individual is linked to by a property."""
        return self.things(self.knowledge.objects(node, prop))

    def first(self, node: NamedNode, prop: NamedNode) -> NamedNode | None:
        """The one individual that a property leads to, if there is any."""
        return next(iter(self.knowledge.objects(node, prop)), None)

    def one(self, node: NamedNode, prop: NamedNode) -> NamedNode:
        """The one individual that a property that everything of its kind has leads to."""
        found = self.first(node, prop)
        assert found is not None, f"{short(node)} heeft geen {short(prop)}"
        return found

    def text(self, node: NamedNode, prop: NamedNode) -> str | None:
        """A text about an individual."""
        return self.knowledge.text(node, prop, self.language)

    def examples(self, prop: NamedNode, node: NamedNode) -> tuple[Voorbeeld, ...]:
        """The known wijken with this property, never the one that is asked about, and how each ended."""
        wijken = [wijk for wijk in self.knowledge.subjects(prop, node) if self.holds(HEEFT_VOORBEELD, wijk)]
        found = [
            Voorbeeld(id=short(wijk), label=self.label(wijk), afloop=self.optional(self.first(wijk, HEEFT_AFLOOP)))
            for wijk in wijken
        ]
        return tuple(sorted(found, key=lambda wijk: wijk.label))

    def optional(self, node: NamedNode | None) -> Ding | None:
        """An individual by name, or nothing."""
        return None if node is None else self.thing(node)

    # What the situation states

    @cached_property
    def works(self) -> dict[Value, tuple[Werk, ...]]:
        """The works that the situation states, by kind of work."""
        found: dict[Value, list[Werk]] = defaultdict(list)
        for own in self.outcome.facts.nodes_of(HEEFT_WERK):
            found[own.values[CYCLUS]].append(self._work(own))
        return {kind: tuple(sorted(works, key=lambda work: work.van or 0)) for kind, works in found.items()}

    def _work(self, own: Node) -> Werk:
        def year(prop: NamedNode) -> int | None:
            value = own.values.get(prop)
            return None if value is None else int(str(value))

        def named(prop: NamedNode) -> Ding | None:
            value = own.values.get(prop)
            return self.thing(value) if isinstance(value, NamedNode) else None

        kind = named(CYCLUS)
        assert kind is not None
        return Werk(
            werksoort=kind,
            van=year(VAN),
            tot=year(TOT),
            schuifruimte=year(SCHUIFRUIMTE),
            eigenaar=named(WERK_VAN),
            zekerheid=named(PLANZEKERHEID),
            volgendeKans=year(VOLGENDE_KANS),
        )
