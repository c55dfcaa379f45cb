"""The knowledge base loaded: the stated Turtle, and what the rules over the knowledge derive from it.

`load` parses the Turtle, runs the rules over the knowledge (the OWL 2 RL entailments the ontology uses among them) to
fixpoint in Oxigraph, and remembers for each derived triple which rule made it from what.
"""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Quad, Store, Triple, Variable

from kb import paths
from kb.knowledge.described import described
from kb.knowledge.knowledge import Knowledge, Lineage, bindings
from kb.knowledge.turtle import knowledge_files, read_turtle
from kb.names import TYPE
from kb.rule.rule import Binding, Pattern, Rule
from kb.rule.strata import check_counts


def load(rules: list[Rule], ontology: Path = paths.ONTOLOGY) -> Knowledge:
    """The knowledge base with everything that these rules over the knowledge derive from it.

    Errors: KnowledgeError for Turtle that cannot be read.
    """
    store = Store()
    for path in knowledge_files(ontology):
        store.extend(read_turtle(path))
    return described(derive(store, rules))


def derive(store: Store, rules: list[Rule]) -> Knowledge:
    """Run rules over the knowledge in `store` to fixpoint, adding what they derive; those that count run once, after that.

    Errors: RuleError for a rule that counts what a rule that counts derives.
    """
    check_counts(rules)
    plain, counting = [rule for rule in rules if not rule.counts], [rule for rule in rules if rule.counts]
    lineage: Lineage = {}
    _to_fixpoint(store, plain, set(plain), lineage)
    # All count the same knowledge: nothing that one of them adds is there yet.
    counted: Lineage = {}
    for rule in counting:
        counted |= _new(store, rule)
    _to_fixpoint(store, plain, _add(store, plain, counted, lineage), lineage)
    return Knowledge(lambda: store, rules, lambda: lineage)


def _to_fixpoint(store: Store, rules: list[Rule], touched: set[Rule], lineage: Lineage) -> None:
    while touched:
        for rule in [rule for rule in rules if rule in touched]:
            touched.discard(rule)
            touched |= _add(store, rules, _new(store, rule), lineage)


def _add(store: Store, rules: list[Rule], new: Lineage, lineage: Lineage) -> set[Rule]:
    """Add derived triples; returns the rules that they can make fire anew."""
    store.extend(Quad(*triple) for triple in new)
    lineage.update(new)
    kinds = {_kind(triple) for triple in new}
    return {rule for rule in rules if _listens(rule, kinds)}


def _kind(triple: Triple | Pattern) -> tuple[object, object]:
    """What kind of triple this is: its property and, for `a`, its class."""
    return triple.predicate, triple.object if triple.predicate == TYPE else None


def _listens(rule: Rule, kinds: set[tuple[object, object]]) -> bool:
    """Whether new triples of these kinds can make a rule fire anew."""
    for pattern in rule.body.patterns:
        predicate, cls = _kind(pattern)
        if isinstance(predicate, Variable) or (predicate, cls) in kinds:
            return bool(kinds)
        if isinstance(cls, Variable) and any(kind[0] == TYPE for kind in kinds):
            return True
    return False


def _new(store: Store, rule: Rule) -> Lineage:
    """What one rule adds; of several ways to one triple the first by name, in whatever order the store gives them."""
    found: Lineage = {}
    for triple, binding in _consequences(store, rule):
        if triple not in found or _name(binding) < _name(found[triple][1]):
            found[triple] = (rule, binding)
    return found


def _name(binding: Binding) -> list[tuple[str, str]]:
    return sorted((variable.value, str(node)) for variable, node in binding.items())


def _consequences(store: Store, rule: Rule) -> Iterator[tuple[Triple, Binding]]:
    """What one rule adds to the store, each with the binding that made it."""
    for binding in bindings(store, rule.select_new()):
        for pattern in rule.head:
            triple = pattern.fill(binding)
            if Quad(*triple) not in store:
                yield triple, binding
