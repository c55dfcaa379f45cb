"""Areas are found by the names that people use for them."""

import pytest

from kb.country.fill import Country
from kb.country.matching import bare_name


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Den Haag", "'s-Gravenhage"),
        ("den bosch", "'s-Hertogenbosch"),
        ("De Haag, Oss", "De Haag"),
        ("Moerwijk, Den Haag", "Wijk 36 Moerwijk"),
        ("Empel Den Bosch", "Empel"),
        ("Buitenhof (Delft)", "Wijk 25 Buitenhof"),
        ("Buitenhof Delft", "Wijk 25 Buitenhof"),
        ("Delft Buitenhof", "Wijk 25 Buitenhof"),
        ("Schildersbuurt West Den Haag", "Schildersbuurt-West"),
        ("Dauwendaele, Middelburg", "Dauwendaele"),
        ("Hengelose Es Hengelo", "Wijk 01 Hengelose Es"),
    ],
)
def test_municipality_may_stand_before_or_behind_and_be_called_as_people_do(
    country: Country, name: str, meant: str
) -> None:
    assert [area.naam for area in country.names.find(name)] == [meant]


@pytest.mark.parametrize("name", ["Moerwijk, Delft", "Buitenhof Den Haag", "()", ", ,", " "])
def test_name_with_a_municipality_that_it_does_not_lie_in_is_not_found(country: Country, name: str) -> None:
    assert country.names.find(name) == []


def test_name_that_is_also_that_of_a_municipality_elsewhere_is_never_taken_for_a_village_in_silence(
    country: Country,
) -> None:
    assert {area.gemeente for area in country.names.find("Hengelo")} == {"Bronckhorst", "Hengelo (O.)"}
    assert [area.naam for area in country.names.find("Veere")] == ["Wijk 00 Veere"]


@pytest.mark.parametrize(
    ("registered", "shown"),
    [
        ("Wijk 25 Buitenhof", "Buitenhof"),
        ("Wijk 00: Valkenburg", "Valkenburg"),
        ("Wijk01-Arkel", "Arkel"),
        ("Wijk02 Kunrade", "Kunrade"),
        ("Wijk 10", "Wijk 10"),
        ("Wijk aan Zee", "Wijk aan Zee"),
    ],
)
def test_name_is_shown_without_the_number_that_the_register_puts_in_front(registered: str, shown: str) -> None:
    assert bare_name(registered) == shown
