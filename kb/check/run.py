"""Everything that must hold of ontology, knowledge and rules, check by check: what `wijkaanpak controleer` shows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from kb import paths
from kb.check.consistency import check_consistency, check_stated
from kb.check.derived import check_derived
from kb.check.knowledge import check_bases, check_composed, check_references, check_shapes
from kb.check.linksets import check_linksets
from kb.check.profile import check_profile
from kb.check.rule_tests import situations_of_tests
from kb.check.rules import check_fires, check_rule_tests, check_rules, read_each_rule
from kb.check.turtle_files import Finding, TurtleFiles
from kb.engine import Engine
from kb.errors import RuleError

# What only checking needs: the extra `controle`.
EXTRA = ("owlready2", "pyshacl", "yaml")


@dataclass(frozen=True)
class CheckResult:
    """What one check found (nothing when all is well) and how long it took."""

    name: str
    findings: tuple[Finding, ...]
    seconds: float

    def only(self, path: Path) -> "CheckResult":
        """The same check, with only what it found in one file."""
        return replace(self, findings=tuple(found for found in self.findings if found.path == path))


def run_checks(ontology: Path = paths.ONTOLOGY, rules: Path = paths.RULES) -> Iterator[CheckResult]:
    """Run every check, each result as soon as it is there.

    A check that needs what an earlier one found broken is left out: after Turtle that cannot be read come only the rules
    themselves, after a rule that is not allowed nothing that runs the rules.
    """
    started = perf_counter()
    files = TurtleFiles(ontology)
    yield _result("Turtle is leesbaar", files.findings, started)
    started = perf_counter()
    read, refused = read_each_rule(rules)
    yield _result("regels zijn leesbaar en toegestaan", refused, started)
    if files.findings:
        return
    yield _run("verwijzingen komen uit", check_references(files, read))
    yield _run("onderbouwingen horen bij wat er staat", check_bases(files))
    yield _run("beschrijvingen zijn compleet, namen volgen de stijl (SHACL)", check_shapes(files))
    yield _run("ontologie blijft binnen OWL 2 RL", check_profile(files))
    yield _run("kennis is zonder tegenspraak (HermiT)", check_consistency(files))
    coherent = _run("regels hangen samen", check_rules(read, files))
    yield coherent
    if not refused and not coherent.findings:
        yield from _with_engine(ontology, rules, files)


def run_quick_checks(ontology: Path = paths.ONTOLOGY, rules: Path = paths.RULES) -> Iterator[CheckResult]:
    """The checks that need no SHACL, no HermiT and no engine: what an editor runs after every line."""
    started = perf_counter()
    files = TurtleFiles(ontology)
    yield _result("Turtle is leesbaar", files.findings, started)
    started = perf_counter()
    read, refused = read_each_rule(rules)
    yield _result("regels zijn leesbaar en toegestaan", refused, started)
    if files.findings:
        return
    yield _run("verwijzingen komen uit", check_references(files, read))
    yield _run("onderbouwingen horen bij wat er staat", check_bases(files))
    yield _run("ontologie blijft binnen OWL 2 RL", check_profile(files))
    yield _run("wat er staat spreekt zich niet tegen", check_stated(files))
    yield _run("regels hangen samen", check_rules(read, files))


def _with_engine(ontology: Path, rules: Path, files: TurtleFiles) -> Iterator[CheckResult]:
    started = perf_counter()
    try:
        engine = Engine.load(ontology, rules)
    except RuleError as error:
        yield _result("regels werken op de kennis", [Finding(error.reason, error.path, error.line)], started)
        return
    yield _result("regels werken op de kennis", check_fires(engine), started)
    yield _run("wat regels horen te maken is er", check_composed(files, engine.knowledge))
    situations = situations_of_tests(engine, rules)
    yield _run("wat regels afleiden is zonder tegenspraak", check_derived(engine, files.store, situations))
    yield _run("toetsen naast de regels slagen", check_rule_tests(engine, rules))
    yield _run("verwachtingen komen uit", check_expectations(engine))


def check_expectations(engine: Engine, folder: Path = paths.EXPECTATIONS) -> Iterator[Finding]:
    """A finding for each expectation of an expert that the knowledge and rules do not meet."""
    from kb.check.verwachtingen import Expectations  # here, because only this check needs YAML

    files = sorted(folder.glob("*.yaml"))
    if not files:
        yield Finding("er zijn geen verwachtingen (*.yaml).", folder)
    expectations = Expectations(engine, paths.EXAMPLES)
    for path in files:
        for unmet in expectations.judge(path):
            yield Finding(f"{unmet.name}: {unmet.reason}", path)


def run_link_check(*, reach: bool, ontology: Path = paths.ONTOLOGY) -> CheckResult:
    """Check the links to other data sets: their form and, with `reach`, whether every other side answers."""
    return _run("koppelingen naar andere data kloppen", check_linksets(reach, ontology))


def _run(name: str, findings: Iterable[Finding]) -> CheckResult:
    return _result(name, _with_extra(findings), perf_counter())


def _with_extra(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of a check; when it misses a library that only checking needs, how to get that."""
    try:
        yield from findings
    except ModuleNotFoundError as error:
        if error.name not in EXTRA:
            raise
        yield Finding(f"{error.name} is er niet; installeer het met: pip install 'wijkaanpak[controle]'")


def _result(name: str, findings: Iterable[Finding], started: float) -> CheckResult:
    problems = tuple(findings)
    return CheckResult(name, problems, perf_counter() - started)
