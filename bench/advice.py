"""Measure `POST /v1/adviezen` with questions over HTTP, for every example: `python -m bench.advice`.

CPU time is of server and client together, and without what the engine kept of the same situation.
"""

import argparse
import statistics
import time

import httpx
from fastapi import FastAPI

from api.app import create_app
from bench.served import served
from bench.situations import examples, random_situations
from kb.engine import Engine
from kb.situation.model import Situatie, dump_situation

PATH = "/v1/adviezen"
WARM = 50


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aantal", type=int, default=50, help="requests of each kind")
    given = parser.parse_args()
    app = create_app()
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        engine: Engine = app.state.engine
        for situation in random_situations(engine, WARM, seed=1):
            engine.advise(situation, questions=5)
        print("| voorbeeld | zonder vragen: p50 (ms) | rekentijd | met vragen: p50 (ms) | rekentijd |")
        print("|---|---:|---:|---:|---:|")
        for name, situation in examples().items():
            times = (_times(app, client, situation, questions, given.aantal) for questions in (0, 5))
            print(f"| {name} |", *(f"{wall:.1f} | {used:.1f} |" for wall, used in times))


def _times(app: FastAPI, client: httpx.Client, situation: Situatie, questions: int, number: int) -> tuple[float, float]:
    """The medians of the whole answer seen from outside and of the CPU time, in ms."""
    body = dump_situation(situation)
    timed = []
    for _ in range(number):
        app.state.engine.forget()
        wall, used = time.perf_counter(), time.process_time()
        client.post(PATH, params={"vragen": questions}, json=body).raise_for_status()
        timed.append((time.perf_counter() - wall, time.process_time() - used))
    wall, used = (1000 * statistics.median(each) for each in zip(*timed, strict=True))
    return wall, used


if __name__ == "__main__":
    main()
