"""What the parts of an advice are read from: one outcome with the knowledge it is about, in one language."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TypedDict, TypeVar, cast

from pyoxigraph import NamedNode, Variable

from kb.advice.model import Ding, GenoemdWerk, Maatstaf, Voorbeeld
from kb.advice.ranking import Ranking
from kb.advice.terms import HEEFT_AFLOOP, HEEFT_VOORBEELD, LIJKT_OP, VOLGNUMMER
from kb.explain.proof import conclusion_key
from kb.explain.wording import Texts
from kb.knowledge.knowledge import Knowledge
from kb.names import short
from kb.program.evaluate import Outcome
from kb.program.program import GroundRule, Program
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

Row = TypeVar("Row")

# A row differs between situations by few things, so that a handful of each serves most of them.
MOST_ROWS = 8
NONE: list[GroundRule] = []


class Concluded(TypedDict):
    """The fields that every conclusion has."""

    id: str
    label: str
    in_zin: str
    conclusie: str
    rustOpAanname: bool
    redenen: tuple[str, ...]
    rangorde: tuple[Maatstaf, ...]


class Lexicon:
    """What the knowledge says of individuals, in one language. None of it depends on a situation, so it is kept."""

    def __init__(self, knowledge: Knowledge, ranking: Ranking, program: Program, language: str) -> None:
        self.knowledge = knowledge
        self.ranking = ranking
        self.program = program
        self.language = language
        self._things: dict[NamedNode, Ding] = {}
        self._related: dict[tuple[NamedNode, NamedNode], tuple[Ding, ...]] = {}
        self._texts: dict[tuple[NamedNode, NamedNode], str | None] = {}
        self._examples: dict[tuple[NamedNode, NamedNode], tuple[tuple[NamedNode, Voorbeeld], ...]] = {}
        self.rows: dict[Link, list[tuple[Reads, object]]] = defaultdict(list)
        self._places: dict[tuple[tuple[NamedNode, ...], NamedNode], tuple[tuple[int | None, Maatstaf], ...]] = {}

    def thing(self, node: NamedNode) -> Ding:
        """An individual by name."""
        if node not in self._things:
            self._things[node] = Ding(
                id=short(node),
                label=self.knowledge.label(node, self.language),
                in_zin=self.knowledge.in_sentence(node, self.language),
            )
        return self._things[node]

    def related(self, node: NamedNode, prop: NamedNode) -> tuple[Ding, ...]:
        """What an individual is linked to by a property, in the order of the names."""
        key = (node, prop)
        if key not in self._related:
            found = map(self.thing, self.knowledge.objects(node, prop))
            self._related[key] = tuple(sorted(found, key=lambda thing: thing.label))
        return self._related[key]

    def text(self, node: NamedNode, prop: NamedNode) -> str | None:
        """A text about an individual."""
        key = (node, prop)
        if key not in self._texts:
            self._texts[key] = self.knowledge.text(node, prop, self.language)
        return self._texts[key]

    def examples(self, prop: NamedNode, node: NamedNode) -> tuple[tuple[NamedNode, Voorbeeld], ...]:
        """The known wijken with this property, in the order of their names, and how each ended."""
        key = (prop, node)
        if key not in self._examples:
            found = [(wijk, self._example(wijk)) for wijk in self.knowledge.subjects(prop, node)]
            self._examples[key] = tuple(sorted(found, key=lambda pair: pair[1].label))
        return self._examples[key]

    def _example(self, wijk: NamedNode) -> Voorbeeld:
        endings = self.related(wijk, HEEFT_AFLOOP)
        return Voorbeeld(id=short(wijk), label=self.thing(wijk).label, afloop=endings[0] if endings else None)

    def criteria(self, properties: tuple[NamedNode, ...], node: NamedNode) -> tuple[tuple[int | None, Maatstaf], ...]:
        """The criteria for an individual among the results of these properties, each with the atom that decides it."""
        key = (properties, node)
        if key not in self._places:
            links = [(c.node, Link(c.property, node)) for c in self.ranking.criteria(*properties)]
            self._places[key] = tuple((self.program.find(link), self._criterion(c, link)) for c, link in links)
        return self._places[key]

    def _criterion(self, node: NamedNode, link: Link) -> Maatstaf:
        return Maatstaf(id=short(node), label=self.thing(node).label, conclusie=conclusion_key(link))


class Reads:
    """What a row of an advice was made from: which atoms hold, which are certain, which rules fired, with which values."""

    def __init__(self) -> None:
        self.true: dict[int, int] = {}
        self.certain: dict[int, bool] = {}
        self.fired: dict[int, list[GroundRule]] = {}
        self.values: dict[int, Mapping[Variable, Value]] = {}

    def same(self, outcome: Outcome, certain: set[int]) -> bool:
        """Whether all of it is so in another outcome."""
        true, fired = outcome.true, outcome.fired
        return (
            all(true[atom] == held for atom, held in self.true.items())
            and all((atom in certain) == held for atom, held in self.certain.items())
            and all(fired.get(atom, NONE) == rules for atom, rules in self.fired.items())
            and all(outcome.values(atom) == values for atom, values in self.values.items())
        )


class View:
    """Looks things up for the parts of an advice; it decides nothing itself."""

    def __init__(self, lexicon: Lexicon, texts: Texts, outcome: Outcome, certain: set[int]) -> None:
        self.lexicon = lexicon
        self.knowledge = lexicon.knowledge
        self.language = lexicon.language
        self.texts = texts
        self.outcome = outcome
        self._certain = certain
        self._reads: Reads | None = None
        self._links: dict[NamedNode, list[Link]] = defaultdict(list)
        for link in outcome.derived():
            self._links[link.property].append(link)

    def row(self, link: Link, make: Callable[[], Row]) -> Row:
        """The row of a list about a link, as it was made for a situation before when all that it was made from is the same.

        `make` may ask this view only for what it keeps account of: `holds`, `reasons`, `conclusion`, `examples`, and what
        the knowledge says.
        """
        made = self.lexicon.rows[link]
        for reads, row in made:
            if reads.same(self.outcome, self._certain):
                return cast("Row", row)
        reads = self._reads = Reads()
        row = make()
        self._reads = None
        made.insert(0, (reads, row))
        del made[MOST_ROWS:]
        return row

    # What holds

    def links(self, *properties: NamedNode) -> list[Link]:
        """What the rules conclude with these properties, ranked by the criteria for them, then by name."""

        def place(link: Link) -> tuple[object, ...]:
            misses = [not self._meets(atom) for atom, _ in self.lexicon.criteria(properties, link.object)]
            return (*misses, self.label(link.object))

        return sorted((link for prop in properties for link in self._links[prop]), key=place)

    def concluded(self, prop: NamedNode) -> dict[NamedNode, Link]:
        """The individuals that the rules conclude with a property."""
        return {link.object: link for link in self._links[prop]}

    def holds(self, prop: NamedNode, node: NamedNode) -> bool:
        """Whether a link holds, stated or derived."""
        return self._meets(self.outcome.program.find(Link(prop, node)))

    def reasons(self, link: Link) -> tuple[str, ...]:
        """The explanation of each rule that fired; two firings over the same things in another order are one reason."""
        number = self.outcome.program.find(link)
        fired = self.outcome.fired.get(number, NONE) if number is not None else NONE
        if self._reads is not None and number is not None:
            self._reads.fired[number] = fired
            conditions = (atom for rule in fired for atom in rule.positive)
            self._reads.values.update((atom, found) for atom in conditions if (found := self.outcome.values(atom)))
        rules = {self.texts.subject(rule): rule for rule in fired}.values() if len(fired) > 1 else fired
        return tuple(dict.fromkeys(self.texts.rule(rule, self.outcome, self.language) for rule in rules))

    def conclusion(self, link: Link, *ranked_as: NamedNode) -> Concluded:
        """The fields that every conclusion has; its list is ranked as the results of `ranked_as`, else of its own property."""
        criteria = self.lexicon.criteria(ranked_as or (link.property,), link.object)
        number = self.outcome.program.find(link)
        certain = number in self._certain
        if self._reads is not None and number is not None:
            self._reads.certain[number] = certain
        return {
            "id": short(link.object),
            "label": self.label(link.object),
            "in_zin": self.thing(link.object).in_zin,
            "conclusie": conclusion_key(link),
            "rustOpAanname": not certain,
            "redenen": self.reasons(link),
            "rangorde": tuple(criterion for atom, criterion in criteria if self._meets(atom)),
        }

    def _meets(self, atom: int | None) -> bool:
        if atom is None:
            return False
        held = self.outcome.true[atom]
        if self._reads is not None:
            self._reads.true[atom] = held
        return bool(held)

    # What the knowledge says

    def label(self, node: NamedNode) -> str:
        """The name of an individual."""
        return self.lexicon.thing(node).label

    def thing(self, node: NamedNode) -> Ding:
        """An individual by name."""
        return self.lexicon.thing(node)

    def things(self, nodes: Iterable[NamedNode]) -> tuple[Ding, ...]:
        """Individuals by name, in the order of their names."""
        return tuple(sorted(map(self.thing, nodes), key=lambda thing: thing.label))

    def related(self, node: NamedNode, prop: NamedNode) -> tuple[Ding, ...]:
        """What an individual is linked to by a property."""
        return self.lexicon.related(node, prop)

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
        return self.lexicon.text(node, prop)

    def examples(self, prop: NamedNode, node: NamedNode) -> tuple[Voorbeeld, ...]:
        """The known wijken with this property, never the one that is asked about: what resembles most and ended best first."""
        found = [pair for pair in self.lexicon.examples(prop, node) if self.holds(HEEFT_VOORBEELD, pair[0])]
        return tuple(shown for _, shown in sorted(found, key=lambda pair: self._unlike(pair[0])))

    def _unlike(self, wijk: NamedNode) -> tuple[bool, int]:
        """Whether a known wijk does not resemble the situation, then how badly it ended."""
        ending = self.first(wijk, HEEFT_AFLOOP)
        return not self.holds(LIJKT_OP, wijk), int((ending and self.knowledge.literal(ending, VOLGNUMMER)) or 0)

    def optional(self, node: NamedNode | None) -> Ding | None:
        """An individual by name, or nothing."""
        return None if node is None else self.thing(node)

    # What the situation states

    @cached_property
    def works(self) -> dict[Value, tuple[GenoemdWerk, ...]]:
        """The works that the situation states, by kind of work."""
        found: dict[Value, list[GenoemdWerk]] = defaultdict(list)
        for own in self.outcome.facts.nodes_of(HEEFT_WERK):
            found[own.values[CYCLUS]].append(self._work(own))
        return {kind: tuple(sorted(works, key=lambda work: work.van or 0)) for kind, works in found.items()}

    def _work(self, own: Node) -> GenoemdWerk:
        def year(prop: NamedNode) -> int | None:
            value = own.values.get(prop)
            return None if value is None else int(str(value))

        def named(prop: NamedNode) -> Ding | None:
            value = own.values.get(prop)
            return self.thing(value) if isinstance(value, NamedNode) else None

        kind = named(CYCLUS)
        assert kind is not None
        return GenoemdWerk(
            werksoort=kind,
            van=year(VAN),
            tot=year(TOT),
            schuifruimte=year(SCHUIFRUIMTE),
            eigenaar=named(WERK_VAN),
            zekerheid=named(PLANZEKERHEID),
            volgendeKans=year(VOLGENDE_KANS),
        )
