"""Every rule of the Dutch REST API Design Rules is accounted for in the docs."""

import re

from tests.conftest import NORMEN, ROOT

RULE_IDS = NORMEN / "adr" / "rule-ids.txt"


def test_every_design_rule_has_its_line() -> None:
    rules = set(re.findall(r'"(/core/[^"]+)"', RULE_IDS.read_text(encoding="utf-8")))
    text = (ROOT / "docs" / "rest-api-design-rules.md").read_text(encoding="utf-8")
    accounted = re.findall(r"^\| `(/core/[^`]+)` \|", text, re.MULTILINE)
    assert set(accounted) == rules
    assert len(accounted) == len(rules) == 36
