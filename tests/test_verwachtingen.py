"""What experts expect, one test an expectation; and how a wrong expectation is refused."""

from pathlib import Path

import pytest

from kb import paths
from kb.check.verwachtingen import KEYWORD, Expectations, Unmet, Verwachting, read_expectations
from kb.engine import Engine

FILES = sorted(paths.EXPECTATIONS.glob("*.yaml"))
EXPECTED = [(path, each) for path in FILES for each in read_expectations(path)]


@pytest.fixture(scope="module")
def expectations(engine: Engine) -> Expectations:
    """The judge over the project's own knowledge and rules."""
    return Expectations(engine, paths.EXAMPLES)


@pytest.mark.parametrize(
    ("path", "expected"),
    EXPECTED,
    ids=[f"{path.stem}: {each.name if isinstance(each, Unmet) else each.naam}" for path, each in EXPECTED],
)
def test_verwachting_komt_uit(path: Path, expected: Verwachting | Unmet, expectations: Expectations) -> None:
    if isinstance(expected, Unmet):
        pytest.fail(str(expected))
    reasons = expectations.unmet(expected, path.parent)
    assert not reasons, "\n".join([*reasons, f"verwacht, omdat: {expected.omdat}"])


def judged(expectations: Expectations, folder: Path, text: str) -> list[str]:
    """What is not met of the expectations in this text."""
    path = folder / "proef.yaml"
    path.write_text(text, encoding="utf-8")
    return [unmet.reason for unmet in expectations.judge(path)]


BASE = "- {naam: proef, situatie: {aanleidingen: [aardgasvrije-wijk]}, omdat: proef, "
WRONG = [
    ("- [", "while parsing"),
    ("naam: proef", "schrijf een lijst"),
    ("- {naam: proef}", "situatie: ontbreekt"),
    (BASE + "verschijn: [leidt/energie]}", "onbekend veld; bedoelt u 'verschijnt'"),
    (BASE + "aanwezig: [lijdt/energie]}", "bedoelt u leidt"),
    (BASE + "aanwezig: [leidt/enrgie]}", "bedoelt u energie"),
    (BASE + "aanwezig: [energie]}", "schrijf steekwoord/slug"),
    (BASE + "gelijk: [instrument]}", "onbekende lijst"),
    (BASE + "wijziging: {weglaten: {aanleidingen: [vergrijzing]}}}", "weglaten: aanleidingen heeft geen vergrijzing"),
    (BASE + "afwezig: [leidt/energie]}", "afwezig: leidt/energie geldt wel"),
    (BASE + "aanwezig: [leidt/mobiliteit]}", "aanwezig: leidt/mobiliteit geldt niet"),
    (BASE + "eerder: [[transities/mobiliteit, transities/energie]]}", "staat niet boven"),
    (BASE + "hoogstens: [{lijst: transities, patroon: '*', aantal: 0}]}", "hoogstens: 1 van transities"),
    ("- {naam: proef, situatie: selwert, omdat: proef}", "bedoelt u selwerd"),
]


@pytest.mark.parametrize(("text", "reason"), WRONG)
def test_wrong_verwachting_is_refused_with_what_would_be_right(
    text: str, reason: str, expectations: Expectations, tmp_path: Path
) -> None:
    [found] = judged(expectations, tmp_path, text)
    assert reason in found


@pytest.mark.parametrize(
    ("kind", "holds"),
    [("verschijnt", "leidt/energie"), ("verdwijnt", "leidt/klimaatadaptatie"), ("blijft", "past/*")],
)
def test_verwachting_about_a_change_fails_without_the_change(
    kind: str, holds: str, expectations: Expectations, tmp_path: Path
) -> None:
    text = f"- {{naam: proef, situatie: reyeroord, {kind}: [{holds}], omdat: proef"
    change = ", wijziging: {toevoegen: {prioriteiten: {energie: 3}}}}"
    assert not judged(expectations, tmp_path, text + change)
    assert bool(judged(expectations, tmp_path, text + "}")) == (kind != "blijft")


def test_keywords_differ(engine: Engine) -> None:
    words = [word.value for _, word in engine.knowledge.literals(KEYWORD)]
    assert len(words) == len(set(words)) > 20
