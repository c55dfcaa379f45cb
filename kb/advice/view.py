"""What the parts of an advice are read from: one outcome with the knowledge it is about, in one language."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from typing import NamedTuple, TypedDict, TypeVar, cast

from pyoxigraph import NamedNode, Variable

from kb.advice.model import Conclusie, Ding, GenoemdWerk, Maatstaf, Voorbeeld
from kb.advice.ranking import Ranking
from kb.advice.terms import (
    GELDT_KENMERK,
    HEEFT_AFLOOP,
    HEEFT_GELDENDE_AANLEIDING,
    HEEFT_LEIDGROND,
    HEEFT_VOORBEELD,
    KOPPELT_IN,
    LIJKT_OP,
    VOLGNUMMER,
    WIJST_OP_KENMERK,
)
from kb.explain.proof import conclusion_key
from kb.explain.wording import Texts
from kb.knowledge.knowledge import Knowledge
from kb.names import short
from kb.program.condition import Condition
from kb.program.evaluate import Outcome
from kb.program.program import GroundRule, Program
from kb.rule.expression import Value
from kb.situation.facts import Link, Node
from kb.situation.model import (
    CYCLUS,
    GROOTHEID,
    HEEFT_METING,
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
# Of these the reason is named as it was stated.
NAMING_A_REASON = frozenset((HEEFT_LEIDGROND, KOPPELT_IN["programma"], KOPPELT_IN["systeem"]))
# In the place of the atom of what can never hold.
NEVER = -1


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
        self.rows: dict[object, dict[int, list[tuple[Reads, object]]]] = defaultdict(lambda: defaultdict(list))
        self._places: dict[tuple[NamedNode, ...], Places] = {}
        self._endings: dict[NamedNode, int] = {}

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
            self._related[key] = tuple(sorted(found, key=lambda thing: thing.label.casefold()))
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

    def ending(self, wijk: NamedNode) -> int:
        """How badly a known wijk ended, as a number: the best is the lowest."""
        if wijk not in self._endings:
            endings = self.knowledge.objects(wijk, HEEFT_AFLOOP)
            self._endings[wijk] = int((endings and self.knowledge.literal(endings[0], VOLGNUMMER)) or 0)
        return self._endings[wijk]

    def _example(self, wijk: NamedNode) -> Voorbeeld:
        endings = self.related(wijk, HEEFT_AFLOOP)
        return Voorbeeld(id=short(wijk), label=self.thing(wijk).label, afloop=endings[0] if endings else None)

    def places(self, *properties: NamedNode) -> "Places":
        """What is known beforehand of each link among the results of these properties."""
        found = self._places.get(properties)
        if found is None:
            found = self._places[properties] = Places(self, properties)
        return found


class Place(NamedTuple):
    """A link that may stand in a list: what it is called, and its criteria, with the atom that decides each."""

    id: str
    label: str
    in_zin: str
    key: str
    atoms: tuple[int, ...]
    criteria: tuple[Maatstaf, ...]


class Places(dict[int, Place]):
    """By its atom, what is known of each link among the results of some properties; made when first asked for."""

    def __init__(self, lexicon: Lexicon, properties: tuple[NamedNode, ...]) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._criteria = lexicon.ranking.criteria(*properties)
        self.ranked = bool(self._criteria)

    def __missing__(self, number: int) -> Place:
        link = self._lexicon.program.atoms[number]
        assert isinstance(link, Link)
        thing = self._lexicon.thing(link.object)
        deciding = [Link(criterion.property, link.object) for criterion in self._criteria]
        found = map(self._lexicon.program.find, deciding)
        atoms = tuple(NEVER if atom is None else atom for atom in found)
        criteria = tuple(self._criterion(each.node, by) for each, by in zip(self._criteria, deciding, strict=True))
        self[number] = Place(thing.id, thing.label, thing.in_zin, conclusion_key(link), atoms, criteria)
        return self[number]

    def _criterion(self, node: NamedNode, link: Link) -> Maatstaf:
        return Maatstaf(id=short(node), label=self._lexicon.thing(node).label, conclusie=conclusion_key(link))


class Reads:
    """What a row was made from: which atoms hold, which are certain, which rules fired, with which values and works.

    For the `silent` ones no rule fired.
    """

    def __init__(self) -> None:
        self.held: set[int] = set()
        self.missing: set[int] = set()
        self.certain: set[int] = set()
        self.uncertain: set[int] = set()
        self.fired: dict[int, Sequence[int]] = {}
        self.silent: set[int] = set()
        self.values: dict[int, Mapping[Variable, Value]] = {}
        self.works: dict[Value, tuple[GenoemdWerk, ...]] = {}

    def add_atoms(self, atoms: Iterable[int], held: frozenset[int]) -> None:
        """Read which of some atoms hold."""
        self.held |= held.intersection(atoms)
        self.missing |= {*atoms} - held

    def add(self, other: "Reads") -> None:
        """Read what a row inside this one was made from."""
        self.held |= other.held
        self.missing |= other.missing
        self.certain |= other.certain
        self.uncertain |= other.uncertain
        self.fired |= other.fired
        self.silent |= other.silent
        self.values |= other.values
        self.works |= other.works

    def same(self, view: "View") -> bool:
        """Whether all of it is so in another situation."""
        outcome, works = view.outcome, view.works
        fired = outcome.fired
        if not (
            view.held.issuperset(self.held)
            and view.held.isdisjoint(self.missing)
            and view.uncertain.isdisjoint(self.certain)
            and view.uncertain.issuperset(self.uncertain)
            and self.fired.items() <= fired.items()
            and fired.keys().isdisjoint(self.silent)
        ):
            return False
        for atom, values in self.values.items():
            if outcome.values(atom) != values:
                return False
        return not self.works or all(works.get(kind, ()) == stated for kind, stated in self.works.items())


class View:
    """Looks things up for the parts of an advice; it decides nothing itself."""

    def __init__(self, lexicon: Lexicon, texts: Texts, outcome: Outcome, uncertain: frozenset[int]) -> None:
        self.lexicon = lexicon
        self.knowledge = lexicon.knowledge
        self.language = lexicon.language
        self.texts = texts
        self.outcome = outcome
        self.uncertain = uncertain
        self.held = outcome.stated.union(outcome.fired)
        self._reads: Reads | None = None

    def row(self, make: "Callable[[View, Link], Row]", link: Link) -> Row:
        """The row of a list about a link, as it was made for a situation before when all that it was made from is the same.

        `make` may ask this view only for what it keeps account of: `row`, `among`, `holds`, `reasons`, `conclusion`,
        `examples`, `works_of`, and what the knowledge says.
        """
        return self._row(make, self._number(link))

    def rows(self, make: "Callable[[View, Link], Row]", *properties: NamedNode) -> tuple[Row, ...]:
        """A row for each link with these properties, in their ranking."""
        return tuple([self._row(make, number) for number in self._results(properties)])

    def _row(self, make: "Callable[[View, Link], Row]", number: int) -> Row:
        made = self.lexicon.rows[make][number]
        around = self._reads
        for place, (reads, kept) in enumerate(made):
            if reads.same(self):
                row = cast("Row", kept)
                if place:  # the one that served last is tried first, as one situation is often asked about again
                    made.insert(0, made.pop(place))
                break
        else:
            reads = self._reads = Reads()
            row = make(self, self._link(number))
            made.insert(0, (reads, row))
            del made[MOST_ROWS:]
        if around is not None:
            around.add(reads)
        self._reads = around
        return row

    # What holds

    def links(self, *properties: NamedNode) -> list[Link]:
        """What the rules conclude with these properties, ranked by the criteria for them, then by name."""
        return [self._link(number) for number in self._results(properties)]

    def among(self, prop: NamedNode, nodes: Iterable[NamedNode]) -> list[Link]:
        """What holds of some individuals by a property, ranked as `links` does."""
        known = self.outcome.program.links_by[prop]
        numbers = [number for node in nodes if self._meets(number := known.get(node, NEVER))]
        return [self._link(number) for number in self._ranked((prop,), numbers)]

    def _results(self, properties: tuple[NamedNode, ...]) -> list[int]:
        return self._ranked(properties, [number for prop in properties for number in self._derived(prop)])

    def _derived(self, prop: NamedNode) -> list[int]:
        return list(filter(self.outcome.fired.__contains__, self.outcome.program.links_by[prop].values()))

    def _ranked(self, properties: tuple[NamedNode, ...], numbers: list[int]) -> list[int]:
        if len(numbers) < 2:
            return numbers
        places, held = self.lexicon.places(*properties), self.held
        if self._reads is not None:
            for number in numbers:
                self._reads.add_atoms(places[number].atoms, held)

        by_name = sorted(numbers, key=lambda number: places[number].label)
        if not places.ranked:
            return by_name
        # Sorting keeps the order of what is equal, also when it puts the highest first.
        return sorted(by_name, key=lambda number: [*map(held.__contains__, places[number].atoms)], reverse=True)

    def _link(self, number: int) -> Link:
        atom = self.outcome.program.atoms[number]
        assert isinstance(atom, Link)
        return atom

    def _number(self, link: Link) -> int:
        return self.outcome.program.links_by[link.property].get(link.object, NEVER)

    def concluded(self, prop: NamedNode) -> dict[NamedNode, Link]:
        """The individuals that the rules conclude with a property."""
        return {link.object: link for link in map(self._link, self._derived(prop))}

    def holds(self, prop: NamedNode, node: NamedNode) -> bool:
        """Whether a link holds, stated or derived."""
        return self._meets(self.outcome.program.links_by[prop].get(node, NEVER))

    def reasons(self, link: Link, most: int | None = None) -> tuple[str, ...]:
        """The explanation of each rule that fired; two firings over the same things in another order are one reason.

        Several firings of a rule that says how are told in one sentence, that names at most so many of what it is about.
        """
        return self._reasons(self._number(link), most)

    def _reasons(self, number: int, most: int | None = None) -> tuple[str, ...]:
        fired = [self.outcome.program.rules[rule] for rule in self._fired(number)]
        if self._reads is not None:
            asked = self.outcome.program.condition_numbers
            conditions = (atom for rule in fired for atom in rule.positive if atom in asked)
            self._reads.values.update((atom, found) for atom in conditions if (found := self.outcome.values(atom)))
        if len(fired) == 1:
            return (self._told(fired, most),)
        shared: dict[str | int, list[GroundRule]] = defaultdict(list)
        for rule in {self.texts.subject(rule): rule for rule in fired}.values():
            shared[rule.rule.slug if rule.rule.together else rule.number].append(rule)
        return tuple(dict.fromkeys(self._told(rules, most) for rules in shared.values()))

    def _told(self, rules: Sequence[GroundRule], most: int | None) -> str:
        """The explanation of a firing, or of more of one rule that says how they are told together."""
        if self._link(rules[0].head).property in NAMING_A_REASON:
            rules = [self._naming_triggers(rule) for rule in rules]
        if len(rules) > 1:
            return self.texts.together(rules, self.language, most)
        return self.texts.rule(rules[0], self.outcome, self.language)

    def _naming_triggers(self, rule: GroundRule) -> GroundRule:
        """A firing that names each characteristic as it was stated."""
        told = {name: value for name, value in rule.binding.items() if isinstance(value, NamedNode)}
        stated = {name: trigger for name, value in told.items() if (trigger := self._trigger(value))}
        return rule._replace(number=NEVER, binding=rule.binding | stated) if stated else rule

    def together(self, links: Sequence[Link], most: int | None = None) -> tuple[str, ...]:
        """Of each of some conclusions why it holds, in one sentence with the others that follow from the same.

        Such a sentence names at most so many of them.
        """
        alike: dict[object, list[GroundRule]] = defaultdict(list)
        found: list[object] = []
        for link in links:
            rules = [self.outcome.program.rules[rule] for rule in self._fired(self._number(link))]
            first = rules[0]
            others = frozenset(value for value in first.binding.values() if value != link.object)
            same = len(rules) == 1 and first.rule.together
            found.append((first.rule.slug, others) if same else link)
            alike[found[-1]].append(first)
        return tuple(
            self._told(alike[key], most) if len(alike[key]) > 1 else next(iter(self.reasons(link)), "")
            for key, link in zip(found, links, strict=True)
        )

    def stated_as(self, kenmerk: NamedNode) -> Ding:
        """A characteristic of this wijk as it was stated: what holds only because of a trigger goes by that trigger."""
        return self.thing(self._trigger(kenmerk) or kenmerk)

    def _trigger(self, node: NamedNode) -> NamedNode | None:
        """The trigger because of which a characteristic holds, when nothing else says that it does."""
        number = self._number(Link(GELDT_KENMERK, node))
        if number == NEVER or not self._meets(number):
            return None
        pointing = self.knowledge.subjects(WIJST_OP_KENMERK, node)
        triggers = [by for by in pointing if self.holds(HEEFT_GELDENDE_AANLEIDING, by)]
        rules = [self.outcome.program.rules[rule] for rule in self._fired(number)]
        if not rules or not all(set(triggers) & {*rule.binding.values()} for rule in rules):
            return None
        return triggers[0]

    def figures(self, link: Link) -> Iterator[str]:
        """The measurements that a conclusion rests on, each as part of a sentence."""
        rules, met, waiting = self.outcome.program.rules, set[int](), [self._number(link)]
        shown: set[str] = set()
        while waiting:
            number = waiting.pop(0)
            if number in met:
                continue
            met.add(number)
            atom = self.outcome.program.atoms[number]
            if isinstance(atom, Condition):
                shown.update(
                    own.place for own in next(atom.witnesses(self.outcome.facts)).values() if GROOTHEID in own.values
                )
            waiting += [part for rule in self._fired(number) for part in rules[rule].positive]
        for own in self.outcome.facts.nodes_of(HEEFT_METING):
            if own.place in shown:
                yield self.texts.measured(own, self.language)

    def conclusion(self, link: Link, *ranked_as: NamedNode) -> Concluded:
        """The fields that every conclusion has; its list is ranked as the results of `ranked_as`, else of its own property."""
        number = self._number(link)
        place = self.lexicon.places(*(ranked_as or (link.property,)))[number]
        certain = number not in self.uncertain
        if self._reads is not None:
            (self._reads.certain if certain else self._reads.uncertain).add(number)
        return {
            "id": place.id,
            "label": place.label,
            "in_zin": place.in_zin,
            "conclusie": place.key,
            "rustOpAanname": not certain,
            "redenen": self._reasons(number),
            "rangorde": tuple(compress(place.criteria, map(self._meets, place.atoms))),
        }

    def _meets(self, atom: int) -> bool:
        held = atom in self.held
        if self._reads is not None:
            (self._reads.held if held else self._reads.missing).add(atom)
        return held

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

    def _unlike(self, wijk: NamedNode) -> tuple[int, int]:
        """In how few things a known wijk resembles the situation, then how badly it ended."""
        return -len(self._fired(self._number(Link(LIJKT_OP, wijk)))), self.lexicon.ending(wijk)

    def _fired(self, number: int) -> Sequence[int]:
        """The ground rules that fired for a link."""
        fired = self.outcome.fired.get(number, ())
        if self._reads is not None:
            if fired:
                self._reads.fired[number] = fired
            else:
                self._reads.silent.add(number)
        return fired

    def optional(self, node: NamedNode | None) -> Ding | None:
        """An individual by name, or nothing."""
        return None if node is None else self.thing(node)

    # What the situation states

    def works_of(self, kind: NamedNode) -> tuple[GenoemdWerk, ...]:
        """The works of a kind that the situation states."""
        works = self.works.get(kind, ())
        if self._reads is not None:
            self._reads.works[kind] = works
        return works

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


def conclusie(view: View, link: Link) -> Conclusie:
    """A row with only what every conclusion has."""
    return Conclusie(**view.conclusion(link))
