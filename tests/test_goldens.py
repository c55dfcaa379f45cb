"""The advices about the example situations stay as they were read and approved, until someone renews them on purpose."""

import re

import pytest

from kb.engine import Engine
from kb.situation.model import Situatie
from tests.renew_goldens import EXAMPLES, GOLDEN, golden_text

NAMES = [path.stem for path in EXAMPLES]


@pytest.mark.parametrize("name", NAMES)
def test_advies_reads_as_approved(name: str, engine: Engine, situaties: dict[str, Situatie]) -> None:
    approved = (GOLDEN / f"{name}.md").read_text(encoding="utf-8")
    assert golden_text(engine, situaties[name]) == approved, (
        f"The advice for {name} has changed. Is that what you want? Then renew the goldens with "
        "`python -m tests.renew_goldens` and read the difference before you commit it."
    )


@pytest.mark.parametrize("name", NAMES)
def test_advies_takes_ten_minutes_to_read(name: str) -> None:
    words_per_minute = 250
    text = (GOLDEN / f"{name}.md").read_text(encoding="utf-8")
    prose = re.sub(r"`[^`]*`", "", text)
    assert len(prose.split()) < 10 * words_per_minute


def test_goldens_match_the_examples() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.md")) == NAMES
