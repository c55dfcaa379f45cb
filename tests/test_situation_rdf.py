"""Situations as RDF: what goes in comes out, and what is not understood is said."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, parse
from rdflib.compare import isomorphic

from kb.engine import Engine
from kb.errors import SituationError
from kb.knowledge.knowledge import class_of
from kb.names import XSD, slug
from kb.rdf.formats import FORMATS, FormatError
from kb.rdf.situation import KINDS, NODE_KINDS, TITLE, read_situation_rdf, write_situation_rdf
from kb.situation.model import GROOTHEID, IN_WIJK, LINK_FIELDS, OPPOSITES, Situatie, dump_situation, read_situation

PREFIXES = """
PREFIX : <https://w3id.org/wijkaanpak/def#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

# (what is wrong, the Turtle, the property the problem names, a part of its message)
WRONG = [
    ("no situation at all", "<x> :van 2027 .", "rdf:type", "precies één :Situatie"),
    ("two situations", "[] a :Situatie . [] a :Situatie .", "rdf:type", "bevat er 2"),
    ("another class too", "[] a :Situatie, :Wijk .", "rdf:type", "moet :Situatie zijn"),
    (
        "an unknown property",
        "[] a :Situatie ; :heeftKenmerken <kenmerk/wateroverlast> .",
        "heeftKenmerken",
        ":heeftKenmerk",
    ),
    ("a conclusion", "[] a :Situatie ; :heeftBehoefte <behoefte/vertrouwen> .", "heeftBehoefte", "gevolgtrekking"),
    ("an unknown individual", "[] a :Situatie ; :inFase <fase/kenen> .", "inFase", "fase/kennen"),
    ("an individual of another class", "[] a :Situatie ; :inFase <transitie/energie> .", "inFase", "onbekend als fase"),
    ("text instead of an individual", '[] a :Situatie ; :inFase "kennen" .', "inFase", "IRI van een bekende fase"),
    ("two phases", "[] a :Situatie ; :inFase <fase/kennen>, <fase/kiezen> .", "inFase", "mag één waarde hebben"),
    ("a date without time", '[] a :Situatie ; :peildatum "2026-11-24"^^xsd:date .', "peildatum", "xsd:dateTime"),
    (
        "a time that a reference date cannot hold",
        '[] a :Situatie ; :peildatum "2026-11-24T13:00:00Z"^^xsd:dateTime .',
        "peildatum",
        "begin van een dag",
    ),
    (
        "a day that does not exist",
        '[] a :Situatie ; :peildatum "2026-02-30T00:00:00Z"^^xsd:dateTime .',
        "peildatum",
        "moet een datum zijn",
    ),
    ("a code that is none", '[] a :Situatie ; :cbsCode "selwerd" .', "cbsCode", "geen CBS-code"),
    ("a work without cycle", "[] a :Situatie ; :heeftWerk [ :van 2027 ] .", "heeftWerk[0].cyclus", "ontbreekt"),
    ("a work that is text", '[] a :Situatie ; :heeftWerk "riool" .', "heeftWerk[0]", "moet een knoop zijn"),
    ("an empty work", "[] a :Situatie ; :heeftWerk [] .", "heeftWerk[0]", "staat er niets"),
    (
        "a work with an unknown property",
        "[] a :Situatie ; :heeftWerk [ :cyclus <beheercyclus/riool> ; :tott 2030 ] .",
        "heeftWerk[0].tott",
        ":tot",
    ),
    (
        "a year with a fraction",
        "[] a :Situatie ; :heeftWerk [ :cyclus <beheercyclus/riool> ; :van 2027.5 ] .",
        "heeftWerk[0].van",
        "xsd:integer",
    ),
    (
        "digging that is neither yes nor no",
        '[] a :Situatie ; :heeftWerk [ :cyclus <beheercyclus/riool> ; :graven "ja"^^xsd:boolean ] .',
        "heeftWerk[0].graven",
        "ja of nee",
    ),
    (
        "a work that ends before it begins",
        "[] a :Situatie ; :heeftWerk [ :cyclus <beheercyclus/riool> ; :van 2027 ; :tot 2025 ] .",
        "heeftWerk[0].tot",
        "voor het eerste jaar",
    ),
    (
        "a quantity measured twice",
        "[] a :Situatie ; :heeftMeting [ :grootheid <grootheid/woningen> ; :waarde 3 ],"
        " [ :grootheid <grootheid/woningen> ; :waarde 4 ] .",
        "heeftMeting.woningen",
        "twee keer",
    ),
    (
        "a measurement without value",
        "[] a :Situatie ; :heeftMeting [ :grootheid <grootheid/woningen> ] .",
        "heeftMeting[0].waarde",
        "ontbreekt",
    ),
    (
        "a value outside its range",
        "[] a :Situatie ; :heeftMeting [ :grootheid <grootheid/aandeel-koopwoningen> ; :waarde 1.5 ] .",
        "heeftMeting.aandeel-koopwoningen",
        "buiten het bereik",
    ),
    (
        "a weight above three",
        "[] a :Situatie ; :heeftPrioriteit [ :transitie <transitie/energie> ; :gewicht 4 ] .",
        "heeftPrioriteit.energie",
        "ten hoogste 3",
    ),
    ("a statement about something else", "[] a :Situatie . <x> :van 2027 .", "van", "niet bij de situatie hoort"),
    ("Turtle that is none", "[] a :Situatie ;; ] .", "", "geen geldige Turtle: regel 5"),
]


