"""What the first screen promises a council: one page, every coming work, and an adviser's questions in an adviser's order."""

import io
import re
from collections.abc import Iterator
from datetime import date
from statistics import median_high

import pytest
from rich.console import Console

from kb.advice.model import MOST_INSTRUMENTEN, MOST_KOPPELKANSEN, Advies
from kb.engine import Engine
from kb.language import LANGUAGES, catalogue
from kb.names import local_name, slug, term
from kb.report.first import in_order_of_need
from kb.report.report import report
from kb.report.terminal import report_view
from kb.situation.model import VOLGENDE_KANS, Situatie, Werk

# Lines of ten points with a sixth between them, and margins of two centimetres.
A4_LINES, A4_COLUMNS = 62, 100
QUESTIONS = 3
MOST_TASKS_IN_A_SENTENCE = 5


def shown(advice: Advies, language: str = "nl", *, everything: bool = False) -> str:
    """What the terminal shows of an advice."""
    output = io.StringIO()
    console = Console(width=A4_COLUMNS, file=output)
    console.print(report_view(report(advice, language, everything=everything)))
    return output.getvalue()


def works(engine: Engine, *stated: Werk, **more: object) -> Advies:
    """The advice in 2026 with these works."""
    return engine.advise(Situatie.model_validate({"peildatum": "2026-09-01", "werken": stated, **more}))


