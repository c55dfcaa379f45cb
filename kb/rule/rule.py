"""One rule: a SPARQL CONSTRUCT with its name, explanation and source in the header.

A file reads

    #@ label: Sector gives the lead
    #@ uitleg: {transitie} leidt, want {aanleiding} is de reden om te beginnen.
    #@ bron: poster | Methode voor de wijkaanpak
    #@ zekerheid: afgeleid
    PREFIX : <https://w3id.org/wijkaanpak/def#>
    CONSTRUCT { ?situatie :heeftLeidendeTransitie ?transitie }
    WHERE { ?situatie :heeftAanleiding ?aanleiding . ?aanleiding :stuwt ?transitie }

Keys with `-en` hold the English text. `kb.rule.parse` reads such a file and says what is allowed in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from pyoxigraph import NamedNode, Triple, Variable

from kb.names import BASE
from kb.rule.expression import Expression, Term

SITUATION = Variable("situatie")
KNOWLEDGE_FOLDER, SITUATION_FOLDER, COUNT_FOLDER = "kennis", "situatie", "telling"
CERTAINTIES = ("gebrond", "afgeleid", "aanname")


@dataclass(frozen=True)
class Pattern:
    """A triple pattern."""

    subject: Term
    predicate: Term
    object: Term

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."

    def variables(self) -> Iterator[Variable]:
        """The variables in subject, predicate and object, in that order."""
        yield from (part for part in (self.subject, self.predicate, self.object) if isinstance(part, Variable))

    def fill(self, binding: "Binding") -> Triple:
        """The triple this pattern becomes when every variable has its value."""
        return Triple(_filled(self.subject, binding), _filled(self.predicate, binding), _filled(self.object, binding))


@dataclass(frozen=True)
class Body:
    """What must hold: patterns, filters, and bodies that are only asked for: those of a NOT EXISTS, or of a count.

    A rule over the knowledge also has the variables that BIND or a count gives a value, and its whole group as SPARQL.
    """

    patterns: tuple[Pattern, ...]
    filters: tuple[Expression, ...] = ()
    absent: tuple["Body", ...] = ()
    bound: frozenset[Variable] = frozenset()
    sparql: str = ""

    def variables(self) -> set[Variable]:
        """The variables that the patterns, BIND or a count give a value."""
        return {variable for pattern in self.patterns for variable in pattern.variables()} | self.bound


@dataclass(frozen=True)
class Citation:
    """A source of the knowledge base (`bron/…`) and the place in it."""

    source: str
    place: str


@dataclass(frozen=True)
class Rule:
    """A checked rule. `label` and `explanation` are keyed by language (`nl` always, `en` always).

    `together` is the explanation of several firings at once, by language; empty when each is told on its own.
    """

    path: Path
    text: str
    label: dict[str, str]
    explanation: dict[str, str]
    citations: tuple[Citation, ...]
    certainty: str
    head: tuple[Pattern, ...]
    body: Body
    together: dict[str, str] = field(default_factory=dict)

    @cached_property
    def slug(self) -> str:
        """The rule's name in IRIs: its file name without the ending."""
        return self.path.stem

    @property
    def folder(self) -> PurePath:
        """Where the rule lies, from the folder of its kind on: `kennis`, or such as `situatie/conflict`."""
        return folder_of(self.path)

    @property
    def about_situation(self) -> bool:
        """Whether the rule is about a situation, not about the knowledge alone."""
        return about_situation(self.path)

    @property
    def iri(self) -> NamedNode:
        """The rule as a resource."""
        return NamedNode(f"{BASE}id/regel/{self.slug}")

    def __hash__(self) -> int:
        return hash(self.path)

    @property
    def counts(self) -> bool:
        """Whether the rule counts: it runs once, after the other rules over the knowledge have come to rest."""
        return counts(self.path)

    def select_new(self) -> str:
        """A rule over the knowledge as a SELECT of every binding that makes it fire and for which it adds something."""
        head = " ".join(map(str, self.head))
        return f"SELECT DISTINCT * WHERE {{ {self.body.sparql} FILTER NOT EXISTS {{ {head} }} }}"


Binding = dict[Variable, Any]


def _filled(part: Term, binding: Binding) -> Any:
    return binding[part] if isinstance(part, Variable) else part


def folder_of(path: Path) -> PurePath:
    """The folder of a rule file from the folder of its kind on; its own folder when it lies in neither."""
    kinds = (KNOWLEDGE_FOLDER, SITUATION_FOLDER)
    kind = next((parent for parent in path.parents if parent.name in kinds), path.parent)
    return path.parent.relative_to(kind.parent)


def about_situation(path: Path) -> bool:
    """Whether a rule file is about a situation: it lies in no folder `kennis`."""
    return KNOWLEDGE_FOLDER not in folder_of(path).parts[:1]


def counts(path: Path) -> bool:
    """Whether a rule file is about the knowledge and counts: it lies in `kennis/telling`."""
    return folder_of(path).parts[:2] == (KNOWLEDGE_FOLDER, COUNT_FOLDER)
