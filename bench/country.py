"""Measure the screening of the whole country, and of streets that outgrow it: rows a second and the most memory used."""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from kb import paths
from kb.country.encoding import Encoder, screen_batches
from kb.country.fill import sums
from kb.country.table import read_table
from kb.engine import Engine
from kb.situation.model import Situatie, Werk

ROOT = Path(__file__).parent.parent
TARGET = 1.0
BATCH = 100_000
STREETS = (1_000_000, 10_000_000)
RUNS = 5
WORKS = Situatie(
    werken=(
        Werk(cyclus="riool", van=2027, tot=2029, graven=True),
        Werk(cyclus="warmtenet", van=2028, tot=2030, graven=True),
    )
)


def main() -> None:
    """Print both tables. With a number: screen so many streets in this process and print what it took."""
    if len(sys.argv) > 1:
        print(*_streets(int(sys.argv[1])))
        return
    console = Console()
    console.print(_country(Engine.load()))
    console.print(_many_streets())


def _country(engine: Engine) -> Table:
    best: dict[str, float] = {}
    for _ in range(RUNS):
        for part, seconds in _once(engine).items():
            best[part] = min(seconds, best.get(part, seconds))
    rows = read_table(paths.COUNTRY).frame.height
    table = Table(title=f"The country: {rows} areas, best of {RUNS}", title_justify="left")
    for name in ("part", "seconds", "target", "met"):
        table.add_column(name, justify="left" if name == "part" else "right")
    for part, seconds in best.items():
        table.add_row(part, f"{seconds:.3f}", "", "")
    total = sum(best.values())
    table.add_row("together", f"{total:.3f}", f"< {TARGET:.0f}", "yes" if total < TARGET else "no")
    return table


def _once(engine: Engine) -> dict[str, float]:
    times = [time.perf_counter()]
    land = read_table(paths.COUNTRY)
    times.append(time.perf_counter())
    encoder, added = Encoder(engine, WORKS), sums(engine.knowledge)
    times.append(time.perf_counter())
    values = encoder.known_values(land.values_with_wijk(added), land.years_with_wijk(added))
    stated = encoder.encode(values, land.frame["code"].to_list())
    times.append(time.perf_counter())
    encoder.conclude(stated, values.height)
    times.append(time.perf_counter())
    parts = ("read the table", "what is assumed", "encode the measures", "evaluate")
    return {part: end - begin for part, begin, end in zip(parts, times[:-1], times[1:], strict=True)}


def _many_streets() -> Table:
    table = Table(title=f"Streets in batches of {BATCH:,}, a fresh process each", title_justify="left")
    for name in ("streets", "seconds", "rows/s", "peak MB"):
        table.add_column(name, justify="right")
    for count in STREETS:
        command = [sys.executable, "-m", "bench.country", str(count)]
        found = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.split()
        seconds, peak = float(found[0]), float(found[1])
        table.add_row(f"{count:,}", f"{seconds:.1f}", f"{count / seconds:,.0f}", f"{peak:.0f}")
    return table


def _streets(count: int) -> tuple[float, float]:
    """Seconds, and megabytes at most in use, to screen invented streets and count in how many something leads."""
    engine = Engine.load()
    encoder = Encoder(engine, WORKS)
    begin = time.perf_counter()
    leading = 0
    for _, columns in screen_batches(encoder, _invented(encoder, count)):
        leading += max(column.bit_count() for column in columns)
    assert leading
    return time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _invented(encoder: Encoder, count: int) -> Iterator[pl.DataFrame]:
    """Batches of streets, each with the measures of an area drawn at random."""
    land = read_table(paths.COUNTRY)
    known = land.values().select(name for name in land.grootheden if name in encoder.grootheden)
    for number, start in enumerate(range(0, count, BATCH)):
        size = min(BATCH, count - start)
        yield known.select(pl.all().sample(size, with_replacement=True, seed=number))


if __name__ == "__main__":
    main()
