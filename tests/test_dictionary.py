"""Terms by any of their names: slug, IRI, preferred and alternative labels, in either language."""

import pytest
from pyoxigraph import NamedNode

from kb.engine import Engine
from kb.errors import SituationError
from kb.knowledge.dictionary import Dictionary, fold
from kb.names import ID, term
from kb.situation.model import Situatie

RIOOL, BEHEER = NamedNode(ID + "beheercyclus/riool"), NamedNode(ID + "beheercyclus/riolering-beheren")
NAMES = {RIOOL: ["Riool", "Sewer", "Riolering"], BEHEER: ["Riolering beheren", "riolering", "Coördinatie"]}


@pytest.mark.parametrize(
    "name",
    [
        "riool",  # the slug
        RIOOL.value,  # the IRI
        "RIOOL",  # the slug in capitals, and the Dutch label
        "sewer",  # the English label
    ],
)
def test_dictionary_finds_by_slug_iri_and_label(name: str) -> None:
    assert Dictionary(NAMES).find(name) == (RIOOL,)


@pytest.mark.parametrize("name", ["riolering beheren", "Riolering-beheren", "coordinatie", "COÖRDINATIE"])
def test_dictionary_minds_no_case_hyphen_or_accent(name: str) -> None:
    assert Dictionary(NAMES).find(name) == (BEHEER,)


def test_dictionary_gives_all_that_a_label_may_mean() -> None:
    assert Dictionary(NAMES).find("riolering") == (RIOOL, BEHEER)


def test_dictionary_takes_a_slug_before_a_label() -> None:
    other = NamedNode(ID + "beheercyclus/put")
    assert Dictionary(NAMES | {other: ["Riool"]}).find("riool") == (RIOOL,)


def test_dictionary_gives_nothing_for_an_empty_name() -> None:
    assert Dictionary(NAMES).find(" - ") == ()


def test_situatie_with_synonyms_is_that_with_slugs(engine: Engine) -> None:
    given = Situatie(
        opgaven=("Stadsverwarming", "na isolatie", "VAN HET AARDGAS AF"), betrokkenen=("housing association",)
    )
    by_slug = engine.resolver.by_slug(given)
    assert by_slug.betrokkenen == ("woningcorporatie",)
    assert by_slug.opgaven == ("warmtenetten-aanleggen", "gebouwen-isoleren", "woningen-van-het-gas-af")


def test_situatie_with_a_name_of_two_names_both(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    opgaven = engine.knowledge.instances(term("Opgave"))[:2]
    double = Dictionary({node: ["dubbel"] for node in opgaven})
    monkeypatch.setitem(engine.knowledge._dictionaries, engine.vocabulary.ranges[term("heeftOpgave")], double)
    with pytest.raises(SituationError) as raised:
        engine.resolver.facts(Situatie(opgaven=("Dubbel",)))
    assert raised.value.problems[0].nearest == tuple(node.value.rpartition("/")[2] for node in opgaven)
    assert "kan meer dan één" in str(raised.value)


def test_weglaten_by_synonym_removes_what_the_slug_states(engine: Engine) -> None:
    stated, less = Situatie(betrokkenen=("woningcorporatie",)), Situatie(betrokkenen=("housing association",))
    assert engine.what_if(stated, Situatie(), less) == engine.what_if(stated, Situatie(), stated)


def test_every_label_of_a_kind_of_term_names_one_individual(engine: Engine) -> None:
    classes = {engine.vocabulary.ranges[prop] for prop in engine.vocabulary.inputs}
    for cls in classes:
        for node in engine.knowledge.instances(cls):
            for name in engine.knowledge.names(node):
                assert engine.knowledge.dictionary(cls).find(name) == (node,), (fold(name), node)
