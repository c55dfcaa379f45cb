"""A name is enough: what public data say of an area fills a situation, never over what the asker states."""

import json
from decimal import Decimal
from typing import Any

import pytest

from kb.advice.compare import compare
from kb.country.fill import Country
from kb.engine import Engine
from kb.errors import SituationError
from kb.explain.candidates import add_situation, remove_situation
from kb.explain.proof import Proof
from kb.rdf.advice import advice_turtle
from kb.rdf.situation import read_situation_rdf, write_situation_rdf
from kb.report.markdown import markdown
from kb.report.report import report
from kb.situation.model import Situatie, dump_situation, read_situation

TODAY = "2026-06-01"


def fill(country: Country, engine: Engine, **given: Any) -> Situatie:
    return country.fill(read_situation({"peildatum": TODAY, **given}), engine).situation


def leaves(proof: Proof) -> list[Proof]:
    return [leaf for premise in proof.premises for leaf in leaves(premise)] if proof.premises else [proof]


def test_known_wijk_is_filled_by_its_code_and_stays_the_known_wijk(country: Country, engine: Engine) -> None:
    filled = fill(country, engine, wijk="Presikhaaf")
    assert filled.wijk == "Presikhaaf"
    assert filled.metingen["aandeel-koopwoningen"] == Decimal("0.18")
    origin = filled.herkomst["aandeel-koopwoningen"]
    assert (origin.bron, origin.jaar, origin.gebied) == ("cbs-kerncijfers-wijken-en-buurten", 2024, "WK020204")
    assert origin.toegepastOp is None


@pytest.mark.parametrize(
    "given",
    [
        {"wijk": "BU00141000"},
        {"wijk": "selwerd"},
        {"wijk": "Selwerd, Groningen"},
        {"wijk": "Selwerd", "gemeente": "Groningen"},
        {"wijk": "selwerd", "gemeente": "GM0014"},
    ],
)
def test_area_is_found_by_code_slug_and_name_with_municipality(
    country: Country, engine: Engine, given: dict[str, str]
) -> None:
    assert fill(country, engine, **given).metingen["inwoners"] == 6580


def test_unknown_neighbourhood_gets_a_code_and_a_name_for_the_reader(country: Country, engine: Engine) -> None:
    filled = fill(country, engine, wijk="Nieuwland", gemeente="Amersfoort")
    assert (filled.wijk, filled.gemeente, filled.naam) == ("WK030724", None, "Nieuwland (Amersfoort)")
    engine.resolver.facts(filled)


def test_municipality_alone_is_an_area(country: Country, engine: Engine) -> None:
    assert fill(country, engine, gemeente="Leiden").wijk == "GM0546"


@pytest.mark.parametrize("given", [{"wijk": "Centrum"}, {"wijk": "Nieuwland"}])
def test_ambiguous_name_is_answered_with_the_candidates(
    country: Country, engine: Engine, given: dict[str, str]
) -> None:
    with pytest.raises(SituationError) as error:
        fill(country, engine, **given)
    (problem,) = error.value.problems
    assert problem.field == "wijk"
    assert "kan meer dan één gebied zijn; geef de gemeente erbij of kies een code" in problem.message
    name = given["wijk"]
    for code in problem.nearest:
        area = country.table.area(code)
        assert area is not None
        assert f"{area.naam}, {area.gemeente} ({area.soort} {code})" in problem.message
        assert name in area.naam


def test_label_of_a_known_wijk_that_others_have_too_is_ambiguous_and_its_slug_is_not(
    country: Country, engine: Engine
) -> None:
    with pytest.raises(SituationError, match="Nieuwland, Amersfoort"):
        fill(country, engine, wijk="Nieuwland")
    assert fill(country, engine, wijk="schiedam-nieuwland").herkomst["inwoners"].gebied == "WK060606"


def test_unknown_name_gives_near_names(country: Country, engine: Engine) -> None:
    with pytest.raises(SituationError) as error:
        fill(country, engine, wijk="Selwert")
    assert "selwerd" in error.value.problems[0].nearest
    with pytest.raises(SituationError) as error:
        fill(country, engine, wijk="Vinkhuizen")
    assert error.value.problems[0].nearest == ("Vinkhuizen-Zuid, Groningen", "Vinkhuizen-Noord, Groningen")
    with pytest.raises(SituationError) as error:
        fill(country, engine, wijk="Stevenshoff", gemeente="Leiden")
    assert all(name.endswith(", Leiden") for name in error.value.problems[0].nearest)


