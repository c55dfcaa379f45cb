"""The engine derives exactly what the same rules derive as plain SPARQL, whatever the situation and whatever the rules."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Store

from kb import paths
from kb.engine import Engine
from kb.errors import RuleError
from kb.knowledge.knowledge import Knowledge
from kb.program.columns import encode, evaluate_columns
from kb.program.evaluate import Outcome, evaluate
from kb.program.ground import ground
from kb.program.program import Program
from kb.program.slice import Slice
from kb.rule.parse import parse_rule
from kb.rule.strata import stratify
from kb.situation.facts import Facts, Link, Node
from kb.situation.model import GROOTHEID, HEEFT_METING, WAARDE, Situatie
from tests.reference.plain import SITUATION, PlainSparql, all_triples
from tests.strategies import Case, cases, rule_text, situations

patient = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def plain(engine: Engine) -> PlainSparql:
    """The project's own rules as plain SPARQL."""
    return PlainSparql(engine.knowledge, engine.rules, named=True)


def held(outcome: Outcome) -> set[int]:
    """The numbers of the atoms that hold."""
    return {number for number, true in enumerate(outcome.true) if true}


def check_columns(program: Program, facts: Sequence[Facts]) -> None:
    """Situations evaluated together give each what it gives by itself."""
    columns = evaluate_columns(program, encode(program, facts), len(facts))
    for row, one in enumerate(facts):
        in_columns = {number for number, column in enumerate(columns) if column >> row & 1}
        assert in_columns == held(evaluate(program, one))


def check_slice(program: Program, facts: Sequence[Facts], goals: set[int]) -> None:
    """What some goals rest on, in situations told as changes of the first, holds as in each by itself."""
    part = Slice(program, sorted(goals))
    stated = [program.stated(one) for one in facts]
    flips = [one ^ stated[0] for one in stated]
    columns, summary = part.evaluate(stated[0], flips), part.columns(stated[0], flips)
    everywhere = (1 << len(facts)) - 1
    assert summary.ever.tolist() == [*map(bool, columns), False]
    assert summary.always.tolist() == [*(column == everywhere for column in columns), False]
    for row, one in enumerate(facts):
        in_columns = {goal for goal in goals if columns[part.column(goal)] >> row & 1}
        assert in_columns == held(evaluate(program, one)) & goals
    for goal in sorted(goals)[:5]:
        alone, cut = Slice(program, [goal]), part.part(goal)
        assert cut.atoms == alone.atoms
        assert cut.evaluate(stated[0], flips) == alone.evaluate(stated[0], flips) == [columns[part.column(goal)]]


def derived_by_sparql(engine: Engine, plain: PlainSparql, situation: Situatie) -> set[Link]:
    """What plain SPARQL derives about a situation."""
    return plain.derive(all_triples(situation, engine.resolver.facts(situation)))


def test_voorbeelden_derive_what_plain_sparql_derives(
    engine: Engine, plain: PlainSparql, situaties: dict[str, Situatie]
) -> None:
    for name, situation in situaties.items():
        assert set(engine.evaluate(situation).derived()) == derived_by_sparql(engine, plain, situation), name


def test_regels_derive_the_same_as_written_and_with_the_situation_in_their_text(
    engine: Engine, plain: PlainSparql, situaties: dict[str, Situatie]
) -> None:
    """So that the comparisons of whole situations may do the latter; those of random rules run them as written."""
    written = PlainSparql(engine.knowledge, engine.rules)
    assert written.queries.keys() == plain.queries.keys()
    assert not any("?situatie" in query for query in plain.queries.values())
    situation = situaties["selwerd"]
    assert derived_by_sparql(engine, written, situation) == derived_by_sparql(engine, plain, situation)


@settings(patient, max_examples=30)
@given(data=st.data())
def test_situatie_derives_what_plain_sparql_derives(engine: Engine, plain: PlainSparql, data: st.DataObject) -> None:
    situation = data.draw(situations(engine))
    assert set(engine.evaluate(situation).derived()) == derived_by_sparql(engine, plain, situation)


@settings(patient, max_examples=90)
@given(case=cases())
def test_regels_random_derive_what_plain_sparql_derives_one_by_one_and_in_columns(case: Case) -> None:
    knowledge, rules = case.knowledge(), case.rules()
    program = ground(knowledge, case.vocabulary(knowledge), rules)
    plain = PlainSparql(knowledge, rules)
    for facts in case.situations:
        assert set(evaluate(program, facts).derived()) == plain.derive(case.triples(facts, SITUATION))
    check_columns(program, case.situations)
    for goals in (set(program.by_head), set(sorted(program.by_head)[-1:])):
        check_slice(program, case.situations, goals)


