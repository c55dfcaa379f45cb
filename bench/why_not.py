"""Measure `waarom-niet` over every example and every conclusion that does not hold there: `python -m bench.why_not`.

Prints the CPU time of a question at some percentiles, how many were not finished in time, and the slowest ones.
"""

import argparse
import random
import statistics
import time
from typing import NamedTuple

from bench.situations import examples
from kb.engine import Engine
from kb.explain.proof import conclusion_key
from kb.situation.model import Situatie

PERCENTILES = (50, 90, 99)
SLOWEST = 5


class Asked(NamedTuple):
    """One question: its CPU time in ms, whether it came to its end, and what it was about."""

    milliseconds: float
    complete: bool
    about: str


def main() -> None:
    """Ask as many questions as are asked for, drawn at random with a fixed seed, and print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aantal", type=int, default=400)
    parser.add_argument("--zaad", type=int, default=5)
    parser.add_argument("--binnen", type=float, default=3.0, help="seconds a question")
    given = parser.parse_args()
    engine = Engine.load()
    engine.missing.prepare()  # as the service does
    questions = [
        (name, situation, conclusion_key(link))
        for name, situation in examples().items()
        for link in engine.shown_conclusions
        if not engine.evaluate(situation).holds(link)
    ]
    random.Random(given.zaad).shuffle(questions)
    _ask(engine, *questions[-1], seconds=given.binnen)  # the solver is imported, and the candidates are made
    asked = sorted(_ask(engine, *question, seconds=given.binnen) for question in questions[: given.aantal])
    cuts = statistics.quantiles([one.milliseconds for one in asked], n=100)
    print(f"{len(asked)} of {len(questions)} questions, CPU ms each")
    print(
        *(f"p{percentile} {cuts[percentile - 1]:.1f}" for percentile in PERCENTILES),
        f"max {asked[-1].milliseconds:.0f}",
    )
    print(f"not finished in {given.binnen:g} s, or too many to try: {sum(not one.complete for one in asked)}")
    for one in asked[-SLOWEST:]:
        print(f"{one.milliseconds:8.0f} ms  {one.about}")


def _ask(engine: Engine, name: str, situation: Situatie, key: str, *, seconds: float) -> Asked:
    start = time.process_time()
    found = engine.why_not(situation, key, seconds=seconds)
    return Asked(1000 * (time.process_time() - start), found.complete, f"{name}: {key}")


if __name__ == "__main__":
    main()
