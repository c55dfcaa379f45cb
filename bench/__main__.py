"""Measure start-up, the questions about one situation, and the screening of many; print a table of each."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from bench.nemo import Nemo
from bench.situations import BUURTEN, examples, random_situations
from kb.engine import Engine
from kb.explain.proof import conclusion_key
from kb.program.columns import encode, evaluate_columns
from kb.situation.facts import Facts, Link
from kb.situation.model import Situatie
from tests.reference.plain import PlainSparql, all_triples

T = TypeVar("T")

ROOT = Path(__file__).parent.parent
STARTS, WARM, RANDOM, SAMPLE = 5, 50, 200, 50

# In milliseconds; what no target was set for is only reported.
TARGETS = {
    "start from what was kept": 1500.0,
    "advice": 5.0,
    "advice with questions": 10.0,
    "why": 1.0,
    "why not": 50.0,
}
NEMO_TARGET = 1000

_START = """
import json, time
begin = time.perf_counter()
from kb.engine import Engine
from kb import paths
from kb.program.ground import ground
from kb.knowledge.derive import load
from kb.rule.files import read_rules
from kb.knowledge.vocabulary import read_vocabulary
imported = time.perf_counter()
knowledge = load(read_rules(paths.RULES / "kennis"))
loaded = time.perf_counter()
rules = read_rules(paths.RULES / "situatie")
vocabulary = read_vocabulary(knowledge)
read = time.perf_counter()
program = ground(knowledge, vocabulary, rules)
grounded = time.perf_counter()
Engine(knowledge, vocabulary, rules, program)
done = time.perf_counter()
print(json.dumps({"import": imported - begin, "load the knowledge": loaded - imported, "read the rules": read - loaded,
                  "ground the rules": grounded - read, "total": done - begin}))
