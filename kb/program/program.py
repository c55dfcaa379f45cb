"""The ground program: a propositional logic program about one situation, in strata.

Atoms are numbered. An atom is a Link (`?situatie property individual`), a Condition over the situation's own nodes, or an
Auxiliary (a conjunction inside a NOT EXISTS). Strata are the components of the rules' dependency graph in topological
order, so that every negated atom is decided before it is used.
"""

from array import array
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple, TypeAlias

from pyoxigraph import NamedNode

from kb.program.condition import Condition, Fits, Given, SlotShape
from kb.program.levels import CompactRule, RuleLevel, rule_levels
from kb.rule.expression import Stated, Term
from kb.rule.rule import SITUATION, Binding, Rule
from kb.situation.facts import Facts, Link, Node, add_facts

# In the place of the number of a key, where none is needed.
NO_KEY = -1
# Reference dates of which it is kept which conditions hold.
MOST_DAYS = 64


class Auxiliary(NamedTuple):
    """'Some match of the n-th NOT EXISTS of a rule', for one binding of the rule."""

    rule: str
    number: int
    binding: tuple[str, ...]


Atom: TypeAlias = Link | Condition | Auxiliary


class Filled(dict[SlotShape, list[Given]]):
    """What the nodes of facts give a slot; looked up when first asked for, as many conditions have the same slot."""

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._facts = facts

    def __missing__(self, shape: SlotShape) -> list[Given]:
        self[shape] = found = shape.offered(self._facts)
        return found


class Joint(NamedTuple):
    """A condition that an addition may change together with what a situation states: its number, and what that must have.

    `offered` has what the addition gives each slot. `replaced` is whether it brings another plain value for the condition,
    so that that may no longer hold.
    """

    number: int
    condition: Condition
    keys: frozenset[int]
    offered: tuple[tuple[SlotShape, list[Given]], ...]
    replaced: bool


class Addition(NamedTuple):
    """Facts that may be added to situations with the same plain values, and what is known of that beforehand.

    * `atoms`: the links, and the conditions that one of its nodes makes hold;
    * `joint`: the conditions that it may change together with what a situation states, by one of the keys that that must
      have (NO_KEY: by none).
    """

    facts: Facts
    atoms: frozenset[int]
    joint: Mapping[int, Sequence[Joint]]


class GroundRule(NamedTuple):
    """`head` holds when every atom of `positive` and none of `negative` holds; `binding` fills the rule's variables.

    `number` is its place among the program's rules.
    """

    number: int
    head: int
    positive: tuple[int, ...]
    negative: tuple[int, ...]
    stratum: int
    rule: Rule
    binding: Binding