@settings(patient, max_examples=10)
@given(data=st.data())
def test_kolommen_equal_situations_one_by_one(engine: Engine, data: st.DataObject) -> None:
    program = engine.program
    check_columns(
        program,
        [engine.resolver.facts(situation) for situation in data.draw(st.lists(situations(engine), max_size=12))],
    )


@settings(patient, max_examples=30)
@given(data=st.data())
def test_meting_of_something_no_rule_asks_changes_nothing(engine: Engine, data: st.DataObject) -> None:
    facts = engine.resolver.facts(data.draw(situations(engine)))
    unknown = Node(HEEFT_METING, {GROOTHEID: NamedNode("urn:grootheid:onbekend"), WAARDE: Decimal(1)})
    more = Facts(facts.links, (*facts.nodes, unknown), facts.values)
    assert held(evaluate(engine.program, more)) == held(evaluate(engine.program, facts))


@settings(patient, max_examples=30)
@given(data=st.data())
def test_situatie_means_the_same_in_any_order_and_repeated(engine: Engine, data: st.DataObject) -> None:
    situation = data.draw(situations(engine))
    shuffled = situation.model_copy(
        update={name: _shuffled(data, getattr(situation, name)) for name in Situatie.model_fields}
    )
    assert held(engine.evaluate(shuffled)) == held(engine.evaluate(situation))


def _shuffled(data: st.DataObject, value: object) -> object:
    """A list in another order and with repeats, a mapping in another order, anything else as it is."""
    if isinstance(value, tuple):
        return tuple(data.draw(st.permutations([*value, *value[:2]])))
    if isinstance(value, dict):
        return dict(data.draw(st.permutations(list(value.items()))))
    return value


def test_program_and_so_the_order_of_reasons_depends_neither_on_the_store_nor_on_where_the_rules_lie(
    engine: Engine,
) -> None:
    """Once more in a store that was filled in another order: `Engine.load` may have read what was kept."""
    elsewhere = [replace(rule, path=Path("/elders") / rule.path.relative_to(paths.RULES)) for rule in engine.rules]
    assert not {hash(rule) for rule in elsewhere} & {hash(rule) for rule in engine.rules}
    other = Store()
    other.extend(sorted(engine.knowledge.store, key=str, reverse=True))
    knowledge = Knowledge(lambda: other, engine.knowledge.rules, lambda: engine.knowledge.lineage)
    here, there = engine.program, ground(knowledge, engine.vocabulary, elsewhere)
    assert there.atoms == here.atoms
    assert [(*rule[:5], rule.rule.slug) for rule in there.rules] == [(*rule[:5], rule.rule.slug) for rule in here.rules]


def read(**bodies: str) -> list[str]:
    """The groups of rules, given as name and text, in the order in which they must run."""
    rules = [parse_rule(rule_text(body), Path(f"situatie/{name}.rq")) for name, body in bodies.items()]
    return ["+".join(sorted(rule.slug for rule in group)) for group in stratify(rules)]


def test_regels_run_after_those_they_negate() -> None:
    order = read(
        laatste="CONSTRUCT { ?situatie :z ?a } WHERE { ?situatie :invoer1 ?a FILTER NOT EXISTS { ?situatie :y ?a } }",
        eerste="CONSTRUCT { ?situatie :y ?a } WHERE { ?situatie :invoer2 ?a }",
    )
    assert order == ["eerste", "laatste"]


def test_regels_that_need_each_other_run_together() -> None:
    order = read(
        heen="CONSTRUCT { ?situatie :y ?a } WHERE { ?situatie :z ?a }",
        terug="CONSTRUCT { ?situatie :z ?a } WHERE { ?situatie :y ?a }",
    )
    assert order == ["heen+terug"]


def test_kringloop_through_negation_is_refused_with_the_rules_names() -> None:
    with pytest.raises(RuleError) as caught:
        read(
            buiten="CONSTRUCT { ?situatie :x ?a } WHERE { ?situatie :invoer1 ?a }",
            heen="CONSTRUCT { ?situatie :y ?a }\nWHERE { ?situatie :x ?a\nFILTER NOT EXISTS { ?situatie :z ?a } }",
            terug="CONSTRUCT { ?situatie :z ?a } WHERE { ?situatie :y ?a }",
        )
    assert caught.value.path == Path("situatie/heen.rq")
    assert caught.value.line == 10
    assert "heen, terug" in caught.value.reason
    assert "buiten" not in caught.value.reason
