"""What the members of a kind can be chosen on: what the ontology says of their class (`:lijstkeuze`), and words.

The pages and the API choose by this alone. Nothing here has a language: a value is what stands in an address.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pyoxigraph import NamedNode

from kb.engine import Engine
from kb.errors import Problem, SituationError, nearest
from kb.language import Words, did_you_mean
from kb.names import RDFS, declared
from kb.rule.terms import derived_terms
from kb.search.index import Index
from kb.situation.model import Situatie

LIJSTKEUZE, SITUATIE, REGEL = map(declared, ("lijstkeuze", "Situatie", "Regel"))
YES, NO = "ja", "nee"
# By what rules are chosen: they are no individuals, so that the ontology cannot say it.
DERIVES = "leidtAf"
MOST_NAMED = 20


@dataclass(frozen=True)
class Value:
    """A value that members can be chosen on, as an address has it; `node` is what it stands for, when that has a name."""

    key: str
    node: NamedNode | None = None


@dataclass(frozen=True)
class Facet:
    """A property that members can be chosen on, with the values of each member.

    `prop` is None for what rules derive; `concluded` says that it is no statement about a member but something that the rules
    conclude of it today, as YES or NO.
    """

    key: str
    prop: NamedNode | None
    values: Mapping[NamedNode, tuple[Value, ...]]
    concluded: bool = False

    def has(self, node: NamedNode, wanted: str) -> bool:
        """Whether a member has a value; every member when none is wanted."""
        return not wanted or any(value.key == wanted for value in self.values.get(node, ()))

    @cached_property
    def known(self) -> dict[str, Value]:
        """Every value that a member has, by its key."""
        found = {value.key: value for values in self.values.values() for value in values}
        return {key: found[key] for key in sorted(found)}


class Facets:
    """What can be chosen on, and the choosing. `index` is not called before words are asked."""

    def __init__(self, engine: Engine, index: Callable[[], Index]) -> None:
        self._engine = engine
        self._index = index
        self._rules = {rule.iri: rule for rule in (*engine.rules, *engine.knowledge.rules)}

    def properties(self, cls: NamedNode | None) -> dict[str, NamedNode | None]:
        """The properties that members of a class can be chosen on, by their names in an address."""
        derives: dict[str, NamedNode | None] = {DERIVES: None} if cls == REGEL else {}
        said = self._engine.knowledge.objects(cls, LIJSTKEUZE) if cls else []
        return derives | {key_of(prop): prop for prop in said}

    def of(self, cls: NamedNode | None, members: Sequence[NamedNode]) -> tuple[Facet, ...]:
        """What members of a class can be chosen on, with the values that they have."""
        return tuple(self._facet(key, prop, members) for key, prop in self.properties(cls).items())

    def with_words(self, words: str, segment: str, members: Sequence[NamedNode]) -> list[NamedNode]:
        """The members that have words in their names or meaning, the best first; `segment` is that of their IRIs."""
        known = {node.value: node for node in members}
        found = (known.get(thing.iri) for thing in self._index().find(words).of_kind(segment))
        return [node for node in found if node]

    def _facet(self, key: str, prop: NamedNode | None, members: Sequence[NamedNode]) -> Facet:
        if prop is None:
            derived = {node: derived_terms(self._rules[node]) for node in members if node in self._rules}
            return Facet(key, prop, {node: tuple(map(_named, terms)) for node, terms in derived.items()})
        if prop in self._of_situations:
            return Facet(key, prop, self._today(prop, members), concluded=True)
        return Facet(key, prop, {node: self._values(node, prop) for node in members})

    def _values(self, node: NamedNode, prop: NamedNode) -> tuple[Value, ...]:
        knowledge = self._engine.knowledge
        named = map(_named, knowledge.objects(node, prop))
        written = (Value(value.value) for _, value in knowledge.literals(prop, node) if value.language is None)
        return (*named, *written)

    def _today(self, prop: NamedNode, members: Sequence[NamedNode]) -> dict[NamedNode, tuple[Value, ...]]:
        """Of which members the rules conclude this today, with nothing else known."""
        view = self._engine.view(Situatie(peildatum=date.today()), "nl")
        held = {link.object for link in view.links(prop)}
        return {node: (Value(YES if node in held else NO),) for node in members}

    @cached_property
    def _of_situations(self) -> frozenset[NamedNode]:
        """The properties that say something of a situation."""
        return frozenset(self._engine.knowledge.subjects(NamedNode(RDFS + "domain"), SITUATIE))


def chosen(facets: Sequence[Facet], members: Sequence[NamedNode], wanted: Mapping[str, str]) -> list[NamedNode]:
    """The members that have every wanted value, in the order given."""
    return [node for node in members if all(facet.has(node, wanted.get(facet.key, "")) for facet in facets)]


def check_wanted(facets: Sequence[Facet], wanted: Mapping[str, str]) -> None:
    """Refuse values that no member has.

    Errors: SituationError that names each such key, and what is allowed.
    """
    faults = [
        _fault(facet, value)
        for facet in facets
        if (value := wanted.get(facet.key, "")) and value not in facet.known and not _means(facet, value)
    ]
    if faults:
        raise SituationError(faults)


def key_of(node: NamedNode) -> str:
    """The name of a property or an individual in an address: the last part of its IRI."""
    return node.value.replace("#", "/").rpartition("/")[2]


def _means(facet: Facet, value: str) -> bool:
    return facet.concluded and value in (YES, NO)


def _fault(facet: Facet, value: str) -> Problem:
    known = list(facet.known) if not facet.concluded else [YES, NO]
    near = nearest(value, {key: key for key in known})
    meant, more = did_you_mean(near), len(known) - MOST_NAMED
    allowed = ", ".join(known[:MOST_NAMED])
    message = Words(
        f"onbekende waarde {value!r}.{meant} Mogelijk zijn: {allowed}{f' en nog {more}' if more > 0 else ''}.",
        f"unknown value {value!r}.{meant.en} Possible are: {allowed}{f' and {more} more' if more > 0 else ''}.",
    )
    return Problem(facet.key, message, near)


def _named(node: NamedNode) -> Value:
    return Value(key_of(node), node)