def test_first_screen_of_every_example_fits_a_page(engine: Engine, situaties: dict[str, Situatie]) -> None:
    for name, situatie in situaties.items():
        assert shown(engine.advise(situatie, questions=QUESTIONS)).count("\n") <= A4_LINES, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_of_every_example_can_be_shown(
    engine: Engine, situaties: dict[str, Situatie], language: str
) -> None:
    for situatie in situaties.values():
        assert shown(engine.advise(situatie, language, questions=QUESTIONS), language, everything=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_situation_states_has_a_name(engine: Engine, language: str) -> None:
    names = catalogue(language).names
    for prop in engine.knowledge.subjects(term("rol"), term("invoer")):
        assert local_name(prop) in names or language in engine.knowledge.labels[prop]


@pytest.mark.parametrize(
    ("werk", "said"),
    [
        (Werk(cyclus="riool", van=2028, tot=2029), "wordt meestal gegraven; pas als dat vaststaat"),
        (Werk(cyclus="verlichting", van=2028, tot=2029), "gegraven wordt, is nog niet bekend"),
        (Werk(cyclus="riool", van=2028, tot=2029, graven=False), "Zonder graven opent het werk aan het riool niets"),
        (Werk(cyclus="riool", van=2035, tot=2036, graven=True), "nog te vroeg"),
        (Werk(cyclus="riool", van=2028, tot=2029, graven=True, zekerheid="idee"), "nog een idee"),
    ],
    ids=("likely", "unknown", "undug", "far", "idea"),
)
def test_coming_work_that_opens_nothing_says_why(engine: Engine, werk: Werk, said: str) -> None:
    (row,) = works(engine, werk).komendWerk
    assert any(said in reason for reason in row.zonderOpening)


def test_mark_of_an_assumption_is_explained_only_where_it_stands(engine: Engine) -> None:
    assumed = " ".join(shown(works(engine, Werk(cyclus="riool", van=2028, tot=2029))).split())
    known = shown(works(engine, Werk(cyclus="riool", van=2028, tot=2029, graven=True)))
    assert "vervanging van het riool. △" in assumed and "△ rust op een aanname" in assumed
    assert "△" not in known


def test_coming_work_that_opens_names_what_fits(engine: Engine) -> None:
    advice = works(engine, Werk(cyclus="riool", van=2028, tot=2029, graven=True), aanleidingen=["wateroverlast"])
    (row,) = advice.komendWerk
    assert not row.zonderOpening
    assert row.hierPast
    assert "Riool 2028–2029. Wat mee kan: " in shown(advice)


def test_coming_work_tells_what_a_characteristic_of_the_neighbourhood_brings_within_reach(engine: Engine) -> None:
    sewer = Werk(cyclus="riool", van=2028, tot=2029, graven=True)
    said = " ".join(shown(works(engine, sewer, kenmerken=["warmtenet-nabij"])).split())
    assert "Met het warmtenet dat dichtbij ligt komt dit binnen bereik: een warmtenet aanleggen." in said
    assert "binnen bereik" not in shown(works(engine, sewer))


def test_instruments_that_suit_the_neighbourhood_get_a_line_when_none_of_the_first_does(engine: Engine) -> None:
    stated = {"aanleidingen": ["vervanging-riool"], "kenmerken": ["veel-particulier-bezit"]}
    advice = works(engine, **stated)
    assert not any(row.bijKenmerken for row in advice.instrumenten[:MOST_INSTRUMENTEN])
    line = "Vooral bij het vele particuliere bezit: Subsidie voor regenwater en groen op eigen terrein."
    assert line in " ".join(shown(advice).split())


def test_asked_task_that_seems_done_already_is_told_so(engine: Engine) -> None:
    asked = {"opgaven": ["woningen-van-het-gas-af"], "kenmerken": ["grotendeels-stadsverwarming"]}
    said = " ".join(shown(works(engine, **asked)).split())
    assert "Gevraagd is de woningen van het gas halen, maar dat past niet goed bij de stadsverwarming" in said


def test_clash_of_works_names_the_works_and_their_years(engine: Engine) -> None:
    paved = Werk(cyclus="wegdek", van=2027, tot=2028, graven=True)
    sewer = Werk(cyclus="riool", van=2032, tot=2033, graven=True)
    said = " ".join(shown(works(engine, paved, sewer)).split())
    assert "klaar in 2028" in said and "het werk aan het riool begint al in 2032" in said


def test_pairs_that_couple_in_one_opening_are_told_in_one_line(engine: Engine) -> None:
    advice = works(engine, Werk(cyclus="riool", van=2028, tot=2029, graven=True), aanleidingen=["vervanging-riool"])
    screen, everything = shown(advice), shown(advice, everything=True)
    pairs = re.findall(r"^ \d+\. (.* \+ .*?)(?: \(sterk\))? *$", everything, re.MULTILINE)
    told_with_another = [pair for pair in pairs[:MOST_KOPPELKANSEN] if f". {pair}" not in screen]
    assert told_with_another
    assert "Zo ook:" in screen


def test_dug_work_comes_back_later_than_work_without_digging(engine: Engine) -> None:
    def back(graven: bool) -> int:
        situation = Situatie(werken=(Werk(cyclus="riool", van=2028, tot=2029, graven=graven),))
        (node,) = engine.resolver.facts(situation).nodes
        return int(str(node.values[VOLGENDE_KANS]))

    lifetimes = {
        slug(node): int(engine.knowledge.literal(node, term("levensduurVan")) or 0)
        for node in engine.knowledge.instances(term("Levensduur"))
        if slug(node).startswith("riool-")
    }
    relined = [years for name, years in lifetimes.items() if "gerelined" in name]
    assert back(graven=False) == 2029 + min(relined)
    assert back(graven=True) == 2029 + median_high(
        years for name, years in lifetimes.items() if "gerelined" not in name
    )


def test_next_chance_is_the_next_planned_work_when_that_comes_sooner(engine: Engine) -> None:
    advice = works(
        engine,
        Werk(cyclus="riool", van=2027, tot=2028, graven=True),
        Werk(cyclus="elementenverharding", van=2030, tot=2031, schuifruimte=2),
        aanleidingen=["wateroverlast"],
    )
    both = [row for row in advice.koppelkansen if len({o.id for o in row.openingen}) > 1 and row.beslisVoor == 2027]
    assert both
    assert {row.volgendeKans for row in both} == {2030}


def test_what_an_instrument_needs_first_stands_above_it_among_the_first_and_among_the_rest(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    needing = 0
    for situatie in situaties.values():
        ranked = engine.advise(situatie).instrumenten
        ordered = in_order_of_need(ranked)
        assert {row.id for row in ordered[:MOST_INSTRUMENTEN]} == {row.id for row in ranked[:MOST_INSTRUMENTEN]}
        rows = ordered[MOST_INSTRUMENTEN:]
        place = {row.id: number for number, row in enumerate(rows)}
        for row in rows:
            needed = [place[first.id] for first in row.eerst if first.id in place]
            needing += len(needed)
            assert all(number < place[row.id] for number in needed), row.id
    assert needing


def test_no_subject_is_asked_twice(engine: Engine, situaties: dict[str, Situatie]) -> None:
    for situatie in situaties.values():
        questions = engine.questions(situatie, most=1000)
        texts = [question.text for question in questions]
        assert len(texts) == len(set(texts))
        assert len(list(about(texts, "corporatie"))) <= 1


def about(texts: list[str], word: str) -> Iterator[str]:
    """The questions that ask whose the homes are."""
    return (text for text in texts if "Zijn de woningen vooral" in text and word in text)


def test_party_of_one_region_is_not_among_the_answers_that_are_offered_anywhere(engine: Engine) -> None:
    advice = engine.advise(Situatie(peildatum=date(2026, 9, 1), aanleidingen=("vervanging-riool",)), questions=20)
    offered = [
        answer.toevoegen["betrokkenen"][0]
        for row in advice.vragen
        if row.veld == "betrokkenen"
        for answer in row.antwoorden
    ]
    assert offered
    assert not {"nationaal-coordinator-groningen", "parkeigenaar"} & set(offered)


def test_what_a_public_list_says_is_not_asked_before_anything_else(engine: Engine) -> None:
    questions = engine.questions(Situatie(aanleidingen=("wateroverlast",)), most=1000)
    late = [question.topic == "kenmerken.focusgebied" for question in questions]
    assert not any(late[:10])


def test_decision_for_next_year_is_asked_this_year(engine: Engine) -> None:
    advice = works(engine, Werk(cyclus="riool", van=2027, tot=2028, graven=True), aanleidingen=["wateroverlast"])
    assert "Beslis nog dit jaar" in " ".join(shown(advice).split())


def test_more_triggers_are_told_in_one_sentence(engine: Engine) -> None:
    advice = works(engine, aanleidingen=["afnemende-leefbaarheid", "onveiligheid"])
    assert "want de aanleidingen zijn de afnemende leefbaarheid en de onveiligheid" in " ".join(shown(advice).split())


def test_part_of_a_task_that_is_asked_is_told_instead_of_the_whole(engine: Engine) -> None:
    stated = {"peildatum": "2026-09-01", "aanleidingen": ["verkeersonveiligheid"]}
    asked = engine.advise(Situatie.model_validate({**stated, "opgaven": ["verkeersveiligheid-vergroten"]}))
    whole = engine.advise(Situatie.model_validate({**stated, "opgaven": ["veilige-omgeving-creeren"]}))
    assert "het verkeer veiliger maken" in shown(asked)
    assert "de omgeving veiliger maken" not in shown(asked).partition("Koppelkansen")[0]
    assert "de omgeving veiliger maken" in shown(whole).partition("Koppelkansen")[0]


def test_task_that_only_was_customary_elsewhere_is_told_as_that(engine: Engine) -> None:
    advice = engine.advise(
        Situatie.model_validate({"peildatum": "2026-09-01", "aanleidingen": ["verouderde-woningen"]})
    )
    told = " ".join(shown(advice).split())
    customary = [row for row in advice.volgend if {ground.soort for ground in row.waarom} == {"gebruikelijk"}]
    assert customary
    assert re.search(rf"In \d+ van de \d+ bekende wijken [^.]*is dit opgepakt: {customary[0].said}\.", told)


SEWER = Werk(cyclus="riool", van=2028, tot=2029, graven=True)


def said_of(engine: Engine, *stated: Werk, **more: object) -> str:
    """The first screen about these works, as one line."""
    return " ".join(shown(works(engine, *stated, **more)).split())


def test_by_when_to_decide_is_told_once_with_the_work_itself(engine: Engine) -> None:
    said = said_of(engine, SEWER, aanleidingen=["wateroverlast", "vervanging-riool"])
    assert said.count("riool 2028–2029") > 1
    assert said.count("Beslis") == 1
    coming = said.partition("Komend werk")[2].partition("Koppelkansen")[0]
    assert "Beslis vóór 2028; daarna komt dit werk pas over zo’n 60 jaar terug." in coming


def test_task_with_a_sentence_of_its_own_is_not_listed_with_the_work_too(engine: Engine) -> None:
    said = said_of(engine, SEWER, kenmerken=["warmtenet-nabij"])
    listed, chance = said.partition("Wat mee kan: ")[2].split(". ")[:2]
    assert chance == "Met het warmtenet dat dichtbij ligt komt dit binnen bereik: een warmtenet aanleggen"
    assert "een warmtenet aanleggen" not in listed


def test_tasks_that_lapse_by_the_same_are_told_in_one_sentence(engine: Engine) -> None:
    stated = {"aanleidingen": ["woningbouwplan"], "kenmerken": ["recente-woningen"]}
    said = said_of(engine, **stated)
    assert "Door de recente woningen vervalt: gebouwen een andere functie geven" in said
    assert said.count("de recente woningen") == 1


def test_instrument_tells_apart_who_is_there_and_whom_it_asks_for(engine: Engine) -> None:
    stated = {"aanleidingen": ["vergrijzing"], "kenmerken": ["krimp"]}
    two = said_of(engine, **stated, betrokkenen=["gemeente", "woningcorporatie"])
    three = said_of(engine, **stated, betrokkenen=["gemeente", "woningcorporatie", "huurdersorganisatie"])
    name = "Prestatieafspraken (past), door de gemeente"
    assert f"{name} en de woningcorporatie; vraagt ook de huurdersorganisatie" in two
    assert f"{name}, de huurdersorganisatie en de woningcorporatie" in three


def test_instrument_that_requires_a_stated_characteristic_gets_a_line_though_it_helps_no_task(engine: Engine) -> None:
    stated = {"aanleidingen": ["wateroverlast"], "kenmerken": ["mijnschade", "veel-verharding"]}
    said = said_of(engine, SEWER, **stated)
    assert "Vooral bij de mijnschade: Loket voor mijnschade." in said


def test_stated_scarcity_gets_a_line_when_none_of_the_first_instruments_relieves_it(engine: Engine) -> None:
    flooded: dict[str, object] = {"aanleidingen": ["wateroverlast"], "betrokkenen": ["gemeente", "waterschap"]}
    assert "schaars is" not in said_of(engine, **flooded)
    assert "Omdat menskracht schaars is: " in said_of(engine, **flooded, schaarste=["menskracht"])


def test_coming_work_says_how_certain_it_is_and_that_it_cannot_move(engine: Engine) -> None:
    fixed = Werk(cyclus="riool", van=2028, tot=2030, graven=True, zekerheid="vast", schuifruimte=0)
    assert "Riool 2028–2030 (vast, kan niet schuiven). " in said_of(engine, fixed)
    assert "Riool 2028–2030 (kan 2 jaar schuiven). " in said_of(
        engine, fixed.model_copy(update={"zekerheid": None, "schuifruimte": 2})
    )


def test_task_is_not_taken_along_with_the_work_that_must_come_after_it(engine: Engine) -> None:
    building = Werk(cyclus="woningbouw", van=2029, tot=2033, graven=True)
    advice = works(
        engine, building, aanleidingen=["woningbouwplan"], opgaven=["elektriciteitsnet-verzwaren", "woningen-bouwen"]
    )
    said = " ".join(shown(advice).split())
    assert re.search(r"Eerst het stroomnet, dan woningen\. (?!Neem)", said)


def test_what_holds_by_a_trigger_alone_is_named_by_that_trigger(engine: Engine) -> None:
    tasks = ["woningen-levensloopbestendig-maken", "voorzieningenstructuur-verbeteren"]
    by_trigger = said_of(engine, aanleidingen=["vergrijzing"], opgaven=tasks)
    stated = said_of(engine, aanleidingen=["vergrijzing"], opgaven=tasks, kenmerken=["veel-ouderen"])
    assert "dat past hier bij de vergrijzing" in by_trigger
    assert "dat past hier bij het grote aantal ouderen" in stated


def test_what_leads_by_figures_alone_tells_the_figures(engine: Engine) -> None:
    said = said_of(engine, metingen={"aandeel-eenzaam": "0.6"})
    assert "leidt, want de cijfers wijzen daarop: aandeel eenzame volwassenen 60 %." in said


def test_no_sentence_names_more_than_five_tasks(engine: Engine, situaties: dict[str, Situatie]) -> None:
    tasks = {engine.knowledge.in_sentence(node, "nl") for node in engine.knowledge.instances(term("Kernopgave"))}
    for situatie in situaties.values():
        for sentence in re.split(r"[.;] ", " ".join(shown(engine.advise(situatie)).split())):
            assert sum(name in sentence for name in tasks) <= MOST_TASKS_IN_A_SENTENCE, sentence


def test_what_is_brought_within_reach_is_told_with_the_first_work_only(engine: Engine) -> None:
    paved = Werk(cyclus="wegdek", van=2028, tot=2028, graven=True)
    said = said_of(engine, SEWER, paved, kenmerken=["weinig-autobezit"])
    assert said.count("Met het lage autobezit komt dit binnen bereik: het gebied autoluw maken.") == 1


def test_reasons_with_one_consequence_are_told_in_one_sentence(engine: Engine) -> None:
    said = said_of(engine, kenmerken=["krimp", "weinig-voorzieningen"])
    assert "want hier vraagt dit om de voorzieningen verbeteren: de krimp en het gebrek aan voorzieningen." in said
