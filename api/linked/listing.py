"""A list of one kind, narrowed down by what the ontology says a reader can choose on (`:lijstkeuze`), and by words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pyoxigraph import Literal, NamedNode
from starlette.datastructures import QueryParams

from api.linked.naming import Naming, Ref
from api.linked.rules import derived_terms
from kb.advice.terms import VOLGNUMMER
from kb.engine import Engine
from kb.knowledge.knowledge import KORT
from kb.language import as_sentence, catalogue
from kb.names import RDFS, declared
from kb.rule.rule import Rule
from kb.search.index import Index
from kb.situation.model import Situatie

LIJSTKEUZE, LIJSTTEKST, SITUATIE = map(declared, ("lijstkeuze", "lijsttekst", "Situatie"))
WORDS = "zoek"
YES, NO = "ja", "nee"
MOST_VALUES = 8
MOST_LETTERS = 200
# By what rules are chosen: they are no individuals, so that the ontology cannot say it.
DERIVES = "leidtAf"


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


@dataclass(frozen=True)
class _Value:
    """A value of a member: how it is written in the address, its name, and where it stands among others."""

    key: str
    label: str
    place: tuple[int, str]


@dataclass(frozen=True)
class _Facet:
    """A property that members can be chosen on, with the values of each member."""

    key: str
    label: str
    values: Mapping[NamedNode, tuple[_Value, ...]]
    shown: bool = True


class Lists:
    """The lists of individuals in one language at a time."""

    def __init__(
        self, engine: Engine, naming: Naming, rules: Mapping[NamedNode, Rule], index: Callable[[], Index]
    ) -> None:
        self._engine = engine
        self._naming = naming
        self._rules = rules
        self._index = index

    def listed(
        self, cls: NamedNode | None, members: Sequence[NamedNode], given: QueryParams, language: str, segment: str
    ) -> Listed:
        """The members that an address asks for: by words the best first, else by name."""
        facets = list(self._facets(cls, members, language))
        chosen = {facet.key: value for facet in facets if (value := given.get(facet.key, ""))}
        words = given.get(WORDS, "")[:MOST_LETTERS].strip()
        found = self._with_words(words, segment, members) if words else self._by_name(members, language)
        kept = [node for node in found if all(_has(facet, node, chosen.get(facet.key, "")) for facet in facets)]
        return Listed(
            tuple(self._member(cls, node, facets, language) for node in kept),
            len(members),
            tuple(_filter(facet, facets, found, chosen) for facet in facets),
            words,
        )

    def meaning(self, node: NamedNode, language: str) -> str:
        """What a member is."""
        rule = self._rules.get(node)
        return rule.explanation[language] if rule else self._engine.knowledge.definition(node, language)

    def _by_name(self, members: Iterable[NamedNode], language: str) -> list[NamedNode]:
        return sorted(members, key=lambda node: self._naming.label(node, language).casefold())

    def _with_words(self, words: str, segment: str, members: Sequence[NamedNode]) -> list[NamedNode]:
        known = {node.value: node for node in members}
        found = (known.get(thing.iri) for thing in self._index().find(words).of_kind(segment))
        return [node for node in found if node]

    def _member(self, cls: NamedNode | None, node: NamedNode, facets: Sequence[_Facet], language: str) -> Member:
        knowledge = self._engine.knowledge
        values = [
            (facet.label, [value.label for value in facet.values.get(node, ())]) for facet in facets if facet.shown
        ]
        texts = (
            (as_sentence(self._naming.label(prop, language)), knowledge.text(node, prop, language) or "")
            for prop in self._said(cls, LIJSTTEKST)
        )
        return Member(
            self._naming.ref(node, language),
            self.meaning(node, language),
            tuple(
                (label, tuple(names[:MOST_VALUES]), max(0, len(names) - MOST_VALUES))
                for label, names in values
                if names
            ),
            tuple((label, text) for label, text in texts if text),
        )

    def _said(self, cls: NamedNode | None, annotation: NamedNode) -> list[NamedNode]:
        return self._engine.knowledge.objects(cls, annotation) if cls else []

    def _facets(self, cls: NamedNode | None, members: Sequence[NamedNode], language: str) -> Iterator[_Facet]:
        if any(node in self._rules for node in members):
            yield self._derived_facet(members, language)
        for prop in self._said(cls, LIJSTKEUZE):
            label = as_sentence(self._engine.knowledge.text(prop, KORT, language) or self._naming.label(prop, language))
            if prop in self._of_situations:
                values = self._today(prop, members, language)
                yield _Facet(_key(prop), label, values, shown=False)
            else:
                values = {node: self._values(node, prop, language) for node in members}
                yield _Facet(_key(prop), label, values)

    def _derived_facet(self, members: Sequence[NamedNode], language: str) -> _Facet:
        """What rules derive."""
        values = {
            node: tuple(self._value(term, language) for term in derived_terms(self._rules[node]))
            for node in members
            if node in self._rules
        }
        return _Facet(DERIVES, catalogue(language)("lijst.leidt_af"), values)

    def _values(self, node: NamedNode, prop: NamedNode, language: str) -> tuple[_Value, ...]:
        knowledge = self._engine.knowledge
        named = [self._value(one, language) for one in knowledge.objects(node, prop)]
        years = [
            _Value(value.value, value.value, (-int(value.value), ""))
            for _, value in knowledge.literals(prop, node)
            if _is_whole(value)
        ]
        return tuple(sorted([*named, *years], key=lambda value: value.place))

    def _value(self, node: NamedNode, language: str) -> _Value:
        label = self._naming.label(node, language)
        number = self._engine.knowledge.literal(node, VOLGNUMMER) or "0"
        place = int(number) if number.isdecimal() else 0
        return _Value(node.value.replace("#", "/").rpartition("/")[2], label, (place, label.casefold()))

    def _today(
        self, prop: NamedNode, members: Sequence[NamedNode], language: str
    ) -> dict[NamedNode, tuple[_Value, ...]]:
        """Of which members the rules conclude this today, with nothing else known."""
        view = self._engine.view(Situatie(peildatum=date.today()), language)
        say, held = catalogue(language), {link.object for link in view.links(prop)}
        yes, no = (_Value(key, say(name), (place, "")) for place, (key, name) in enumerate([(YES, "yes"), (NO, "no")]))
        return {node: (yes if node in held else no,) for node in members}

    @cached_property
    def _of_situations(self) -> frozenset[NamedNode]:
        """The properties that say something of a situation."""
        return frozenset(self._engine.knowledge.subjects(NamedNode(RDFS + "domain"), SITUATIE))


def _filter(facet: _Facet, facets: Sequence[_Facet], found: Sequence[NamedNode], chosen: Mapping[str, str]) -> Filter:
    """A filter with what there still is to choose, given what is chosen by the others."""
    others = [other for other in facets if other.key != facet.key]
    within = [node for node in found if all(_has(other, node, chosen.get(other.key, "")) for other in others)]
    counts = Counter(value for node in within for value in dict.fromkeys(facet.values.get(node, ())))
    own = chosen.get(facet.key, "")
    known = {value.key: value for values in facet.values.values() for value in values}
    if own in known:
        counts.setdefault(known[own], 0)
    options = [
        Option(value.key, value.label, counts[value], value.key == own)
        for value in sorted(counts, key=lambda value: value.place)
    ]
    return Filter(facet.key, facet.label, tuple(options))


def _has(facet: _Facet, node: NamedNode, wanted: str) -> bool:
    return not wanted or any(value.key == wanted for value in facet.values.get(node, ()))


def _key(prop: NamedNode) -> str:
    """The name of a property in an address: the last part of its IRI."""
    return prop.value.replace("#", "/").rpartition("/")[2]


def _is_whole(value: Literal) -> bool:
    return value.datatype.value.endswith("#integer")
