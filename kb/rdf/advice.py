"""An advice as RDF: the situation, everything the rules derive about it, and where each derived statement came from.

    _:s a rdf:Statement, prov:Entity ;
        rdf:subject _:situatie ; rdf:predicate :heeftBehoefte ; rdf:object behoefte:geld ;
        :zekerheid :afgeleid ; sh:sourceRule regel:behoefte-uit-schaarste ; prov:wasGeneratedBy _:a .
    _:a a prov:Activity ; prov:used _:premise1, _:premise2 ; dcterms:description "…"@nl ;
        prov:qualifiedAssociation [ prov:hadPlan regel:behoefte-uit-schaarste ] .

The premises are those of the shortest proof: statements of the same shape, down to what the situation states, the
situation's own nodes, and statements of the knowledge base with the source and place they rest on. Why this shape:
docs/decisions/0003-lineage-in-rdf.md.
"""

from collections.abc import Iterable, Iterator, Set

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kb.engine import Engine
from kb.explain.proof import Prover, conclusion_key, knowledge_premises
from kb.knowledge.graph import Subject
from kb.knowledge.knowledge import PREF_LABEL
from kb.names import ID, TYPE, expand, short, term
from kb.program.condition import Condition
from kb.program.evaluate import Outcome
from kb.program.program import GroundRule
from kb.rdf.formats import literal, write_triples
from kb.rdf.prov import (
    ACTIVITY,
    ASSOCIATED,
    ASSOCIATION,
    CERTAINTY,
    CITATION,
    COMMENT,
    DERIVED_FROM,
    DESCRIPTION,
    ENTITY,
    GENERATED,
    HAD_PLAN,
    PAGE,
    PARTS,
    PLACE,
    PLAN,
    SOURCE,
    SOURCE_RULE,
    STATEMENT,
    USED,
)
from kb.rdf.receipt import apart, receipt_triples
from kb.rdf.situation import KINDS, node_name, situation_node, situation_triples
from kb.rule.expression import Stated, Term
from kb.rule.rule import Binding, Citation, Rule
from kb.situation.facts import Link
from kb.situation.model import ONTLEEND_AAN, Situatie


def write_advice_rdf(engine: Engine, situation: Situatie, format: RdfFormat | str, language: str = "nl") -> bytes:
    """The advice in a format of RDF.

    Errors: SituationError when a term is not known, FormatError for a format that is unknown or cannot hold the name.
    """
    return write_triples(advice_triples(engine, situation, language), engine.knowledge, format)


def advice_turtle(engine: Engine, situation: Situatie, language: str = "nl") -> str:
    """The advice as Turtle."""
    return write_advice_rdf(engine, situation, RdfFormat.TURTLE, language).decode()


def advice_triples(
    engine: Engine, situation: Situatie, language: str = "nl", node: Subject | None = None
) -> list[Triple]:
    """The advice with its receipt: the situation, what the rules derive about it with its lineage, and all labels.

    The situation stands as `node`, or under its own name.
    """
    facts = engine.resolver.facts(situation)
    outcome = engine.evaluate(situation)
    derived = sorted(outcome.derived(), key=conclusion_key)
    node = node or situation_node(situation)
    triples = situation_triples(situation, facts, node)
    triples += [Triple(node, *link) for link in derived if link not in facts.links]
    triples += _AdviceLineage(engine, outcome, language, node).triples(derived)
    triples += receipt_triples(engine.receipt(situation), node)
    return apart(triples + list(_labels(engine, triples, language)), engine.receipt(situation))


