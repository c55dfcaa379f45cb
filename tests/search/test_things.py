"""The search over the whole knowledge and the country: what people type leads to what they mean."""

import pytest

from kb.country.fill import load_country, table_path
from kb.engine import Engine
from kb.names import TYPE, short
from kb.search.index import Index
from kb.search.things import bookkeeping, individuals, things


@pytest.fixture(scope="module")
def index(engine: Engine) -> Index:
    return Index(things(engine, load_country(table_path()).table))


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("energie", "transitie/energie"),
        ("Wgiw", "instrument/aanwijsbevoegdheid-warmtetransitie"),
        ("gaskraan dicht", "instrument/aanwijsbevoegdheid-warmtetransitie"),
        ("heat network", "beheercyclus/warmtenet"),
        ("riolering", "beheercyclus/riool"),
        ("Selwerd", "wijk/selwerd"),
        ("selwerd groningen", "gebied/BU00141000"),
        ("Selwert", "wijk/selwerd"),
        ("BU00141000", "gebied/BU00141000"),
        ("Utrcht", "gemeente/utrecht"),
        ("gemeentelijk warmtprogramma", "instrument/warmteprogramma"),
        ("koppeling-gedeeld", "regel/koppeling-gedeeld"),
        ("heeftKoppelkans", "def#heeftKoppelkans"),
    ],
)
def test_what_people_type_leads_to_what_they_mean(index: Index, asked: str, first: str) -> None:
    (hit,) = index.find(asked).hits(0, 1)
    assert hit.named.iri.removeprefix("https://w3id.org/wijkaanpak/").removeprefix("id/") == first


def test_every_individual_is_found_by_its_name(engine: Engine, index: Index) -> None:
    knowledge = engine.knowledge
    for node in knowledge.individuals[:: len(knowledge.individuals) // 300]:
        assert node.value in {thing.iri for thing in index.find(knowledge.label(node))}, short(node)


def test_only_what_the_ontology_calls_bookkeeping_stands_aside(engine: Engine) -> None:
    knowledge = engine.knowledge
    said = bookkeeping(knowledge)
    aside = {thing.iri for thing in individuals(knowledge) if thing.aside}
    assert aside
    for node in knowledge.individuals:
        assert (node.value in aside) == bool(said & set(knowledge.objects(node, TYPE))), node
