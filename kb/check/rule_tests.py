"""The test beside every rule: one case in which the rule fires and one in which it nearly does.

Beside `rules/situatie/…/x.rq` stands `x.toets.json`: two situations that differ in a single fact, each with a
conclusion. Beside `rules/kennis/x.rq` stands `x.toets.trig`: the graphs `vuurt` and `bijna` hold a little made-up
knowledge, and the graph `verwacht` holds what the rule alone derives from `vuurt`. A knowledge editor needs no Python
to test a rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from kb.check.silent import first_unmatched, why_silent
from kb.engine import Engine
from kb.errors import ConclusionError, SituationError
from kb.knowledge.derive import derive
from kb.names import BASE
from kb.rule.rule import Rule
from kb.situation.model import Situatie, read_situation

FIRES, NEARLY, EXPECTED = "vuurt", "bijna", "verwacht"
_SHAPE = (
    'schrijf {"vuurt": {"situatie": {…}, "conclusie": "eigenschap/soort/slug"}, '
    '"bijna": {"situatie": {…}, "conclusie": "…", "waarom": "…"}}'
)


@dataclass(frozen=True)
class RuleTestFailure:
    """What is wrong with a rule or its test; `path` is the test file."""

    rule: str
    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Case(BaseModel):
    """A situation and the conclusion that the rule does or does not draw there."""

    model_config = ConfigDict(extra="forbid")

    situatie: dict[str, Any]
    conclusie: str


class NearlyCase(Case):
    """A case in which the rule just does not fire, and why not."""

    waarom: str = Field(min_length=1)


class SituationTest(BaseModel):
    """The test beside a situation rule."""

    model_config = ConfigDict(extra="forbid")

    vuurt: Case
    bijna: NearlyCase


def run_rule_tests(engine: Engine, rules_folder: Path) -> Iterator[RuleTestFailure]:
    """Every failure of the tests beside the engine's rules, rules without a test and tests without a rule included."""
    rules = [*engine.knowledge.rules, *engine.rules]
    for rule in rules:
        yield from run_rule_test(engine, rule, rules_folder)
    known = {path_of_test(rule, rules_folder) for rule in rules}
    for path in sorted(rules_folder.rglob("*.toets.*")):
        if path not in known:
            name = path.name.partition(".")[0]
            yield RuleTestFailure(name, path, f"er is geen regel {name}.rq waar deze toets bij hoort.")


def run_rule_test(engine: Engine, rule: Rule, rules_folder: Path) -> Iterator[RuleTestFailure]:
    """The failures of one rule's test."""
    path = path_of_test(rule, rules_folder)
    reasons: Iterator[str]
    if not path.is_file():
        reasons = iter([f"de regel {rule.slug} heeft geen toets; maak dit bestand."])
    elif rule.about_situation:
        reasons = _situation_reasons(engine, rule, path)
    else:
        reasons = _knowledge_reasons(rule, path)
    yield from (RuleTestFailure(rule.slug, path, reason) for reason in reasons)


def situations_of_tests(engine: Engine, rules_folder: Path) -> dict[str, Situatie]:
    """The situation in which each rule fires, by rule; tests that are wrong are left to `run_rule_tests`."""
    found = {}
    for rule in engine.rules:
        path = path_of_test(rule, rules_folder)
        try:
            test = SituationTest.model_validate_json(path.read_text(encoding="utf-8"))
            situation = read_situation(test.vuurt.situatie)
            engine.resolver.facts(situation)
        except (OSError, ValidationError, SituationError):
            continue
        found[rule.slug] = situation
    return found


def path_of_test(rule: Rule, rules_folder: Path) -> Path:
    """Where the test of a rule belongs."""
    ending = "json" if rule.about_situation else "trig"
    return rules_folder / rule.folder / f"{rule.slug}.toets.{ending}"


def _situation_reasons(engine: Engine, rule: Rule, path: Path) -> Iterator[str]:
    try:
        test = SituationTest.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "het bestand"
        yield f"geen leesbare toets, fout bij {place}; {_SHAPE}."
        return
    situations = {}
    for name, case in ((FIRES, test.vuurt), (NEARLY, test.bijna)):
        try:
            situations[name] = read_situation(case.situatie)
            fires = _fires(engine, rule, situations[name], case.conclusie)
        except (SituationError, ConclusionError) as error:
            yield f"{name}: {error}"
            continue
        if fires and name == NEARLY:
            yield f"bijna: de regel {rule.slug} vuurt toch voor {case.conclusie}."
        if not fires and name == FIRES:
            yield (
                f"vuurt: de regel {rule.slug} vuurt niet voor {case.conclusie}. "
                f"{why_silent(engine, rule, situations[name], case.conclusie)}"
            )
    if len(situations) == len((FIRES, NEARLY)) and (count := _changes(situations[FIRES], situations[NEARLY])) != 1:
        yield f"bijna: verschilt in {count} feiten van vuurt; laat ze in precies één feit verschillen."


def _fires(engine: Engine, rule: Rule, situation: Situatie, key: str) -> bool:
    """Whether this rule, and not only some other, draws the conclusion."""
    number = engine.program.find(engine.conclusion(key))
    outcome = engine.evaluate(situation)
    return number is not None and any(ground.rule.slug == rule.slug for ground in outcome.firings(number))


def _changes(one: Situatie, other: Situatie) -> int:
    """In how many facts two situations differ; a fact that is replaced by another of its field counts once."""
    count = 0
    for field in Situatie.model_fields:
        before, after = _items(getattr(one, field)), _items(getattr(other, field))
        gone = [item for item in before if item not in after]
        come = [item for item in after if item not in before]
        count += max(len(gone), len(come))
    return count


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, tuple):
        return list(value)
    return [] if value is None else [value]


def _knowledge_reasons(rule: Rule, path: Path) -> Iterator[str]:
    try:
        graphs = _read_graphs(path)
    except SyntaxError as error:
        yield f"geen geldige TriG, regel {error.lineno}: {error.msg}."
        return
    missing = [name for name in (FIRES, NEARLY, EXPECTED) if not graphs.get(name)]
    if missing:
        yield f"mist de graaf {' en '.join(f'<{name}>' for name in missing)}."
        return
    expected, derived = graphs[EXPECTED], _derive(rule, graphs[FIRES])
    for triple in expected - derived:
        yield f"vuurt: de regel {rule.slug} leidt niet af: {triple}. {first_unmatched(rule, graphs[FIRES])}".strip()
    for triple in derived - expected:
        yield f"vuurt: de regel {rule.slug} leidt ook af: {triple}; zet dit in <verwacht> als het klopt."
    for triple in expected & (_derive(rule, graphs[NEARLY]) | graphs[NEARLY]):
        yield f"bijna: hier mag niet gelden: {triple}."


def _read_graphs(path: Path) -> dict[str, set[Triple]]:
    """The triples of each named graph of a test, by its name relative to the test."""
    base = f"{BASE}toets/"
    graphs: dict[str, set[Triple]] = {}
    for quad in parse(path=str(path), format=RdfFormat.TRIG, base_iri=base):
        name = quad.graph_name.value.removeprefix(base) if isinstance(quad.graph_name, NamedNode) else ""
        graphs.setdefault(name, set()).add(quad.triple)
    return graphs


def _derive(rule: Rule, triples: set[Triple]) -> set[Triple]:
    """What this rule alone adds to these triples."""
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return set(derive(store, [rule]).lineage)
