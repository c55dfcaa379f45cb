"""Two advices compared: of each conclusion that came, went or moved is told through what."""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from pyoxigraph import RdfFormat, Store, parse

from kb.advice.compare import Cause, Change, cause_text
from kb.engine import Engine
from kb.names import TYPE, term
from kb.rdf.comparison import HEEFT_OORZAAK, VERSCHIL, comparison_turtle
from kb.situation.model import Herkomst, Situatie, read_situation

Json: TypeAlias = dict[str, Any]
Compared: TypeAlias = Callable[[Situatie, Situatie], dict[str, Change]]


def advice(engine: Engine, situation: Situatie) -> Json:
    """The advice as JSON that was written and read again."""
    found: Json = json.loads(engine.advise(situation).model_dump_json())
    return found


@pytest.fixture
def compared(engine: Engine) -> Compared:
    """The changes between the advices about two situations, by conclusion."""
    return lambda old, new: by_key(engine, advice(engine, old), advice(engine, new))


def by_key(engine: Engine, old: Json, new: Json) -> dict[str, Change]:
    """The changes between two advices, by conclusion."""
    return {change.key: change for change in engine.compare(old, new).changes}


SEWER = read_situation({"peildatum": "2026-01-01", "werken": [{"cyclus": "riool", "van": 2027, "graven": True}]})


def test_conclusie_that_comes_names_the_fact_that_came(compared: Compared) -> None:
    asked = SEWER.model_copy(update={"kenmerken": ("laag-vertrouwen",)})
    change = compared(SEWER, asked)["heeftBehoefte/behoefte/vertrouwen"]
    assert (change.before, change.traced) == (None, True)
    assert change.causes == (Cause("situatie", "kenmerken", None, "heeft kenmerk: laag vertrouwen"),)


def test_conclusie_that_goes_names_the_fact_that_went_and_not_what_changed_besides(compared: Compared) -> None:
    asked = SEWER.model_copy(update={"kenmerken": ("laag-vertrouwen",)})
    other = SEWER.model_copy(update={"schaarste": ("geld",)})
    change = compared(asked, other)["heeftBehoefte/behoefte/vertrouwen"]
    assert change.after is None
    assert change.causes == (Cause("situatie", "kenmerken", "heeft kenmerk: laag vertrouwen", None),)


def test_werk_that_no_longer_digs_is_a_cause_with_both_of_its_forms(compared: Compared) -> None:
    relined = SEWER.werken[0].model_copy(update={"graven": False})
    changes = compared(SEWER, SEWER.model_copy(update={"werken": (relined,)}))
    gone = [change for change in changes.values() if change.section == "openElementen" and change.after is None]
    assert gone
    for change in gone:
        assert [(cause.kind, cause.what) for cause in change.causes] == [("situatie", "werken")]
        assert change.causes[0].before and "graven ja" in change.causes[0].before
        assert change.causes[0].after and "graven nee" in change.causes[0].after


def test_waarde_that_was_filled_in_is_told_from_one_that_was_stated(compared: Compared) -> None:
    source = Herkomst(bron="cbs-kerncijfers-wijken-en-buurten", jaar=2024, gebied="WK001410")
    stated = read_situation({"peildatum": "2026-01-01", "metingen": {"aardgasaandeel": 0.2}})
    filled = stated.model_copy(update={"herkomst": {"aardgasaandeel": source}})
    for given, kind in ((stated, "situatie"), (filled, "gegevens")):
        changes = compared(Situatie(peildatum=stated.peildatum), given)
        came = [change for change in changes.values() if change.before is None]
        assert came
        assert {cause.kind for change in came for cause in change.causes} == {kind}
        assert {cause.what for change in came for cause in change.causes} == {"metingen.aardgasaandeel"}


def test_another_peildatum_is_the_cause_of_what_closed(compared: Compared) -> None:
    later = SEWER.model_copy(update={"peildatum": SEWER.peildatum.replace(year=2035) if SEWER.peildatum else None})
    gone = [change for change in compared(SEWER, later).values() if change.section == "openElementen"]
    assert gone
    assert {(c.what, c.before, c.after) for change in gone for c in change.causes} == {
        ("peildatum", "1-1-2026", "1-1-2035")
    }


def test_row_that_moved_names_the_rows_that_passed_it(compared: Compared) -> None:
    asked = SEWER.model_copy(update={"kenmerken": ("laag-vertrouwen",)})
    changes = compared(SEWER, asked)
    moved = [change for change in changes.values() if change.before and change.after]
    assert moved
    for change in moved:
        assert change.passed
        assert change.causes


