"""Works are matched by place and by time; who could move, what clashes and how heavily, the rules say."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.country.outlines import from_rd, to_rd
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


def test_werk_of_which_only_the_geometry_is_known_lies_in_the_buurt_under_it(engine: Engine) -> None:
    alone = {"vak": None, "gebied": None, "geometrie": LINE}
    plan = programme(engine, SEWER | alone)
    assert [place.gebied for place in plan.plaatsen] == ["BU00141000"]
    assert plan.werken[0].gebiedUitLigging


def test_werk_outside_all_outlines_lies_in_no_gebied(engine: Engine) -> None:
    plan = programme(engine, SEWER | {"vak": None, "gebied": None, "geometrie": "POINT (20000 600000)"})
    assert [place.gebied for place in plan.plaatsen] == [None]
    assert not plan.werken[0].gebiedUitLigging


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


LINE = "LINESTRING (232500 584000, 232600 584000)"
GEOJSON = json.dumps({"type": "Point", "coordinates": from_rd(232_550, 584_015)})  # the same in degrees
NOWHERE_NAMED = SELWERD | {"vak": None}


@pytest.mark.parametrize(
    ("sewer", "gas", "certainty"),
    [
        ({"geometrie": LINE}, {"geometrie": "POINT (232550 584015)"}, "ligging"),  # fifteen metres from the line
        ({"geometrie": LINE}, {"geometrie": "POINT (232550 584040)"}, None),
        ({"geometrie": LINE}, {"geometrie": "LINESTRING (232550 583900, 232550 584100)"}, "ligging"),  # they cross
        ({"geometrie": LINE}, {"geometrie": GEOJSON}, "ligging"),
        (
            {"geometrie": LINE},
            {"geometrie": "POINT (232550 584015)", "gebied": "BU00141001"},
            "ligging",
        ),  # over a border
        (
            {"geometrie": LINE, "straat": "Eikenlaan"},
            {"geometrie": "POINT (232900 584000)", "straat": "Eikenlaan"},
            None,
        ),
        ({"geometrie": LINE, "straat": "Eikenlaan"}, {"straat": "Eikenlaan"}, "straat"),  # nobody drew the gas main
        ({"geometrie": LINE}, {}, "gebied"),
        ({"geometrie": LINE}, {"straat": "Eikenlaan"}, "gebied"),
        ({"geometrie": LINE, "vak": "V1"}, {"geometrie": "POINT (232550 584015)"}, "ligging"),
        ({"geometrie": LINE, "vak": "V1"}, {"geometrie": "POINT (232550 584015)", "vak": "V2"}, None),  # said to differ
    ],
)
def test_ligging_says_whether_werken_are_in_one_place(
    engine: Engine, sewer: dict[str, Any], gas: dict[str, Any], certainty: str | None
) -> None:
    both = [SEWER | NOWHERE_NAMED | sewer, GAS | NOWHERE_NAMED | {"van": 2029} | gas]
    for works in (both, both[::-1]):
        met = [meeting for place in programme(engine, *works).plaatsen for meeting in place.ontmoetingen]
        assert [meeting.plaatszekerheid for meeting in met] == ([certainty] if certainty else [])


FIFTEEN = (
    SEWER | NOWHERE_NAMED | {"geometrie": LINE},
    GAS
    | NOWHERE_NAMED
    | {
        "van": 2029,
        "geometrie": "POINT (232550 584015)",
    },
)


@pytest.mark.parametrize(
    ("sewer", "gas", "asked", "decided"),
    [
        (None, None, None, (20, "kennis")),
        (None, None, 10, None),
        (None, None, 16, (16, "vraag")),
        (10, None, None, None),  # what the row says goes before the knowledge
        (10, None, 50, None),  # and before what is asked
        (10, 40, None, (40, "werk")),  # who looks farther finds the other
        (None, 15, None, (15, "werk")),  # the distance itself counts
    ],
)
def test_afstand_is_that_of_a_werk_or_of_the_question_or_else_of_the_knowledge(
    engine: Engine, sewer: float | None, gas: float | None, asked: float | None, decided: tuple[float, str] | None
) -> None:
    works = [work | {"afstand": own} for work, own in zip(FIFTEEN, (sewer, gas), strict=True)]
    met = meetings(programme(engine, *works, distance=asked))
    found = [meeting.tussenruimte for meeting in met.values() if meeting.tussenruimte]
    assert [(each.meter, each.tenHoogste, each.volgens) for each in found] == ([(15, *decided)] if decided else [])


def test_every_werk_of_a_vak_keeps_its_own_afstand(engine: Engine) -> None:
    """Of two sewers of one section one looks ten metres around it; only the other meets the gas main at fifteen."""
    near, far = (FIFTEEN[0] | {"id": name, "vak": "V1", "afstand": own} for name, own in (("R1", 10), ("R2", None)))
    assert sorted(meetings(programme(engine, near, far, FIFTEEN[1]))) == ["R2+G"]


def test_zoekafstand_says_what_it_rests_on(engine: Engine) -> None:
    distance = programme(engine, SEWER).zoekafstand
    assert (distance.volgens, distance.zekerheid) == ("kennis", "aanname")
    assert distance.toelichting and "onze keuze" in distance.toelichting
    assert programme(engine, SEWER, distance=5).zoekafstand.zekerheid is None


@pytest.mark.parametrize("metres", [-1, 1001, float("nan")])
def test_afstand_that_is_none_is_refused(engine: Engine, metres: float) -> None:
    with pytest.raises(SituationError, match="van 0 tot en met 1000"):
        programme(engine, SEWER, distance=metres)


def test_long_werk_meets_every_werk_that_it_passes(engine: Engine) -> None:
    """A main through two sections meets the sewer of both; the sewers do not meet each other."""
    sewers = [
        SEWER | SELWERD | {"id": name, "vak": name, "geometrie": f"POINT ({x} 584005)"}
        for name, x in (("R1", 232_500), ("R2", 232_600))
    ]
    main = GAS | NOWHERE_NAMED | {"van": 2029, "geometrie": LINE}
    assert sorted(meetings(programme(engine, *sewers, main))) == ["R1+G", "R2+G"]


def test_botsing_of_werken_that_lie_near_each_other_is_heavy(engine: Engine) -> None:
    planned = NOWHERE_NAMED | {"zekerheid": "gepland", "geometrie": LINE}
    assert meetings(programme(engine, SEWER | planned, GAS | planned))["R+G"].botsing == "zwaar"
    drawn = [SEWER | planned, GAS | planned | {"geometrie": None, "straat": "Eikenlaan"}]
    assert meetings(programme(engine, *drawn))["R+G"].botsing == "licht"


@pytest.mark.parametrize(
    ("geometry", "wrong"),
    [
        ("POINT (232500", "niet te lezen"),
        ("Eikenlaan 3", "niet te lezen"),
        ('{"type": "Point"}', "niet te lezen"),
        ("POINT EMPTY", "leeg"),
        ("POLYGON ((232500 584000, 232600 584100, 232600 584000, 232500 584100, 232500 584000))", "Self-intersection"),
        ("POINT (53.23 6.547)", "niet in Nederland"),  # latitude first
        ("POINT (NaN 584000)", "klopt niet"),
    ],
)
def test_bad_geometrie_is_named_by_row_and_field(engine: Engine, geometry: str, wrong: str) -> None:
    made = programme(engine, GAS | SELWERD, SEWER | NOWHERE_NAMED | {"geometrie": geometry})
    (refused,) = made.nietGebruikt
    (problem,) = refused.problemen
    assert (refused.rij, problem.veld) == (2, "geometrie")
    assert wrong in problem.melding
    assert "geef WKT of GeoJSON" in problem.melding


@pytest.mark.parametrize("place", [(233_550, 583_215), (84_000, 454_000), (195_000, 320_000)])
def test_rijksdriehoek_and_degrees_lead_to_each_other(place: tuple[float, float]) -> None:
    assert to_rd(*from_rd(*place)) == pytest.approx(place, abs=1)


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
