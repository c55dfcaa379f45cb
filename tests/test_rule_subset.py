"""What a rule may not hold is refused with the file, the line and the reason."""

from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from kb.errors import RuleError
from kb.names import DEF
from kb.program.ground import ground
from kb.rule.parse import parse_rule
from tests.strategies import Case, rule_text

OPEN = "CONSTRUCT { ?situatie :afgeleid0 ?a }\nWHERE {\n  ?situatie :invoer1 ?a .\n"

# What stands on line 11, the part of the message that says so.
REFUSED_PARTS = [
    ("OPTIONAL { ?a :p ?b }", "OPTIONAL kan niet"),
    ("{ ?a :p ?b } UNION { ?a :q ?b }", "UNION of een groep tussen accolades kan niet"),
    ("{ ?a :p ?b }", "UNION of een groep tussen accolades kan niet"),
    ("MINUS { ?a :p ?b }", "MINUS kan niet"),
    ("BIND (?a AS ?b)", "BIND kan niet"),
    ("VALUES ?b { :x }", "VALUES kan niet"),
    ("GRAPH :g { ?a :p ?b }", "GRAPH kan niet"),
    ("SERVICE :s { ?a :p ?b }", "SERVICE kan niet"),
    ("{ SELECT ?b WHERE { ?a :p ?b } }", "een deelvraag"),
    ("?a :p/:q ?b .", "een pad"),
    ("?a :p|:q ?b .", "een pad"),
    ("?a :p* ?b .", "een pad"),
    ("?a :p+ ?b .", "een pad"),
    ("?a ^:p ?b .", "een pad"),
    ("?a :p [] .", "een lege knoop"),
    ("?a :p [ :q ?b ] .", "een lege knoop"),
    ("?a :p _:b .", "een lege knoop"),
    ("?a :grens ?g . FILTER (?g + 1 > 2)", "een berekening in een FILTER"),
    ("?a :grens ?g . FILTER (?g > 2 * 3)", "een berekening in een FILTER"),
    ('FILTER (STR(?a) = "x")', "FILTER"),
    ("FILTER (BOUND(?a))", "BOUND in een FILTER"),
    ("FILTER EXISTS { ?a :p ?b }", "EXISTS in een FILTER"),
    ("FILTER (true)", "een losse waarde in een FILTER"),
    ("FILTER NOT EXISTS { ?a :p ?b . FILTER NOT EXISTS { ?b :q ?a } }", "NOT EXISTS binnen NOT EXISTS"),
    ("FILTER NOT EXISTS { OPTIONAL { ?a :p ?b } }", "OPTIONAL kan niet"),
    ("FILTER NOT EXISTS { BIND (?a AS ?b) }", "BIND kan niet"),
    ("FILTER (?a != ?onbekend)", "?onbekend is nergens gebonden"),
    ("?situatie ?eigenschap ?a .", "de eigenschap van ?situatie moet vast staan"),
    ("FILTER NOT EXISTS { ?situatie ?eigenschap ?a }", "de eigenschap van ?situatie moet vast staan"),
    ("?a :p ?situatie .", "?situatie staat altijd vooraan"),
    ("?situatie a :Ding .", "alleen ?situatie is een :Situatie"),
    ("?a a :Situatie .", "alleen ?situatie is een :Situatie"),
    ("?a :p .", "geen geldige SPARQL"),
    ("?a onbekend:p ?b .", "onbekend voorvoegsel ‘onbekend:’"),
    ("FILTER (?a = )", "geen geldige SPARQL: ‘FILTER (?a = )’"),
    ("?a :p ?b\n  ?b :p ?c .", "geen geldige SPARQL: ‘?a :p ?b’"),
]

