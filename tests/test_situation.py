"""Situations as people give them: what is wrong is said with its field, all of it at once, and with the nearest terms."""

from decimal import Decimal
from typing import Any

import pytest

from kb.engine import Engine
from kb.errors import SituationError
from kb.situation.model import dump_situation, read_situation

WRONG_SHAPES = [
    ({"wijkk": "selwerd"}, "wijkk", "bedoelt u 'wijk'"),  # a field we do not know
    ({"wijk": 3}, "wijk", "tekst"),
    ({"aanleidingen": "riool"}, "aanleidingen", "lijst"),
    ({"werken": [{"cyclus": "riool", "tto": 2029}]}, "werken[0].tto", "bedoelt u 'tot'"),
    ({"werken": [{"van": 2027}]}, "werken[0].cyclus", "ontbreekt"),
    ({"werken": [{"cyclus": "riool", "van": 1500}]}, "werken[0].van", "ten minste 1900"),
    ({"werken": [{"cyclus": "riool", "graven": "ja"}]}, "werken[0].graven", "true of false"),
    ({"metingen": {"woningen": "veel"}}, "metingen.woningen", "getal"),
    ({"metingen": {"woningen": True}}, "metingen.woningen", "getal"),  # JSON's true is not one
    ({"prioriteiten": {"energie": 4}}, "prioriteiten.energie", "ten hoogste 3"),
    ({"peildatum": "1 juli"}, "peildatum", "datum"),
    ({"naam": "a\u0001b"}, "naam", "stuurtekens"),  # RDF/XML cannot hold it
]

WRONG_TERMS = [
    ({"aanleidingen": ["riool"]}, "aanleidingen[0]", "vervanging-riool"),
    ({"kenmerken": ["gespikkeldbezit"]}, "kenmerken[0]", "gespikkeld-bezit"),
    ({"wijk": "Selwert"}, "wijk", "selwerd"),
    ({"fase": "keizen"}, "fase", "kiezen"),
    ({"werken": [{"cyclus": "rioool"}]}, "werken[0].cyclus", "riool"),
    ({"metingen": {"aardgas": 0.5}}, "metingen.aardgas", "aardgasaandeel"),
]


@pytest.mark.parametrize(("data", "field", "words"), WRONG_SHAPES)
def test_situatie_of_wrong_shape_names_the_field(data: Any, field: str, words: str) -> None:
    with pytest.raises(SituationError) as error:
        read_situation(data)
    assert [problem.field for problem in error.value.problems] == [field]
    assert words in error.value.problems[0].message


@pytest.mark.parametrize(("data", "field", "near"), WRONG_TERMS)
def test_unknown_term_is_answered_with_the_nearest_known_ones(engine: Engine, data: Any, field: str, near: str) -> None:
    with pytest.raises(SituationError) as error:
        engine.advise(read_situation(data))
    (problem,) = error.value.problems
    assert problem.field == field
    assert near in problem.nearest


def test_all_problems_come_together(engine: Engine) -> None:
    situatie = read_situation({"kenmerken": ["x", "y"], "metingen": {"aardgasaandeel": 93}, "wijk": "nergens"})
    with pytest.raises(SituationError) as error:
        engine.advise(situatie)
    fields = {problem.field for problem in error.value.problems}
    assert fields == {"kenmerken[0]", "kenmerken[1]", "metingen.aardgasaandeel", "wijk"}


def test_meting_outside_its_range_names_range_and_unit(engine: Engine) -> None:
    with pytest.raises(SituationError, match=r"93 valt buiten het bereik van 0(\.0)? tot en met 1(\.0)? \(van 1\)"):
        engine.advise(read_situation({"metingen": {"aardgasaandeel": 93}}))


def test_werk_that_ends_before_it_begins_is_refused(engine: Engine) -> None:
    with pytest.raises(SituationError, match="2026 ligt voor het eerste jaar 2027"):
        engine.advise(read_situation({"werken": [{"cyclus": "riool", "van": 2027, "tot": 2026}]}))


def test_one_grootheid_under_two_names_is_refused(engine: Engine) -> None:
    iri = "https://w3id.org/wijkaanpak/id/grootheid/woningen"
    with pytest.raises(SituationError, match="tweemaal"):
        engine.advise(read_situation({"metingen": {"woningen": 2, iri: 3}}))


def test_term_may_be_slug_or_iri(engine: Engine) -> None:
    slug, iri = ({"fase": fase} for fase in ("kennen", "https://w3id.org/wijkaanpak/id/fase/kennen"))
    stappen = [engine.advise(read_situation(data)).stappen for data in (slug, iri)]
    assert stappen[0] == stappen[1]


def test_cbs_code_of_a_known_wijk_is_that_wijk(engine: Engine) -> None:
    by_code, by_slug = (engine.resolver.facts(read_situation({"wijk": wijk})) for wijk in ("BU00141000", "selwerd"))
    assert by_code == by_slug


def test_cbs_code_of_several_known_wijken_is_none_of_them(engine: Engine) -> None:
    assert not engine.resolver.facts(read_situation({"wijk": "BU05990323"})).links


def test_cbs_code_of_any_other_place_is_accepted(engine: Engine) -> None:
    assert not engine.resolver.facts(read_situation({"wijk": "WK001400"})).links


def test_numbers_keep_their_exact_value() -> None:
    situatie = read_situation('{"metingen": {"aardgasaandeel": 0.93, "woningen": 3183}}')
    assert situatie.metingen["aardgasaandeel"] == Decimal("0.93")
    assert dump_situation(situatie) == {"metingen": {"aardgasaandeel": 0.93, "woningen": 3183}}
