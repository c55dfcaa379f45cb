"""The pages by themselves: what they show, in which language, and that nothing comes from another host."""

import re
from itertools import pairwise
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from pyoxigraph import RdfFormat, Store, parse

from api.html.site import WEB
from api.sparql.example_queries import read_voorbeelden
from kb.dataset.downloads import CHECKSUMS, TRIG
from kb.dataset.graphs import graphs
from kb.engine import Engine
from kb.names import DEF, ID, SKOS, TYPE, local_name, term
from tests.client import TestClient
from tests.linked.pages import Page
from tests.linked.pages import parse as parse_page

QUERY = f"SELECT ?opgave ?naam WHERE {{ ?opgave a <{DEF}Opgave> ; <{SKOS}prefLabel> ?naam }}"
PATHS = [
    "/",
    "/def",
    "/doc/opgave",
    "/doc/opgave/woningen-van-het-gas-af",
    "/doc/regel/koppelkans-sterk",
    "/doc/regel/koppeling-gedeeld",
    "/doc/graaf/links-tooi",
    "/doc/opgave/bestaat-niet",
    "/downloads",
    "/sparql",
    "/sparql?" + urlencode({"query": QUERY}),
    "/sparql?" + urlencode({"query": "SELECT * WHERE {"}),
]
# Attributes by which a browser fetches something on its own account.
FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
NAMED = {"a", "summary", "button", "nav"}
IN_STYLE = re.compile(r"url\(|@import")


def get(client: TestClient, path: str, language: str = "nl") -> Page:
    """The page at a path in a language."""
    return parse_page(client.get(path, headers={"Accept": "text/html", "Accept-Language": language}).text)


def test_start_page_leads_to_queries_terms_rules_downloads_and_api(client: TestClient, engine: Engine) -> None:
    links = set(get(client, "/").links())
    assert {"/sparql", "/def", "/doc/regel", "/downloads", "/v1/openapi.json"} <= links
    kinds = {f"/doc/{segment}" for cls, segment in engine.knowledge.segments.items() if engine.knowledge.instances(cls)}
    assert kinds <= links
    assert [client.get(link, headers={"Accept": "*/*"}).status_code for link in sorted(links) if link[:1] == "/"]


def test_links_of_the_start_page_answer(client: TestClient) -> None:
    local = [link for link in get(client, "/").links() if link.startswith("/")]
    assert {link: status for link in local if (status := client.get(link).status_code) != 200} == {}


@pytest.mark.parametrize("path", PATHS)
def test_page_fetches_nothing_from_another_host(client: TestClient, path: str) -> None:
    found = get(client, path)
    fetched = [
        element.attributes[FETCHED[element.tag]]
        for element in found.all(*FETCHED)
        if FETCHED[element.tag] in element.attributes and element.attributes.get("rel") != "alternate"
    ]
    assert fetched
    assert [address for address in fetched if not address.startswith("/static/")] == []
    assert [address for address in fetched if client.get(address).status_code != 200] == []


