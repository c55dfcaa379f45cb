"""The worked example in docs/regels.md: what the page shows of the check is what the check says."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from kb import paths
from kb.check.rule_tests import run_rule_test
from kb.check.rule_types import check_rule_types
from kb.check.run import run_quick_checks
from kb.check.turtle_files import Finding, TurtleFiles
from kb.engine import Engine
from kb.rule.parse import parse_rule
from tests.test_docs_regels import HEADER, TEXT, blocks

RULE = Path("situatie/behoefte/behoefte-uit-oplossing.rq")
QUICK, MISSING, FIRST = blocks("console")
_, TEST = blocks("json")
SLIPS = {"oplosing": "oplossing", "behoefte:kenis": "behoefte:kennis"}


def mended(text: str) -> str:
    """The text without the slips that the page shows."""
    for wrong, right in SLIPS.items():
        text = re.sub(rf"{re.escape(wrong)}(?!s)", right, text)
    return text


class Project:
    """A copy of the project with the example in it."""

    def __init__(self, folder: Path, turtle: str, rule: str) -> None:
        self.folder = folder
        self.ontology = shutil.copytree(paths.ONTOLOGY, folder / "ontology")
        self.rules = shutil.copytree(paths.RULES, folder / "rules")
        (self.ontology / "kennis" / "infiltratie.ttl").write_text(turtle, encoding="utf-8")
        (self.rules / RULE).write_text(rule, encoding="utf-8")

    def lines(self, findings: Iterable[object]) -> list[str]:
        """Findings as the page shows them."""
        return [f"  – {finding}".replace(f"{self.folder}/", "") for finding in findings]


def shown(block: str) -> list[str]:
    """The lines of a console block from the first check on, those that were broken off put together again."""
    lines: list[str] = []
    for line in block.splitlines():
        if line.startswith("    "):
            lines[-1] += f" {line.strip()}"
        elif line and line[0] in "✓✗ ":
            lines.append(line)
    return lines


def test_first_attempt_gives_what_the_page_shows(tmp_path: Path) -> None:
    [turtle] = blocks("turtle")
    project = Project(tmp_path, turtle, blocks("text")[1])
    ours = []
    for result in run_quick_checks(project.ontology, project.rules):
        mine = [finding for finding in result.findings if _is_of_example(finding)]
        ours += [f"{'✗' if mine else '✓'} {result.name}", *project.lines(mine)]
    assert ours == shown(QUICK)


def _is_of_example(finding: Finding) -> bool:
    return finding.path is not None and finding.path.stem in ("infiltratie", RULE.stem)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Engine]:
    """The example with its slips mended, loaded."""
    [turtle] = blocks("turtle")
    made = Project(tmp_path_factory.mktemp("voorbeeld"), mended(turtle), mended(blocks("text")[1]))
    return made, Engine.load(made.ontology, made.rules)


def failures(project: tuple[Project, Engine], test: str | None) -> list[str]:
    """What the check says of the example's rule with this test beside it."""
    made, engine = project
    path = made.rules / RULE.with_suffix(".toets.json")
    path.unlink(missing_ok=True)
    if test is not None:
        path.write_text(test, encoding="utf-8")
    rule = next(rule for rule in engine.rules if rule.slug == RULE.stem)
    return made.lines(run_rule_test(engine, rule, made.rules))


def test_rule_without_a_test_gives_what_the_page_shows(project: tuple[Project, Engine]) -> None:
    assert failures(project, None) == shown(MISSING)[1:]


def test_test_that_is_not_good_enough_gives_what_the_page_shows(project: tuple[Project, Engine]) -> None:
    test = json.loads(TEST)
    test["bijna"]["situatie"] = test["vuurt"]["situatie"]
    assert failures(project, json.dumps(test)) == shown(FIRST)[1:]


def test_right_test_passes(project: tuple[Project, Engine]) -> None:
    assert failures(project, TEST) == []


def test_counting_rule_in_the_page_is_allowed() -> None:
    header = HEADER.partition("PREFIX")[0].replace("Proef.", "Proef {aantal}.")
    rule = parse_rule(header + blocks("text")[0], Path("rules/kennis/telling/voorbeeld.rq"))
    assert list(check_rule_types([rule], TurtleFiles(paths.ONTOLOGY))) == []
    assert "`rules/kennis/telling/`" in TEXT