# Only the ontology can tell that these are wrong: they are refused when the rule is ground.
REFUSED_AT_GROUNDING = [
    ("?situatie :heeftKnoop ?k . ?k ?eigenschap ?a .", "?eigenschap van ?k moet vast staan"),
    ("?situatie :heeftKnoop ?k . ?k a :Knoop .", "de klasse van ?k ligt vast"),
    ("?b :invoer2 ?a .", ":invoer2 kan ook op de situatie slaan"),
    ("?b :getal 1 .", ":getal kan ook op de situatie slaan"),
    ("?b ?eigenschap ?a .", "?eigenschap kan ook op de situatie slaan"),
    ("?situatie :heeftKnoop ?k . ?k :getal 1 .", ":getal met de vaste waarde 1"),
    ("?situatie :waarde 2.5 .", ":waarde met de vaste waarde 2.5"),
    ("?situatie :heeftKnoop ?k, ?l . FILTER (?k != ?l)", "?k in een FILTER"),
    ("FILTER (?a != ?situatie)", "?situatie in een FILTER"),
    ("?situatie :waarde ?w . FILTER NOT EXISTS { ?a :grens ?g . FILTER (?g > ?w) }", "kan niet binnen én buiten"),
]

# A whole CONSTRUCT, the line that is wrong, the part of the message that says so.
REFUSED_FORMS = [
    ("SELECT ?a WHERE { ?situatie :invoer1 ?a }", 8, "een regel is een CONSTRUCT"),
    ("CONSTRUCT WHERE { ?situatie :invoer1 ?a }", 8, "CONSTRUCT WHERE zegt niet wat"),
    ("CONSTRUCT { ?situatie :afgeleid0 ?a }\nWHERE { ?situatie :invoer1 ?a", 9, "2 keer ‘{’ en 1 keer ‘}’"),
    ("ASK { ?situatie :invoer1 ?a }", 8, "een regel is een CONSTRUCT"),
    ("CONSTRUCT { }\nWHERE { ?situatie :invoer1 ?a }", 8, "leidt niets af"),
    ("CONSTRUCT { ?situatie :afgeleid0 ?a }\nFROM :graaf\nWHERE { ?situatie :invoer1 ?a }", 9, "FROM kan niet"),
    ("CONSTRUCT { ?situatie :afgeleid0 ?a }\nWHERE { ?situatie :invoer1 ?a }\nORDER BY ?a", 10, "ORDER kan niet"),
    ("CONSTRUCT { ?situatie :afgeleid0 ?a }\nWHERE { ?situatie :invoer1 ?a }\nLIMIT 3", 10, "LIMIT kan niet"),
    ("CONSTRUCT { ?situatie :afgeleid0 ?a }\nWHERE { ?situatie :invoer1 ?a }\nGROUP BY ?a", 10, "GROUP kan niet"),
    ("CONSTRUCT { ?situatie :afgeleid0 ?a }\nWHERE { ?situatie :invoer1 ?a }\nVALUES ?a { :x }", 10, "VALUES kan niet"),
    ("CONSTRUCT { ?situatie :afgeleid0 ?b }\nWHERE { ?situatie :invoer1 ?a }", 8, "?b is nergens gebonden"),
    ("CONSTRUCT { ?a :afgeleid0 ?situatie }\nWHERE { ?situatie :invoer1 ?a }", 8, "'?situatie eigenschap individu'"),
    ("CONSTRUCT { ?situatie ?p ?a }\nWHERE { ?situatie :invoer1 ?a . ?a ?p ?b }", 8, "'?situatie eigenschap individu'"),
    ("CONSTRUCT { ?situatie :afgeleid0 3 }\nWHERE { ?situatie :invoer1 ?a }", 8, "'?situatie eigenschap individu'"),
]

_GOOD = rule_text(OPEN + "}")

