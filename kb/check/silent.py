"""Why a rule does not fire: the first of its patterns that finds nothing, and what would have to be stated."""

import re
from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, QueryBoolean, Store, Triple, Variable

from kb.engine import Engine
from kb.names import show
from kb.program.condition import Condition
from kb.program.evaluate import Outcome
from kb.program.program import GroundRule
from kb.rule.expression import Term
from kb.rule.rule import SITUATION, Pattern, Rule
from kb.situation.facts import Link
from kb.situation.model import Situatie

_MOST = 3
_ALL_MATCH = "Ieder patroon vindt iets; kijk naar FILTER, BIND en de conclusie."


def why_silent(engine: Engine, rule: Rule, situation: Situatie, key: str) -> str:
    """What keeps a rule from drawing a conclusion in a situation, and the smallest additions that would help."""
    outcome = engine.evaluate(situation)
    goal = engine.conclusion(key)
    number = outcome.program.find(goal)
    ways = [way for way in outcome.program.rules if way.rule.slug == rule.slug and way.head == number]
    if not ways:
        return _first_static(engine, rule, goal)
    # The way that lacks least is the one an editor had in mind.
    best = min(ways, key=lambda way: len(_lacking(outcome, way)) + len(_blocking(outcome, way)))
    parts = [_in_words(engine, outcome, best), _additions(engine, situation, key)]
    return " ".join(part for part in parts if part)


def first_unmatched(rule: Rule, triples: Iterable[Triple]) -> str:
    """The first pattern of a rule over the knowledge that finds nothing together with those before it."""
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    pattern = _unmatched(store, rule.body.patterns)
    return f"Dit patroon vindt niets: {_shown(pattern)}." if pattern else _ALL_MATCH


def _lacking(outcome: Outcome, way: GroundRule) -> list[int]:
    return [atom for atom in way.positive if not outcome.true[atom]]


def _blocking(outcome: Outcome, way: GroundRule) -> list[int]:
    return [atom for atom in way.negative if outcome.true[atom]]


def _in_words(engine: Engine, outcome: Outcome, way: GroundRule) -> str:
    lacking = [_atom(engine, outcome, atom) for atom in _lacking(outcome, way)]
    blocking = [_atom(engine, outcome, atom) for atom in _blocking(outcome, way)]
    texts = [f"Niet gevonden: {'; '.join(lacking)}."] if lacking else []
    texts += [f"Tegengehouden door NOT EXISTS: {'; '.join(blocking)}."] if blocking else []
    return " ".join(texts)


def _atom(engine: Engine, outcome: Outcome, number: int) -> str:
    atom = outcome.program.atoms[number]
    if isinstance(atom, Link):
        return f"?situatie {show(atom.property, ':')} {show(atom.object)} ({engine.texts.link(atom, 'nl')})"
    if isinstance(atom, Condition):
        return re.sub(r"<([^>]*)>", lambda match: show(NamedNode(match[1]), ":"), atom.text)
    return "alles samen wat binnen NOT EXISTS staat"


def _additions(engine: Engine, situation: Situatie, key: str) -> str:
    found = engine.why_not(situation, key, most=_MOST)
    ways = [" en ".join(f"‘{text}’" for text in missing.texts) for missing in found if missing.texts]
    return f"De conclusie geldt wel met {' of met '.join(ways)}." if ways else ""


def _first_static(engine: Engine, rule: Rule, goal: Link) -> str:
    """The first pattern over the knowledge that finds nothing for what is to be concluded."""
    own = {SITUATION, *engine.program.own_variables(rule)}
    heads = [pattern.object for pattern in rule.head if pattern.predicate == goal.property]
    binding: dict[Term, Term] = {head: goal.object for head in heads if isinstance(head, Variable)}
    static = [_bound(pattern, binding) for pattern in rule.body.patterns if pattern.subject not in own]
    pattern = _unmatched(engine.knowledge.store, static)
    return f"In de kennis vindt dit patroon niets: {_shown(pattern)}." if pattern else _ALL_MATCH


def _bound(pattern: Pattern, binding: dict[Term, Term]) -> Pattern:
    return Pattern(*(binding.get(part, part) for part in (pattern.subject, pattern.predicate, pattern.object)))


def _unmatched(store: Store, patterns: Iterable[Pattern]) -> Pattern | None:
    """The first pattern that finds nothing together with those before it."""
    asked: list[str] = []
    for pattern in patterns:
        asked.append(str(pattern))
        answer = store.query(f"ASK {{ {' '.join(asked)} }}")
        assert isinstance(answer, QueryBoolean)
        if not answer:
            return pattern
    return None


def _shown(pattern: Pattern) -> str:
    return " ".join(_word(part) for part in (pattern.subject, pattern.predicate, pattern.object))


def _word(part: Term) -> str:
    return str(part) if isinstance(part, Variable) else show(part, ":")
