"""What is found, why, and in which order: with a few things of our own, so that each example can be checked by eye."""

import pytest

from kb.language import Words
from kb.search.index import Index
from kb.search.model import Named, Reason


def named(name: str, kind: str = "opgave", others: tuple[str, ...] = (), meaning: str = "", **more: object) -> Named:
    """Something with one name."""
    return Named(f"urn:{kind}:{name}", kind, Words(name, name), Words(meaning, meaning), (name,), others, **more)  # type: ignore[arg-type]  # spread


THINGS = [
    named("warmtenetten aanleggen", others=("stadsverwarming",), meaning="Leidingen met heet water leggen.", weight=9),
    named("warmtenet", "beheercyclus", weight=2),
    named("Warmte in Dordrecht", "bron"),
    named("riool", "beheercyclus", others=("riolering",)),
    named("Energie", "transitie", sorts=("transitie",)),
    named("Energie", "kleving", sorts=("kleving",), aside=True, weight=50),
    named("Café-straat", "bron"),
    named("Selwerd", "gebied", within="Groningen", sorts=("buurt",)),
    named("BU00141000", "gebied"),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(THINGS)


def found(index: Index, asked: str) -> list[tuple[str, str, str]]:
    """What is found as (kind, name, reason)."""
    hits = index.find(asked).hits(0, 20)
    return [(hit.named.kind, str(hit.named.label), hit.reason.value) for hit in hits]


@pytest.mark.parametrize(
    ("asked", "kind", "reason"),
    [
        ("riool", "beheercyclus", Reason.NAME),
        ("RIOOL!", "beheercyclus", Reason.NAME),
        ("cafe straat", "bron", Reason.NAME),
        ("selw", "gebied", Reason.BEGINNING),
        ("stadsverwarming", "opgave", Reason.SYNONYM),
        ("stadsverw", "opgave", Reason.SYNONYM),
        ("dordrecht warmte", "bron", Reason.WORDS),
        ("transitie energie", "transitie", Reason.WORDS),
        ("Selwerd, Groningen", "gebied", Reason.NAME),
        ("heet water", "opgave", Reason.MEANING),
        ("riolernig", "beheercyclus", Reason.NEAR),  # two letters changed places
        ("Selwert", "gebied", Reason.NEAR),  # one letter wrong
        ("warmte-netten aanlegen", "opgave", Reason.NEAR),  # a space too many and a letter too few
        ("stadverwarming", "opgave", Reason.NEAR),  # a synonym with a letter too few
    ],
)
def test_thing_is_found_and_says_why(index: Index, asked: str, kind: str, reason: Reason) -> None:
    assert [(one[0], one[2]) for one in found(index, asked)][:1] == [(kind, reason.value)]


def test_name_goes_before_beginning_and_that_before_what_looks_alike(index: Index) -> None:
    assert found(index, "warmtenet") == [
        ("beheercyclus", "warmtenet", "naam"),
        ("opgave", "warmtenetten aanleggen", "begin"),
    ]


def test_what_most_refers_to_goes_first_among_equals(index: Index) -> None:
    assert [label for _, label, _ in found(index, "warmt")][:2] == ["warmtenetten aanleggen", "warmtenet"]


def test_bookkeeping_comes_last_however_well_it_fits(index: Index) -> None:
    assert [kind for kind, _, _ in found(index, "energie")] == ["transitie", "kleving"]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "  ?!",
        "xyzzy",
        "rio0l",  # a digit is no typing error
        "BU00141001",  # another code
        "rol",  # too short to be wrong
        "Groningen",  # nothing of that name here: only a place in which something lies
    ],
)
def test_nothing_is_found_for_what_nothing_is_called(index: Index, asked: str) -> None:
    assert found(index, asked) == []


def test_short_word_alone_finds_only_what_begins_so(index: Index) -> None:
    # "in" stands in the name of a source, and no name begins so.
    assert found(index, "in") == []
    assert {reason for _, _, reason in found(index, "ri")} <= {"begin", "synoniem"}


def test_thing_is_found_once_by_its_strongest_reason(index: Index) -> None:
    assert found(index, "riol") == [("beheercyclus", "riool", "synoniem")]


def test_hit_tells_by_which_of_its_names(index: Index) -> None:
    assert [hit.by for hit in index.find("stadverwarming").hits(0, 1)] == ["stadsverwarming"]


def test_found_can_be_narrowed_to_a_kind(index: Index) -> None:
    assert [thing.kind for thing in index.find("warmte").of_kind("bron")] == ["bron"]
