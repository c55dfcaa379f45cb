"""A row of an advice that was made for one situation serves another only when it would be the same row."""

import pytest

from kb.engine import Engine
from kb.situation.model import Situatie

LANGUAGES = ("nl", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_kept_from_other_situations_are_those_made_anew(
    language: str, engine: Engine, situaties: dict[str, Situatie]
) -> None:
    changed = {}
    for name, situation in situaties.items():
        changed[name] = situation
        changed[f"{name} without works"] = situation.model_copy(update={"werken": ()})
        changed[f"{name} without kenmerken"] = situation.model_copy(update={"kenmerken": ()})
    after_each_other = {name: engine.advise(situation, language) for name, situation in changed.items()}
    for name, situation in changed.items():
        alone = Engine(engine.knowledge, engine.vocabulary, engine.rules, engine.program)
        assert alone.advise(situation, language) == after_each_other[name], name