@pytest.mark.parametrize("field", ["kenmerken", "aanleidingen", "werken", "metingen", "prioriteiten", "betrokkenen"])
def test_every_change_has_a_cause_in_what_changed(
    field: str, compared: Compared, situaties: dict[str, Situatie]
) -> None:
    for situation in situaties.values():
        empty = type(getattr(situation, field))()
        changes = compared(situation, situation.model_copy(update={field: empty}))
        for change in changes.values():
            assert change.causes, change
            assert {cause.what.partition(".")[0] for cause in change.causes} == {field}


def _made_before(old: Json, **receipt: object) -> Json:
    return old | {"ontvangstbewijs": old["ontvangstbewijs"] | receipt}


def _without(old: Json, section: str, key: str) -> Json:
    return old | {section: [row for row in old[section] if row["conclusie"] != key]}


def test_conclusie_of_a_rule_that_changed_names_the_rule_with_both_hashes(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    now, key = advice(engine, situaties["selwerd"]), "heeftBehoefte/behoefte/vertrouwen"
    hashes = now["ontvangstbewijs"]["regels"]
    rule = "behoefte-uit-kenmerk"
    before = _made_before(_without(now, "behoeften", key), regels=hashes | {rule: "0" * 16})
    assert by_key(engine, before, now)[key].causes == (Cause("regel", rule, "0" * 16, hashes[rule]),)
    assert by_key(engine, now, before)[key].causes == (Cause("regel", rule, hashes[rule], "0" * 16),)


def test_conclusie_that_another_release_does_not_draw_changed_through_the_kennis(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    now, key = advice(engine, situaties["selwerd"]), "heeftBehoefte/behoefte/vertrouwen"
    before = _made_before(_without(now, "behoeften", key), kennis="vorige")
    change = by_key(engine, before, now)[key]
    assert change.causes == (Cause("kennis", "kennis", "vorige", engine.knowledge.release),)


def test_changes_of_kennis_and_situatie_are_told_apart(engine: Engine) -> None:
    trust = "heeftBehoefte/behoefte/vertrouwen"
    asked = SEWER.model_copy(update={"kenmerken": ("laag-vertrouwen",)})
    old = _made_before(_without(advice(engine, asked), "behoeften", trust), kennis="vorige")
    changes = by_key(engine, old, advice(engine, asked.model_copy(update={"schaarste": ("menskracht",)})))
    came = [change for change in changes.values() if change.before is None]
    assert len(came) > 1
    for change in came:
        assert [cause.kind for cause in change.causes] == ["kennis" if change.key == trust else "situatie"]


def test_term_that_is_no_longer_known_leaves_the_kennis_as_cause(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    now = advice(engine, situaties["selwerd"])
    receipt = now["ontvangstbewijs"]["invoer"] | {"kenmerken": ["is-er-niet-meer"]}
    key = "heeftBehoefte/behoefte/vertrouwen"
    before = _made_before(_without(now, "behoeften", key), kennis="vorige", invoer=receipt)
    assert [cause.kind for cause in by_key(engine, before, now)[key].causes] == ["kennis"]


def test_verschillen_as_turtle_hold_a_cause_for_each_change(engine: Engine, situaties: dict[str, Situatie]) -> None:
    changed = situaties["selwerd"].model_copy(update={"kenmerken": ()})
    old, new = (advice(engine, situation) for situation in (situaties["selwerd"], changed))
    found = engine.compare(old, new)
    store = Store()
    store.extend(parse(comparison_turtle(engine, old, new, found), format=RdfFormat.TURTLE))
    said = [quad.subject for quad in store.quads_for_pattern(None, TYPE, VERSCHIL, None)]
    assert len(said) == len(found.changes)
    for subject in said:
        assert list(store.quads_for_pattern(subject, HEEFT_OORZAAK, None, None))
        assert [q.object.value for q in store.quads_for_pattern(subject, term("eersteAdvies"), None, None)] == [  # type: ignore[union-attr]  # an IRI
            old["ontvangstbewijs"]["iri"]
        ]


@pytest.mark.parametrize(("language", "text"), [("nl", "weg is x"), ("en", "gone is x")])
def test_oorzaak_is_told_in_both_languages(language: str, text: str) -> None:
    assert text in cause_text(Cause("situatie", "kenmerken", "x", None), language)
