"""What a form offers: the individuals of the knowledge base that a field can name, grouped, each with its meaning."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup
from pyoxigraph import NamedNode

from kb.advice.terms import HOORT_BIJ
from kb.engine import Engine
from kb.explain.question import VRAAGZIN
from kb.knowledge.knowledge import BEGRIP
from kb.language import as_sentence
from kb.names import TYPE, slug
from kb.situation.model import (
    CYCLUS,
    GROOTHEID,
    IN_WIJK,
    LINK_FIELDS,
    PLANZEKERHEID,
    TRANSITIE,
    WENS_VAN,
    WENST_OPGAVE,
    WERK_VAN,
)

_PROPERTIES = LINK_FIELDS | {
    "wijk": IN_WIJK,
    "werken.cyclus": CYCLUS,
    "werken.eigenaar": WERK_VAN,
    "werken.zekerheid": PLANZEKERHEID,
    "wensen.betrokkene": WENS_VAN,
    "wensen.opgave": WENST_OPGAVE,
    "metingen": GROOTHEID,
    "prioriteiten": TRANSITIE,
}


@dataclass(frozen=True)
class Choice:
    """One choice: what is sent, and what people read. `question` is how an adviser asks for it, if that is written."""

    value: str
    label: str
    meaning: str = ""
    question: str = ""
    unit: str = ""


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices under one title."""

    title: str
    choices: tuple[Choice, ...]


class Choices:
    """The choices of every field in one language."""

    def __init__(self, engine: Engine, language: str) -> None:
        self._engine = engine
        self._knowledge = engine.knowledge
        self._language = language
        self._groups: dict[str, tuple[ChoiceGroup, ...]] = {}
        self._synonyms: dict[str, Markup] = {}

    def of(self, field: str) -> tuple[ChoiceGroup, ...]:
        """The choices of a field such as `kenmerken` or `werken.cyclus`."""
        if field not in self._groups:
            self._groups[field] = tuple(self._grouped(self._class(field)))
        return self._groups[field]

    def one(self, field: str, term: str) -> str | None:
        """The choice that a term means, or None for what is not known or may be several."""
        node = self._engine.resolver.find(term, self._class(field))
        return slug(node) if node else None

    def label(self, field: str, term: str) -> str:
        """What a term is called; the term itself when it is not known."""
        node = self._engine.resolver.find(term, self._class(field))
        return as_sentence(self._knowledge.label(node, self._language)) if node else term

    def synonyms(self, field: str) -> Markup:
        """Every name that the field understands, in the order of the alphabet, each as an option of a datalist.

        Written once, as every form has hundreds of them.
        """
        if field not in self._synonyms:
            nodes = self._knowledge.instances(self._class(field))
            names = {name for node in nodes for name in self._knowledge.names(node)}
            options = (Markup('<option value="{}">').format(name) for name in sorted(names, key=str.casefold))
            self._synonyms[field] = Markup("").join(options)
        return self._synonyms[field]

    @cached_property
    def conclusions(self) -> tuple[str, ...]:
        """What one can ask 'why not' about, by name."""
        knowledge = self._knowledge
        shown = {link.object for link in self._engine.shown_conclusions}
        return tuple(sorted({knowledge.label(node, self._language) for node in shown}, key=str.casefold))

    def _class(self, field: str) -> NamedNode:
        return self._engine.vocabulary.ranges[_PROPERTIES[field]]

    def _grouped(self, cls: NamedNode) -> Iterable[ChoiceGroup]:
        groups: dict[str, list[Choice]] = defaultdict(list)
        for node in self._knowledge.instances(cls):
            groups[self._title(node, cls)].append(self._choice(node))
        for title in sorted(groups, key=str.casefold):
            yield ChoiceGroup(title, tuple(sorted(groups[title], key=lambda choice: choice.label.casefold())))

    def _title(self, node: NamedNode, cls: NamedNode) -> str:
        """The transition that it belongs to, else the kind that it is of."""
        above = self._knowledge.objects(node, HOORT_BIJ)
        kinds = [kind for kind in self._knowledge.objects(node, TYPE) if kind not in (BEGRIP, cls)]
        return as_sentence(self._knowledge.label((above or kinds)[0], self._language)) if above or kinds else ""

    def _choice(self, node: NamedNode) -> Choice:
        knowledge, language = self._knowledge, self._language
        return Choice(
            slug(node),
            as_sentence(knowledge.label(node, language)),
            knowledge.definition(node, language),
            knowledge.text(node, VRAAGZIN, language) or "",
            self._engine.texts.unit(node, language),
        )
