"""Works are matched by place and by time; who could move, what clashes and how heavily, the rules say."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.engine import Engine
from kb.errors import SituationError
from kb.programme.judge import make_programme
from kb.programme.reading import rows_of
from tests.plan.planning import DAY, GAS, SEWER, meetings, moves, programme

SELWERD = {"gebied": "BU00141000"}
STREET = SELWERD | {"straat": "Eikenlaan", "vak": None}


def test_werken_meet_in_one_vak(engine: Engine) -> None:
    met = meetings(programme(engine, SEWER, GAS | {"van": 2029}))["R+G"]
    assert met.plaatszekerheid == "vak"
    assert met.volgensPlan and met.eenOpening and not met.verschuivingen
    assert "verharding" in {thing.slug for thing in met.elementen}
    assert met.beslisVoor == 2028


def test_werken_of_different_vakken_do_not_meet(engine: Engine) -> None:
    assert not meetings(programme(engine, SEWER, GAS | {"vak": "V2", "van": 2029}))


@pytest.mark.parametrize(
    ("other", "certainty"),
    [
        (STREET | {"straat": "eikenlaan"}, "straat"),  # capitals make no difference
        (STREET | {"straat": None}, "gebied"),  # nobody knows in which street
        (STREET | {"straat": None, "gebied": "WK001410"}, "gebied"),  # the wijk that the buurt lies in
        (STREET | {"straat": "Beukenlaan"}, None),
        (STREET | {"gebied": "BU00141001"}, None),  # a street of that name in another buurt
    ],
)
def test_plaats_falls_back_from_straat_to_gebied(engine: Engine, other: dict[str, Any], certainty: str | None) -> None:
    met = meetings(programme(engine, SEWER | STREET, GAS | {"van": 2029} | other))
    assert [meeting.plaatszekerheid for meeting in met.values()] == ([certainty] if certainty else [])


def test_botsing_is_heavy_only_in_one_known_straat(engine: Engine) -> None:
    """Both planned and too far apart to come together: heavy in one street, and light while the street is not known."""
    planned = {"zekerheid": "gepland", "vak": None, **SELWERD}
    known = [SEWER | planned | {"straat": "Eikenlaan"}, GAS | planned | {"straat": "Eikenlaan"}]
    assert meetings(programme(engine, *known))["R+G"].botsing == "zwaar"
    for works in ([known[0], GAS | planned], [SEWER | planned, known[1]], [SEWER | planned, GAS | planned]):
        made = programme(engine, *works)
        meeting = meetings(made)["R+G"]
        assert meeting.botsing == "licht"
        told = [reason for finding in meeting.bevindingen for reason in finding.redenen]
        assert any(reason.startswith("Zelfde wijk, straat onbekend: ga na") for reason in told)
        assert not any("heeftZware" in row.conclusie for place in made.plaatsen for row in place.conflicten)


def test_vak_without_gebied_takes_that_of_others(engine: Engine) -> None:
    made = programme(engine, SEWER | SELWERD, GAS)
    assert [place.sleutel for place in made.plaatsen] == ["BU00141000/vak v1"]


@pytest.mark.parametrize(
    ("sewer", "gas", "expected"),
    [
        (2, None, [("R", 2)]),
        (None, 2, [("G", -2)]),
        (3, 3, [("R", 2), ("G", -2)]),  # either of them alone
        (1, 1, [("R", 1), ("G", -1)]),  # only both together
        (1, 0, []),
        (None, None, []),  # an unknown margin is no margin
    ],
)
def test_werk_moves_within_its_schuifruimte(
    engine: Engine, sewer: int | None, gas: int | None, expected: list[tuple[str, int]]
) -> None:
    made = programme(engine, SEWER | {"schuifruimte": sewer}, GAS | {"schuifruimte": gas})
    assert moves(made, "R+G") == expected


def test_vast_werk_does_not_move(engine: Engine) -> None:
    made = programme(engine, SEWER | {"vast": True}, GAS | {"vast": True})
    assert made.werken[0].schuifruimte == 0
    assert not moves(made, "R+G")


def test_verschuiving_names_whose_it_is(engine: Engine) -> None:
    made = programme(engine, SEWER | {"schuifruimte": 2, "eigenaar": "gemeente"}, GAS)
    owner = meetings(made)["R+G"].verschuivingen[0].eigenaar
    assert owner is not None and owner.slug == "gemeente"


@pytest.mark.parametrize(
    ("sewer", "gas", "weight"),
    [
        ({"zekerheid": "vast"}, {"zekerheid": "gepland"}, "zwaar"),
        ({"zekerheid": "vast"}, {"zekerheid": "idee"}, "licht"),
        ({"zekerheid": "vast"}, {}, "licht"),  # unknown is not certain
        ({"zekerheid": "vast", "schuifruimte": 2}, {"zekerheid": "vast"}, "licht"),  # moving prevents it
        ({"zekerheid": "vast"}, {"zekerheid": "vast", "van": 2040, "tot": 2040}, None),  # the rest is over
        ({"zekerheid": "vast"}, {"zekerheid": "vast", "graven": False}, None),  # the exception: no digging
    ],
)
def test_rustbotsing_weighs_by_certainty(
    engine: Engine, sewer: dict[str, Any], gas: dict[str, Any], weight: str | None
) -> None:
    met = meetings(programme(engine, SEWER | sewer, GAS | gas))
    assert [meeting.botsing for meeting in met.values()] == ([weight] if weight else [])


def test_zware_botsing_has_ways_out(engine: Engine) -> None:
    made = programme(engine, SEWER | {"zekerheid": "vast"}, GAS | {"zekerheid": "vast"})
    assert meetings(made)["R+G"].uitwegen
    assert made.plaatsen[0].conflicten


def test_ontmoeting_opens_koppelingen(engine: Engine) -> None:
    heat = {"id": "W", "vak": "V1", "cyclus": "warmtenet", "van": 2029, "tot": 2030, "graven": True}
    met = meetings(programme(engine, SEWER, heat))["R+W"]
    assert met.koppelingen
    assert met.volgendeKans is not None and met.volgendeKans > 2060


def test_every_bevinding_has_its_bewijs(engine: Engine) -> None:
    made = programme(engine, SEWER | {"schuifruimte": 2}, GAS | {"zekerheid": "idee"})
    for meeting in meetings(made).values():
        assert meeting.bevindingen
        keys = [found.conclusie for found in meeting.bevindingen] + [found.conclusie for found in meeting.koppelingen]
        assert all(engine.why(meeting.situatie, key) for key in keys)


def test_jaar_is_assumed_from_aanleg(engine: Engine) -> None:
    old = {"vak": "V1", "cyclus": "riool", "id": "R"}
    work = programme(engine, old | {"aangelegd": 2000}).werken[0]
    assert work.van == 2050 and work.aanname is not None and "2000" in work.aanname
    assert programme(engine, old | {"aangelegd": 1950}).werken[0].van == DAY.year  # overdue


def test_same_kind_of_werk_is_no_ontmoeting(engine: Engine) -> None:
    assert not meetings(programme(engine, SEWER, SEWER | {"id": "R2"}))


def test_too_many_pairs_are_refused_before_they_are_judged(engine: Engine) -> None:
    rows = rows_of([SEWER, GAS, GAS | {"id": "G2"}])
    with pytest.raises(SituationError, match="3 paren"):
        make_programme(engine, rows, DAY, text=False, with_data=False, most_pairs=2)


WORKS = st.fixed_dictionaries(
    {
        "cyclus": st.sampled_from(["riool", "gasnet", "warmtenet", "bomen"]),
        "vak": st.sampled_from(["V1", "V2"]),
        "van": st.integers(2027, 2036),
        "schuifruimte": st.none() | st.integers(0, 3),
        "zekerheid": st.none() | st.sampled_from(["vast", "idee"]),
        "graven": st.none() | st.booleans(),
    }
)
PLANNINGS = st.lists(WORKS, min_size=2, max_size=4).map(
    lambda works: [{**work, "id": f"W{number}"} for number, work in enumerate(works)]
)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(data=st.data(), works=PLANNINGS)
def test_order_of_rows_changes_nothing(engine: Engine, data: st.DataObject, works: list[dict[str, Any]]) -> None:
    shuffled = data.draw(st.permutations(works))
    first, second = programme(engine, *works), programme(engine, *shuffled)
    assert first.plaatsen == second.plaatsen


@FEW
@given(works=PLANNINGS)
def test_werk_far_away_in_time_changes_nothing_for_others(engine: Engine, works: list[dict[str, Any]]) -> None:
    far = {"id": "ver", "vak": "V1", "cyclus": "drinkwaternet", "van": 2150, "tot": 2151, "graven": True}
    assert meetings(programme(engine, *works, far)) == meetings(programme(engine, *works))