@pytest.mark.parametrize(
    "name", ["Korte Akkeren", "De Korte Akkeren, Gouda", "Gouda, Korte Akkeren", "wijk 01 de korte akkeren"]
)
def test_article_number_of_the_wijk_and_order_make_no_difference(country: Country, engine: Engine, name: str) -> None:
    assert fill(country, engine, wijk=name).wijk == fill(country, engine, wijk="De Korte Akkeren").wijk


def test_name_of_a_buurt_with_which_names_elsewhere_begin_is_ambiguous(country: Country, engine: Engine) -> None:
    with pytest.raises(SituationError, match="Kanaleneiland-Noord, Utrecht"):
        fill(country, engine, wijk="Kanaleneiland")
    assert fill(country, engine, wijk="Kanaleneiland, Oosterhout").naam == "Kanaleneiland (Oosterhout)"


def test_other_problems_are_told_with_that_of_the_area(country: Country, engine: Engine) -> None:
    with pytest.raises(SituationError) as error:
        fill(country, engine, wijk="Selwert", opgaven=["onzin"])
    assert [problem.field for problem in error.value.problems] == ["wijk", "opgaven[0]"]


def test_municipality_that_a_known_wijk_does_not_lie_in_is_a_problem(engine: Engine) -> None:
    with pytest.raises(SituationError, match="ligt in Groningen, niet in Leiden"):
        engine.resolver.facts(read_situation({"wijk": "selwerd", "gemeente": "Leiden"}))


@pytest.mark.parametrize("name", ["aandeel-koopwoningen", "Aandeel koopwoningen", "eigenwoningbezit"])
def test_stated_value_is_never_replaced(country: Country, engine: Engine, name: str) -> None:
    filled = fill(country, engine, wijk="selwerd", metingen={name: 0.5})
    assert filled.metingen[name] == Decimal("0.5")
    assert "aandeel-koopwoningen" not in filled.herkomst
    engine.resolver.facts(filled)  # not twice, under two names


def test_figure_that_contradicts_a_stated_characteristic_is_left_out(country: Country, engine: Engine) -> None:
    given = read_situation({"peildatum": TODAY, "wijk": "BU0363MP03", "kenmerken": ["veel-particulier-bezit"]})
    filled = country.fill(given, engine)
    assert {"aandeel-koopwoningen", "aandeel-corporatiebezit"} == set(filled.contradicted)
    assert not set(filled.contradicted) & filled.situation.metingen.keys()


def test_situation_of_the_past_is_not_filled_with_what_was_known_later(country: Country, engine: Engine) -> None:
    filled = country.fill(read_situation({"wijk": "selwerd", "peildatum": "2021-01-01"}), engine)
    assert "aandeel-koopwoningen" in filled.later  # of 2024
    assert {origin.jaar for origin in filled.situation.herkomst.values()} == {2016, 2020, 2021}


def test_value_of_the_wijk_is_marked_when_it_is_used_for_a_buurt(country: Country, engine: Engine) -> None:
    filled = fill(country, engine, wijk="BU00141000")
    origin = filled.herkomst["aandeel-lage-inkomens"]
    assert (origin.gebied, origin.toegepastOp) == ("WK001410", "BU00141000")
    assert "woningen" not in filled.metingen  # the sum over the wijk says nothing of a part of it
    texts = {row.grootheid.slug: row.tekst for row in engine.advise(filled).ingevuld}
    told = "CBS 2022, van de hele wijk WK001410: aandeel bij de 40 % laagste inkomens: 57,8 %"
    assert texts["aandeel-lage-inkomens"] == told


def test_code_that_the_table_does_not_know_fills_nothing(country: Country, engine: Engine) -> None:
    assert not fill(country, engine, wijk="BU99999999").metingen


def test_known_wijk_of_several_areas_is_not_filled_from_one_of_them(country: Country, engine: Engine) -> None:
    filled = country.fill(read_situation({"wijk": "paddepoel"}), engine)
    assert not filled.situation.metingen
    assert any("meer CBS-gebieden" in note for note in filled.notes)


