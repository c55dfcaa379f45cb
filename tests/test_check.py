"""`controleer`: the project passes every check, and each check finds a fault that is put in."""

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from kb import paths
from kb.check.knowledge import check_composed, check_references, check_shapes
from kb.check.rules import check_fires, check_rule_tests, check_rules, read_each_rule
from kb.check.run import CheckResult, run_checks
from kb.check.turtle_files import Finding, TurtleFile, TurtleFiles
from kb.engine import Engine
from kb.errors import RuleError

PREFIXES = """PREFIX : <https://w3id.org/wijkaanpak/def#>
PREFIX behoefte: <https://w3id.org/wijkaanpak/id/behoefte/>
PREFIX bron: <https://w3id.org/wijkaanpak/id/bron/>
PREFIX instrument: <https://w3id.org/wijkaanpak/id/instrument/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX voorwaarde: <https://w3id.org/wijkaanpak/id/voorwaarde/>
"""
FIRST = PREFIXES.count("\n") + 1
COMPLETE = """instrument:proef a :Instrument ;
    skos:prefLabel "Proef"@nl, "Trial"@en ;
    skos:definition "Instrument om de controle mee te proberen."@nl, "Instrument to try the check with."@en ;
    :voorzietIn behoefte:vertrouwen ;
    :vereist voorwaarde:waterschap-doet-mee ;
    :heeftInstrumentsoort <https://w3id.org/wijkaanpak/id/instrumentsoort/participatie> ;
    :zekerheid :aanname ;
    :verwijzing [ :bron bron:poster ; :plaatsInBron "nergens"@nl ] .
"""
RULE = """#@ label: Proef
#@ label-en: Trial
#@ uitleg: {instrument} past.
#@ uitleg-en: {instrument} fits.
#@ bron: poster | Instrumenten
#@ zekerheid: aanname
PREFIX : <https://w3id.org/wijkaanpak/def#>
CONSTRUCT { ?situatie :heeftPassendInstrument ?instrument }
WHERE { ?situatie :heeftBehoefte ?behoefte . ?instrument :voorzietIn ?behoefte }
"""


