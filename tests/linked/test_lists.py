"""Lists to look things up in: what the ontology says can be chosen on can be chosen on, and bookkeeping stands apart."""

import pytest
from pyoxigraph import NamedNode
from rdflib import Graph
from rdflib.namespace import SKOS

from api.linked.kinds import kinds_of
from kb.engine import Engine
from kb.names import DCTERMS, declared, slug
from kb.search.things import bookkeeping
from tests.client import TestClient
from tests.linked.pages import Page
from tests.linked.pages import parse as parse_page

INSTRUMENT, SOORT, SCHAAL, FASE, WIE = map(
    declared, ("Instrument", "heeftInstrumentsoort", "opSchaal", "inzetbaarInFase", "uitgevoerdDoor")
)


def page(client: TestClient, path: str, language: str = "nl") -> Page:
    response = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert response.status_code == 200, response.text
    found = parse_page(response.text)
    assert found.problems == []
    return found


def names(found: Page) -> list[str]:
    """The slugs of the members that a list shows."""
    return [one.attributes["href"].rpartition("/")[2] for one in found.all("a") if "dt" in one.parents]


def labels(found: Page) -> set[str]:
    return {one.text for one in found.all("label") if "main" in one.parents}


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("heeftInstrumentsoort=geld", {SOORT: "geld"}),
        ("opSchaal=straat", {SCHAAL: "straat"}),
        ("inzetbaarInFase=kijken", {FASE: "kijken"}),
        ("uitgevoerdDoor=woningcorporatie", {WIE: "woningcorporatie"}),
        ("heeftInstrumentsoort=geld&uitgevoerdDoor=gemeente", {SOORT: "geld", WIE: "gemeente"}),
    ],
)
def test_instruments_are_chosen_by_kind_scale_phase_and_who_acts(
    client: TestClient, engine: Engine, query: str, chosen: dict[object, str]
) -> None:
    knowledge = engine.knowledge
    meant = {
        slug(node)
        for node in knowledge.instances(INSTRUMENT)
        if all(value in map(slug, knowledge.objects(node, prop)) for prop, value in chosen.items())  # type: ignore[arg-type]  # properties
    }
    assert set(names(page(client, f"/doc/instrument?{query}"))) == meant
    assert 0 < len(meant) < len(knowledge.instances(INSTRUMENT))


def test_what_is_open_today_can_be_chosen(client: TestClient) -> None:
    is_open, is_not = (
        set(names(page(client, f"/doc/instrument?heeftOpenInstrument={said}"))) for said in ("ja", "nee")
    )
    assert is_open and is_not and not is_open & is_not
    assert len(is_open | is_not) == len(names(page(client, "/doc/instrument")))


def test_words_find_by_synonym_and_forgive_a_typing_error(client: TestClient) -> None:
    assert names(page(client, "/doc/instrument?zoek=gaskraan+dicht")) == ["aanwijsbevoegdheid-warmtetransitie"]
    assert "warmteprogramma" in names(page(client, "/doc/instrument?zoek=warmtprogramma"))


@pytest.mark.parametrize(
    ("path", "labelled"),
    [
        ("/doc/instrument", {"Woorden", "Inzetbaar in fase", "Op schaal", "Uitgevoerd door", "Nu open"}),
        ("/doc/wijk", {"Woorden", "Heeft afloop", "Had als leidende transitie"}),
        ("/doc/conflict", {"Woorden", "Op element"}),
        ("/doc/regel", {"Woorden", "Leidt af"}),
        ("/doc/bron", {"Woorden", "In jaar", "Uitgever"}),
        ("/doc/fase", {"Woorden"}),
    ],
)
def test_every_list_has_the_filters_that_the_ontology_gives_it(
    client: TestClient, path: str, labelled: set[str]
) -> None:
    assert labelled <= labels(page(client, path))


def test_wijk_tells_its_lesson_and_how_it_ended(client: TestClient) -> None:
    told = page(client, "/doc/wijk?heeftAfloop=gestrand").text("dl")
    assert "Les:" in told and "Heeft afloop: gestrand" in told


def test_options_count_what_is_left_by_the_other_filters(client: TestClient) -> None:
    found = page(client, "/doc/instrument?heeftInstrumentsoort=geld")
    (shown,) = [one.text for one in found.all("option") if one.text.startswith("straat (")] or ["straat (0)"]
    both = names(page(client, "/doc/instrument?heeftInstrumentsoort=geld&opSchaal=straat"))
    assert shown == f"straat ({len(both)})"


def test_choice_stays_chosen_and_nothing_found_is_said(client: TestClient) -> None:
    found = page(client, "/doc/instrument?opSchaal=straat&zoek=xyzzy")
    assert "0 van de" in found.all("main")[0].text
    assert names(found) == []
    assert [one.text for one in found.all("option") if "selected" in one.attributes] == ["straat (0)"]


@pytest.mark.parametrize(
    "query", ["opSchaal=<b>", "opSchaal=%00", "zoek=<script>", "kleur=rood", "opSchaal=x&opSchaal=y"]
)
def test_choice_that_means_nothing_is_no_error(client: TestClient, query: str) -> None:
    assert page(client, f"/doc/instrument?{query}").all("form")


def test_bookkeeping_stands_apart_from_what_people_look_up(client: TestClient, engine: Engine) -> None:
    kinds = kinds_of(engine, "nl")
    segments = {f"/doc/{engine.knowledge.segments[cls]}" for cls in bookkeeping(engine.knowledge)}
    assert {kind.path for kind in kinds.bookkeeping} == segments
    for path in ("/", "/opzoeken"):
        links = [one for one in page(client, path).all("a") if one.attributes["href"] in segments]
        assert len(links) == len(segments)
        assert all("details" in one.parents for one in links)


def test_look_up_page_leads_to_every_list(client: TestClient, engine: Engine) -> None:
    links = set(page(client, "/opzoeken").links())
    assert {f"/doc/{segment}" for segment in engine.knowledge.segments.values()} | {"/land", "/def"} <= links


def test_bronnen_are_chosen_by_who_published_them(client: TestClient, engine: Engine) -> None:
    publisher = NamedNode(DCTERMS + "publisher")
    meant = {slug(node) for node, value in engine.knowledge.literals(publisher) if value.value == "NH Nieuws"}
    assert set(names(page(client, "/doc/bron?publisher=NH+Nieuws"))) == meant != set()


def test_rdf_of_a_list_holds_what_the_page_shows_and_the_page_leads_to_it(client: TestClient) -> None:
    asked = "heeftInstrumentsoort=geld&opSchaal=wijk"
    found = page(client, f"/doc/instrument?{asked}")
    turtle = next(link for link in found.links() if ".ttl" in link)
    assert turtle == f"/doc/instrument.ttl?{asked}"
    graph = Graph().parse(data=client.get(turtle).text, format="turtle")
    assert {str(node).rpartition("/")[2] for node in graph.subjects(SKOS.prefLabel)} == set(names(found))


def test_rdf_of_a_list_refuses_a_value_that_nothing_has(client: TestClient) -> None:
    response = client.get("/doc/instrument.ttl?opSchaal=straatt")
    assert response.status_code == 400, response.text
    (fault,) = response.json()["fouten"]
    assert fault["veld"] == "opSchaal" and "straat" in fault["nabij"]
