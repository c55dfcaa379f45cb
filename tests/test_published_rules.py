"""The rules as others can run them: SHACL rules in pySHACL, and OWL's own rules beside an OWL reasoner."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import owlrl  # type: ignore[import-untyped]  # it has no types
import pyshacl
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from kb import paths
from kb.engine import Engine
from kb.knowledge.derive import derive
from kb.knowledge.knowledge import Knowledge
from kb.knowledge.turtle import knowledge_files, read_turtle
from kb.knowledge.vocabulary import read_vocabulary
from kb.names import DEF, ID, SH, TYPE, term
from kb.program.evaluate import evaluate
from kb.program.ground import ground
from kb.program.program import Program
from kb.rule.files import read_rules
from kb.rule.shacl import rules_graph, rules_turtle
from kb.rule.strata import heads, stratify, uses
from kb.situation.model import Situatie
from tests.reference.plain import SITUATION, all_triples
from tests.shacl import as_rdflib

CONSTRUCT, ORDER, RULE = (NamedNode(SH + name) for name in ("construct", "order", "rule"))
# pySHACL needs minutes for all tasks; one in so many is enough to make every rule meet some knowledge.
ONE_TASK_IN = 8
# Two situations make as many rules fire as three examples, since the second holds what two of them state.
SITUATIONS = (("kerckebosch",), ("leiden-zuid-west", "deventer"))
FIRING = 150


def test_regels_are_published_with_text_explanation_and_source(engine: Engine) -> None:
    graph = rules_graph(engine.rules, engine.knowledge.rules)
    about = {(triple.subject, triple.predicate) for triple in graph}
    for rule in [*engine.rules, *engine.knowledge.rules]:
        for predicate in (CONSTRUCT, ORDER, term("zekerheid"), term("verwijzing")):
            assert (rule.iri, predicate) in about, rule.slug
        assert any(triple.predicate == RULE and triple.object == rule.iri for triple in graph), rule.slug
    sources = {triple.object for triple in graph if triple.predicate == term("bron")}
    assert sources <= set(engine.knowledge.instances(term("Bron")))


def test_regels_are_ordered_so_that_negation_comes_after(engine: Engine) -> None:
    order = {triple.subject: int(literal(triple)) for triple in rules_graph(engine.rules) if triple.predicate == ORDER}
    deriving = {prop: rule for rule in engine.rules for prop in heads(rule)}
    for rule in engine.rules:
        for prop in set().union(*(uses(body) for body in rule.body.absent)) & set(deriving):
            assert order[deriving[prop].iri] < order[rule.iri], (deriving[prop].slug, rule.slug)
    assert sorted({order[rule.iri] for rule in engine.rules}) == list(range(1, len(stratify(engine.rules)) + 1))


def literal(triple: Triple) -> str:
    """The text of a triple's literal."""
    assert isinstance(triple.object, Literal)
    return triple.object.value


def fewer_tasks(knowledge: Knowledge, keep: set[NamedNode]) -> Knowledge:
    """The knowledge without most tasks and without everything that speaks of them."""
    dropped = {
        node for i, node in enumerate(knowledge.instances(term("Opgave"))) if i % ONE_TASK_IN and node not in keep
    }
    classes = ("Koppeling", "Kleving", "Plaats", "Ruimteclaim", "Conflict", "Uitweg")
    made = {node for name in classes for node in knowledge.instances(term(name))}
    growing = True
    while growing:
        # What is made of a task that is gone (a claim, a coupling, a place in the line) goes with it.
        about = made & {triple.subject for triple in knowledge.triples() if triple.object in dropped}
        growing = not about <= dropped
        dropped |= about
    store = Store()
    store.extend(Quad(*t) for t in knowledge.triples() if t.subject not in dropped and t.object not in dropped)
    return Knowledge(lambda: store, [], dict)


def together(situations: Sequence[Situatie]) -> Situatie:
    """A situation that states all that some situations state; of what can be said once, what the first says."""
    names = Situatie.model_fields
    return Situatie(**{name: reduce(_both, (getattr(situation, name) for situation in situations)) for name in names})


def _both(one: Any, other: Any) -> Any:
    if isinstance(one, tuple):
        return tuple(dict.fromkeys((*one, *other)))
    if isinstance(one, dict):
        return {**other, **one}
    return other if one is None else one


