"""What explanations promise: a proof proves, what-if and questions tell the truth, why-not finds the smallest sets."""

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from bench.situations import random_situations
from kb.advice.model import MOST_INSTRUMENTEN, MOST_KOPPELKANSEN, Conclusie
from kb.advice.screen import SHOWN
from kb.advice.view import View
from kb.engine import Engine
from kb.explain.candidates import Candidate, Candidates, add_situation
from kb.explain.missing import MissingFinder
from kb.explain.proof import Proof, Prover, conclusion_key
from kb.explain.question import Question
from kb.names import expand, term
from kb.program.evaluate import Outcome, evaluate
from kb.report.first import in_order_of_need
from kb.situation.facts import Facts, Link, add_facts
from kb.situation.model import Situatie, read_situation
from tests.conftest import ROOT
from tests.strategies import situations

patient = settings(deadline=None, suppress_health_check=list(HealthCheck))


def steps(proof: Proof) -> Iterator[Proof]:
    """A proof and every step and leaf below it."""
    yield proof
    for premise in proof.premises:
        yield from steps(premise)


def prover(engine: Engine, outcome: Outcome) -> Prover:
    """A prover about an outcome, in Dutch."""
    return Prover(engine.knowledge, engine.texts, outcome)


def link_of(key: str) -> Link:
    """The link that a conclusion key names."""
    prop, _, individual = key.partition("/")
    return Link(term(prop), expand(individual))


def some_conclusions(engine: Engine, data: st.DataObject, most: int = 5) -> tuple[Situatie, Outcome, list[Link]]:
    """A random situation, what holds in it, and some of what is derived there."""
    situation = data.draw(situations(engine))
    outcome = engine.evaluate(situation)
    derived = sorted(outcome.derived(), key=str)
    return situation, outcome, data.draw(st.lists(st.sampled_from(derived), max_size=most, unique=True))


@pytest.fixture(scope="module")
def bewijzen(engine: Engine, situaties: dict[str, Situatie]) -> list[tuple[Link, Proof | None]]:
    """Every conclusion of every example with its shortest proof."""
    outcomes = [engine.evaluate(situation) for situation in situaties.values()]
    return [(link, prover(engine, outcome).shortest(link)) for outcome in outcomes for link in outcome.derived()]


def test_bewijs_of_every_conclusion_concludes_it(bewijzen: list[tuple[Link, Proof | None]]) -> None:
    for link, proof in bewijzen:
        assert proof is not None, link
        assert proof.conclusion == conclusion_key(link)


def test_bewijs_has_leaves_that_are_stated_known_or_absent(
    engine: Engine, bewijzen: list[tuple[Link, Proof | None]]
) -> None:
    sources = set(engine.knowledge.instances(term("Bron")))
    leaves: set[Proof] = set()
    for _, proof in bewijzen:
        leaves |= {step for step in steps(proof) if not step.premises} if proof else set()
    for leaf in leaves:
        assert leaf.kind in ("situatie", "kennis", "niets-bekend", "regel"), leaf
        if leaf.kind == "kennis":
            assert leaf.certainty in ("gebrond", "afgeleid", "aanname"), leaf.text
            assert leaf.citations, leaf.text
            assert {expand(citation.source) for citation in leaf.citations} <= sources, leaf.text


def test_bewijs_has_text_and_rules_have_sources(engine: Engine, situaties: dict[str, Situatie]) -> None:
    outcome = engine.evaluate(situaties["selwerd"])
    for link in outcome.derived():
        for step in steps(prover(engine, outcome).shortest(link) or pytest.fail(str(link))):
            assert step.text
            assert "{" not in step.text
            assert bool(step.rule) == bool(step.citations and step.kind == "regel")


@settings(patient, max_examples=25)
@given(data=st.data())
def test_kortste_bewijs_is_no_longer_than_any_other(engine: Engine, data: st.DataObject) -> None:
    _, outcome, links = some_conclusions(engine, data)
    for link in links:
        shortest = prover(engine, outcome).shortest(link)
        others = prover(engine, outcome).proofs(link)
        assert shortest is not None
        assert others, "a conclusion that holds has a proof"
        assert all(shortest.size <= other.size for other in others)
        assert [other.size for other in others] == sorted(other.size for other in others)
        assert len(set(others)) == len(others)