@pytest.mark.parametrize("path", PATHS)
def test_page_does_nothing_that_its_security_policy_forbids(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    found = parse_page(answer.text)
    inline = [element for element in found.all("script", "style") if "src" not in element.attributes]
    assert {element.attributes.get("type") for element in inline} <= {"application/ld+json"}
    assert [
        name for element in found.elements for name in element.attributes if name == "style" or name[:2] == "on"
    ] == []


def test_styles_fetch_nothing() -> None:
    own = list((WEB / "static").rglob("*.css"))
    assert own
    assert [path.name for path in own if IN_STYLE.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", PATHS)
def test_page_can_be_used_without_eyes_and_without_a_mouse(client: TestClient, path: str) -> None:
    found = get(client, path)
    assert found.problems == []
    assert found.all("html")[0].attributes["lang"] == "nl"
    assert found.text("title") not in ("", "– Wijkaanpak")
    assert [len(found.all(tag)) for tag in ("main", "header", "footer", "h1")] == [1, 1, 1, 1]
    first = next(iter(found.links()))
    assert first == "#inhoud" and "inhoud" in found.values("id"), "a way past the menu"
    levels = [int(element.tag[1]) for element in found.all("h1", "h2", "h3", "h4")]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), levels
    assert len(found.values("id")) == len(set(found.values("id"))), "every id once"
    assert {name for value in found.values("aria-labelledby") for name in value.split()} <= set(found.values("id"))
    assert [e.attributes for e in found.all(*NAMED) if not (e.text.strip() or "aria-label" in e.attributes)] == []
    assert all(element.attributes.get("scope") for element in found.all("th"))
    assert all("alt" in element.attributes for element in found.all("img"))
    fields = {element.attributes["id"] for element in found.all("textarea", "select")}
    assert fields <= set(found.values("for")), "a label for every field"
    for area in found.all("pre"):
        assert area.attributes.get("tabindex") == "0" or "td" in area.parents, "what scrolls can be reached by keyboard"


@pytest.mark.parametrize("path", PATHS)
def test_page_is_there_in_english_and_links_keep_the_language(client: TestClient, path: str) -> None:
    joint = "&" if "?" in path else "?"
    answer = client.get(f"{path}{joint}taal=en", headers={"Accept": "text/html"})
    found = parse_page(answer.text)
    assert (answer.headers["content-language"], found.all("html")[0].attributes["lang"]) == ("en", "en")
    assert "/downloads?taal=en" in set(found.links())
    asked = client.get(path, headers={"Accept": "text/html", "Accept-Language": "en-GB, nl;q=0.5"})
    assert asked.headers["content-language"] == "en"


def test_description_shows_the_rule_and_premises_of_what_is_derived(client: TestClient, engine: Engine) -> None:
    triple, (rule, binding) = next(
        (triple, found)
        for triple, found in engine.knowledge.lineage.items()
        if triple.predicate == term("koppeltOpgave") and found[0].slug == "koppeling-gedeeld"
    )
    found = get(client, f"/doc/{triple.subject.value.removeprefix(ID)}")  # type: ignore[union-attr]  # it is an IRI
    assert f"/doc/regel/{rule.slug}" in set(found.links())
    assert engine.texts.fill(rule.explanation["nl"], binding, "nl") in found.text("main")


def test_description_shows_what_a_statement_rests_on(client: TestClient, engine: Engine) -> None:
    triple, basis = next(
        (triple, basis) for triple, basis in engine.knowledge.annotations.items() if basis.certainty == "aanname"
    )
    found = get(client, f"/doc/{triple.subject.value.removeprefix(ID)}")  # type: ignore[union-attr]  # it is an IRI
    assert "aanname" in [element.text for element in found.all("span")]
    places = [citation.place for citation in basis.citations]
    assert [place for place in places if " ".join(place.split()) not in found.text("main")] == []


def test_rule_page_shows_its_text_what_it_derives_and_its_test(client: TestClient, engine: Engine) -> None:
    for rule in (engine.rules[0], engine.knowledge.rules[0]):
        found = get(client, f"/doc/regel/{rule.slug}")
        codes = [element.text for element in found.all("pre")]
        assert rule.text.strip() == codes[0].strip()
        assert "vuurt" in codes[1] and "bijna" in codes[1]
        heads = {pattern.predicate for pattern in rule.head} - {TYPE}
        assert {f"/def#{local_name(head)}" for head in heads if head.value.startswith(DEF)} <= set(found.links())


def test_rule_page_lists_what_the_rule_can_conclude(client: TestClient, engine: Engine) -> None:
    rule = next(rule for rule in engine.rules if rule.slug == "leidgrond-aanleiding")
    found = get(client, f"/doc/regel/{rule.slug}")
    assert "/doc/leidgrond/energie--aanleiding" in set(found.links())


def test_ontology_page_documents_every_term_and_rule(client: TestClient, engine: Engine) -> None:
    found = get(client, "/def")
    articles = {e.attributes["id"]: " ".join(e.text.split()) for e in found.all("article")}
    knowledge = engine.knowledge
    terms = [node for node in knowledge.labels if node.value.startswith(DEF)]
    assert terms
    assert [
        node.value
        for node in terms
        if knowledge.label(node) not in articles[local_name(node)]
        or knowledge.definition(node) not in articles[local_name(node)]
    ] == []
    rules = [*engine.rules, *knowledge.rules]
    assert [rule.slug for rule in rules if rule.label["nl"] not in articles[f"regel-{rule.slug}"]] == []


def test_ontology_page_gives_domain_range_examples_and_use(client: TestClient) -> None:
    found = get(client, "/def")
    articles = {e.attributes["id"]: " ".join(e.text.split()) for e in found.all("article")}
    assert "Is een soort begrip" in articles["Opgave"]
    assert "Eigenschappen die hiervan uitgaan" in articles["Opgave"]
    assert "Voorbeelden" in articles["Opgave"]
    assert "Gaat uit van opgave" in articles["hoortBij"]
    assert "Wijst naar transitie" in articles["hoortBij"]
    assert "Regels die dit afleiden" in articles["heeftLeidendeTransitie"]
    assert "Regels die dit gebruiken" in articles["heeftAanleiding"]


def test_downloads_page_lists_every_file_with_its_checksum(client: TestClient) -> None:
    found = get(client, "/downloads")
    lines = client.get(f"/downloads/{CHECKSUMS}").text.splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert set(sums) == {TRIG, *(f"{graph.name}.ttl" for graph in graphs())}
    assert all(digest in found.text("main") for digest in sums.values())
    assert {f"/downloads/{name}" for name in (*sums, CHECKSUMS)} <= set(found.links())
    assert "CC BY 4.0" in found.text("main")


def test_download_holds_the_data_set(client: TestClient, dataset: Store) -> None:
    answer = client.get(f"/downloads/{TRIG}")
    assert answer.headers["content-type"] == "application/trig"
    differing = set(parse(answer.content, format=RdfFormat.TRIG)) ^ set(dataset)
    assert [str(quad) for quad in sorted(differing, key=str)[:5]] == []


def test_unknown_download_is_a_problem_that_names_the_nearest(client: TestClient) -> None:
    problem = client.get("/downloads/kenis.ttl")
    assert (problem.status_code, problem.json()["fouten"][0]["nabij"][0]) == (404, "kennis.ttl")


def test_query_page_lists_every_example_by_theme(client: TestClient) -> None:
    examples = read_voorbeelden()
    assert len(examples) >= 15
    found = get(client, "/sparql")
    shown = {e.attributes["href"]: e.text for e in found.all("a")}
    assert {f"/sparql?voorbeeld={example.slug}": example.titel for example in examples}.items() <= shown.items()
    themes = " ".join(element.text for element in found.all("summary"))
    assert all(example.thema in themes for example in examples)


def test_query_page_shows_the_example_that_is_asked_for(client: TestClient) -> None:
    example = read_voorbeelden()[0]
    found = get(client, f"/sparql?voorbeeld={example.slug}")
    assert found.all("textarea")[0].text.strip() == example.query.strip()
    assert example.uitleg in found.text("main")


def test_query_page_runs_a_query_without_scripts(client: TestClient, engine: Engine) -> None:
    found = get(client, "/sparql?" + urlencode({"query": QUERY}))
    assert [element.text for element in found.all("th")] == ["opgave", "naam"]
    links = set(found.links())
    assert {f"/doc/{node.value.removeprefix(ID)}" for node in engine.knowledge.instances(term("Opgave"))} <= links
    summary = next(element.text for element in found.all("p") if element.attributes.get("class") == "samenvatting")
    assert re.fullmatch(r"\d+ rijen in \d+,\d ms\.", summary.strip())


def test_query_page_offers_the_answer_as_file_in_every_format(client: TestClient) -> None:
    found = get(client, "/sparql?" + urlencode({"query": QUERY}))
    saved = [element.attributes["href"] for element in found.all("a") if "download" in element.attributes]
    formats = {parse_qs(urlsplit(address).query)["format"][0]: address for address in saved}
    assert set(formats) == {"csv", "tsv", "json", "xml"}
    answer = client.get(formats["csv"], headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("opgave,naam")


def test_query_page_shows_a_graph_as_turtle(client: TestClient) -> None:
    query = f"CONSTRUCT WHERE {{ <{ID}opgave/woningen-van-het-gas-af> <{DEF}hoortBij> ?transitie }}"
    found = get(client, "/sparql?" + urlencode({"query": query}))
    codes = [element.text for element in found.all("pre")]
    assert "opgave:woningen-van-het-gas-af :hoortBij transitie:energie ." in codes[-1]
    saved = [element.text for element in found.all("a") if "download" in element.attributes]
    assert saved == ["Turtle", "JSON-LD", "N-Triples", "RDF/XML"]


def test_query_page_answers_a_question_with_yes_or_no(client: TestClient) -> None:
    for query, verdict in ((f"ASK {{ ?x a <{DEF}Opgave> }}", "Ja"), (f"ASK {{ ?x a <{DEF}Niets> }}", "Nee")):
        found = get(client, "/sparql?" + urlencode({"query": query}))
        assert verdict in [element.text for element in found.all("p")]


WRONG = [
    ("SELECT *\nWHERE { ?s a }", 400, ("2", "15"), "the object is missing"),
    ("SELECT * WHERE { ?s a :Opgave }", 400, None, "a prefix is not declared"),
    ("DELETE WHERE { ?s ?p ?o }", 400, None, "an update"),
]


@pytest.mark.parametrize(("query", "status", "place", "why"), WRONG, ids=[why for *_, why in WRONG])
def test_query_page_shows_what_is_wrong_and_where(
    client: TestClient, query: str, status: int, place: tuple[str, str] | None, why: str
) -> None:
    answer = client.get("/sparql?" + urlencode({"query": query}), headers={"Accept": "text/html"})
    assert answer.status_code == status, why
    found = parse_page(answer.text)
    error = next(e for e in found.all("div") if e.attributes.get("role") == "alert")
    assert "De query is niet" in error.text
    if place:
        assert (error.attributes["data-regel"], error.attributes["data-kolom"]) == place
    assert found.all("textarea")[0].text == query, "what was typed is still there"


def test_query_page_escapes_what_it_shows(client: TestClient) -> None:
    query = 'SELECT ("<script>alert(1)</script>" AS ?x) { }'
    answer = client.get("/sparql?" + urlencode({"query": query}), headers={"Accept": "text/html"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert" not in answer.text


def test_programs_at_the_same_address_get_the_protocol(client: TestClient) -> None:
    results = client.get(
        "/sparql?" + urlencode({"query": QUERY}), headers={"Accept": "application/sparql-results+json"}
    )
    assert results.json()["head"]["vars"] == ["opgave", "naam"]
    assert client.get("/sparql", headers={"Accept": "text/turtle"}).headers["content-type"].startswith("text/turtle")


@pytest.mark.parametrize(
    "path", ["/doc/opgave/zzz", "/doc/Opgave", "/doc/instrument/x", "/doc/wijk/reyeroort", "/doc/zzz"]
)
def test_mistyped_name_gets_a_page_whose_suggestions_lead_somewhere(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["content-type"]) == (404, "text/html; charset=utf-8")
    meant = [link for link in parse_page(response.text).links() if link.startswith("/doc/") and f"{path}?" not in link]
    assert {link: status for link in meant if (status := client.get(link).status_code) != 200} == {}


def test_places_to_fill_in_are_told_as_variables(client: TestClient) -> None:
    for path in ("/doc/regel/koppeling-gedeeld", "/zoek?q=koppeling-gedeeld", "/doc/regel"):
        html = client.get(path, headers={"Accept": "text/html", "Accept-Language": "nl"}).text
        assert "<var>opgave1</var>" in html
        assert "{opgave1}" not in html.partition("<pre")[0].partition("</head>")[2], path
