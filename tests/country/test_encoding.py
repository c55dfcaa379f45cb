"""Columns of measures state and conclude what every area states and concludes by itself."""

import random
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from kb.country.encoding import Encoder, pack, screen_batches, unpack
from kb.country.fill import Country, sums
from kb.engine import Engine
from kb.errors import SituationError
from kb.program.evaluate import evaluate
from kb.situation.model import Situatie, Werk

DAY = date(2026, 6, 1)
ASSUMED = {
    "niets": Situatie(peildatum=DAY),
    "riool en warmtenet": Situatie(
        peildatum=DAY,
        aanleidingen=("vervanging-riool",),
        werken=(
            Werk(cyclus="riool", van=2027, tot=2029, graven=True),
            Werk(cyclus="warmtenet", van=2028, tot=2030, graven=True),
        ),
        prioriteiten={"energie": 3},
    ),
    "gemeten waarde": Situatie(peildatum=DAY, metingen={"aardgasaandeel": Decimal("0.95"), "inwoners": Decimal(5000)}),
    "weersproken kenmerk": Situatie(peildatum=DAY, kenmerken=("veel-sociale-huur", "weinig-autobezit", "dun-bebouwd")),
    "jaren geleden": Situatie(peildatum=date(2021, 6, 1), fase="kennen", schaarste=("geld",)),
}


@pytest.mark.parametrize("assumed", ASSUMED.values(), ids=list(ASSUMED))
def test_columns_conclude_what_each_area_concludes_by_itself(
    assumed: Situatie, engine: Engine, country: Country
) -> None:
    table, added = country.table, sums(engine.knowledge)
    encoder = Encoder(engine, assumed)
    values = encoder.known_values(table.values_with_wijk(added), table.years_with_wijk(added))
    codes = table.frame["code"].to_list()
    columns = encoder.evaluate(values, codes)
    known = [row for row, code in enumerate(codes) if engine.resolver.known_wijk(code)]
    chance = random.Random(sum(map(ord, assumed.model_dump_json())))
    for row in [*chance.sample(range(len(codes)), 40), *chance.sample(known, 5)]:
        filled = country.fill(assumed.model_copy(update={"wijk": codes[row]}), engine).situation
        alone = evaluate(engine.program, engine.resolver.facts(filled)).true
        assert {number for number, bit in enumerate(columns) if bit >> row & 1} == {
            number for number, held in enumerate(alone) if held
        }, codes[row]


def test_measure_on_a_limit_counts_as_it_does_for_one_situation(engine: Engine) -> None:
    encoder = Encoder(engine, Situatie(peildatum=DAY))
    limits = [0.4, 0.75, 0.399999, 0.400001, 0.0, 1.0]
    columns = encoder.evaluate(encoder.known_values(pl.DataFrame({"aandeel-koopwoningen": limits})))
    for row, value in enumerate(limits):
        one = Situatie(peildatum=DAY, metingen={"aandeel-koopwoningen": Decimal(str(value))})
        alone = evaluate(engine.program, engine.resolver.facts(one)).true
        assert [bit >> row & 1 for bit in columns] == list(alone)


def test_assumed_situation_that_names_an_area_is_refused(engine: Engine) -> None:
    with pytest.raises(SituationError, match="geen wijk of gemeente"):
        Encoder(engine, Situatie(wijk="selwerd"))


@pytest.mark.parametrize("height", [0, 1, 7, 8, 9, 100])
def test_bits_are_the_rows_in_order(height: int) -> None:
    chance = random.Random(height)
    rows = [chance.random() < 0.5 for _ in range(height)]
    column = pack(pl.DataFrame({"a": rows}, schema={"a": pl.Boolean}))[0]
    assert [bool(column >> row & 1) for row in range(height)] == rows
    assert unpack(column, height).to_list() == rows


def test_batches_conclude_what_all_rows_together_conclude(engine: Engine, country: Country) -> None:
    encoder = Encoder(engine, ASSUMED["riool en warmtenet"])
    rows = country.table.values()[:250]
    whole = encoder.evaluate(encoder.known_values(rows))
    joined, done = [0] * len(whole), 0
    for batch, columns in screen_batches(encoder, (rows[start : start + 64] for start in range(0, 250, 64))):
        joined = [column | part << done for column, part in zip(joined, columns, strict=True)]
        done += batch.height
    assert joined == whole