# The header, changed in one place.
REFUSED_HEADERS = [
    (_GOOD.replace("#@ label: x", "#@ lable: x"), 1, "onbekende kop 'lable'"),
    (_GOOD.replace("#@ label-en: x\n", "#@ iets\n"), 2, "onbekende kop 'iets'"),
    (_GOOD.replace("#@ uitleg: x\n", ""), 1, "de kop mist #@ uitleg:"),
    (_GOOD.replace("#@ bron: x | y\n", ""), 1, "de kop mist #@ bron:"),
    (_GOOD.replace("x | y", "alleen-een-bron"), 5, "slug | plaats in de bron"),
    (_GOOD.replace("x | y", "x |"), 5, "slug | plaats in de bron"),
    (_GOOD.replace("x | y", "| y"), 5, "slug | plaats in de bron"),
    (_GOOD.replace("aanname", "zeker"), 6, "zekerheid is een van"),
    (_GOOD.replace("#@ label: x", "#@ label: x\n#@ label: y"), 2, "#@ label: staat er al"),
    (_GOOD + "\n#@ zekerheid: gebrond", 12, "#@ zekerheid: staat er al"),
    (_GOOD.replace("#@ uitleg: x", "#@ uitleg: {b} past."), 3, "de uitleg noemt {b}"),
]

REFUSED = [
    *((rule_text(f"{OPEN}  {part}\n}}\n"), 11, message) for part, message in REFUSED_PARTS),
    *((rule_text(construct), line, message) for construct, line, message in REFUSED_FORMS),
    *REFUSED_HEADERS,
]


def case_of(text: str) -> Case:
    """One rule over the smallest knowledge that the random programs have."""
    return Case.with_things(":grens 1.0", (text,))


@pytest.mark.parametrize(("text", "line", "message"), REFUSED, ids=[message for _, _, message in REFUSED])
def test_regel_outside_the_subset_is_refused(text: str, line: int, message: str) -> None:
    path = Path("situatie/proef.rq")
    with pytest.raises(RuleError) as caught:
        parse_rule(text, path)
    assert message in caught.value.reason
    assert (caught.value.path, caught.value.line) == (path, line)


@pytest.mark.parametrize(
    ("part", "message"), REFUSED_AT_GROUNDING, ids=[message for _, message in REFUSED_AT_GROUNDING]
)
def test_regel_that_mixes_up_situatie_and_kennis_is_refused(part: str, message: str) -> None:
    case = case_of(rule_text(f"{OPEN}  {part}\n}}\n"))
    knowledge = case.knowledge()
    with pytest.raises(RuleError) as caught:
        ground(knowledge, case.vocabulary(knowledge), case.rules())
    assert message in caught.value.reason
    assert caught.value.line == 11


@pytest.mark.parametrize("value", ["?k", "?n", "?g"], ids=["a node", "its value", "a value of the knowledge"])
def test_regel_that_derives_something_other_than_an_individual_is_refused(value: str) -> None:
    body = "?situatie :heeftKnoop ?k . ?k :ding ?a ; :getal ?n . ?a :grens ?g ."
    case = case_of(rule_text(f"CONSTRUCT {{ ?situatie :afgeleid0 {value} }}\nWHERE {{ {body} }}"))
    knowledge = case.knowledge()
    with pytest.raises(RuleError, match="leid een individu af") as caught:
        ground(knowledge, case.vocabulary(knowledge), case.rules())
    assert caught.value.line == 8


def test_kennisregel_may_bind_and_compute() -> None:
    text = rule_text(
        'CONSTRUCT { ?a :naam ?b }\nWHERE { ?a :p ?c BIND (CONCAT(STR(?c), "x") AS ?b) FILTER (STRLEN(?b) > 1) }'
    )
    assert parse_rule(text, Path("kennis/proef.rq")).head


def test_regel_with_everything_that_is_allowed_is_read() -> None:
    text = rule_text(
        "CONSTRUCT { ?situatie :afgeleid0 ?a ; :afgeleid1 ?b }\n"
        "WHERE { ?situatie a :Situatie ; :invoer1 ?a, ?b . ?a :p ?b ; :grens ?g .\n"
        "FILTER (?a != ?b && (?g >= 1 || !(?g < 3)) && ?a NOT IN (:x, :y))\n"
        "FILTER NOT EXISTS { ?situatie :invoer2 ?c . ?c :q ?a . FILTER (?c != ?b) } }"
    )
    rule = parse_rule(text, Path("situatie/proef.rq"))
    assert [str(pattern.object) for pattern in rule.head] == ["?a", "?b"]
    assert (len(rule.body.filters), len(rule.body.absent)) == (1, 1)


