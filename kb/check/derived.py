"""What rules derive contradicts nothing: over the knowledge, and over the situations of the tests beside the rules.

For the OWL that the ontology uses (named classes that exclude each other, domains, ranges, and what OWL's own rules close
over) these two queries are complete, and a hundred times as fast as HermiT, which stays for what is stated; a test holds
the two together. See docs/decisions/0008-checks-of-rules.md.
"""

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Quad, Store, Triple

from kb.check.consistency import clashes_in, values_outside
from kb.check.turtle_files import Finding
from kb.engine import Engine
from kb.names import BASE, local_name
from kb.rdf.situation import situation_triples
from kb.rule.rule import Rule
from kb.rule.strata import line_of
from kb.situation.model import Situatie

_SITUATION = BASE + "toets/"


def check_derived(engine: Engine, stated: Store, situations: Mapping[str, Situatie]) -> Iterator[Finding]:
    """A finding for each contradiction that was not among the stated triples already."""
    store = Store()
    store.extend(engine.knowledge.store)
    for name, situation in situations.items():
        store.extend(Quad(*triple) for triple in _derived(engine, situation, NamedNode(_SITUATION + name)))
    known = {clash.node for clash in clashes_in(stated)}
    for clash in clashes_in(store):
        if clash.node not in known:
            props = [prop for _, _, prop in clash.classes if prop is not None]
            yield _finding(engine, f"{_name(clash.node)} is {clash.why}.", props)
    already = {message for _, _, message in values_outside(stated)}
    for _, prop, message in values_outside(store):
        if message not in already:
            yield _finding(engine, message, [prop])


def _derived(engine: Engine, situation: Situatie, node: NamedNode) -> Iterator[Triple]:
    yield from situation_triples(situation, engine.resolver.facts(situation), node)
    for link in engine.evaluate(situation).derived():
        yield Triple(node, link.property, link.object)


def _finding(engine: Engine, message: str, props: list[NamedNode]) -> Finding:
    """The finding at the rule that derives one of these properties, if there is one."""
    for rule in [*engine.knowledge.rules, *engine.rules]:
        if prop := next((prop for prop in props if _derives(rule, prop)), None):
            return Finding(f"afgeleid: {message}", rule.path, line_of(rule, f":{local_name(prop)}"))
    return Finding(f"afgeleid: {message}")


def _derives(rule: Rule, prop: NamedNode) -> bool:
    return any(pattern.predicate == prop for pattern in rule.head)


def _name(node: NamedNode) -> str:
    return (
        f"de situatie van toets {node.value.removeprefix(_SITUATION)}"
        if node.value.startswith(_SITUATION)
        else (node.value.removeprefix(BASE + "id/"))
    )
