"""Two advices beside each other: each line is marked by what becomes of it in the other."""

from itertools import pairwise

import pytest

from kb.engine import Engine
from kb.language import LANGUAGES
from kb.report.beside import Line, Mark, Pair, beside
from kb.report.phrases import Phrases
from kb.situation.model import Situatie

SEWER = {"aanleidingen": ["vervanging-riool"], "kenmerken": ["wateroverlast"], "peildatum": "2026-01-01"}
DUG = {**SEWER, "werken": [{"cyclus": "riool", "van": 2027, "tot": 2029, "graven": True}]}
RELINED = {**SEWER, "werken": [{"cyclus": "riool", "van": 2027, "tot": 2029, "graven": False}]}


def pairs(engine: Engine, first: object, second: object, language: str = "nl") -> dict[str, Pair]:
    """The parts of the first screens of two situations, by name."""
    one, other = (engine.advise(Situatie.model_validate(given), language) for given in (first, second))
    return {pair.name: pair for pair in beside(one, other, Phrases(language, 2026))}


def marks(lines: tuple[Line, ...]) -> dict[str, Mark]:
    """What becomes of each line, by its key."""
    return {line.item.key: line.mark for line in lines if line.item.key}


def test_advice_beside_itself_differs_nowhere(engine: Engine, situaties: dict[str, Situatie]) -> None:
    for situatie in situaties.values():
        assert not any(pair.differs for pair in pairs(engine, situatie, situatie).values())


def test_what_only_one_of_both_says_comes_in_or_drops_out(engine: Engine) -> None:
    conflict = "heeftConflict/conflict/relining"
    assert marks(pairs(engine, DUG, RELINED)["conflicts"].second)[conflict] == "erbij"
    assert marks(pairs(engine, RELINED, DUG)["conflicts"].first)[conflict] == "vervalt"


def test_same_conclusion_on_other_grounds_is_said_otherwise(engine: Engine) -> None:
    leading = pairs(engine, DUG, RELINED)["leading"]
    key = "heeftLeidendeTransitie/transitie/klimaatadaptatie"
    assert marks(leading.first)[key] == marks(leading.second)[key] == "anders"


def test_row_that_moved_names_its_place_on_the_other_side(engine: Engine) -> None:
    couplings = pairs(engine, DUG, RELINED)["couplings"]
    moved = [line for line in couplings.second if line.mark in ("hoger", "lager")]
    assert moved
    for line in moved:
        here = couplings.second.index(line) + 1
        assert (line.mark == "hoger") == (line.place > here)
        before = next((other for other in couplings.first if other.item.key == line.item.key), None)
        assert before is None or couplings.first.index(before) + 1 == line.place


def test_both_sides_tell_the_same_story(engine: Engine, situaties: dict[str, Situatie]) -> None:
    names = list(situaties)
    for one, other in pairwise(names):
        for pair in pairs(engine, situaties[one], situaties[other]).values():
            first, second = marks(pair.first), marks(pair.second)
            assert {key for key, mark in first.items() if mark == "vervalt"}.isdisjoint(second)
            assert {key for key, mark in second.items() if mark == "erbij"}.isdisjoint(first)
            both = first.keys() & second.keys()
            assert all(first[key] == second[key] for key in both), (pair.name, one, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_stand_in_the_order_of_the_first_screen(engine: Engine, language: str) -> None:
    names = list(pairs(engine, DUG, RELINED, language))
    assert names == ["leading", "coming", "couplings", "conflicts", "instruments", "left_out"]


def test_each_side_names_its_own_tasks(engine: Engine) -> None:
    """Of unsafe traffic the traffic is told; of unsafe streets all of safety, also when it stands beside the other."""
    leading = pairs(engine, {"aanleidingen": ["onveiligheid"]}, {"aanleidingen": ["verkeersonveiligheid"]})["leading"]
    first, second = (" ".join(line.item.text for line in side) for side in (leading.first, leading.second))
    assert "het verkeer veiliger maken" in second and "de omgeving veiliger maken" not in second
    assert "de omgeving veiliger maken" in first and "het verkeer veiliger maken" not in first