@settings(patient, max_examples=25)
@given(data=st.data())
def test_bewijs_without_negation_needs_only_the_facts_it_uses(engine: Engine, data: st.DataObject) -> None:
    _, outcome, links = some_conclusions(engine, data, most=20)
    for link in links:
        proof = prover(engine, outcome).shortest(link)
        assert proof is not None
        leaves = [step for step in steps(proof) if step.kind in ("situatie", "niets-bekend")]
        used = [link_of(leaf.conclusion) for leaf in leaves if leaf.conclusion]
        if len(used) == len(leaves):  # no negation, no measured value
            facts = Facts(frozenset(used))
            assert evaluate(engine.program, facts).holds(link)


@settings(patient, max_examples=25)
@given(data=st.data())
def test_bewijs_never_rests_on_what_it_proves(engine: Engine, data: st.DataObject) -> None:
    _, outcome, links = some_conclusions(engine, data)
    for link in links:
        for proof in prover(engine, outcome).proofs(link):
            assert not any(premise.uses(conclusion_key(link)) for premise in proof.premises)


def test_bewijs_of_what_does_not_hold_is_empty(engine: Engine) -> None:
    outcome = engine.evaluate(Situatie())
    absent = Link(term("heeftPassendInstrument"), NamedNode("urn:bestaat-niet"))
    assert prover(engine, outcome).shortest(absent) is None
    assert prover(engine, outcome).proofs(absent) == []


@settings(patient, max_examples=20)
@given(data=st.data())
def test_wat_als_of_nothing_changes_nothing(engine: Engine, data: st.DataObject) -> None:
    difference = engine.what_if(data.draw(situations(engine)), Situatie(), Situatie())
    assert (difference.gained, difference.lost) == ((), ())


@settings(patient, max_examples=20)
@given(data=st.data())
def test_wat_als_tells_the_difference_between_two_advices(engine: Engine, data: st.DataObject) -> None:
    before, more = data.draw(situations(engine)), data.draw(situations(engine))
    difference = engine.what_if(before, more, Situatie())
    old, new = (shown(engine, situation) for situation in (before, add_situation(before, more)))
    assert {change.conclusion for change in difference.gained} == new - old
    assert {change.conclusion for change in difference.lost} == old - new


def shown(engine: Engine, situation: Situatie) -> set[str]:
    """The keys of the conclusions that an advice about a situation shows."""
    conclusions = engine.vocabulary.conclusions
    return {conclusion_key(link) for link in engine.evaluate(situation).derived() if link.property in conclusions}


def first_rows(engine: Engine, situation: Situatie) -> set[str]:
    """What the lists of the first screen of an advice show."""
    advice = engine.advise(situation)
    lists: list[Sequence[Conclusie]] = [
        advice.leidendeTransities,
        advice.koppelkansen[:MOST_KOPPELKANSEN],
        in_order_of_need(advice.instrumenten)[:MOST_INSTRUMENTEN],
        advice.conflicten,
    ]
    return {row.id for rows in lists for row in rows}


@settings(patient, max_examples=10)
@given(data=st.data())
def test_vraag_counts_the_rows_that_an_answer_really_changes(engine: Engine, data: st.DataObject) -> None:
    situation = data.draw(situations(engine))
    questions, before = engine.questions(situation, most=1000), first_rows(engine, situation)
    weighty = [question in weighty_keys(questions) for question in questions]
    assert weighty == sorted(weighty, reverse=True)
    for question in data.draw(st.lists(st.sampled_from(questions), max_size=5)) if questions else []:
        answer = data.draw(st.sampled_from(question.answers))
        after = first_rows(engine, add_situation(situation, answer.addition))
        assert answer.changes == len(before ^ after), question.text


def plain_rows(engine: Engine, outcome: Outcome) -> list[set[NamedNode]]:
    """What each list of the first screen shows of an outcome, ranked without columns."""
    view = View(engine.view(Situatie()).lexicon, engine.texts, outcome, frozenset())
    return [{link.object for link in view.links(*properties)[:most]} for properties, most in SHOWN]


