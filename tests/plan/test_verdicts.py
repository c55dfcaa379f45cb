"""Judgements of parties about two works: they come back with each meeting, and lapse when either work changes."""

import csv
import io
from datetime import date
from typing import Any

import pytest
import rdflib
from icalendar import Calendar
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from rdflib.namespace import SH

from kb import paths
from kb.engine import Engine
from kb.errors import PlanningError
from kb.names import DEF, PROV, TYPE, declared
from kb.programme.changes import changes
from kb.programme.html import programme_html
from kb.programme.ics import programme_ics
from kb.programme.judge import make_programme
from kb.programme.model import Oordeel, Werkprogramma
from kb.programme.rdf import programme_turtle
from kb.programme.reading import read_csv, rows_of
from kb.programme.tables import programme_csv
from kb.programme.verdict_sheet import verdict_sheet
from kb.programme.verdicts import read_verdicts
from kb.programme.wording import verdict_text
from tests.plan.planning import DAY, GAS, SEWER, meetings, programme
from tests.shacl import read_shapes, shacl_results

WORKS = SEWER | {"eigenaar": "gemeente", "schuifruimte": 2}, GAS | {"eigenaar": "netbeheerder"}
SAID = {"werk1": "R", "werk2": "G", "partij": "gemeente", "oordeel": "samen", "datum": "2026-11-12"}


def judged(engine: Engine, works: tuple[dict[str, Any], ...], *verdicts: dict[str, Any]) -> Werkprogramma:
    """What comes of works with judgements, both as JSON."""
    return make_programme(
        engine, rows_of(works), DAY, text=False, with_data=False, verdicts=rows_of({**SAID, **row} for row in verdicts)
    )


def states(engine: Engine, *works: dict[str, Any]) -> dict[str, Any]:
    """How the sewer and the gas main of a planning stand, as a judgement keeps it."""
    now = {work.id: work.stand for work in programme(engine, *works).werken}
    return {"stand1": now["R"], "stand2": now["G"]}


def verdicts(made: Werkprogramma) -> tuple[Oordeel, ...]:
    """The judgements of the one meeting."""
    (meeting,) = meetings(made).values()
    return meeting.oordelen


def test_oordeel_comes_back_with_the_ontmoeting(engine: Engine) -> None:
    given = {"reden": "het scheelt één keer openbreken", "wie": "A. de Boer", **states(engine, *WORKS)}
    made = judged(engine, WORKS, given)
    (found,) = verdicts(made)
    assert (found.partij.slug, found.oordeel.slug, found.status, found.gewijzigd) == ("gemeente", "samen", "geldig", ())
    assert verdict_text(found, "nl") == (
        "gemeente: samen (A. de Boer, 12-11-2026), want het scheelt één keer openbreken – geldig"
    )
    (meeting,) = meetings(made).values()
    assert [party.slug for party in meeting.teBeoordelenDoor] == ["netbeheerder"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"van": 2030, "tot": 2030}, "van: was 2031, wordt 2030"),
        ({"schuifruimte": 1}, "schuifruimte: was onbekend, wordt 1"),
        ({"eigenaar": "gemeente"}, "eigenaar: was netbeheerder, wordt gemeente"),
        ({"kosten": 5.5}, "kosten: was onbekend, wordt 5.5"),
        ({"zekerheid": "vast"}, "zekerheid: was onbekend, wordt vast"),
        ({"geometrie": "POINT (232550 584015)"}, "anders getekend"),
    ],
)
def test_oordeel_lapses_when_a_werk_changes_and_says_what(engine: Engine, change: dict[str, Any], told: str) -> None:
    made = judged(engine, (WORKS[0], WORKS[1] | change), states(engine, *WORKS))
    (found,) = verdicts(made)
    assert found.status == "vervallen"
    assert [work.werk for work in found.gewijzigd] == ["G"]
    assert told in verdict_text(found, "nl")


@pytest.mark.parametrize(
    ("sewer", "gas"),
    [
        ({"cyclus": "riolering", "eigenaar": "Gemeente"}, {"id": "G"}),  # other words for the same
        ({"vak": "v1"}, {"vak": " V1"}),
        ({"gebied": None}, {"gebied": None}),
    ],
)
def test_oordeel_holds_when_the_same_is_spelled_otherwise(
    engine: Engine, sewer: dict[str, Any], gas: dict[str, Any]
) -> None:
    made = judged(engine, (WORKS[0] | sewer, WORKS[1] | gas), states(engine, *WORKS))
    assert [found.status for found in verdicts(made)] == ["geldig"]


def test_oordeel_holds_while_a_year_is_assumed_from_the_same_aanleg(engine: Engine) -> None:
    """The assumed year moves along with the reference date; the row does not say anything else."""
    aged = WORKS[0] | {"van": None, "tot": None, "aangelegd": 1950}
    then = states(engine, aged, WORKS[1])
    later = make_programme(
        engine,
        rows_of((aged, WORKS[1])),
        date(2028, 1, 1),
        text=False,
        with_data=False,
        verdicts=rows_of([SAID | then]),
    )
    assert [found.status for found in verdicts(later)] == ["geldig"]


