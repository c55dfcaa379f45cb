"""The street section: what the tasks of an advice claim, from the roof down."""

from decimal import Decimal

import pytest

from api.pages.advies.street import COLUMNS, StreetSection, draw_street, shown_width
from kb.engine import Engine
from kb.language import LANGUAGES
from kb.report.street import Layer, Strip, Width, street
from kb.situation.model import Situatie


def layers(engine: Engine, situatie: Situatie, language: str = "nl") -> tuple[Layer, ...]:
    """The layers of a situation's advice."""
    return street(engine.knowledge, engine.advise(situatie, language), language)


def strip(found: tuple[Layer, ...], label: str) -> Strip:
    """The element with a name."""
    return next(strip for layer in found for strip in layer.strips if strip.label == label)


def test_layers_run_from_the_roof_down(engine: Engine, situaties: dict[str, Situatie]) -> None:
    names = [layer.label for layer in layers(engine, situaties["deventer"])]
    assert names == ["Dak", "Gebouw en gevel", "Maaiveld", "Ondergrond"]


def test_claims_name_how_they_use_the_element(engine: Engine, situaties: dict[str, Situatie]) -> None:
    underground = strip(layers(engine, situaties["deventer"]), "Ondergrond")
    modes = {claim.task: claim.mode for claim in underground.claims}
    assert modes == {"Een warmtenet aanleggen": "deelt", "De woningen van het gas halen": "vrij"}


def test_widths_stand_where_the_knowledge_gives_them(engine: Engine, situaties: dict[str, Situatie]) -> None:
    found = layers(engine, situaties["reyeroord"])
    parking = {claim.task: claim.width for claim in strip(found, "Parkeerruimte").claims}
    assert parking == {"Meer groen maken": Width(Decimal("1.8"), Decimal("2"))}
    assert all(claim.width is None for claim in strip(found, "Groen").claims)


def test_elements_that_open_and_those_that_are_fought_over_are_marked(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    found = layers(engine, situaties["reyeroord"])
    assert strip(found, "Straatprofiel").opens and not strip(found, "Groen").opens
    assert strip(layers(engine, situaties["deventer"]), "Gevel").clashes


def test_task_that_only_rides_along_claims_nothing_yet(engine: Engine, situaties: dict[str, Situatie]) -> None:
    advice = engine.advise(situaties["reyeroord"])
    riding = {row.conclusie for row in advice.meeliftkansen}
    claimed = {
        claim.key for layer in street(engine.knowledge, advice, "nl") for s in layer.strips for claim in s.claims
    }
    assert riding and claimed and riding.isdisjoint(claimed)


def test_claim_of_a_place_alone_stands_first(engine: Engine) -> None:
    grid = Situatie(opgaven=("elektriciteitsnet-verzwaren", "veilige-omgeving-creeren"))
    modes = [claim.mode for claim in strip(layers(engine, grid), "Openbare ruimte").claims]
    assert modes[0] == "alleen" and set(modes[1:]) == {"deelt"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_drawn_over_something_else(engine: Engine, situaties: dict[str, Situatie], language: str) -> None:
    for situatie in situaties.values():
        drawn = draw_street(layers(engine, situatie, language), language)
        assert drawn
        boxes = [(s.x, s.y, s.box, s.height) for layer in drawn.layers for s in layer.strips]
        assert_apart(boxes, drawn)
        for layer in drawn.layers:
            for outer in layer.strips:
                inner = [(claim.x, claim.y, claim.box, claim.height) for claim in outer.claims]
                assert_apart(inner, drawn)
                assert all(x + wide <= outer.x + outer.box for x, _, wide, _ in inner)
                assert all(y + high <= outer.y + outer.height for _, y, _, high in inner)


def assert_apart(boxes: list[tuple[int, int, int, int]], drawn: StreetSection) -> None:
    """No two boxes touch, and all are on the drawing."""
    for number, (x, y, wide, high) in enumerate(boxes):
        assert x >= 0 and x + wide <= drawn.width and y + high <= drawn.height
        for x2, y2, wide2, high2 in boxes[:number]:
            assert x + wide < x2 or x2 + wide2 < x or y + high < y2 or y2 + high2 < y


def test_bars_are_on_scale(engine: Engine, situaties: dict[str, Situatie]) -> None:
    drawn = draw_street(layers(engine, situaties["reyeroord"]), "nl")
    assert drawn and drawn.sized
    for layer in drawn.layers:
        for claim in (claim for s in layer.strips for claim in s.claims if claim.claim.width):
            assert claim.claim.width
            assert claim.bar + claim.more == round(claim.claim.width.high * drawn.metre)
            assert claim.bar + claim.more <= claim.box - 16


def test_elements_of_a_row_fill_it(engine: Engine, situaties: dict[str, Situatie]) -> None:
    drawn = draw_street(layers(engine, situaties["deventer"]), "nl")
    assert drawn
    for layer in drawn.layers:
        for start in range(0, len(layer.strips), COLUMNS):
            last = layer.strips[start : start + COLUMNS][-1]
            assert drawn.width - (last.x + last.box) < 20


@pytest.mark.parametrize(
    ("low", "high", "language", "shown"),
    [("1.8", "2.0", "nl", "1,8–2 m"), ("1.8", "2.0", "en", "1.8–2 m"), ("5.0", "5", "nl", "5 m")],
)
def test_width_is_said_as_people_write_it(low: str, high: str, language: str, shown: str) -> None:
    assert shown_width(Width(Decimal(low), Decimal(high)), language) == shown


def test_nothing_claimed_draws_nothing(engine: Engine) -> None:
    assert draw_street(layers(engine, Situatie(fase="kennen")), "nl") is None
