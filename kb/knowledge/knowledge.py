"""The knowledge base in memory: what is stated, what follows from it, and what each statement rests on.

`load` parses the Turtle, runs the rules over the knowledge (the OWL 2 RL entailments the ontology uses among them) to
fixpoint in Oxigraph, and remembers for each derived triple which rule made it from what.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from kb.knowledge.basis import Basis
from kb.knowledge.dictionary import Dictionary
from kb.knowledge.graph import Graph, Part, Subject
from kb.names import DEF, FOAF, ID, OWL, RDFS, SKOS, TYPE, declared, short, term
from kb.rule.rule import Binding, Citation, Rule

Texts = dict[str, str]

Lineage: TypeAlias = dict[Triple, tuple[Rule, Binding]]

PREF_LABEL = NamedNode(SKOS + "prefLabel")
ALT_LABEL = NamedNode(SKOS + "altLabel")
DEFINITION = NamedNode(SKOS + "definition")
BEGRIP, KORT = declared("Begrip"), declared("kort")


class Knowledge:
    """The loaded knowledge base. Read-only once loaded.

    What only some questions need, and takes long to make, is given as a function: the store, and the lineage.
    """

    def __init__(
        self,
        store: Callable[[], Store],
        rules: list[Rule],
        lineage: Callable[[], Lineage],
        graph: Graph | None = None,
        release: str | None = None,
    ) -> None:
        self.rules = rules
        self._make_store = store
        self._make_lineage = lineage
        self._graph = graph
        self._release = release
        self._objects: dict[tuple[Subject, NamedNode], list[NamedNode]] = {}
        self._literals: dict[tuple[Subject, NamedNode], str | None] = {}
        self._subjects: dict[tuple[NamedNode, NamedNode], list[NamedNode]] = {}
        self._in_sentence: dict[tuple[NamedNode, str], str] = {}
        self._dictionaries: dict[NamedNode, Dictionary] = {}

    def triples(
        self,
        subject: Subject | None = None,
        predicate: NamedNode | None = None,
        object: Part | None = None,
    ) -> Iterator[Triple]:
        """The triples that match; None matches anything."""
        return self.graph.match(subject, predicate, object)

    @cached_property
    def store(self) -> Store:
        """The triples in a store, which answers SPARQL."""
        return self._make_store()

    @cached_property
    def graph(self) -> Graph:
        """The triples in dictionaries."""
        return self._graph or Graph.of(quad.triple for quad in self.store)

    @cached_property
    def lineage(self) -> Lineage:
        """Which rule made each derived triple, from what."""
        return self._make_lineage()

    @cached_property
    def release(self) -> str:
        """The version of the knowledge: a hash of all that was stated, the same from files and from a store."""
        if self._release is None:
            lines = sorted(
                re.sub(r"_:\w+", "_:", str(triple)) for triple in self.triples() if triple not in self.lineage
            )
            return sha256("\n".join(lines).encode()).hexdigest()[:16]
        return self._release

    def objects(self, subject: Subject, predicate: NamedNode) -> list[NamedNode]:
        """The individuals a subject is linked to by a property, in a stable order."""
        key = (subject, predicate)
        if key not in self._objects:
            found = self.graph.objects(subject, predicate)
            named = [node for node in found if isinstance(node, NamedNode)]
            self._objects[key] = sorted(named, key=lambda node: node.value)
        return self._objects[key]

    def literal(self, subject: Subject, predicate: NamedNode) -> str | None:
        """One literal value of a property, or None."""
        key = (subject, predicate)
        if key not in self._literals:
            self._literals[key] = next((value.value for _, value in self.literals(predicate, subject)), None)
        return self._literals[key]

    def subjects(self, predicate: NamedNode, object: NamedNode) -> list[NamedNode]:
        """The individuals that are linked to an object by a property, in a stable order."""
        key = (predicate, object)
        if key not in self._subjects:
            found = self.graph.subjects(predicate, object)
            named = [node for node in found if isinstance(node, NamedNode)]
            self._subjects[key] = sorted(named, key=lambda node: node.value)
        return self._subjects[key]

    def literals(self, predicate: NamedNode, subject: Subject | None = None) -> Iterator[tuple[Subject, Literal]]:
        """The subjects with their literal values of a property."""
        if subject is None:
            yield from ((one, value) for one, value in self.graph.pairs(predicate) if isinstance(value, Literal))
        else:
            found = self.graph.objects(subject, predicate)
            yield from ((subject, value) for value in found if isinstance(value, Literal))

    def text(self, subject: Subject, predicate: NamedNode, language: str = "nl") -> str | None:
        """A text in this language, in Dutch when there is none in it, or None."""
        texts = {value.language: value.value for _, value in self.literals(predicate, subject)}
        return texts.get(language) or texts.get("nl")

    def instances(self, cls: NamedNode) -> list[NamedNode]:
        """The individuals of a class and its subclasses, in a stable order."""
        return self._instances.get(cls, [])

    def dictionary(self, cls: NamedNode) -> Dictionary:
        """What the individuals of a class and its subclasses are called."""
        if cls not in self._dictionaries:
            self._dictionaries[cls] = Dictionary({node: self.names(node) for node in self.instances(cls)})
        return self._dictionaries[cls]

    def names(self, node: NamedNode) -> list[str]:
        """Every label of an individual, preferred and alternative, in every language."""
        return [*self.labels.get(node, {}).values(), *self.synonyms.get(node, ())]

    def kind(self, node: NamedNode) -> NamedNode | None:
        """The class whose padsegment the individual's IRI has, such as Instrument for `instrument/…`."""
        return self._kinds.get(node.value.removeprefix(ID).partition("/")[0]) if node.value.startswith(ID) else None

    def label(self, node: NamedNode, language: str = "nl") -> str:
        """The preferred label; the Dutch one when there is none in `language`; the slug when there is none at all."""
        texts = self.labels.get(node, {})
        return texts.get(language) or texts.get("nl") or short(node)

    def in_sentence(self, node: NamedNode, language: str = "nl") -> str:
        """The name as it fits in a sentence; the label when none is written in `language`."""
        key = (node, language)
        if key not in self._in_sentence:
            short_names = (value for _, value in self.literals(KORT, node) if value.language == language)
            found = next(short_names, None)
            self._in_sentence[key] = found.value if found else self.label(node, language)
        return self._in_sentence[key]

    def definition(self, node: NamedNode, language: str = "nl") -> str:
        """The definition, Dutch when there is none in `language`, empty when there is none at all."""
        texts = self.definitions.get(node, {})
        return texts.get(language) or texts.get("nl", "")

    def basis(self, triple: Triple) -> Basis | None:
        """What a stated triple rests on: its own annotation, else what its subject rests on."""
        annotated = self.annotations.get(triple)
        return annotated or (None if isinstance(triple.subject, Triple) else self.bases.get(triple.subject))

    def basis_of(self, node: NamedNode) -> Basis | None:
        """What an individual rests on."""
        return self.bases.get(node)

    def source_page(self, source: NamedNode) -> str | None:
        """The public address of a source."""
        pages = (triple.object for triple in self.triples(source, NamedNode(FOAF + "page")))
        return next((page.value for page in pages if isinstance(page, NamedNode)), None)

    @cached_property
    def labels(self) -> dict[NamedNode, Texts]:
        """Every preferred label by node and language."""
        return self._texts(PREF_LABEL)

    @cached_property
    def synonyms(self) -> dict[NamedNode, list[str]]:
        """Every alternative label by node."""
        found: dict[NamedNode, list[str]] = defaultdict(list)
        for subject, value in self.literals(ALT_LABEL):
            if isinstance(subject, NamedNode):
                found[subject].append(value.value)
        return {node: sorted(texts) for node, texts in found.items()}

    @cached_property
    def definitions(self) -> dict[NamedNode, Texts]:
        """Every definition by node and language."""
        return self._texts(DEFINITION)

    @cached_property
    def segments(self) -> dict[NamedNode, str]:
        """The path segment of each class that has individuals with an IRI."""
        return {cls: segment for segment, cls in self._kinds.items()}

    @cached_property
    def individuals(self) -> list[NamedNode]:
        """Every individual of the knowledge base, in a stable order."""
        return self.instances(BEGRIP)

    @cached_property
    def _kinds(self) -> dict[str, NamedNode]:
        found = self.literals(term("padsegment"))
        return {value.value: cls for cls, value in found if isinstance(cls, NamedNode)}

    @cached_property
    def _instances(self) -> dict[NamedNode, list[NamedNode]]:
        found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for triple in self.triples(predicate=TYPE):
            cls = triple.object
            if isinstance(triple.subject, NamedNode) and isinstance(cls, NamedNode) and cls.value.startswith(DEF):
                found[cls].add(triple.subject)
        return {cls: sorted(nodes, key=lambda node: node.value) for cls, nodes in found.items()}

    @cached_property
    def bases(self) -> dict[Subject, Basis]:
        """What every individual and annotation rests on."""
        return {
            triple.subject: Basis(short(triple.object), self._citations(triple.subject))
            for triple in self.triples(predicate=term("zekerheid"))
            if isinstance(triple.object, NamedNode) and not isinstance(triple.subject, Triple)
        }

    @cached_property
    def annotations(self) -> dict[Triple, Basis]:
        """What each statement with a basis of its own rests on: its own owl:Axiom, else the :Onderbouwing of its property."""
        annotations = dict(self._grouped())
        for triple in self.triples(predicate=TYPE, object=NamedNode(OWL + "Axiom")):
            axiom = triple.subject
            if isinstance(axiom, Triple) or axiom not in self.bases:
                continue
            names = ("annotatedSource", "annotatedProperty", "annotatedTarget")
            parts: list[Any] = [next(self.triples(axiom, NamedNode(OWL + name))).object for name in names]
            annotations[Triple(*parts)] = self.bases[axiom]
        return annotations

    def _grouped(self) -> Iterator[tuple[Triple, Basis]]:
        """Each statement that an :Onderbouwing covers, with what that rests on."""
        for noted in self.triples(predicate=term("onderbouwtOnderwerp")):
            node, subject = noted.subject, noted.object
            if isinstance(node, Triple) or not isinstance(subject, NamedNode) or node not in self.bases:
                continue
            for prop in self.objects(node, term("onderbouwtEigenschap")):
                yield from ((triple, self.bases[node]) for triple in self.triples(subject, prop))

    def _citations(self, node: Subject) -> tuple[Citation, ...]:
        found = []
        for triple in self.triples(node, term("verwijzing")):
            if isinstance(triple.object, BlankNode):
                place = self.literal(triple.object, term("plaatsInBron")) or ""
                found += [Citation(short(source), place) for source in self.objects(triple.object, term("bron"))]
        return tuple(sorted(found, key=lambda citation: (citation.source, citation.place)))

    def _texts(self, predicate: NamedNode) -> dict[NamedNode, Texts]:
        texts: dict[NamedNode, Texts] = defaultdict(dict)
        for subject, value in self.literals(predicate):
            if isinstance(subject, NamedNode):
                texts[subject][value.language or "nl"] = value.value
        return dict(texts)


def bindings(store: Store, query: str) -> list[Binding]:
    """The solutions of a SELECT as dictionaries of bound variables."""
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    names = solutions.variables
    return [
        {name: value for name, value in zip(names, solution, strict=True) if value is not None}
        for solution in solutions
    ]


def class_of(store: Store, property: NamedNode, end: str) -> NamedNode | None:
    """The `domain` or `range` that the ontology gives to a property."""
    quads = store.quads_for_pattern(property, NamedNode(RDFS + end), None, None)
    return next((quad.object for quad in quads if isinstance(quad.object, NamedNode)), None)
