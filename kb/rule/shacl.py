"""The rules as linked data: each rule a `sh:SPARQLRule` with its name, explanation, certainty and sources.

Any SHACL engine with SPARQL rules can run them, and any store, as each rule carries its whole CONSTRUCT. The rules of
one stratum hang on one node shape, because a stratum must come to its fixpoint before the next one may negate over it,
and `sh:order` on a shape is what says so; on one shape for all, an engine that iterates would negate too early.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kb.names import BASE, ID, PREFIXES, RDFS, SH, SITUATIE, SKOS, TYPE, XSD, expand, term
from kb.rule.rule import Citation, Rule
from kb.rule.sparql_rl import NO_COUNTERPART, to_sparql_rl
from kb.rule.strata import stratify

SHAPE = ID + "shape/regels-"
ONTOLOGY = NamedNode(BASE + "def")
LABEL = NamedNode(RDFS + "label")


def rules_graph(situation_rules: Sequence[Rule], knowledge_rules: Sequence[Rule] = ()) -> list[Triple]:
    """Every rule as triples: rules over the knowledge run first and once, those about situations by stratum."""
    return [*_knowledge_shape(knowledge_rules), *_situation_shapes(situation_rules)]


def rules_turtle(situation_rules: Sequence[Rule], knowledge_rules: Sequence[Rule] = ()) -> str:
    """The same as Turtle."""
    prefixes = {**PREFIXES, "regel": ID + "regel/", "bron": ID + "bron/", "shape": ID + "shape/"}
    graph = rules_graph(situation_rules, knowledge_rules)
    text = serialize(graph, format=RdfFormat.TURTLE, prefixes=prefixes)
    assert text is not None  # it is None only when written to a file
    return text.decode()


def shacl_construct(rule: Rule) -> str:
    """The rule's CONSTRUCT with its PREFIX lines, without its header; a situation is `$this`, SHACL's focus node."""
    lines = [line for line in rule.text.splitlines() if not line.startswith("#@")]
    return re.sub(r"[?$]situatie\b", "$this", "\n".join(lines).strip())


def _knowledge_shape(rules: Sequence[Rule]) -> Iterator[Triple]:
    """The rules over the knowledge alone: the ontology is their one focus node, so that each runs once a round."""
    plain, counting = [rule for rule in rules if not rule.counts], [rule for rule in rules if rule.counts]
    if plain:
        yield from _shape("kennis", 0, "targetNode", ONTOLOGY, "over de kennis", "over the knowledge", plain)
    if counting:
        nl, en = "die de kennis tellen", "that count the knowledge"
        yield from _shape("kennis-telling", Decimal("0.4"), "targetNode", ONTOLOGY, nl, en, counting)
        # What was counted can make the others fire again.
        nl, en = "over de kennis, na het tellen", "over the knowledge, after counting"
        yield from _head_of_shape("kennis-na-telling", Decimal("0.6"), "targetNode", ONTOLOGY, nl, en, plain)


def _situation_shapes(rules: Sequence[Rule]) -> Iterator[Triple]:
    for order, group in enumerate(stratify(list(rules)), start=1):
        nl, en = f"over een situatie, laag {order}", f"about a situation, stratum {order}"
        yield from _shape(f"situatie-{order}", order, "targetClass", SITUATIE, nl, en, group)


def _shape(
    name: str, order: Decimal | int, target: str, what: NamedNode, nl: str, en: str, rules: Sequence[Rule]
) -> Iterator[Triple]:
    yield from _head_of_shape(name, order, target, what, nl, en, rules)
    for rule in rules:
        yield from _rule(rule, order)


def _head_of_shape(
    name: str, order: Decimal | int, target: str, what: NamedNode, nl: str, en: str, rules: Sequence[Rule]
) -> Iterator[Triple]:
    shape = NamedNode(SHAPE + name)
    yield Triple(shape, TYPE, _sh("NodeShape"))
    yield from _texts(shape, LABEL, {"nl": f"Regels {nl}", "en": f"Rules {en}"})
    yield Triple(shape, _sh(target), what)
    yield Triple(shape, _sh("order"), _number(order))
    yield from (Triple(shape, _sh("rule"), rule.iri) for rule in rules)


def _rule(rule: Rule, order: Decimal | int) -> Iterator[Triple]:
    yield Triple(rule.iri, TYPE, _sh("SPARQLRule"))
    yield Triple(rule.iri, TYPE, term("Regel"))
    yield from _texts(rule.iri, NamedNode(SKOS + "prefLabel"), rule.label)
    yield from _texts(rule.iri, NamedNode(SKOS + "definition"), rule.explanation)
    yield Triple(rule.iri, _sh("order"), _number(order))
    yield Triple(rule.iri, _sh("construct"), Literal(shacl_construct(rule)))
    yield Triple(rule.iri, term("zekerheid"), term(rule.certainty))
    yield from _sparql_rl(rule)
    for number, citation in enumerate(rule.citations):
        yield from _citation(rule, citation, BlankNode(f"{rule.slug}-{number}"))


def _sparql_rl(rule: Rule) -> Iterator[Triple]:
    """The rule in SPARQL 1.2 RL, or why it cannot be."""
    exported = to_sparql_rl(rule)
    if exported is None:
        yield from _texts(rule.iri, term("zonderSparqlRl"), NO_COUNTERPART)
    else:
        yield Triple(rule.iri, term("inSparqlRl"), Literal(exported))


def _citation(rule: Rule, citation: Citation, reference: BlankNode) -> Iterator[Triple]:
    yield Triple(rule.iri, term("verwijzing"), reference)
    yield Triple(reference, term("bron"), expand(citation.source))
    yield Triple(reference, term("plaatsInBron"), Literal(citation.place, language="nl"))


def _texts(subject: NamedNode, predicate: NamedNode, texts: dict[str, str]) -> Iterator[Triple]:
    return (Triple(subject, predicate, Literal(text, language=language)) for language, text in texts.items())


def _number(number: Decimal | int) -> Literal:
    kind = "integer" if isinstance(number, int) else "decimal"
    return Literal(str(number), datatype=NamedNode(XSD + kind))


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)