class _AdviceLineage:
    """Writes statements and what they came from, each once."""

    def __init__(self, engine: Engine, outcome: Outcome, language: str, node: Subject) -> None:
        self.engine = engine
        self.outcome = outcome
        self.program = outcome.program
        self.language = language
        self.node = node
        self.best = Prover(engine.knowledge, engine.texts, outcome, language).best_rules()
        self.own_nodes = {own.place: node_name(own, number) for number, own in enumerate(outcome.facts.nodes)}
        self.written: list[Triple] = []
        self.names: dict[Triple, BlankNode] = {}
        self.plans: dict[Rule, None] = {}
        self.citations: dict[Citation, BlankNode] = {}

    def triples(self, links: Iterable[Link]) -> list[Triple]:
        """The lineage of these links, of whatever they came from, and the rules and citations that it names."""
        for link in links:
            self._link(link)
        for rule in sorted(self.plans, key=lambda rule: rule.slug):
            self._add(rule.iri, (TYPE, PLAN))
            self._rests_on(rule.iri, rule.certainty, rule.citations)
        for citation, name in self.citations.items():
            self._add(name, (SOURCE, expand(citation.source)), (PLACE, Literal(citation.place, language="nl")))
        return self.written

    def _link(self, link: Link) -> BlankNode:
        """The statement that a link holds, by the rule of its shortest proof, or without one when it is stated."""
        number = self.program.find(link)
        rule = self.best.get(number) if number is not None else None
        triple = Triple(self.node, *link)
        if triple in self.names:
            return self.names[triple]
        name = self._statement(triple, conclusion_key(link).replace("/", "-"))
        if rule is not None:
            text = self.engine.texts.rule(rule, self.outcome, self.language)
            absent = self.engine.texts.absent(rule.negative, self.language)
            self._derivation(name, rule.rule, text, self._premises(rule), absent)
        return name

    def _premises(self, rule: GroundRule) -> Iterator[Subject]:
        for number in rule.positive:
            atom = self.program.atoms[number]
            if isinstance(atom, Link):
                yield self._link(atom)
            elif isinstance(atom, Condition):
                yield from self._witnesses(atom)
        yield from self._known(rule.rule, rule.binding, self.program.own_variables(rule.rule))

    def _witnesses(self, condition: Condition) -> Iterator[Subject]:
        """The situation's own nodes and values that make a condition hold."""
        facts = self.outcome.facts
        for own in next(condition.witnesses(facts)).values():
            name = self.own_nodes[own.place]
            if isinstance(bron := own.values.get(ONTLEEND_AAN), NamedNode):
                self._add(name, (TYPE, ENTITY), (DERIVED_FROM, bron))
            yield name
        for prop, _ in condition.plain:
            yield self._value(prop, facts.values[prop])

    def _value(self, prop: NamedNode, value: Stated) -> BlankNode:
        stated = value if isinstance(value, NamedNode) else literal(value, KINDS[prop])
        triple = Triple(self.node, prop, stated)
        return self.names.get(triple) or self._statement(triple, short(prop))

    def _known(self, rule: Rule, binding: Binding, own: Set[Term] = frozenset()) -> Iterator[BlankNode]:
        yield from (self._knowledge(triple) for triple in knowledge_premises(rule, binding, own))

    def _knowledge(self, triple: Triple) -> BlankNode:
        """A statement of the knowledge base: with the rule that derived it, or with what it rests on."""
        if triple in self.names:
            return self.names[triple]
        name = self._statement(triple, f"kennis-{len(self.names) + 1}")
        if triple in self.engine.knowledge.lineage:
            rule, binding = self.engine.knowledge.lineage[triple]
            text = self.engine.texts.fill(rule.explanation[self.language], binding, self.language)
            self._derivation(name, rule, text, self._known(rule, binding))
        elif basis := self.engine.knowledge.basis(triple):
            self._rests_on(name, basis.certainty, basis.citations)
            self._add(name, *((DERIVED_FROM, expand(source)) for source in {c.source: None for c in basis.citations}))
        return name

    def _statement(self, triple: Triple, name: str) -> BlankNode:
        node = self.names[triple] = BlankNode(name)
        self._add(node, (TYPE, STATEMENT), (TYPE, ENTITY), *zip(PARTS, triple, strict=True))
        return node

    def _derivation(
        self, name: BlankNode, rule: Rule, text: str, premises: Iterable[Subject], absent: Iterable[str] = ()
    ) -> None:
        self.plans[rule] = None
        activity, association = BlankNode(f"{name.value}-afleiding"), BlankNode(f"{name.value}-regel")
        self._add(name, (CERTAINTY, term(rule.certainty)), (SOURCE_RULE, rule.iri), (GENERATED, activity))
        used = [(USED, premise) for premise in dict.fromkeys(premises)]
        comments = [(COMMENT, self._text(comment)) for comment in absent]
        self._add(activity, (TYPE, ACTIVITY), (DESCRIPTION, self._text(text)), *comments, *used)
        self._add(activity, (ASSOCIATED, association))
        self._add(association, (TYPE, ASSOCIATION), (HAD_PLAN, rule.iri))

    def _rests_on(self, node: Subject, certainty: str, citations: Iterable[Citation]) -> None:
        names = [self.citations.setdefault(c, BlankNode(f"verwijzing-{len(self.citations) + 1}")) for c in citations]
        self._add(node, (CERTAINTY, term(certainty)), *((CITATION, name) for name in names))

    def _text(self, text: str) -> Literal:
        return Literal(text, language=self.language)

    def _add(self, subject: Subject, *pairs: tuple[NamedNode, Subject | Literal]) -> None:
        self.written += [Triple(subject, prop, value) for prop, value in dict.fromkeys(pairs)]


def _labels(engine: Engine, triples: list[Triple], language: str) -> Iterator[Triple]:
    """The label of every individual and rule in the triples, and the page of every source."""
    rules = {rule.iri: rule for rule in [*engine.knowledge.rules, *engine.rules]}
    nodes = {part for triple in triples for part in triple if isinstance(part, NamedNode) and part.value.startswith(ID)}
    for node in sorted(nodes, key=lambda node: node.value):
        label = rules[node].label[language] if node in rules else engine.knowledge.label(node, language)
        yield Triple(node, PREF_LABEL, Literal(label, language=language))
        if page := engine.knowledge.source_page(node):
            yield Triple(node, PAGE, NamedNode(page))