class Copy:
    """A copy of the project's ontology and rules to put faults in."""

    def __init__(self, folder: Path) -> None:
        self.ontology = shutil.copytree(paths.ONTOLOGY, folder / "ontology")
        self.rules = shutil.copytree(paths.RULES, folder / "rules")
        self.proof = self.ontology / "kennis" / "proef.ttl"

    def add(self, turtle: str) -> TurtleFiles:
        """The Turtle files with one more."""
        self.proof.write_text(PREFIXES + turtle, encoding="utf-8")
        return TurtleFiles(self.ontology)

    def add_rule(self, text: str, name: str = "situatie/proef.rq") -> Path:
        """One more rule."""
        path = self.rules / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each copy stands after the other: rules that stand where they stood need not be read again."""
    return tmp_path_factory.mktemp("kopie") / "project"


@pytest.fixture
def copy(folder: Path) -> Iterator[Copy]:
    """A copy of the project to put faults in."""
    yield Copy(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def results() -> list[CheckResult]:
    """Every check over the project itself."""
    return list(run_checks())


def only(findings: Iterable[Finding], path: Path) -> list[Finding]:
    """The findings in one file."""
    return [finding for finding in findings if finding.path == path]


def test_project_passes_every_check(results: list[CheckResult]) -> None:
    assert {result.name: [str(problem) for problem in result.findings] for result in results if result.findings} == {}


def test_check_names_are_all_different_and_all_timed(results: list[CheckResult]) -> None:
    assert len({result.name for result in results}) == len(results) == 13
    assert all(result.seconds >= 0 for result in results)


def test_turtle_that_cannot_be_read_is_found_with_its_line(copy: Copy) -> None:
    files = copy.add("instrument:proef a :Instrument ;;; ]\n")
    [finding] = files.findings
    assert (finding.path, finding.line) == (copy.proof, FIRST)
    assert finding.message.startswith("geen geldige Turtle")


def test_turtle_that_cannot_be_read_leaves_out_the_checks_that_need_it(copy: Copy) -> None:
    copy.add("instrument:proef a")
    names = {result.name: bool(result.findings) for result in run_checks(copy.ontology, copy.rules)}
    assert names == {"Turtle is leesbaar": True, "regels zijn leesbaar en toegestaan": False}


def test_rule_that_is_not_allowed_leaves_out_the_checks_that_run_rules(copy: Copy) -> None:
    copy.add_rule(RULE.replace("WHERE {", "WHERE { OPTIONAL { ?a :b ?c }"))
    shutil.rmtree(copy.ontology / "kennis")
    results = {result.name: result.findings for result in run_checks(copy.ontology, copy.rules)}
    assert results["regels zijn leesbaar en toegestaan"]
    assert "regels hangen samen" in results
    assert "toetsen naast de regels slagen" not in results


def test_complete_entry_passes_the_check_of_references(copy: Copy) -> None:
    assert not only(check_references(copy.add(COMPLETE), []), copy.proof)


def test_link_to_something_that_is_nowhere_described_is_found(copy: Copy) -> None:
    files = copy.add(COMPLETE.replace("behoefte:vertrouwen", "behoefte:vertrauwen"))
    [finding] = only(check_references(files, []), copy.proof)
    assert finding.message == "behoefte/vertrauwen wordt gebruikt maar is nergens beschreven."
    assert finding.line == FIRST + 3


def test_name_that_rules_compose_needs_only_its_parts_described(copy: Copy) -> None:
    pair = "<https://w3id.org/wijkaanpak/id/koppeling/gebouwen-isoleren--woningen-renoveren>"
    assert not only(check_references(copy.add(COMPLETE.replace("behoefte:vertrouwen", pair)), []), copy.proof)


def test_composed_name_with_an_unknown_part_is_found(copy: Copy) -> None:
    pair = "<https://w3id.org/wijkaanpak/id/koppeling/gebouwen-isoleren--woningen-renoveeren>"
    [finding] = only(check_references(copy.add(COMPLETE.replace("behoefte:vertrouwen", pair)), []), copy.proof)
    assert "gebouwen-isoleren--woningen-renoveeren wordt gebruikt" in finding.message


def test_composed_name_that_no_rule_makes_is_found(copy: Copy, engine: Engine) -> None:
    # A part of a task couples with nothing, so there is no such koppeling.
    pair = "<https://w3id.org/wijkaanpak/id/koppeling/regenwater-afkoppelen--wijk-ontharden>"
    files = copy.add(COMPLETE.replace("behoefte:vertrouwen", pair))
    [finding] = only(check_composed(files, engine.knowledge), copy.proof)
    assert (
        "koppeling/regenwater-afkoppelen--wijk-ontharden wordt gebruikt, maar geen regel maakt het" in finding.message
    )
    assert finding.line == FIRST + 3


def test_property_that_is_nowhere_described_is_found(copy: Copy) -> None:
    files = copy.add(COMPLETE.replace(":voorzietIn", ":vorziet"))
    [finding] = only(check_references(files, []), copy.proof)
    assert finding.message == "vorziet wordt gebruikt maar is nergens beschreven."


def test_source_without_page_is_found_where_it_is_cited(copy: Copy) -> None:
    files = copy.add(COMPLETE.replace("bron:poster", "bron:proef") + "bron:proef a :Bron .")
    messages = [finding.message for finding in only(check_references(files, []), copy.proof)]
    assert messages == ["bron/proef is een bron zonder pagina (foaf:page)."]


# (what is wrong, the line to change, what it becomes, the message)
INCOMPLETE = [
    ("no certainty", "    :zekerheid :aanname ;\n", "", ":zekerheid: Precies één :zekerheid"),
    ("no place in the source", ' ; :plaatsInBron "nergens"@nl', "", ":verwijzing: Ten minste één"),
    ("no English label", ', "Trial"@en', "", ":prefLabel: Precies één skos:prefLabel @nl en één @en."),
    (
        "no kind",
        "    :heeftInstrumentsoort <https://w3id.org/wijkaanpak/id/instrumentsoort/participatie> ;\n",
        "",
        ":heeftInstrumentsoort: Een instrument is van precies één :Instrumentsoort.",
    ),
    ("a need that is none", "behoefte:vertrouwen", "bron:poster", "moet een :Behoefte zijn, maar is ‘bron/poster’."),
]


NAMED = 'skos:prefLabel "a"@nl, "a"@en ; skos:definition "A."@nl, "A."@en'
RELATION = "rdfs:domain :Situatie ; rdfs:range :Opgave"

# (what is wrong, the subject, the rest of its Turtle, the message)
UNCONVENTIONAL = [
    ("a property with a capital", ":Heeft", f"a owl:AnnotationProperty ; {NAMED}", "begint met een kleine letter"),
    ("a class in lower case", ":ding", f"a owl:Class ; {NAMED}", "begint met een hoofdletter"),
    (
        "a term without English",
        ":heeft",
        'a owl:AnnotationProperty ; skos:prefLabel "a"@nl ; skos:definition "A."@nl, "A."@en',
        "Precies één skos:prefLabel @nl en één @en.",
    ),
    ("a definition without full stop", "instrument:a", 'skos:definition "Iets"@nl', "eindigt met een punt"),
    ("a definition in lower case", "instrument:b", 'skos:definition "iets."@nl', "begint met een hoofdletter"),
    ("a definition that says that it is one", "instrument:c", 'skos:definition "This is it."@en', "meteen wat het is"),
    ("a property without range", ":raakte", f"a owl:ObjectProperty ; rdfs:domain :Wijk ; {NAMED}", "rdfs:range"),
    ("a property without domain", ":trof", f"a owl:ObjectProperty ; rdfs:range :Wijk ; {NAMED}", "rdfs:domain"),
    ("a situation's property without role", ":kan", f"a owl:ObjectProperty ; {RELATION} ; {NAMED}", "heeft een :rol"),
    (
        "a role of what is no property of a situation",
        ":mag",
        f"a owl:ObjectProperty ; rdfs:domain :Wijk ; rdfs:range :Wijk ; :rol :conclusie ; {NAMED}",
        "Alleen een eigenschap van een :Situatie",
    ),
    (
        "a confusable without scope note",
        ":lijkend",
        f"a owl:AnnotationProperty ; :nietTeVerwarrenMet :rol ; {NAMED}",
        "heeft één skos:scopeNote @nl en één @en",
    ),
    (
        "a scope note without counter-example",
        ":wens",
        "a owl:AnnotationProperty ; :nietTeVerwarrenMet :rol ; "
        f'skos:scopeNote "Voorbeeld: a. Niet: b."@nl, "So."@en ; {NAMED}',
        "een voorbeeld en een tegenvoorbeeld",
    ),
    ("a kind without plural", ":Soort", f'a owl:Class ; :padsegment "soort" ; {NAMED}', "heeft één :meervoud"),
    ("an individual of a kind without addresses", "instrument:d", f"a :Begrip ; {NAMED}", "heeft een :padsegment"),
]


@pytest.fixture(scope="module")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> tuple[TurtleFile, list[Finding]]:
    """One file with a complete entry, every incomplete one (`instrument:proef0` and on) and every break of a convention.

    With what SHACL finds in it: one look at the whole knowledge is enough for all.
    """
    entries = [COMPLETE.replace(old, new) for _, old, new, _ in INCOMPLETE]
    entries.append(COMPLETE + "[] a owl:Axiom ; owl:annotatedSource instrument:proef ; :zekerheid :aanname .\n")
    incomplete = "".join(entry.replace(":proef", f":proef{number}") for number, entry in enumerate(entries))
    unconventional = "".join(f"{subject} {rest} .\n" for _, subject, rest, _ in UNCONVENTIONAL)
    copy = Copy(tmp_path_factory.mktemp("vormen"))
    files = copy.add(COMPLETE + incomplete + unconventional)
    return next(file for file in files.files if file.path == copy.proof), only(check_shapes(files), copy.proof)


def test_entry_that_is_complete_passes_the_shapes(shaped: tuple[TurtleFile, list[Finding]]) -> None:
    _, findings = shaped
    assert not [
        finding for finding in findings if finding.message.startswith(("instrument/proef ", "instrument/proef:"))
    ]


@pytest.mark.parametrize("number", range(len(INCOMPLETE)), ids=[case[0] for case in INCOMPLETE])
def test_entry_that_is_not_complete_is_found_in_dutch_with_its_line(
    shaped: tuple[TurtleFile, list[Finding]], number: int
) -> None:
    file, findings = shaped
    found = [finding for finding in findings if finding.message.startswith(f"instrument/proef{number} ")]
    assert any(INCOMPLETE[number][3] in finding.message for finding in found)
    assert {file.lines[(finding.line or 0) - 1].partition(" ")[0] for finding in found} == {f"instrument:proef{number}"}


def test_annotation_that_is_not_complete_is_found_at_what_it_annotates(
    shaped: tuple[TurtleFile, list[Finding]],
) -> None:
    file, findings = shaped
    found = [finding for finding in findings if finding.message.startswith(f"instrument/proef{len(INCOMPLETE)} ")]
    assert any("verwijzing" in finding.message for finding in found)
    assert {finding.path for finding in found} == {file.path}


@pytest.mark.parametrize("number", range(len(UNCONVENTIONAL)), ids=[case[0] for case in UNCONVENTIONAL])
def test_break_of_a_convention_is_found_in_dutch_with_its_line(
    shaped: tuple[TurtleFile, list[Finding]], number: int
) -> None:
    file, findings = shaped
    _, subject, _, message = UNCONVENTIONAL[number]
    name = subject.replace("instrument:", "instrument/").removeprefix(":")
    [finding] = [each for each in findings if each.message.startswith((f"{name} ", f"{name}:"))]
    assert message in finding.message
    assert file.lines[(finding.line or 0) - 1].startswith(f"{subject} ")


def test_every_rule_that_is_not_allowed_is_found_with_its_line(copy: Copy) -> None:
    first = copy.add_rule(RULE.replace("WHERE {", "WHERE {\n OPTIONAL { ?a :b ?c }"), "situatie/aap.rq")
    second = copy.add_rule(RULE.replace("{instrument} past", "{ding} past"), "situatie/noot.rq")
    _, findings = read_each_rule(copy.rules)
    assert [(finding.path, finding.line) for finding in findings] == [(first, 10), (second, 3)]
    assert "OPTIONAL kan niet" in findings[0].message
    assert "de uitleg noemt {ding}" in findings[1].message


def test_two_rules_with_one_name_are_found_with_both_places(copy: Copy) -> None:
    first = copy.add_rule(RULE, "situatie/behoefte/proef.rq")
    second = copy.add_rule(RULE, "situatie/stap/proef.rq")
    _, [finding] = read_each_rule(copy.rules)
    assert finding.path == second
    assert f"de naam proef heeft ook {first}" in finding.message
    with pytest.raises(RuleError, match="de naam proef heeft ook"):
        Engine.load(copy.ontology, copy.rules)


def test_rule_of_the_situation_may_not_have_the_name_of_one_of_the_knowledge(copy: Copy) -> None:
    copy.add_rule(RULE, "situatie/kleving-heen.rq")
    with pytest.raises(RuleError, match=r"de naam kleving-heen heeft ook .*kennis/kleving-heen.rq"):
        Engine.load(copy.ontology, copy.rules)


def test_rules_in_a_circle_through_negation_are_found(copy: Copy) -> None:
    unless = "FILTER NOT EXISTS { ?situatie :heeftPassendInstrument ?instrument }"
    copy.add_rule(RULE.replace("?instrument :voorzietIn ?behoefte", f"?instrument :voorzietIn ?behoefte . {unless}"))
    rules, refused = read_each_rule(copy.rules)
    assert not refused
    [finding] = check_rules(rules, TurtleFiles(copy.ontology))
    assert "kringloop door NOT EXISTS" in finding.message
    assert "proef" in finding.message


def test_rule_with_an_unknown_source_is_found_with_its_line(copy: Copy) -> None:
    path = copy.add_rule(RULE.replace("bron: poster", "bron: aanplakbiljet"))
    rules, _ = read_each_rule(copy.rules)
    found = only(check_rules(rules, TurtleFiles(copy.ontology)), path)
    assert [finding.line for finding in found if "onbekende bron 'aanplakbiljet'" in finding.message] == [5]


def test_rule_about_an_unknown_property_is_found_with_its_line(copy: Copy) -> None:
    path = copy.add_rule(RULE.replace(":heeftBehoefte", ":heeftBehoeften"))
    rules, _ = read_each_rule(copy.rules)
    found = only(check_rules(rules, TurtleFiles(copy.ontology)), path)
    assert [finding.line for finding in found if finding.message == ":heeftBehoeften is nergens beschreven."] == [9]


def test_rules_that_can_never_fire_and_have_no_test_are_found(copy: Copy) -> None:
    situation_rule = copy.add_rule(RULE.replace("?instrument :voorzietIn", "?instrument a :Levensduur ; :voorzietIn"))
    knowledge_rule = copy.add_rule(
        re.sub(r"CONSTRUCT .*\nWHERE .*", "CONSTRUCT { ?instrument a :Werk }\nWHERE { ?instrument a :Werk }", RULE),
        "kennis/proefkennis.rq",
    )
    engine = Engine.load(copy.ontology, copy.rules)
    findings = list(check_fires(engine))
    assert {finding.path for finding in findings} == {situation_rule, knowledge_rule}
    assert "kan nooit vuren" in only(findings, situation_rule)[0].message
    assert "leidt niets af" in only(findings, knowledge_rule)[0].message
    missing = {finding.path for finding in check_rule_tests(engine, copy.rules)}
    assert missing == {situation_rule.with_suffix(".toets.json"), knowledge_rule.with_suffix(".toets.trig")}


def test_rule_test_that_fails_is_found(copy: Copy, engine: Engine) -> None:
    test = copy.rules / "situatie" / "instrument" / "instrument-past.toets.json"
    test.write_text(test.read_text(encoding="utf-8").replace("veel-partijen", "veel-verharding"), encoding="utf-8")
    assert only(check_rule_tests(engine, copy.rules), test)
