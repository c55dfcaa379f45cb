"""What must come out of the examples, and why, as `tests/golden/{wijk}.yaml` says it; and the layout of one advice."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.engine import Engine
from kb.names import ID
from kb.report.markdown import markdown
from kb.report.report import report
from kb.situation.model import Situatie
from tests.renew_goldens import GOLDEN, LAYOUT, QUESTIONS, layout

FILES = sorted(GOLDEN.glob("*.yaml"))
WORDS_PER_MINUTE = 250


def conclusions(path: Path) -> list[dict[str, Any]]:
    """What a file expects."""
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["conclusies"]
    return found


EXPECTED = [
    pytest.param(path.stem, each, id=f"{path.stem}-{each.get('wel') or 'geen-' + each['geen']}")
    for path in FILES
    for each in conclusions(path)
]


@pytest.fixture(scope="module")
def adviezen(engine: Engine, situaties: dict[str, Situatie]) -> dict[str, dict[str, Any]]:
    """The advice per example, its situation stripped of the name of the wijk."""
    unnamed = {name: situatie.model_copy(update={"wijk": None}) for name, situatie in situaties.items()}
    return {name: engine.advise(situatie).model_dump(mode="json") for name, situatie in unnamed.items()}


@pytest.mark.parametrize(("name", "expected"), EXPECTED)
def test_advies_concludes_what_matters(
    name: str, expected: dict[str, Any], adviezen: dict[str, dict[str, Any]], engine: Engine
) -> None:
    advies = adviezen[name]
    found = {row["id"] for part in expected["in"] for row in advies[part]}
    wanted, unwanted = expected.get("wel"), expected.get("geen")
    known = {node.value.removeprefix(ID) for node in engine.knowledge.individuals}
    assert {wanted, unwanted} & known, f"{wanted or unwanted} is not in the knowledge base"
    where = " of ".join(expected["in"])
    assert wanted is None or wanted in found, f"{wanted} ontbreekt in {where}. {expected['omdat']}"
    assert unwanted is None or unwanted not in found, f"{unwanted} hoort niet in {where}. {expected['omdat']}"


def test_every_example_has_ten_conclusions_with_a_reason(situaties: dict[str, Situatie]) -> None:
    assert [path.stem for path in FILES] == sorted(situaties)
    for path in FILES:
        assert len(conclusions(path)) == 10, path
        for each in conclusions(path):
            assert each.keys() in ({"wel", "in", "omdat"}, {"geen", "in", "omdat"}), path
            assert each["omdat"].endswith("."), (path, each)


def test_layout_of_an_advies_is_the_approved_one(engine: Engine) -> None:
    assert layout(engine) == LAYOUT.read_text(encoding="utf-8"), (
        "The layout of an advice has changed. Is that what you want? Then renew it with "
        "`python -m tests.renew_goldens` and read the difference before you commit it."
    )


def test_advies_takes_ten_minutes_to_read(engine: Engine, situaties: dict[str, Situatie]) -> None:
    for name, situatie in situaties.items():
        text = markdown(report(engine.advise(situatie, questions=QUESTIONS), "nl"))
        prose = re.sub(r"`[^`]*`", "", text)
        assert len(prose.split()) < 10 * WORDS_PER_MINUTE, name