def test_proof_comes_down_to_the_figure_with_its_source_and_year(country: Country, engine: Engine) -> None:
    filled = fill(country, engine, wijk="Presikhaaf")
    (proof,) = engine.why(filled, "heeftAfgeleidKenmerk/kenmerk/armoede")
    leaf = next(leaf for leaf in leaves(proof) if leaf.kind == "gegevens")
    assert leaf.certainty == "gebrond"
    assert leaf.text.startswith(("RIVM 2020: ", "CBS 2022: "))
    assert leaf.citations[0].source.startswith("bron/")
    assert leaf.citations[0].place == "WK020204, 2022" or leaf.citations[0].place == "WK020204, 2020"


def test_proof_marks_a_figure_of_a_larger_area_as_inferred(country: Country, engine: Engine) -> None:
    filled = fill(country, engine, wijk="BU00141000")
    proofs = engine.why(filled, "heeftAfgeleidKenmerk/kenmerk/armoede", all_proofs=True)
    found = [leaf for proof in proofs for leaf in leaves(proof) if leaf.kind == "gegevens"]
    assert {leaf.certainty for leaf in found if "van de hele wijk" in leaf.text} == {"afgeleid"}


def test_advice_says_on_its_first_screen_what_was_filled_in(country: Country, engine: Engine) -> None:
    text = markdown(report(engine.advise(fill(country, engine, wijk="Presikhaaf")), "nl"))
    assert "## Ingevuld uit openbare gegevens" in text
    assert "CBS 2024: " in text and "18 %" in text
    stated = markdown(report(engine.advise(read_situation({"wijk": "Presikhaaf", "peildatum": TODAY})), "nl"))
    assert "Ingevuld" not in stated


def test_figures_that_some_rule_uses_come_first(country: Country, engine: Engine) -> None:
    shown = [row.grootheid.slug for row in engine.advise(fill(country, engine, wijk="Presikhaaf")).ingevuld]
    assert shown.index("aandeel-lage-inkomens") < shown.index("bevolkingsdichtheid")


def test_filled_situation_comes_back_from_json_and_rdf(country: Country, engine: Engine) -> None:
    filled = fill(country, engine, wijk="BU00141000")
    assert read_situation(json.dumps(dump_situation(filled))) == filled
    again = read_situation_rdf(write_situation_rdf(engine, filled, "ttl"), "ttl", engine)
    assert dict(again.herkomst) == dict(filled.herkomst)
    assert dict(again.metingen) == dict(filled.metingen)


def test_rdf_of_the_advice_leads_from_a_conclusion_to_the_source(country: Country, engine: Engine) -> None:
    turtle = advice_turtle(engine, fill(country, engine, wijk="Presikhaaf"))
    assert ":ontleendAan bron:cbs-kerncijfers-wijken-en-buurten" in turtle
    assert "prov:wasDerivedFrom" in turtle and ':gemetenOver "WK020204"' in turtle


def test_receipt_holds_the_filled_in_data_and_a_comparison_names_them(country: Country, engine: Engine) -> None:
    stated = read_situation({"wijk": "presikhaaf", "peildatum": TODAY})
    filled = country.fill(stated, engine).situation
    receipt = engine.receipt(filled)
    assert receipt.invoer["herkomst"]["inwoners"]["jaar"] == 2024
    old, new = (engine.advise(each).model_dump(mode="json") for each in (stated, filled))
    assert compare(old, new).causes == {"gegevens": ("herkomst", "metingen")}


def test_what_the_asker_adds_later_takes_the_place_of_what_was_filled_in(country: Country, engine: Engine) -> None:
    filled = fill(country, engine, wijk="presikhaaf")
    changed = add_situation(filled, read_situation({"metingen": {"inwoners": 9000}}))
    assert changed.metingen["inwoners"] == 9000 and "inwoners" not in changed.herkomst
    less = remove_situation(filled, read_situation({"metingen": {"inwoners": 1}}))
    assert "inwoners" not in less.metingen and "inwoners" not in less.herkomst


def test_origin_without_its_measurement_is_a_problem(engine: Engine) -> None:
    origin = {"bron": "cbs-kerncijfers-wijken-en-buurten", "jaar": 2024, "gebied": "BU00141000"}
    with pytest.raises(SituationError, match="hoort bij geen meting"):
        engine.resolver.facts(read_situation({"herkomst": {"inwoners": origin}}))


def test_engine_itself_fills_nothing(engine: Engine) -> None:
    """Expectations and cases measure what is stated: they ask the engine, and filling comes before it."""
    assert engine.advise(read_situation({"wijk": "presikhaaf"})).ingevuld == ()
