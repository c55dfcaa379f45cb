"""A row of an advice that was made for one situation serves another only when it would be the same row."""

from kb.engine import Engine
from kb.situation.model import Situatie


def test_rows_kept_from_other_situations_are_those_made_anew(engine: Engine, situaties: dict[str, Situatie]) -> None:
    changed = [situation.model_copy(update={"werken": ()}) for situation in situaties.values()]
    several = [*situaties.values(), *changed]
    after_each_other = [engine.advise(situation) for situation in several]
    for situation, advies in zip(several, after_each_other, strict=True):
        assumed = engine.assumptions.using
        alone = Engine(engine.knowledge, engine.vocabulary, engine.rules, engine.program, assumed)
        # Which release the receipt names is not of the rows: this engine was not loaded from files.
        named = {"ontvangstbewijs": advies.ontvangstbewijs}
        assert alone.advise(situation).model_copy(update=named) == advies


def test_advice_is_written_as_pydantic_writes_it_also_from_rows_that_were_written_before(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    for situatie in situaties.values():
        for _ in range(2):
            advice = engine.advise(situatie, questions=3)
            assert advice.written() == advice.model_dump_json().encode()


def test_copy_of_a_row_is_written_anew(engine: Engine, situaties: dict[str, Situatie]) -> None:
    row = engine.advise(situaties["selwerd"]).instrumenten[0]
    assert b'"label":"anders"' not in row.in_json
    assert b'"label":"anders"' in row.model_copy(update={"label": "anders"}).in_json