def test_vingerafdruk_tells_whether_and_not_what(engine: Engine) -> None:
    (meeting,) = meetings(programme(engine, *WORKS)).values()
    mark = {"vingerafdruk": meeting.vingerafdruk}
    assert [found.status for found in verdicts(judged(engine, WORKS[::-1], mark))] == ["geldig"]
    (found,) = verdicts(judged(engine, (WORKS[0], WORKS[1] | {"tot": 2032}), mark))
    assert found.status == "vervallen" and found.gewijzigd == ()
    assert "een van beide werken is veranderd" in verdict_text(found, "nl")


def test_oordeel_without_stand_is_not_taken_to_hold(engine: Engine) -> None:
    (found,) = verdicts(judged(engine, WORKS, {}))
    assert found.status == "ongetoetst"
    assert "onbekend of dit nog geldt" in verdict_text(found, "nl")


def test_party_that_judges_again_replaces_its_oordeel(engine: Engine) -> None:
    now = states(engine, *WORKS)
    made = judged(engine, WORKS, now | {"datum": "2026-11-20", "oordeel": "niet samen"}, now)
    assert [(found.oordeel.slug, found.status) for found in verdicts(made)] == [
        ("niet-samen", "geldig"),
        ("samen", "vervallen"),
    ]
    assert "oordeelde opnieuw op 20-11-2026 (rij 1)" in verdict_text(verdicts(made)[1], "nl")


def test_oordeel_about_werk_that_went_is_kept_apart(engine: Engine) -> None:
    made = judged(engine, WORKS, states(engine, *WORKS) | {"werk2": "GAS-1"})
    (found,) = made.losseOordelen
    assert found.status == "vervallen"
    assert "niet in de planning: GAS-1" in verdict_text(found, "nl")
    assert not verdicts(made)


def test_oordeel_about_werken_that_do_not_meet_is_kept_apart(engine: Engine) -> None:
    made = judged(engine, (WORKS[0], WORKS[1] | {"vak": "V9"}), states(engine, WORKS[0], WORKS[1] | {"vak": "V9"}))
    (found,) = made.losseOordelen
    assert "raken elkaar nu niet" in verdict_text(found, "nl")


@pytest.mark.parametrize(
    ("wrong", "field", "right"),
    [
        ({"oordeel": "misschien"}, "oordeel", "later bezien, niet samen, samen"),
        ({"partij": "gemeent"}, "partij", "Bedoelt u gemeente"),
        ({"datum": "gisteren"}, "datum", "als 2026-11-24"),
        ({"datum": "2026-11-27"}, "datum", "na de peildatum 2026-11-26"),
        ({"datum": None}, "datum", "als 2026-11-24"),
        ({"werk2": "R"}, "werk2", "geef een ander"),
        ({"stand1": "riool 2028"}, "stand1", "neem hem over uit het oordeelblad"),
        ({"stand2": "kleur=rood"}, "stand2", "neem hem over uit het oordeelblad"),
        ({"reden": ""}, "reden", "mag niet leeg zijn"),
        ({"mening": "ja"}, "mening", "onbekend veld"),
    ],
)
def test_wrong_oordeel_is_named_by_row_and_field(engine: Engine, wrong: dict[str, Any], field: str, right: str) -> None:
    made = judged(engine, WORKS, {}, wrong)
    assert len(verdicts(made)) == 1  # the other counts
    (refused,) = made.nietGebruikteOordelen
    assert (refused.rij, [problem.veld for problem in refused.problemen]) == (2, [field])
    assert right in refused.problemen[0].melding


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (b"", "het bestand is leeg"),
        (b"werk1;werk2;party;oordeel;datum\n", "geen kolom partij"),
        (b"werk1;werk2;partij;oordeel;datum\nR;G;gemeente;samen;12 novembr\xe9\n", "regel 2 is geen UTF-8"),
        (b'werk1;werk2;partij;oordeel;datum\nR;G;"gemeente;samen;2026-11-12\n', "geen geldige CSV"),
    ],
)
def test_oordelen_that_cannot_be_read_as_a_whole_are_told(data: bytes, wrong: str) -> None:
    with pytest.raises(PlanningError, match=wrong):
        read_verdicts(data)


CSV = "id;vak;cyclus;van;tot;schuifruimte;graven;eigenaar\nR;V1;riool;2028;2029;2;ja;gemeente\nG;V1;gasnet;2031;;;ja;\n"


def from_sheets(engine: Engine, planning: str, sheet: str) -> Werkprogramma:
    """What comes of a planning and its judgements, both as CSV."""
    given = read_verdicts(sheet.encode())
    return make_programme(engine, read_csv(planning.encode()), DAY, with_data=False, verdicts=given)


