"""Proof by HermiT, an OWL 2 reasoner, that ontology and knowledge do not contradict each other.

HermiT says whether there is a contradiction, not where; the two kinds that this ontology can have (an individual in two
classes that exclude each other, a value outside the range of its property) are then looked up and named. Takes about three
seconds and needs Java.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, serialize

from kb.check.turtle_files import Finding, TurtleFiles
from kb.names import OWL, RDFS, XSD, short

NO_JAVA = (
    "Java ontbreekt, dus HermiT kan de kennis niet op tegenspraak controleren. "
    "Installeer een Java-omgeving (17 of hoger), bijvoorbeeld het pakket default-jre-headless."
)
PREFIXES = f"PREFIX owl: <{OWL}> PREFIX rdfs: <{RDFS}> "
EXCLUSIONS = (
    PREFIXES
    + """
    SELECT DISTINCT ?a ?b WHERE {
        { ?all a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first ?a, ?b FILTER (STR(?a) < STR(?b)) }
        UNION { ?a owl:disjointWith ?b } }"""
)
CLASSES = (
    PREFIXES
    + """
    SELECT DISTINCT ?node ?class ?named ?property WHERE {
        { ?node a ?named }
        UNION { ?node ?property ?other . ?property rdfs:subPropertyOf*/rdfs:domain ?named }
        UNION { ?other ?property ?node . ?property rdfs:subPropertyOf*/rdfs:range ?named }
        ?named rdfs:subClassOf* ?class . ?class a owl:Class }"""
)
SUPERCLASSES = PREFIXES + "SELECT ?node ?class WHERE { ?node a owl:Class ; rdfs:subClassOf* ?class }"
VALUES = (
    PREFIXES
    + """
    SELECT ?node ?property ?value ?range WHERE {
        ?property a owl:DatatypeProperty ; rdfs:range ?range . ?node ?property ?value
        FILTER (DATATYPE(?value) != ?range) }"""
)
# Values of the second are values of the first.
NARROWER = {(XSD + "decimal", XSD + "integer")}


@dataclass(frozen=True)
class Clash:
    """An individual of two classes that exclude each other: per class how it came there and by which property, if any."""

    node: NamedNode
    classes: tuple[tuple[NamedNode, str, NamedNode | None], ...]

    @property
    def why(self) -> str:
        """What the individual is, in words."""
        both = " als ".join(f":{short(cls)} ({because})" for cls, because, _ in self.classes)
        return f"zowel {both}, en die klassen sluiten elkaar uit"


def check_consistency(files: TurtleFiles) -> Iterator[Finding]:
    """A finding for each class that can have no members, and for what contradicts itself."""
    import owlready2  # here, because importing it takes long and only this check uses it

    if shutil.which(owlready2.JAVA_EXE) is None:
        yield Finding(NO_JAVA)
        return
    try:
        empty = _classes_without_members(files)
    except owlready2.OwlReadyInconsistentOntologyError:
        named = [*_in_excluding_classes(files), *_outside_range(files)]
        yield from named or [
            Finding("HermiT vindt een tegenspraak in de kennis, van een soort die niet te benoemen is.")
        ]
    except owlready2.OwlReadyJavaError as error:
        reason = str(error).strip().splitlines()[-1]
        yield Finding(f"HermiT kan de kennis niet lezen: {reason}")
    else:
        for node in empty:
            yield files.finding(f"klasse :{short(node)} kan geen leden hebben{_why_empty(files, node)}.", node)


def check_stated(files: TurtleFiles) -> Iterator[Finding]:
    """The contradictions that can be looked up: what `check_consistency` finds, save classes that can have no members."""
    return chain(_in_excluding_classes(files), _outside_range(files))


def _classes_without_members(files: TurtleFiles) -> list[NamedNode]:
    """The unsatisfiable classes; raises what owlready2 raises."""
    import owlready2

    with TemporaryDirectory() as folder:
        path = Path(folder) / "kennis.nt"
        triples = [triple for file in files.knowledge for triple in file.triples]
        serialize(triples, output=str(path), format=RdfFormat.N_TRIPLES)
        world = owlready2.World()
        try:
            world.get_ontology(path.as_uri()).load()
            owlready2.sync_reasoner_hermit(world, debug=0)
            empty = [NamedNode(cls.iri) for cls in world.inconsistent_classes() if cls is not owlready2.Nothing]
        finally:
            world.close()
    return sorted(empty, key=lambda node: node.value)


def _in_excluding_classes(files: TurtleFiles) -> Iterator[Finding]:
    for clash in clashes_in(files.store):
        name = short(files.owner(clash.node) or clash.node)
        yield files.finding(f"{name} is {clash.why}.", clash.node)


def clashes_in(store: Store) -> Iterator[Clash]:
    """Every individual of two classes that exclude each other."""
    reasons: dict[NamedNode, dict[NamedNode, tuple[str, NamedNode | None]]] = defaultdict(dict)
    for node, cls, named, prop in _rows(store, CLASSES):
        because = f"door :{short(prop)}" if prop else "zo benoemd" if named == cls else f"als :{short(named)}"
        reasons[node].setdefault(cls, (because, prop))
    exclusions = _exclusions(store)
    for node in sorted(reasons, key=str):
        for a, b in _clashes(reasons[node], exclusions):
            yield Clash(node, tuple((cls, *reasons[node][cls]) for cls in (a, b)))


def _outside_range(files: TurtleFiles) -> Iterator[Finding]:
    return (files.finding(message, node) for node, _, message in values_outside(files.store))


def values_outside(store: Store) -> Iterator[tuple[NamedNode, NamedNode, str]]:
    """Every value outside the range of its property: the node, the property, and what is wrong."""
    for node, prop, value, wanted in _rows(store, VALUES):
        if (wanted.value, value.datatype.value if isinstance(value, Literal) else "") not in NARROWER:
            kind = wanted.value.removeprefix(XSD)
            yield node, prop, f"{short(node)}: :{short(prop)} moet xsd:{kind} zijn, maar is {value}."


def _why_empty(files: TurtleFiles, node: NamedNode) -> str:
    above = [cls for sub, cls in _rows(files.store, SUPERCLASSES) if sub == node]
    clash = next(iter(_clashes(above, _exclusions(files.store))), None)
    return f": ze valt onder :{short(clash[0])} en :{short(clash[1])}, die elkaar uitsluiten" if clash else ""


def _clashes(classes: Iterable[NamedNode], exclusions: set[frozenset[NamedNode]]) -> list[tuple[NamedNode, NamedNode]]:
    pairs = combinations(sorted(classes, key=lambda cls: cls.value), 2)
    return [(a, b) for a, b in pairs if frozenset((a, b)) in exclusions]


def _exclusions(store: Store) -> set[frozenset[NamedNode]]:
    return {frozenset(pair) for pair in _rows(store, EXCLUSIONS)}


def _rows(store: Store, query: str) -> Iterable[tuple[Any, ...]]:
    solutions = store.query(query, prefixes={"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"})
    assert isinstance(solutions, QuerySolutions)
    return (tuple(solution) for solution in solutions)