"""

_START_FROM_KEPT = """
import json, time
begin = time.perf_counter()
from kb.engine import Engine
Engine.load()
print(json.dumps({"start from what was kept": time.perf_counter() - begin}))
"""


def main() -> None:
    """Run every measurement and print it."""
    console = Console()
    engine = Engine.load()
    console.print(_machine(), _size(engine))
    console.print(_start_up())
    console.print(_one_situation(engine, list(examples().values()), random_situations(engine, RANDOM)))
    console.print(_many_situations(engine, random_situations(engine, BUURTEN)))


def _machine() -> str:
    names = ("pyoxigraph", "nemo-python", "clingo", "rdflib")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}\n"


def _size(engine: Engine) -> str:
    program = engine.program
    return (
        f"{len(engine.rules)} rules about a situation, {len(engine.knowledge.store)} triples of knowledge, "
        f"{len(program.rules)} ground rules over {len(program.atoms)} atoms in {len(program.compact)} strata\n"
    )


def _start_up() -> Table:
    _python(_START_FROM_KEPT)  # which is kept now
    runs = [json.loads(_python(_START)) | json.loads(_python(_START_FROM_KEPT)) for _ in range(STARTS)]
    table = _table(f"Start-up, {STARTS} fresh processes", "part", "median ms", "slowest ms", "target ms", "met")
    for part in runs[0]:
        times = [1000 * run[part] for run in runs]
        table.add_row(
            part, f"{statistics.median(times):.0f}", f"{max(times):.0f}", *_target(part, statistics.median(times))
        )
    return table


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def _one_situation(engine: Engine, known: Sequence[Situatie], others: Sequence[Situatie]) -> Table:
    situations = [*known, *others]
    held, absent = zip(*(_keys(engine, situation) for situation in situations), strict=True)
    nothing = Situatie()
    with_held = [(situation, key) for situation, keys in zip(situations, held, strict=True) for key in keys[::40]]
    with_absent = [(situation, key) for situation, keys in zip(situations, absent, strict=True) for key in keys[::200]]
    first = situations[:40]
    for situation in random_situations(engine, WARM, seed=1):  # a service that has run has its labels and solver ready
        engine.advise(situation)
    engine.why_not(nothing, absent[0][0])
    measured = {
        "advice": _times(_afresh(engine, engine.advise), [(situation,) for situation in known] * 20),
        "advice with questions": _times(
            _afresh(engine, partial(engine.advise, questions=3)), [(situation,) for situation in known] * 20
        ),
        "advice, random situations": _times(engine.advise, [(situation,) for situation in others]),
        "evaluate": _times(engine.evaluate, [(situation,) for situation in situations]),
        "why": _times(engine.why, with_held[:400]),
        "all proofs": _times(lambda s, key: engine.why(s, key, all_proofs=True), with_held[:200]),
        "why not": _times(engine.why_not, with_absent[:100]),
        "what if": _times(engine.what_if, [(one, other, nothing) for one, other in pairwise(first)]),
        "questions": _times(engine.questions, [(situation,) for situation in first]),
    }
    table = _table(f"One situation, after {WARM} others", "question", "asked", "p50 ms", "p99 ms", "target ms", "met")
    for name, times in measured.items():
        median = statistics.median(times)
        tail = statistics.quantiles(times, n=100)[98]
        table.add_row(name, str(len(times)), f"{median:.2f}", f"{tail:.2f}", *_target(name, median))
    return table


def _keys(engine: Engine, situation: Situatie) -> tuple[list[str], list[str]]:
    """The keys of the shown conclusions that hold in a situation, and of those that do not."""
    outcome = engine.evaluate(situation)
    shown = {atom for number in engine.program.by_head if isinstance(atom := engine.program.atoms[number], Link)}
    shown = {link for link in shown if link.property in engine.vocabulary.conclusions}
    held = set(outcome.derived()) & shown
    return sorted(map(conclusion_key, held)), sorted(map(conclusion_key, shown - held))


def _afresh(engine: Engine, call: Callable[[Situatie], object]) -> Callable[[Situatie], object]:
    """The call without what was kept of the same situation."""

    def fresh(situation: Situatie) -> object:
        engine.forget()
        return call(situation)

    return fresh


def _times(call: Callable[..., object], arguments: Iterable[Sequence[object]]) -> list[float]:
    """The milliseconds of processor that each call takes: the clock on the wall also counts what others do."""
    times = []
    for each in arguments:
        begin = time.process_time()
        call(*each)
        times.append(1000 * (time.process_time() - begin))
    return times


def _many_situations(engine: Engine, situations: Sequence[Situatie]) -> Table:
    facts = [engine.resolver.facts(situation) for situation in situations]
    _check_agreement(engine, situations[:SAMPLE], facts[:SAMPLE])
    encoding, columns = _timed(lambda: encode(engine.program, facts))
    evaluating, _ = _timed(lambda: evaluate_columns(engine.program, columns, len(facts)))
    plain = PlainSparql(engine.knowledge, engine.rules)
    triples = [all_triples(*each) for each in zip(situations[:SAMPLE], facts[:SAMPLE], strict=True)]
    sparql, _ = _timed(lambda: [plain.derive(each) for each in triples])
    with tempfile.TemporaryDirectory() as folder:
        nemo = Nemo(engine.program, facts, Path(folder))
        reading, _ = _timed(nemo.reader().reason)
        reasoning, _ = _timed(nemo.reasoner().reason)
    title = f"{len(facts)} random situations; all three agree on {SAMPLE} of them"
    table = _table(title, "way", "seconds", "times the columns", "target", "met")
    ratio = (reasoning - reading) / evaluating
    table.add_row("columns: evaluate", f"{evaluating:.3f}", "1", "", "")
    table.add_row("columns: encode what is stated", f"{encoding:.3f}", f"{encoding / evaluating:.0f}", "", "")
    met = "yes" if ratio >= NEMO_TARGET else "no"
    table.add_row("Nemo: reason", f"{reasoning - reading:.3f}", f"{ratio:.0f}", f"≥ {NEMO_TARGET}", met)
    table.add_row("Nemo: read the same facts", f"{reading:.3f}", f"{reading / evaluating:.0f}", "", "")
    whole = sparql * len(facts) / SAMPLE
    table.add_row(f"Oxigraph, from {SAMPLE} to all", f"{whole:.1f}", f"{whole / evaluating:.0f}", "", "")
    return table


def _check_agreement(engine: Engine, situations: Sequence[Situatie], facts: Sequence[Facts]) -> None:
    """Stop when the three ways do not derive the same from the same situations."""
    program = engine.program
    columns = evaluate_columns(program, encode(program, facts), len(facts))
    links = {number: atom for number in program.by_head if isinstance(atom := program.atoms[number], Link)}
    by_columns = {(row, number) for number in links for row in range(len(facts)) if columns[number] >> row & 1}
    with tempfile.TemporaryDirectory() as folder:
        nemo = Nemo(program, facts, Path(folder))
        reasoner = nemo.reasoner()
        reasoner.reason()
        by_nemo = nemo.derived(reasoner)
    plain = PlainSparql(engine.knowledge, engine.rules)
    by_sparql = set()
    for row, each in enumerate(zip(situations, facts, strict=True)):
        by_sparql |= {(row, program.find(link)) for link in plain.derive(all_triples(*each))}
    # A link that is stated and that no rule derives holds in columns and Nemo, and is not derived by SPARQL.
    stated = {(row, number) for row, one in enumerate(facts) for number in program.stated(one) if number in links}
    if by_columns != by_nemo or by_columns != by_sparql | stated:
        raise SystemExit("columns, Nemo and Oxigraph do not derive the same; no timing is worth anything.")


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    begin = time.perf_counter()
    result = call()
    return time.perf_counter() - begin, result


def _target(name: str, milliseconds: float) -> tuple[str, str]:
    target = TARGETS.get(name)
    return ("", "") if target is None else (f"< {target:.0f}", "yes" if milliseconds < target else "no")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index else "left")
    return table


if __name__ == "__main__":
    main()
