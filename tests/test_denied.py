"""A 'no' is an answer: a characteristic that is said to be absent does not hold, and is not asked for again."""

import pytest

from kb.engine import Engine
from kb.errors import SituationError
from kb.explain.candidates import add_situation
from kb.explain.question import Question
from kb.situation.model import Situatie

BASE = Situatie.model_validate({
    "peildatum": "2026-09-01",
    "aanleidingen": ["vervanging-riool"],
    "betrokkenen": ["gemeente"],
})  # fmt: skip


def yes_or_no(engine: Engine, situation: Situatie) -> list[Question]:
    """The open questions about a characteristic."""
    return [question for question in engine.questions(situation, most=100) if question.field == "kenmerken"]


def conditions_left(engine: Engine, situation: Situatie) -> set[str]:
    """The conditions that must still be checked before an instrument fits."""
    return {condition.id for row in engine.advise(situation).instrumenten for condition in row.gaNa}


def test_question_about_a_characteristic_can_be_answered_with_no(engine: Engine) -> None:
    for question in yes_or_no(engine, BASE):
        name = question.topic.partition(".")[2]
        stated = [answer.addition for answer in question.answers]
        assert Situatie(kenmerken=(name,)) in stated and Situatie(afwezigeKenmerken=(name,)) in stated, question.topic


def test_what_is_answered_with_no_is_not_asked_again(engine: Engine) -> None:
    first = yes_or_no(engine, BASE)[0]
    answered = add_situation(BASE, Situatie(afwezigeKenmerken=(first.topic.partition(".")[2],)))
    assert first.topic not in {question.topic for question in yes_or_no(engine, answered)}


def test_condition_that_asks_for_it_becomes_false_and_not_unknown(engine: Engine) -> None:
    unknown = conditions_left(engine, BASE)
    for question in yes_or_no(engine, BASE):
        denied = add_situation(BASE, Situatie(afwezigeKenmerken=(question.topic.partition(".")[2],)))
        if gone := unknown - conditions_left(engine, denied):
            assert gone
            return
    pytest.fail("no condition of an instrument asks for a characteristic")


def test_leaving_out_a_characteristic_is_not_denying_it(engine: Engine) -> None:
    assert not engine.why(BASE, "geldtNietKenmerk/kenmerk/gemengd-riool")
    denied = add_situation(BASE, Situatie(afwezigeKenmerken=("gemengd riool",)))
    [proof] = engine.why(denied, "geldtNietKenmerk/kenmerk/gemengd-riool")
    assert proof.rule == "kenmerk-ontkend" and "niet geldt" in proof.text


@pytest.mark.parametrize(
    ("situation", "name"),
    [
        ({"metingen": {"aardgasaandeel": 0.1}}, "grotendeels-aardgasvrij"),
        ({"metingen": {"gasverbruik-per-woning": 1500}}, "slecht-geisoleerde-woningen"),
        ({"betrokkenen": ["bewonersinitiatief"]}, "actieve-bewoners"),
        ({"peildatum": "2026-09-01", "werken": [{"cyclus": "gasnet", "van": 2023, "tot": 2024}]}, "vernieuwd-gasnet"),
    ],
)
def test_what_the_asker_denies_goes_before_what_figures_parties_and_works_suggest(
    engine: Engine, situation: dict[str, object], name: str
) -> None:
    key = f"heeftAfgeleidKenmerk/kenmerk/{name}"
    assert engine.why(Situatie.model_validate(situation), key)
    assert not engine.why(Situatie.model_validate({**situation, "afwezigeKenmerken": [name]}), key)


def test_what_holds_cannot_be_absent_too_under_whatever_name(engine: Engine) -> None:
    both = Situatie(kenmerken=("gemengd-riool",), afwezigeKenmerken=("oud-riool", "gemengd riool"))
    with pytest.raises(SituationError) as caught:
        engine.advise(both)
    [problem] = caught.value.problems
    assert problem.field == "afwezigeKenmerken[1]" and "het geldt, of het geldt niet" in problem.message


def test_last_answer_takes_the_place_of_an_earlier_one() -> None:
    yes, no = Situatie(kenmerken=("gemengd-riool",)), Situatie(afwezigeKenmerken=("gemengd-riool",))
    assert add_situation(yes, no) == no
    assert add_situation(no, yes) == yes


def test_party_that_is_absent_makes_what_asks_for_it_not_fit(engine: Engine) -> None:
    wanted = Situatie.model_validate({
        "peildatum": "2026-09-01",
        "aanleidingen": ["aardgasvrije-wijk"],
        "betrokkenen": ["gemeente"],
    })  # fmt: skip
    denied = add_situation(wanted, Situatie(afwezigeBetrokkenen=("housing association",)))
    fitting, left = ({row.id: row for row in engine.advise(situation).instrumenten} for situation in (wanted, denied))
    gone = fitting.keys() - left.keys()
    assert "instrument/prestatieafspraken" in gone
    assert not left.keys() - fitting.keys(), "a no never adds a fitting instrument"
    assert {row.id for row in engine.advise(denied).bijnaPassend} & gone


def test_party_that_is_left_out_is_unknown(engine: Engine) -> None:
    key = "mistVoorwaarde/voorwaarde/woningcorporatie-doet-mee"
    assert not engine.why(BASE, key)
    [proof] = engine.why(add_situation(BASE, Situatie(afwezigeBetrokkenen=("woningcorporatie",))), key)
    assert proof.rule == "mist-betrokkene" and "ontbreekt" in proof.text


def test_party_cannot_take_part_and_be_absent(engine: Engine) -> None:
    with pytest.raises(SituationError) as caught:
        engine.advise(Situatie(betrokkenen=("gemeente",), afwezigeBetrokkenen=("municipality",)))
    [problem] = caught.value.problems
    assert problem.field == "afwezigeBetrokkenen[0]" and "bij betrokkenen" in problem.message