@pytest.fixture(scope="module")
def tried(situaties: dict[str, Situatie]) -> list[Situatie]:
    """The situations that pySHACL gets."""
    return [together([situaties[name] for name in names]) for names in SITUATIONS]


@pytest.fixture(scope="module")
def few(engine: Engine, tried: list[Situatie]) -> tuple[Knowledge, Program]:
    """The knowledge with few tasks but those of the situations that are tried, and the program over it."""
    stated = [engine.resolver.facts(situation) for situation in tried]
    knowledge = fewer_tasks(engine.knowledge, {individual for facts in stated for _, individual in facts.links})
    return knowledge, ground(knowledge, read_vocabulary(knowledge), engine.rules)


def test_situations_for_pyshacl_make_many_regels_fire(
    engine: Engine, tried: list[Situatie], few: tuple[Knowledge, Program]
) -> None:
    firing = set()
    for situation in tried:
        true = evaluate(few[1], engine.resolver.facts(situation)).true
        firing |= {
            rule.rule.slug
            for rule in few[1].rules
            if rule.rule and all(true[n] for n in rule.positive) and not any(true[n] for n in rule.negative)
        }
    assert len(firing) >= FIRING


@pytest.mark.parametrize("number", range(len(SITUATIONS)))
def test_situatieregels_derive_the_same_in_pyshacl(
    engine: Engine, tried: list[Situatie], few: tuple[Knowledge, Program], number: int
) -> None:
    situation = tried[number]
    facts = engine.resolver.facts(situation)
    knowledge, program = few
    expected = {(link.property.value, link.object.value) for link in evaluate(program, facts).derived()}
    assert len(expected) > 100
    data = as_rdflib([*knowledge.triples(), *all_triples(situation, facts)])
    stated = set(data)
    shapes = rdflib.Graph().parse(data=rules_turtle(engine.rules), format="turtle")
    pyshacl.shacl_rules(data, shacl_graph=shapes, advanced=True, iterate_rules=True, inplace=True)
    derived = {(str(predicate), str(value)) for _, predicate, value in set(data) - stated}
    already = {(str(predicate), str(value)) for _, predicate, value in stated}
    assert derived == expected - (already - derived)
    assert {subject for subject, _, _ in set(data) - stated} == {rdflib.URIRef(SITUATION.value)}


def test_owl_regels_derive_what_an_owl_reasoner_derives() -> None:
    store = Store()
    for path in knowledge_files():
        # Blank nodes (sources, axioms) and literals take no part in what these rules derive, and owlrl is slow.
        store.extend(quad for quad in read_turtle(path) if _is_named(quad))
    # What other rules make, such as a coupling, is not described yet: an OWL reasoner would guess its class from a range.
    for quad in [quad for quad in store if _is_made_by_rules(store, quad)]:
        store.remove(quad)
    graph = as_rdflib([quad.triple for quad in store])
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    before = len(store)
    ours = derive(store, [rule for rule in read_rules(paths.RULES / "kennis") if rule.slug.startswith("owl-")])
    assert in_our_words(as_rdflib(list(ours.triples()))) == in_our_words(graph)
    assert len(store) > before + 500


def in_our_words(graph: rdflib.Graph) -> set[tuple[str, str, str]]:
    """The triples that say something in our own vocabulary."""
    return {triple for s, p, o in graph if _is_ours(triple := (str(s), str(p), str(o)))}


def _is_named(statement: Quad | Triple) -> bool:
    return not isinstance(statement.subject, BlankNode) and isinstance(statement.object, NamedNode)


def _is_made_by_rules(store: Store, quad: Quad) -> bool:
    """Whether the object of a statement is an individual that the Turtle does not describe."""
    node = quad.object
    if not isinstance(node, NamedNode) or not node.value.startswith(ID):
        return False
    return next(store.quads_for_pattern(node, TYPE, None), None) is None


def _is_ours(triple: tuple[str, str, str]) -> bool:
    """Whether a triple says something in our own vocabulary."""
    _, predicate, value = triple
    return predicate.startswith(DEF) or (predicate == TYPE.value and value.startswith(DEF))
