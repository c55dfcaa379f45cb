"""Looks on the map: each transition has its own without a line in the style sheet, and the style sheet has them all."""

import re

from pyoxigraph import NamedNode

from api.html.site import WEB
from api.pages.land.looks import CLASSES, NOTHING, SEVERAL, SHADES, Looks
from kb.engine import Engine
from kb.names import ID

STYLES = (WEB / "static" / "land.css").read_text(encoding="utf-8")


def transitions(count: int) -> list[NamedNode]:
    return [NamedNode(f"{ID}transitie/t{number:02}") for number in range(count)]


def test_style_sheet_has_every_look_and_names_no_transition() -> None:
    styled = set(re.findall(r"^\.g-(\w+) \{ --kleur", STYLES, re.MULTILINE))
    shades = {f"t{number + 1}" for number in range(SHADES)}
    assert styled == shades | {f"v{number + 1}" for number in range(CLASSES)} | {NOTHING, SEVERAL}


def test_added_transition_has_a_look_of_its_own_and_a_name_in_the_legend(engine: Engine) -> None:
    looks = Looks(engine.knowledge, transitions(7))
    groups = [looks.leading([node]) for node in transitions(7)]
    assert len(set(groups)) == 7
    (row,) = looks.legend([groups[6], groups[6]], "nl")
    assert (row.label, row.count) == ("transitie/t06", 2)


def test_more_transitions_than_shades_share_one_and_the_legend_names_both(engine: Engine) -> None:
    looks = Looks(engine.knowledge, transitions(SHADES + 1))
    (row,) = looks.legend([looks.leading(transitions(1))], "nl")
    assert row.label == f"transitie/t00, transitie/t{SHADES}"


def test_measure_goes_by_fifths_of_the_country(engine: Engine) -> None:
    looks = Looks(engine.knowledge, [])
    assert [looks.ranked(rank) for rank in (0, 19, 20, 99, 100, None)] == ["v1", "v1", "v2", "v5", "v5", NOTHING]
    assert [row.label for row in looks.legend(["v2"], "nl")] == ["hoger dan 20 tot 40 procent van het land"]


def test_several_that_lead_have_one_look(engine: Engine) -> None:
    looks = Looks(engine.knowledge, transitions(3))
    assert (looks.leading(transitions(2)), looks.leading([])) == (SEVERAL, NOTHING)
