"""A list of one kind as a page shows it, narrowed down by what its members can be chosen on, and by words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from api.linked.naming import Naming, Ref
from kb.advice.terms import VOLGNUMMER
from kb.engine import Engine
from kb.knowledge.knowledge import KORT
from kb.language import as_sentence, catalogue
from kb.names import declared
from kb.rule.rule import Rule
from kb.search.facets import NO, YES, Facet, Facets, Value, check_wanted, chosen

LIJSTTEKST = declared("lijsttekst")
WORDS = "zoek"
MOST_VALUES = 8
MOST_LETTERS = 200


@dataclass(frozen=True)
class Option:
    """A value that members can be chosen on: how it is written in the address, its name, and how many have it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """What members can be chosen on by one property."""

    key: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Member:
    """A member in the list: its name, its meaning, its values that can be chosen on, and its texts."""

    node: NamedNode
    ref: Ref
    meaning: str
    facts: tuple[tuple[str, tuple[str, ...], int], ...]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Listed:
    """The list as it is asked for; `total` counts the members before they are narrowed down."""

    members: tuple[Member, ...]
    total: int
    filters: tuple[Filter, ...]
    words: str


class Lists:
    """The lists of individuals in one language at a time."""

    def __init__(self, engine: Engine, naming: Naming, rules: Mapping[NamedNode, Rule], facets: Facets) -> None:
        self._engine = engine
        self._naming = naming
        self._rules = rules
        self._facets = facets

    def listed(
        self, cls: NamedNode | None, members: Sequence[NamedNode], given: Mapping[str, str], language: str, segment: str
    ) -> Listed:
        """The members that an address asks for: by words the best first, else by name."""
        facets, words = self._facets.of(cls, members), _words(given)
        found = self._facets.with_words(words, segment, members) if words else self._by_name(members, language)
        return Listed(
            tuple(self._member(cls, node, facets, language) for node in chosen(facets, found, given)),
            len(members),
            tuple(self._filter(facet, facets, found, given, language) for facet in facets),
            words,
        )

    def narrowed(
        self, cls: NamedNode | None, members: Sequence[NamedNode], given: Mapping[str, str], segment: str
    ) -> list[NamedNode]:
        """The same members for who reads no page.

        Errors: SituationError for a value that no member has.
        """
        facets, words = self._facets.of(cls, members), _words(given)
        check_wanted(facets, given)
        return chosen(facets, self._facets.with_words(words, segment, members) if words else members, given)

    def asked(self, cls: NamedNode | None, given: Mapping[str, str]) -> dict[str, str]:
        """What an address asks of a list, without its other keys."""
        keys = (WORDS, *self._facets.properties(cls))
        return {key: value for key in keys if (value := given.get(key, ""))}

    def meaning(self, node: NamedNode, language: str) -> str:
        """What a member is."""
        rule = self._rules.get(node)
        return rule.explanation[language] if rule else self._engine.knowledge.definition(node, language)

    def _by_name(self, members: Iterable[NamedNode], language: str) -> list[NamedNode]:
        return sorted(members, key=lambda node: self._naming.label(node, language).casefold())

    def _member(self, cls: NamedNode | None, node: NamedNode, facets: Sequence[Facet], language: str) -> Member:
        knowledge = self._engine.knowledge
        values = [
            (self._label(facet, language), [label for label, _ in self._told(facet.values.get(node, ()), language)])
            for facet in facets
            if not facet.concluded
        ]
        texts = (
            (as_sentence(self._naming.label(prop, language)), knowledge.text(node, prop, language) or "")
            for prop in (knowledge.objects(cls, LIJSTTEKST) if cls else [])
        )
        return Member(
            node,
            self._naming.ref(node, language),
            self.meaning(node, language),
            tuple(
                (label, tuple(names[:MOST_VALUES]), max(0, len(names) - MOST_VALUES))
                for label, names in values
                if names
            ),
            tuple((label, text) for label, text in texts if text),
        )

    def _filter(
        self,
        facet: Facet,
        facets: Sequence[Facet],
        found: Sequence[NamedNode],
        wanted: Mapping[str, str],
        language: str,
    ) -> Filter:
        """A filter with what there still is to choose, given what is chosen by the others."""
        within = chosen([other for other in facets if other.key != facet.key], found, wanted)
        counts = Counter(value for node in within for value in dict.fromkeys(facet.values.get(node, ())))
        own = wanted.get(facet.key, "")
        if own in facet.known:
            counts.setdefault(facet.known[own], 0)
        options = [
            Option(value.key, label, counts[value], value.key == own) for label, value in self._told(counts, language)
        ]
        return Filter(facet.key, self._label(facet, language), tuple(options))

    def _label(self, facet: Facet, language: str) -> str:
        if facet.prop is None:
            return catalogue(language)("lijst.leidt_af")
        short = self._engine.knowledge.text(facet.prop, KORT, language)
        return as_sentence(short or self._naming.label(facet.prop, language))

    def _told(self, values: Iterable[Value], language: str) -> list[tuple[str, Value]]:
        """Values with their names, in the order in which they are told."""
        told = [(self._name(value, language), value) for value in values]
        return sorted(told, key=lambda one: self._place(one[1], one[0]))

    def _name(self, value: Value, language: str) -> str:
        if value.node is not None:
            return self._naming.label(value.node, language)
        say = catalogue(language)
        return {YES: say("yes"), NO: say("no")}.get(value.key, value.key)

    def _place(self, value: Value, label: str) -> tuple[int, str]:
        """Where a value stands among others: years the latest first, what is numbered by its number, the rest by name."""
        if value.node is None:
            return (-int(value.key) if value.key.isdecimal() else 0, value.key.casefold())
        number = self._engine.knowledge.literal(value.node, VOLGNUMMER) or "0"
        return (int(number) if number.isdecimal() else 0, label.casefold())


def _words(given: Mapping[str, str]) -> str:
    return given.get(WORDS, "")[:MOST_LETTERS].strip()
