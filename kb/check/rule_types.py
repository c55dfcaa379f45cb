"""Heads and patterns of rules held against the domains and ranges of the ontology.

OWL reads a domain as a conclusion: what has a need *is* a situation. For a rule that is too kind: the conclusion that a task
is a need contradicts nothing, and an advice then lists a task among the needs. So a term that a rule uses in two places must
be of classes that go together, and what a rule concludes must be of the class that the property asks for.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode, QuerySolutions, Store, Variable

from kb.check.turtle_files import Finding, TurtleFiles
from kb.names import OWL, RDFS, SITUATIE, TYPE, local_name
from kb.rule.expression import Term
from kb.rule.rule import SITUATION, Pattern, Rule
from kb.rule.strata import line_of

_PREFIXES = f"PREFIX owl: <{OWL}> PREFIX rdfs: <{RDFS}> "
_ABOVE = "SELECT ?a ?b WHERE { ?a a owl:Class ; rdfs:subClassOf* ?b }"
_ENDS = "SELECT ?a ?b WHERE {{ ?a rdfs:subPropertyOf*/rdfs:{end} ?b }}"
_TYPES = "SELECT ?a ?b WHERE { ?a a ?b . ?b a owl:Class }"


@dataclass(frozen=True)
class _Role:
    """A class that a term must be of, and the pattern that says so."""

    cls: NamedNode
    prop: NamedNode
    place: str


class Classes:
    """What the ontology says of classes and of the ends of properties."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def fits(self, cls: NamedNode, wanted: NamedNode) -> bool:
        """Whether everything of a class is of the class that is wanted."""
        return cls == wanted or wanted in self._above[cls]

    def meet(self, one: NamedNode, other: NamedNode) -> bool:
        """Whether some class lies below both, so that a thing can well be of both."""
        return bool(self._below[one] & self._below[other])

    def roles(self, pattern: Pattern) -> Iterator[tuple[Term, _Role]]:
        """The classes that a pattern asks of its terms."""
        if not isinstance(prop := pattern.predicate, NamedNode):
            return
        if prop == TYPE:
            if isinstance(pattern.object, NamedNode) and pattern.object in self._below:
                yield pattern.subject, _Role(pattern.object, prop, "zo benoemd")
            return
        ends = ((pattern.subject, self._domains, "vóór"), (pattern.object, self._ranges, "achter"))
        for part, classes, place in ends:
            for cls in classes[prop]:
                if cls in self._below:
                    yield part, _Role(cls, prop, f"{place} :{local_name(prop)}")

    def of(self, node: NamedNode) -> set[NamedNode]:
        """The classes that an individual is said to be of."""
        return self._types[node]

    @cached_property
    def _above(self) -> defaultdict[NamedNode, set[NamedNode]]:
        return self._pairs(_ABOVE)

    @cached_property
    def _below(self) -> defaultdict[NamedNode, set[NamedNode]]:
        below: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
        for cls, above in self._above.items():
            for other in above:
                below[other].add(cls)
        return below

    @cached_property
    def _domains(self) -> defaultdict[NamedNode, set[NamedNode]]:
        return self._pairs(_ENDS.format(end="domain"))

    @cached_property
    def _ranges(self) -> defaultdict[NamedNode, set[NamedNode]]:
        return self._pairs(_ENDS.format(end="range"))

    @cached_property
    def _types(self) -> defaultdict[NamedNode, set[NamedNode]]:
        return self._pairs(_TYPES)

    def _pairs(self, query: str) -> defaultdict[NamedNode, set[NamedNode]]:
        pairs: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
        solutions = self.store.query(_PREFIXES + query)
        assert isinstance(solutions, QuerySolutions)
        for solution in solutions:
            if isinstance(solution["a"], NamedNode) and isinstance(solution["b"], NamedNode):
                pairs[solution["a"]].add(solution["b"])
        return pairs


def check_rule_types(rules: list[Rule], files: TurtleFiles) -> Iterator[Finding]:
    """A finding for each term of a rule that stands where the ontology wants another class."""
    classes = Classes(files.store)
    for rule in rules:
        yield from dict.fromkeys(_faults(rule, classes))


def _faults(rule: Rule, classes: Classes) -> Iterator[Finding]:
    known: defaultdict[Term, list[_Role]] = defaultdict(list)
    if rule.about_situation:
        known[SITUATION].append(_Role(SITUATIE, TYPE, "zo benoemd"))
    patterns = [pattern for body in (rule.body, *rule.body.absent) for pattern in body.patterns]
    # What a rule makes it names itself, so the classes in its head count as known.
    patterns += [pattern for pattern in rule.head if pattern.predicate == TYPE]
    for pattern in patterns:
        for part, role in classes.roles(pattern):
            clash = _clash(part, role, known[part], classes)
            if clash:
                yield _finding(rule, part, role, clash, "dat gaat niet samen")
            else:
                known[part].append(role)
    for pattern in rule.head:
        for part, role in classes.roles(pattern):
            clash = _clash(part, role, known[part], classes) or _too_wide(role, known[part], classes)
            if clash:
                yield _finding(rule, part, role, clash, f"leid daar alleen een :{local_name(role.cls)} af")


def _clash(part: Term, role: _Role, known: list[_Role], classes: Classes) -> _Role | None:
    if isinstance(part, NamedNode):
        types = [_Role(cls, TYPE, "zo benoemd") for cls in sorted(classes.of(part), key=str)]
        return None if any(classes.fits(other.cls, role.cls) for other in types) else next(iter(types), None)
    if not isinstance(part, Variable):
        return None
    return next((other for other in known if not classes.meet(role.cls, other.cls)), None)


def _too_wide(role: _Role, known: list[_Role], classes: Classes) -> _Role | None:
    """Something the term is known to be when that does not make it what a conclusion asks for."""
    enough = not known or any(classes.fits(other.cls, role.cls) for other in known)
    return None if enough else known[0]


def _finding(rule: Rule, part: Term, role: _Role, other: _Role, remedy: str) -> Finding:
    name = str(part) if isinstance(part, Variable) else local_name(part) if isinstance(part, NamedNode) else str(part)
    reason = (
        f"{name} is een :{local_name(other.cls)} ({other.place}), "
        f"maar hier ({role.place}) hoort een :{local_name(role.cls)}; {remedy}."
    )
    word = local_name(role.cls if role.prop == TYPE else role.prop)
    return Finding(reason, rule.path, line_of(rule, f":{word}"))