def test_every_antwoord_in_columns_changes_what_it_changes_by_itself(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    """Some of the answers to each of many situations, added to it and evaluated one by one."""
    drawn = random.Random(7)
    cases = [read_situation(path.read_bytes()) for path in sorted((ROOT / "tests/gevallen/situaties").glob("*.json"))]
    for situation in [*situaties.values(), *cases, *random_situations(engine, 150, seed=7)]:
        outcome = engine.evaluate(situation)
        before = plain_rows(engine, outcome)
        some = drawn.sample(engine.candidates.all, 2)
        together = [add_facts(outcome.facts, candidate.facts) for candidate in some]
        flips = [engine.program.stated(facts) ^ outcome.stated for facts in together]
        known = [engine.program.addition(each.facts, outcome.facts.values) for each in some]
        assert engine.program.restated(outcome.facts, outcome.stated, known) == flips
        for facts in together:
            among = frozenset(drawn.sample(sorted(engine.program.condition_numbers), 100))
            stated = engine.program.stated(facts)
            assert engine.program.stated(facts, among) & among == stated & among
        after = [plain_rows(engine, evaluate(engine.program, facts)) for facts in together]
        counted = [sum(len(old ^ new) for old, new in zip(before, rows, strict=True)) for rows in after]
        assert engine.first_screen.changes(outcome, flips) == counted


def weighty_keys(questions: list[Question]) -> list[Question]:
    """The key questions that are worth at least half of what the best one is that is not left for the end."""
    most = max((question.effect for question in questions if not question.last), default=0)
    return [question for question in questions if question.key and question.effect * 2 >= most]


def test_question_for_more_of_what_is_stated_waits_and_names_the_likely_answers_that_change_most(
    engine: Engine,
) -> None:
    situation = Situatie(aanleidingen=("vervanging-riool",), betrokkenen=("gemeente",))
    questions = {question.topic: question for question in engine.questions(situation, most=1000)}
    first = [question.topic for question in engine.questions(situation, most=3)]
    assert "betrokkenen" not in first
    assert "waterschap" in questions["betrokkenen"].text
    assert questions["betrokkenen"].effect < questions["betrokkenen"].changes


def test_phase_is_among_the_first_questions_only_where_it_changes_most_of_what_is_left(engine: Engine) -> None:
    def asked(aanleiding: str) -> list[str]:
        return [question.topic for question in engine.questions(Situatie(aanleidingen=(aanleiding,)), most=3)]

    assert "fase" in asked("vervanging-riool")
    assert "fase" not in asked("wateroverlast")


def test_question_names_demolition_only_where_something_points_to_it(engine: Engine) -> None:
    def works_named(**more: object) -> str:
        situation = Situatie.model_validate({"aanleidingen": ["woningtekort"], **more})
        return next(q.text for q in engine.questions(situation, most=1000) if q.topic == "werken")

    assert "sloop" not in works_named()
    assert "sloop en nieuwbouw" in works_named(kenmerken=["verouderde-woningvoorraad"])
    assert "sloop" not in works_named(kenmerken=["verouderde-woningvoorraad", "beschermd-stadsgezicht"])


def test_question_names_parties_that_carry_a_task_that_is_at_issue(engine: Engine) -> None:
    situation = Situatie(aanleidingen=("netcongestie",), betrokkenen=("gemeente",))
    text = next(q.text for q in engine.questions(situation, most=1000) if q.topic == "betrokkenen")
    assert "belegger" not in text and "aannemer" not in text


def test_sleutelvragen_that_matter_come_first_and_what_everyone_knows_last(engine: Engine) -> None:
    questions = engine.questions(Situatie(aanleidingen=("energiearmoede",)), most=1000)
    keys = weighty_keys(questions)
    assert 0 < len(keys) < len([question for question in questions if question.key])
    assert questions[: len(keys)] == keys
    assert [q.effect for q in keys] == sorted((q.effect for q in keys), reverse=True)
    others = [question.last for question in questions[len(keys) :]]
    assert others == sorted(others)


def test_waarom_niet_of_what_holds_is_one_empty_set(engine: Engine, situaties: dict[str, Situatie]) -> None:
    situation = situaties["selwerd"]
    key = sorted(shown(engine, situation))[0]
    assert [missing.size for missing in engine.why_not(situation, key)] == [0]


def test_waarom_niet_plans_new_werk_soon_after_the_day_of_the_situatie(engine: Engine) -> None:
    """Of a day long ago, work in the years of today would open nothing that is near."""
    past = read_situation({"peildatum": "2012-06-01"})
    found = engine.why_not(past, "opentElement/element/straatprofiel")
    years = {(werk.van, werk.tot) for missing in found for werk in missing.add.werken}
    assert years == {(2013, 2015)}


def is_open(candidate: Candidate, situation: Situatie) -> bool:
    """Whether a situation leaves room for a candidate: a single value that is given is not asked again."""
    field, _, name = candidate.topic.partition(".")
    given_value = getattr(situation, field)
    return name not in given_value if isinstance(given_value, dict) else given_value in (None, ()) or bool(name)


def smallest_additions(
    engine: Engine, candidates: list[Candidate], situation: Situatie, goal: Link, most: int
) -> set[tuple[str, ...]]:
    """The smallest sets of candidates that make the goal hold, by their topics, by trying them all up to a size."""
    usable = [candidate for candidate in candidates if is_open(candidate, situation)]
    for size in range(1, most + 1):
        found = set()
        for chosen in combinations(usable, size):
            topics = [candidate.topic for candidate in chosen if candidate.exclusive]
            if len(set(topics)) < len(topics):
                continue
            together = situation
            for candidate in chosen:
                together = add_situation(together, candidate.situation)
            if engine.evaluate(together).holds(goal):
                found.add(tuple(sorted(candidate.topic for candidate in chosen)))
        if found:
            return found
    return set()


@settings(patient, max_examples=8)
@given(data=st.data())
def test_waarom_niet_finds_the_smallest_sets_and_they_work(engine: Engine, data: st.DataObject) -> None:
    some = data.draw(st.lists(st.sampled_from(engine.candidates.all), min_size=12, max_size=12, unique_by=id))
    check_smallest(engine, some, data)


@settings(patient, max_examples=8)
@given(data=st.data())
def test_waarom_niet_finds_the_smallest_sets_where_werken_and_days_decide(engine: Engine, data: st.DataObject) -> None:
    """There the solver proposes what does not work, and what it learns from that must not take away what does."""
    every = engine.candidates.all
    works, days = ([one for one in every if one.field == field] for field in ("werken", "peildatum"))
    some = [
        *data.draw(st.lists(st.sampled_from(works), min_size=6, max_size=6, unique_by=id)),
        *data.draw(st.lists(st.sampled_from(days), min_size=2, max_size=2, unique_by=id)),
        *data.draw(st.lists(st.sampled_from(every), min_size=4, max_size=4, unique_by=id)),
    ]
    check_smallest(engine, list({id(one): one for one in some}.values()), data)


def check_smallest(engine: Engine, some: list[Candidate], data: st.DataObject) -> None:
    """With only these candidates, the sets that are found for some goals are the smallest, and each of them works."""
    situation = data.draw(situations(engine))
    candidates = Candidates(engine.program, engine.vocabulary, engine.resolver)
    candidates.all = some
    finder = MissingFinder(engine.program, candidates, engine.resolver, engine.texts)
    reachable = goals_within_reach(engine, some, situation)
    for goal in data.draw(st.lists(st.sampled_from(reachable), max_size=3, unique=True)) if reachable else []:
        found = finder.find(situation, goal, "nl", 1000)
        smallest = smallest_additions(engine, some, situation, goal, most=2)
        size = max(map(len, smallest), default=None)
        assert size is None or [missing.remove for missing in found] == [()] * len(found) != []
        assert len(found) >= len(smallest) or found[0].size < len(next(iter(smallest)))
        for missing in found:
            assert size is None or missing.size <= size
            facts = engine.resolver.facts(add_situation(situation, missing.add))
            kept = Facts(facts.links - set(missing.remove), facts.nodes, facts.values)
            assert evaluate(engine.program, kept).holds(goal)


class Forgetful(MissingFinder):
    """Finds without learning from what it tried."""

    def _learn(self, *_: object) -> None:
        return


def test_waarom_niet_that_learns_finds_all_that_it_finds_without(engine: Engine) -> None:
    """A work whose years do not fit one condition may still make another hold."""
    drawn = random.Random(5)
    cases = [read_situation(path.read_bytes()) for path in sorted((ROOT / "tests/gevallen/situaties").glob("*.json"))]
    parts = engine.program, engine.candidates, engine.resolver, engine.texts
    learning, forgetful = MissingFinder(*parts), Forgetful(*parts)
    always = [engine.conclusion("heeftBijnaPassendInstrument/instrument/wijkontwikkelingsmaatschappij")]
    for situation in drawn.sample(cases, 6):
        for goal in [*always, *drawn.sample(sorted(engine.shown_conclusions, key=str), 2)]:
            expected = forgetful.find(situation, goal, "nl", 10, 1)
            found = learning.find(situation, goal, "nl", 10)
            if expected.complete:
                assert found.complete
                assert len(found) >= len(expected), (situation.naam, goal)
                assert {one.size for one in found} == {one.size for one in expected} or not expected


def test_waarom_niet_of_a_service_that_prepared_itself_finds_the_same(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    parts = engine.program, engine.candidates, engine.resolver, engine.texts
    prepared, other = MissingFinder(*parts), MissingFinder(*parts)
    prepared.prepare()
    for name, situation in situaties.items():
        for goal in random.Random(name).sample(sorted(engine.shown_conclusions, key=str), 4):
            found, expected = (finder.find(situation, goal, "nl", 1000) for finder in (prepared, other))
            assert found.complete == expected.complete, (name, goal)
            # Of sets with the same topics either may give another one.
            assert sorted(one.size for one in found) == sorted(one.size for one in expected), (name, goal)


def test_waarom_niet_without_time_says_that_there_may_be_more(engine: Engine, situaties: dict[str, Situatie]) -> None:
    """Also of a goal that was never asked about before, of which the solver must still be told what it rests on."""
    situation = situaties["selwerd"]
    finder = MissingFinder(engine.program, engine.candidates, engine.resolver, engine.texts)
    absent = next(link for link in engine.shown_conclusions if not engine.evaluate(situation).holds(link))
    found = finder.find(situation, absent, "nl", 10, 0)
    assert (list(found), found.complete) == ([], False)
    assert finder.find(situation, absent, "nl", 10).complete


def test_waarom_niet_about_one_situatie_teaches_nothing_about_another(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    goal = engine.conclusion("heeftOpening/opening/riool--verharding")
    asked = [situaties["selwerd"], read_situation({"peildatum": "2019-05-01"}), situaties["deventer"]]
    shared = MissingFinder(engine.program, engine.candidates, engine.resolver, engine.texts)
    for situation in (*asked, *reversed(asked)):
        alone = MissingFinder(engine.program, engine.candidates, engine.resolver, engine.texts)
        found, expected = (finder.find(situation, goal, "nl", 1000) for finder in (shared, alone))
        assert (list(found), found.complete) == (list(expected), expected.complete)


def test_waarom_niet_knows_that_on_another_day_a_werk_without_years_comes_in_other_years(engine: Engine) -> None:
    """In 2017 the boilers were far away; the renovation without years is near on any day."""
    situation = read_situation({"werken": [{"cyclus": "renovatie-complex"}, {"cyclus": "installaties", "tot": 2030}]})
    goal = engine.conclusion("heeftMeeliftkoppeling/koppeling/energievraag-verminderen--woningen-van-het-gas-af")
    candidates = Candidates(engine.program, engine.vocabulary, engine.resolver)
    days = [one for one in candidates.all if (day := one.situation.peildatum) and day.year == 2017]
    candidates.all = [*days, *(one for one in candidates.all if one.topic == "aanleidingen.energiearmoede")]
    finder = MissingFinder(engine.program, candidates, engine.resolver, engine.texts)
    found = finder.find(situation, goal, "nl", 10)
    assert found
    for missing in found:
        assert engine.evaluate(add_situation(situation, missing.add)).holds(goal)


def goals_within_reach(engine: Engine, candidates: list[Candidate], situation: Situatie) -> list[Link]:
    """The shown links that do not hold in a situation but do once two open candidates are added."""
    now = set(engine.evaluate(situation).derived())
    usable = [candidate for candidate in candidates if is_open(candidate, situation)]
    reached: set[Link] = set()
    for one, other in combinations(usable, 2):
        together = add_situation(add_situation(situation, one.situation), other.situation)
        reached |= set(engine.evaluate(together).derived())
    return sorted((link for link in reached - now if link.property in engine.vocabulary.conclusions), key=str)
