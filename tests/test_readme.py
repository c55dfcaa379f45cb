"""What the README shows is what the command prints."""

import pytest

from tests.renew_goldens import README, SHOWN, part, printed

BLOCKS = SHOWN.findall(README.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_output_in_the_readme_is_real(command: str, shown: str) -> None:
    assert shown == part(printed(command), shown), "Renew it with `python -m tests.renew_goldens`."


def test_readme_shows_output() -> None:
    assert len(BLOCKS) >= 3
