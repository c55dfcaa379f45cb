"""The documents keep what they promise: decisions are numbered without holes and listed."""

import re

from tests.conftest import ROOT

DECISIONS = ROOT / "docs" / "decisions"


def test_decisions_are_numbered_without_holes_and_listed() -> None:
    names = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    listed = re.findall(
        r"^\| \[(\d+)\]\(([^)]+)\)", (DECISIONS / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert listed == [(name[:4], name) for name in names]
