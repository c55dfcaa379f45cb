"""Screening is a function of a batch and nothing else, so what spreads batches over machines finds the same: tried on Dask."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import cycle

import distributed
import polars as pl
import pytest

from kb import paths
from kb.advice.terms import HEEFT_LEIDENDE_TRANSITIE
from kb.country.encoding import Encoder, screen_batches
from kb.country.table import read_table
from kb.engine import Engine
from kb.names import slug
from kb.situation.model import Situatie, Werk

ASSUMED = Situatie(werken=(Werk(cyclus="riool", van=2027, tot=2029, graven=True),))
ROWS, BATCH = 400, 100


@cache
def encoder() -> Encoder:
    """Made once in each process, from what loading kept on disk."""
    return Encoder(Engine.load(), ASSUMED)


def leading(batch: pl.DataFrame) -> Counter[str]:
    """In how many rows of a batch each transition leads."""
    found: Counter[str] = Counter()
    for _, columns in screen_batches(encoder(), [batch]):
        for node, number in encoder().engine.program.links_by[HEEFT_LEIDENDE_TRANSITIE].items():
            found[slug(node)] += columns[number].bit_count()
    return found


@pytest.fixture(scope="module")
def client() -> Iterator[distributed.Client]:
    """A Dask cluster of two processes on this machine."""
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_two_dask_workers_find_what_one_process_finds(client: distributed.Client) -> None:
    measures = read_table(paths.COUNTRY).values().head(ROWS)
    batches = [measures[start : start + BATCH] for start in range(0, ROWS, BATCH)]
    expected = sum(map(leading, batches), Counter())
    workers = cycle(client.scheduler_info()["workers"])
    spread = [client.submit(leading, batch, workers=[worker]) for batch, worker in zip(batches, workers, strict=False)]
    assert sum(client.gather(spread), Counter()) == expected
    assert expected.total() > 0
    assert len({address for where in client.who_has(spread).values() for address in where}) == 2