@pytest.mark.parametrize(
    ("part", "message", "further"),
    [
        ("FILTER NOT EXISTS { ?a :x ?y }", "EXISTS kan niet in een kennisregel", 0),  # what it adds could undo it
        ("FILTER (?a = )", r"geen geldige SPARQL: ‘FILTER \(\?a = \)’", 0),
        ("filter not exists { ?a :x ?y }", "EXISTS kan niet in een kennisregel", 0),  # keywords have no case
        ("FILTER (?a = :x || EXISTS { ?a :x ?y })", "EXISTS kan niet in een kennisregel", 0),
        ("BIND (UUID() AS ?c)", "UUID kan niet", 0),
        ("{ SELECT ?a (COUNT(*) AS ?n) WHERE { ?a :x ?y } GROUP BY ?a }", "een deelvraag", 0),
        ("OPTIONAL { ?a :x ?y }", "OPTIONAL kan niet", 0),  # behind an expression, so not hidden by it
    ],
)
def test_kennisregel_outside_its_subset_is_refused_with_its_line(part: str, message: str, further: int) -> None:
    text = rule_text(f'CONSTRUCT {{ ?a :naam ?b }}\nWHERE {{ ?a :p ?b\nFILTER (STR(?a) != ") (")\n{part}\n}}')
    with pytest.raises(RuleError, match=message) as error:
        parse_rule(text, Path("kennis/proef.rq"))
    assert error.value.line == text[: text.index(part)].count("\n") + 1 + further


def test_words_of_sparql_in_header_strings_and_comments_are_no_code() -> None:
    text = rule_text('CONSTRUCT { ?a :naam "EXISTS {" } # NOT EXISTS\nWHERE { ?a :p ?b # EXISTS OPTIONAL {\n}')
    text = text.replace("#@ uitleg: x", "#@ uitleg: CONSTRUCT {a} WHERE {b}")
    rule = parse_rule(text, Path("kennis/proef.rq"))
    assert rule.select_new().startswith("SELECT DISTINCT * WHERE { { ?a")


EXPRESSIONS = [
    "?n + 1 * 2 - 3 / 4 > -1",
    "!(?n = 1 || ?n = 2) && ?n NOT IN (3, 4 + 1)",
    'REGEX(STR(?a), "^http.*[ab]$", "i") && STRLEN(SUBSTR(STR(?a), 2, 3)) = 3',
    'IF(?n > 1, COALESCE(?weg, "x"), REPLACE("xy", "x", "z")) = "zy"',
    "<http://www.w3.org/2001/XMLSchema#integer>(?n) >= 2",
    'STRLANG("a", "nl") = "a"@nl && LANGMATCHES("nl", "*") && sameTerm(?a, ?a) && isIRI(?a)',
    'CONCAT("a\\"", \'b\') = "a\\"b" && BOUND(?n) && ABS(-?n) > 0',
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_kennisregel_runs_as_it_is_written(expression: str) -> None:
    store = Store()
    store.load(b"@prefix : <https://w3id.org/wijkaanpak/def#> . :a :p 1 . :b :p 2 . :c :p 3 .", RdfFormat.TURTLE)
    where = f"WHERE {{ ?a :p ?n BIND ({expression} AS ?waar) FILTER ({expression}) }}"
    text = rule_text(f"CONSTRUCT {{ ?a :q ?n }}\n{where}")
    plain = store.query(f"PREFIX : <{DEF}> SELECT DISTINCT * {where}")
    ours = store.query(parse_rule(text, Path("kennis/proef.rq")).select_new())
    assert isinstance(plain, QuerySolutions)
    assert isinstance(ours, QuerySolutions)
    assert sorted(str(row["a"]) for row in plain) == sorted(str(row["a"]) for row in ours)
