"""What is said of the individuals that a rule over the knowledge makes: a definition, what they rest on, and how surely.

All of it stands in the rule already: its explanation says in a sentence what was made, and its sources say on what ground.
So each statement has the firing that made the individual as its lineage.
"""

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple, Variable

from kb.knowledge.knowledge import DEFINITION, Knowledge
from kb.language import as_sentence
from kb.names import TYPE, expand, term
from kb.rule.rule import CERTAINTIES, Binding, Rule

ZEKERHEID, VERWIJZING, BRON, PLAATS = map(term, ("zekerheid", "verwijzing", "bron", "plaatsInBron"))


def described(knowledge: Knowledge) -> Knowledge:
    """The knowledge with a definition, a certainty and citations for each individual that a rule made."""
    sure = certainties(knowledge)
    added: dict[Triple, tuple[Rule, Binding]] = {}
    for triple, (rule, binding) in _makings(knowledge):
        for said in _description(knowledge, triple, rule, binding, sure[triple]):
            added.setdefault(said, (rule, binding))
    store, lineage = knowledge.store, {**knowledge.lineage, **added}
    store.extend(Quad(*triple) for triple in added)
    return Knowledge(lambda: store, knowledge.rules, lambda: lineage)


def certainties(knowledge: Knowledge) -> dict[Triple, str]:
    """How sure each derived statement is: no surer than the rule, nor than anything that the rule used."""
    found: dict[Triple, str] = {}
    # A premise was there before what it led to, so that its own certainty is known by then.
    for triple, (rule, binding) in knowledge.lineage.items():
        premises = (pattern.fill(binding) for pattern in rule.body.patterns)
        known = [found.get(premise) or _stated(knowledge, premise) for premise in premises]
        found[triple] = max([rule.certainty, *filter(None, known)], key=CERTAINTIES.index)
    return found


def _stated(knowledge: Knowledge, triple: Triple) -> str | None:
    basis = knowledge.basis(triple)
    return basis.certainty if basis else None


def _makings(knowledge: Knowledge) -> Iterator[tuple[Triple, tuple[Rule, Binding]]]:
    """For each individual that a rule made, the statement of its class with the first firing that made it."""
    seen: set[object] = set()
    for triple, (rule, binding) in knowledge.lineage.items():
        if triple.predicate == TYPE and triple.subject not in seen and _makes(rule, triple, binding):
            seen.add(triple.subject)
            yield triple, (rule, binding)


def _makes(rule: Rule, triple: Triple, binding: Binding) -> bool:
    """Whether the subject got its name in the rule itself, not by what was there before."""
    return any(
        isinstance(pattern.subject, Variable) and pattern.subject in rule.body.bound and pattern.fill(binding) == triple
        for pattern in rule.head
    )


def _description(knowledge: Knowledge, made: Triple, rule: Rule, binding: Binding, certainty: str) -> Iterator[Triple]:
    for language, template in rule.explanation.items():
        text = _filled(knowledge, template, binding, language)
        yield Triple(made.subject, DEFINITION, Literal(text, language=language))
    yield Triple(made.subject, ZEKERHEID, term(certainty))
    for number, citation in enumerate(rule.citations):
        reference = BlankNode(f"{rule.slug}-verwijzing-{number}")
        yield Triple(made.subject, VERWIJZING, reference)
        yield Triple(reference, BRON, expand(citation.source))
        yield Triple(reference, PLAATS, Literal(citation.place, language="nl"))


def _filled(knowledge: Knowledge, template: str, binding: Binding, language: str) -> str:
    def word(match: re.Match[str]) -> str:
        value = binding.get(Variable(match[1]))
        if isinstance(value, NamedNode):
            return knowledge.in_sentence(value, language)
        return value.value if isinstance(value, Literal) else match[0]

    return as_sentence(re.sub(r"\{(\w+)\}", word, template))