@dataclass
class Program:
    """Numbered atoms and the ground rules over them.

    `inputs` are the links a situation may state; `recursive` holds the strata that need a fixpoint; `own_nodes`
    are the properties that lead from a situation to its own nodes.
    """

    atoms: list[Atom] = field(default_factory=list)
    rules: list[GroundRule] = field(default_factory=list)
    inputs: set[int] = field(default_factory=set)
    recursive: set[int] = field(default_factory=set)
    own_nodes: frozenset[NamedNode] = frozenset()
    _numbers: dict[Atom, int] = field(default_factory=dict)
    _held: dict[tuple[object, ...], frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    def number(self, atom: Atom) -> int:
        """The number of an atom, giving it one when it is new."""
        if atom not in self._numbers:
            self._numbers[atom] = len(self.atoms)
            self.atoms.append(atom)
        return self._numbers[atom]

    def add(
        self, head: int, positive: Iterable[int], negative: Iterable[int], stratum: int, rule: Rule, binding: Binding
    ) -> None:
        """Add a ground rule, numbered by its place."""
        number = len(self.rules)
        self.rules.append(GroundRule(number, head, tuple(positive), tuple(negative), stratum, rule, binding))

    def find(self, atom: Atom) -> int | None:
        """The number of an atom that the program knows, or None."""
        return self._numbers.get(atom)

    def own_variables(self, rule: Rule) -> set[Term]:
        """The variables of a rule that stand for the situation's own nodes."""
        patterns = rule.body.patterns
        return {p.object for p in patterns if p.subject == SITUATION and p.predicate in self.own_nodes}

    def stated(self, facts: Facts, among: Set[int] | None = None) -> set[int]:
        """The atoms that the facts make true by themselves: known links and conditions that hold.

        With `among`, of the conditions over own nodes only those among these atoms.
        """
        known = {number for link in facts.links if (number := self.find(link)) is not None}
        known |= self._held_by(facts.values)
        if not facts.nodes:
            return known
        keys, filled, fits, values = self._keys(facts), Filled(facts), Fits(), facts.values
        for key in keys:
            for number, condition, needed in self.conditions_by_key.get(key, ()):
                if among is not None and number not in among:
                    continue
                if needed <= keys and fits(condition, values, [filled[shape] for shape in condition.shapes]):
                    known.add(number)
        return known

    def _held_by(self, values: Mapping[NamedNode, Stated]) -> frozenset[int]:
        """The conditions on plain values alone that hold; most situations are about the same day, so they are kept."""
        key = tuple(values.items())
        held = self._held.get(key)
        if held is None:
            facts = Facts(values=values)
            held = frozenset(number for number, condition in self._plain_conditions if condition.holds(facts))
            if len(self._held) == MOST_DAYS:
                self._held.clear()
            self._held[key] = held
        return held

    def addition(self, more: Facts, values: Mapping[NamedNode, Stated], among: Set[int] | None = None) -> Addition:
        """What is known of facts before they are added to a situation with these plain values.

        With `among`, only of what is among these atoms.
        """
        atoms = {number for link in more.links if (number := self.find(link)) is not None}
        if among is not None:
            atoms &= among
        alone = add_facts(Facts(values=values), more)
        keys, filled, joint = self._keys(more), Filled(more), defaultdict(list)
        touched = {found[0]: found for key in keys for found in self.conditions_touched.get(key, ())}
        for number, condition, needed in touched.values():
            if among is not None and number not in among:
                continue
            replaced = any(predicate in more.values for predicate, _ in condition.plain)
            if replaced or len(condition.slots) > 1:
                lacking = needed - keys
                offered = tuple((shape, filled[shape]) for shape in condition.shapes)
                joint[max(lacking, default=NO_KEY)].append(Joint(number, condition, lacking, offered, replaced))
            elif condition.holds(alone):
                atoms.add(number)
        return Addition(more, frozenset(atoms), dict(joint))

    def restated(self, facts: Facts, stated: Set[int], additions: Iterable[Addition]) -> list[set[int]]:
        """For each addition to facts of which the stated atoms are known, the stated atoms that come or go with it.

        A condition asks whether nodes exist, so nodes only make it true, while a plain value takes the place of the one
        before and may make it false too.
        """
        keys, filled, fits = {NO_KEY, *self._keys(facts)}, Filled(facts), Fits()
        return [self._restated(facts, stated, keys, filled, fits, addition) for addition in additions]

    def _restated(
        self, facts: Facts, stated: Set[int], keys: set[int], filled: Filled, fits: Fits, more: Addition
    ) -> set[int]:
        changed = set(more.atoms - stated)
        if not more.joint:
            return changed
        values = {**facts.values, **more.facts.values}
        for key in keys & more.joint.keys():
            for number, condition, lacking, offered, replaced in more.joint[key]:
                held = number in stated
                if (replaced or not held) and lacking <= keys:
                    given = _together(filled, offered)
                    if given is not None and fits(condition, values, given) != held:
                        changed.add(number)
        return changed

    def _keys(self, facts: Facts) -> set[int]:
        """The numbers of the keys that facts have, of those that conditions need."""
        known = self._key_numbers
        keys = chain(facts.values, chain.from_iterable(map(keys_of, facts.nodes)))
        return {number for key in keys if (number := known.get(key)) is not None}

    @cached_property
    def _key_numbers(self) -> dict[Hashable, int]:
        """A number for each key that conditions need; those that name an individual, the rarest ones, have the highest."""
        keys = dict.fromkeys(key for _, condition in self.conditions for key in _keys_needed(condition))
        return {key: number for number, key in enumerate(sorted(keys, key=lambda key: isinstance(key, tuple)))}

    def _keys_needed(self, condition: Condition) -> list[int]:
        return [self._key_numbers[key] for key in _keys_needed(condition)]

    @cached_property
    def conditions_touched(self) -> dict[int, list[tuple[int, Condition, frozenset[int]]]]:
        """The conditions, each under every key that it needs, and with all of them."""
        index: dict[int, list[tuple[int, Condition, frozenset[int]]]] = defaultdict(list)
        for number, condition in self.conditions:
            needed = frozenset(self._keys_needed(condition))
            for key in needed:
                index[key].append((number, condition, needed))
        return dict(index)

    @cached_property
    def conditions(self) -> list[tuple[int, Condition]]:
        """Every condition with its number."""
        return [(number, atom) for number, atom in enumerate(self.atoms) if isinstance(atom, Condition)]

    @cached_property
    def condition_numbers(self) -> frozenset[int]:
        """The numbers of the conditions."""
        return frozenset(number for number, _ in self.conditions)

    @cached_property
    def links_by(self) -> Mapping[NamedNode, Mapping[NamedNode, int]]:
        """The number of each link, by its property and what it leads to."""
        found: dict[NamedNode, dict[NamedNode, int]] = defaultdict(dict)
        for number, atom in enumerate(self.atoms):
            if isinstance(atom, Link):
                found[atom.property][atom.object] = number
        return found

    @cached_property
    def _plain_conditions(self) -> list[tuple[int, Condition]]:
        """The conditions on plain values alone."""
        return [(number, condition) for number, condition in self.conditions if not condition.slots]

    @cached_property
    def conditions_by_key(self) -> dict[int, list[tuple[int, Condition, set[int]]]]:
        """The conditions on own nodes, each under one of the keys that it needs, and with all of them."""
        index: dict[int, list[tuple[int, Condition, set[int]]]] = defaultdict(list)
        for number, condition in self.conditions:
            if not condition.slots:
                continue
            needed = self._keys_needed(condition)
            index[needed[0]].append((number, condition, set(needed)))
        return dict(index)

    @cached_property
    def watchers(self) -> "list[array[int]]":
        """For each atom, the rules that have it among their positive atoms."""
        watching: list[array[int]] = [array("L") for _ in self.atoms]
        for number, rule in enumerate(self.rules):
            for atom in set(rule.positive):
                watching[atom].append(number)
        return watching

    @cached_property
    def levels(self) -> list[RuleLevel]:
        """The rules by what can be tried together."""
        rules = [(rule.head, rule.positive, rule.negative) for rule in self.rules]
        return rule_levels(rules, len(self.atoms), self.head_strata, self.recursive)

    @cached_property
    def heads(self) -> "array[int]":
        """What each rule derives."""
        return array("L", (rule.head for rule in self.rules))

    @cached_property
    def distinct_rules(self) -> list[Rule]:
        """The rules that the ground rules came from, each once."""
        return list({id(rule.rule): rule.rule for rule in self.rules}.values())

    @cached_property
    def rule_places(self) -> "array[int]":
        """For each ground rule, the place in `distinct_rules` of the rule that it came from."""
        places = {id(rule): place for place, rule in enumerate(self.distinct_rules)}
        return array("H", (places[id(rule.rule)] for rule in self.rules))

    @cached_property
    def by_head(self) -> dict[int, list[GroundRule]]:
        """The rules that can derive each atom."""
        deriving: dict[int, list[GroundRule]] = defaultdict(list)
        for rule in self.rules:
            deriving[rule.head].append(rule)
        return dict(deriving)

    @cached_property
    def compact(self) -> list[list[CompactRule]]:
        """Per stratum, the distinct `(head, positive, negative)` of its rules, whatever rule or binding they came from."""
        # Made anew and one after the other, so that they lie together in memory: that is what reading them costs.
        same = list(range(len(self.atoms)))
        groups: list[dict[CompactRule, None]] = [{} for _ in range(self.strata)]
        for rule in self.rules:
            positive, negative = ([same[atom] for atom in atoms] for atoms in (rule.positive, rule.negative))
            groups[rule.stratum][same[rule.head], tuple(positive), tuple(negative)] = None
        return [list(group) for group in groups]

    @cached_property
    def compact_by_head(self) -> dict[int, list[CompactRule]]:
        """The rules of `compact` by what they derive."""
        found: dict[int, list[CompactRule]] = defaultdict(list)
        for group in self.compact:
            for rule in group:
                found[rule[0]].append(rule)
        return dict(found)

    @cached_property
    def asked_by_head(self) -> dict[int, frozenset[int]]:
        """By what is derived, all that some rule for it asks to hold or not to hold."""
        return {
            head: frozenset(chain.from_iterable(chain(some, none) for _, some, none in rules))
            for head, rules in self.compact_by_head.items()
        }

    @cached_property
    def head_strata(self) -> dict[int, int]:
        """The stratum in which each atom is derived."""
        return {rule.head: rule.stratum for rule in self.rules}

    @cached_property
    def strata(self) -> int:
        """The number of strata."""
        return 1 + max((rule.stratum for rule in self.rules), default=0)


def _together(filled: Filled, offered: Iterable[tuple[SlotShape, list[Given]]]) -> list[list[Given]] | None:
    """What facts and an addition give each slot; None when they give one of the slots nothing."""
    given = []
    for shape, own in offered:
        found = filled[shape]
        if own:
            found = found + own
        if not found:
            return None
        given.append(found)
    return given


def keys_of(node: Node) -> Iterator[Hashable]:
    """The keys under which conditions that a node may satisfy are found."""
    yield node.property
    for predicate, value in node.values.items():
        if isinstance(value, NamedNode):
            yield node.property, predicate, value


def _keys_needed(condition: Condition) -> Iterator[Hashable]:
    """What a situation must have for a condition to hold: per slot a link with one of its node's values, and plain values."""
    for slot in condition.slots:
        named = ((slot.property, predicate, value) for predicate, value in slot.fixed if isinstance(value, NamedNode))
        yield next(named, slot.property)
    yield from (predicate for predicate, _ in condition.plain)