def test_oordeelblad_is_filled_in_and_read_again(engine: Engine) -> None:
    empty = verdict_sheet(from_sheets(engine, CSV, "werk1;werk2;partij;oordeel;datum\n"))
    rows = list(csv.DictReader(io.StringIO(empty), delimiter=";"))
    assert [row["partij"] for row in rows] == ["gemeente", ""]  # the owner of the gas main is unknown
    assert "riool (R) + gasnet (G)" in rows[0]["toelichting"]
    untouched = from_sheets(engine, CSV, empty)
    assert not verdicts(untouched) and not untouched.nietGebruikteOordelen and not untouched.nietGelezen

    filled = empty.replace("R;G;gemeente;;;;;", "R;G;gemeente;Samen;scheelt één opening;A. de Boer;12-11-2026;")
    made = from_sheets(engine, CSV, filled)
    assert [(found.status, found.datum) for found in verdicts(made)] == [("geldig", date(2026, 11, 12))]
    kept = verdict_sheet(made)
    assert "R;G;gemeente;samen;scheelt één opening;A. de Boer;2026-11-12;" in kept
    assert verdicts(from_sheets(engine, CSV, kept))[0].status == "geldig"

    moved = from_sheets(engine, CSV.replace("2031", "2033"), kept)
    assert [found.status for found in verdicts(moved)] == ["vervallen"]
    again = list(csv.DictReader(io.StringIO(verdict_sheet(moved)), delimiter=";"))
    assert (again[0]["partij"], again[0]["oordeel"]) == ("gemeente", "")
    assert "vervallen: G gewijzigd (van: was 2031, wordt 2033" in again[0]["toelichting"]


def test_oordeel_stands_in_every_output(engine: Engine) -> None:
    lapsed = states(engine, WORKS[0], WORKS[1] | {"van": 2030})
    made = judged(engine, WORKS, lapsed, {"partij": "netbeheerder", "oordeel": "niet samen", **states(engine, *WORKS)})
    told = "gemeente: samen (12-11-2026) – vervallen: G gewijzigd (van: was 2030, wordt 2031"
    assert told in programme_html(made, "nl")
    decision = next(
        e for e in Calendar.from_ical(programme_ics(made, "nl")).walk("VEVENT") if "besluit" in str(e["uid"])
    )
    assert told in str(decision["description"])
    rows = list(csv.DictReader(io.StringIO(programme_csv(made)), delimiter=";"))
    assert [(row["partij"], row["oordeel"], row["status"]) for row in rows if row["soort"] == "oordeel"] == [
        ("netbeheerder", "niet samen", "geldig"),
        ("gemeente", "samen", "vervallen"),
    ]
    assert Werkprogramma.model_validate(again := made.model_dump(mode="json")).model_dump(mode="json") == again


def test_oordeel_in_rdf_says_whose_it_is_and_what_undid_it(engine: Engine) -> None:
    lapsed = states(engine, WORKS[0], WORKS[1] | {"van": 2030})
    made = judged(engine, WORKS, lapsed | {"wie": "A. de Boer", "reden": "x"}, {"werk2": "weg"})
    triples = [quad.triple for quad in parse(programme_turtle(engine, made).encode(), format=RdfFormat.TURTLE)]
    found = {t.subject for t in triples if t.predicate == TYPE and t.object == declared("VervallenOordeel")}
    assert len(found) == 2
    said = {(t.predicate.value.rpartition("/")[2], str(t.object)) for t in triples if t.subject in found}
    assert ("prov#wasAttributedTo", "<https://w3id.org/wijkaanpak/id/betrokkene/gemeente>") in said
    undone = [t.object for t in triples if t.predicate == NamedNode(PROV + "wasInvalidatedBy")]
    why = [t.object.value for t in triples if t.subject in undone and t.predicate.value.endswith("description")]
    assert any("van: was 2030, wordt 2031" in each for each in why)
    shapes = _shapes_of("VervallenOordeel")
    known = [
        Triple(node, TYPE, cls)
        for node in {t.object for t in triples if isinstance(t.object, NamedNode)}
        for cls in engine.knowledge.objects(node, TYPE)
    ]
    assert shacl_results([*triples, *known], shapes) == []
    without = [t for t in triples if t.predicate != NamedNode(PROV + "wasAttributedTo")]
    assert shacl_results([*without, *known], shapes) != []


def _shapes_of(name: str) -> rdflib.Graph:
    """The published shapes, with only this class as target."""
    shapes = read_shapes([paths.ONTOLOGY / "shapes.ttl"])
    for predicate in (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf):
        for shape, _, target in list(shapes.triples((None, predicate, None))):
            if target != rdflib.URIRef(DEF + name):
                shapes.remove((shape, predicate, target))
    return shapes


def test_sinds_tells_which_oordelen_lapse(engine: Engine) -> None:
    moved = (WORKS[0], WORKS[1] | {"van": 2029, "tot": 2029})
    said = states(engine, *WORKS)
    found = changes(judged(engine, WORKS, said), judged(engine, moved, said))
    assert [(verdict.partij.slug, verdict.status) for verdict in found.oordelen] == [("gemeente", "vervallen")]
    gone = changes(judged(engine, WORKS, said), judged(engine, WORKS[:1], said))
    assert [verdict.melding for verdict in gone.oordelen] == ["niet in de planning: G."]
    same = judged(engine, WORKS, said)
    assert not changes(same, same).oordelen