def one_of(engine: Engine, prop: NamedNode) -> st.SearchStrategy[str]:
    """An individual of the property's class, by slug or by IRI."""
    individuals = engine.knowledge.instances(engine.vocabulary.ranges[prop])
    return st.sampled_from([name for node in individuals for name in (slug(node), node.value)])


def slugs(engine: Engine, prop: NamedNode) -> st.SearchStrategy[str]:
    """An individual of the property's class by slug, for the keys of an object."""
    return one_of(engine, prop).map(lambda name: name.rpartition("/")[2])


def measurements(engine: Engine) -> st.SearchStrategy[dict[str, Decimal]]:
    """Values that are within the range of every quantity."""
    values = st.decimals(0, 1, places=6, allow_nan=False)
    return st.dictionaries(slugs(engine, GROOTHEID), values, max_size=4)


def works(engine: Engine) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Planned works that end no sooner than they begin."""
    years = {"van": st.integers(1900, 2050), "tot": st.integers(2050, 2200), "graven": st.booleans()}
    cyclus = one_of(engine, next(kind.key for kind in NODE_KINDS.values() if kind.field == "werken"))
    return st.lists(st.fixed_dictionaries({"cyclus": cyclus}, optional=years), max_size=4)


def situations(engine: Engine) -> st.SearchStrategy[Situatie]:
    """Any situation whose terms are known."""
    lists = {name: st.lists(one_of(engine, prop), max_size=4) for name, prop in LINK_FIELDS.items() if name != "fase"}
    transitie = next(kind.key for kind in NODE_KINDS.values() if kind.field == "prioriteiten")
    fields = lists | {
        "naam": st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=50),
        "fase": one_of(engine, LINK_FIELDS["fase"]),
        "wijk": one_of(engine, IN_WIJK) | st.sampled_from(["BU00141000", "WK001410", "GM0014", "BU99999999"]),
        "peildatum": st.dates(date(1, 1, 1)).map(date.isoformat),
        "werken": works(engine),
        "metingen": measurements(engine),
        "prioriteiten": st.dictionaries(slugs(engine, transitie), st.integers(0, 3)),
    }
    return st.fixed_dictionaries({}, optional=fields).map(_without_contradiction).map(read_situation)


def _without_contradiction(given: dict[str, Any]) -> dict[str, Any]:
    """Nothing is said to hold and not to hold."""
    rest = {field: value for field, value in given.items() if field not in OPPOSITES.values()}
    for field, opposite in OPPOSITES.items():
        holds = {name.rpartition("/")[2] for name in given.get(field, ())}
        if denied := [name for name in given.get(opposite, ()) if name.rpartition("/")[2] not in holds]:
            rest[opposite] = denied
    return rest


def normalised(engine: Engine, situation: Situatie) -> dict[str, Any]:
    """The situation with every term as a slug, and lists without order and repetition, as RDF has them."""
    data = situation.model_dump(exclude_defaults=True)
    for field in LINK_FIELDS:
        if field in data and field != "fase":
            data[field] = sorted({name.rpartition("/")[2] for name in data[field]})
    for werk in data.get("werken", ()):
        werk["cyclus"] = werk["cyclus"].rpartition("/")[2]
    if "werken" in data:
        data["werken"] = sorted(data["werken"], key=str)
    if "fase" in data:
        data["fase"] = data["fase"].rpartition("/")[2]
    known = [node for prop, node in engine.resolver.facts(situation).links if prop == IN_WIJK]
    if known:
        data["wijk"] = slug(known[0])
    return {name: value for name, value in data.items() if value or name == "naam"}


@pytest.mark.parametrize("format", FORMATS)
def test_situatie_comes_back_from_rdf_as_it_went_in(engine: Engine, format: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situations(engine))
    def round_trip(situation: Situatie) -> None:
        data = write_situation_rdf(engine, situation, format)
        assert normalised(engine, read_situation_rdf(data, format, engine)) == normalised(engine, situation)

    round_trip()


def test_situatie_in_rdf_is_isomorphic_after_reading_and_writing_it(engine: Engine) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(situations(engine))
    def round_trip(situation: Situatie) -> None:
        first = write_situation_rdf(engine, situation, "turtle")
        second = write_situation_rdf(engine, read_situation_rdf(first, "turtle", engine), "turtle")
        assert canonical(first) == canonical(second)

    round_trip()


def canonical(turtle: bytes) -> Dataset:
    """The triples with blank nodes named by what is said of them."""
    dataset = Dataset(parse(turtle, format=RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def test_situatie_examples_come_back_from_every_format(engine: Engine, situaties: dict[str, Situatie]) -> None:
    for name, situation in situaties.items():
        for format in FORMATS:
            back = read_situation_rdf(write_situation_rdf(engine, situation, format), format, engine)
            assert normalised(engine, back) == normalised(engine, situation), (name, format)


def test_situatie_in_rdf_reads_the_same_in_rdflib(engine: Engine, situaties: dict[str, Situatie]) -> None:
    for situation in situaties.values():
        graphs = [
            rdflib.Graph().parse(data=write_situation_rdf(engine, situation, format), format=name)
            for format, name in (("turtle", "turtle"), ("rdf-xml", "xml"), ("n-triples", "nt"))
        ]
        assert isomorphic(graphs[0], graphs[1])
        assert isomorphic(graphs[0], graphs[2])


def test_situatie_written_by_hand_is_understood(engine: Engine) -> None:
    turtle = """
        <> a :Situatie ; dcterms:title "Onze wijk" ; :cbsCode "BU99999999" ;
            :heeftAanleiding <aanleiding/vervanging-riool> ; :inFase <fase/kennen> ;
            :peildatum "2026-11-24T00:00:00+00:00"^^xsd:dateTime ;
            :heeftWerk [ :cyclus <beheercyclus/riool> ; :van 2027 ; :graven true ] ;
            :heeftMeting [ a :Meting ; :grootheid <grootheid/woningen> ; :waarde 3183 ] ;
            :heeftPrioriteit [ :transitie <transitie/energie> ; :gewicht 3 ] .
    """
    situation = read_situation_rdf((PREFIXES + turtle).encode(), "text/turtle", engine)
    assert dump_situation(situation) == {
        "iri": "https://w3id.org/wijkaanpak/id/",
        "naam": "Onze wijk",
        "wijk": "BU99999999",
        "peildatum": "2026-11-24",
        "aanleidingen": ["vervanging-riool"],
        "fase": "kennen",
        "werken": [{"cyclus": "riool", "van": 2027, "graven": True}],
        "metingen": {"woningen": 3183},
        "prioriteiten": {"energie": 3},
    }


def test_situatie_may_have_a_name_with_a_language(engine: Engine) -> None:
    turtle = PREFIXES + '[] a :Situatie ; dcterms:title "Selwerd"@nl .'
    assert read_situation_rdf(turtle.encode(), "text/turtle", engine).naam == "Selwerd"


def test_situatie_in_json_ld_may_hold_plain_numbers(engine: Engine) -> None:
    data = b"""{"@context": {"@vocab": "https://w3id.org/wijkaanpak/def#", "@base": "https://w3id.org/wijkaanpak/id/",
                "grootheid": {"@type": "@id"}},
      "@type": "Situatie", "heeftMeting": [
        {"grootheid": "grootheid/aandeel-koopwoningen", "waarde": 0.22},
        {"grootheid": "grootheid/woningen", "waarde": 3183}]}"""
    situation = read_situation_rdf(data, "application/ld+json", engine)
    assert situation.metingen == {"aandeel-koopwoningen": Decimal("0.22"), "woningen": Decimal(3183)}


@pytest.mark.parametrize(
    ("turtle", "field", "message"), [wrong[1:] for wrong in WRONG], ids=[wrong[0] for wrong in WRONG]
)
def test_situatie_in_rdf_with_something_not_understood_is_refused(
    engine: Engine, turtle: str, field: str, message: str
) -> None:
    with pytest.raises(SituationError) as caught:
        read_situation_rdf((PREFIXES + turtle).encode(), "ttl", engine)
    assert field in [problem.field for problem in caught.value.problems], caught.value
    assert message in str(caught.value)


def test_situatie_in_rdf_reports_all_its_problems_with_the_nearest_terms(engine: Engine) -> None:
    turtle = "[] a :Situatie ; :heeftAanleiding <aanleiding/vervanging-riol> ; :heeftWerken [] ; :inFase <fase/x> ."
    with pytest.raises(SituationError) as caught:
        read_situation_rdf((PREFIXES + turtle).encode(), "turtle", engine)
    near = {problem.field: problem.nearest for problem in caught.value.problems}
    assert near["heeftAanleiding"][0] == "https://w3id.org/wijkaanpak/id/aanleiding/vervanging-riool"
    assert near["heeftWerken"][0] == "heeftWerk"
    assert {"inFase"} <= near.keys()


def test_situatie_in_a_named_graph_is_refused(engine: Engine) -> None:
    data = b'{"@id": "x:g", "@graph": [{"@id": "x:s", "@type": "https://w3id.org/wijkaanpak/def#Situatie"}]}'
    with pytest.raises(SituationError, match="benoemde graaf"):
        read_situation_rdf(data, "json-ld", engine)


def test_situatie_in_json_ld_never_fetches_a_context(engine: Engine) -> None:
    with pytest.raises(SituationError, match="zet hem in het document zelf"):
        read_situation_rdf(b'{"@context": "https://example.org/context.json"}', "json-ld", engine)


def test_situatie_in_an_unknown_format_is_refused(engine: Engine) -> None:
    with pytest.raises(SituationError, match="onbekend RDF-formaat: text/csv"):
        read_situation_rdf(b"", "text/csv", engine)


def test_situatie_whose_name_xml_cannot_hold_is_not_written_as_xml(engine: Engine) -> None:
    with pytest.raises(FormatError, match="stuurteken"):
        write_situation_rdf(engine, Situatie.model_construct(naam="a\x01b"), "rdf-xml")


def test_situatie_values_have_the_datatypes_of_the_ontology(engine: Engine) -> None:
    for prop, kind in KINDS.items():
        if prop != TITLE:
            assert class_of(engine.knowledge.store, prop, "range") == NamedNode(XSD + kind)


def test_wishes_owners_margins_and_certainty_come_back(engine: Engine) -> None:
    data = {
        "wensen": [{"betrokkene": "bewoners", "opgave": "groenoppervlak-vergroten"}],
        "werken": [
            {"cyclus": "riool", "van": 2027, "schuifruimte": 3, "zekerheid": "gepland", "eigenaar": "netbeheerder"}
        ],
    }
    written = write_situation_rdf(engine, read_situation(data), "turtle")
    assert dump_situation(read_situation_rdf(written, "turtle", engine)) == data
    for computed in (b":laatst", b":vroegst", b":volgendeKans", b":peildatum", b":peiljaar"):
        assert computed not in written


def test_wish_without_opgave_is_a_problem(engine: Engine) -> None:
    with pytest.raises(SituationError) as caught:
        read_situation_rdf(
            f"{PREFIXES}[] a :Situatie ; :heeftWens [ :wensVan <betrokkene/bewoners> ] .".encode(), "turtle", engine
        )
    assert [problem.field for problem in caught.value.problems] == ["heeftWens[0].wenstOpgave"]
