"""The command line as people use it: what it prints, what it refuses, and its exit codes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

import pytest
import uvicorn
from docx import Document
from pyoxigraph import RdfFormat, parse
from typer.testing import CliRunner, Result

from api.cli import app
from api.http.server import BoundedProtocol
from kb import paths
from kb.advice.model import Advies
from kb.check.run import CheckResult
from kb.check.turtle_files import Finding
from kb.engine import Engine
from kb.explain.missing import MissingSets
from kb.rdf.situation import write_situation_rdf
from kb.report.layout import ASSUMED
from kb.situation.model import Situatie
from tests.conftest import ROOT

SELWERD = str(ROOT / "examples" / "selwerd.json")
REYEROORD = str(ROOT / "examples" / "reyeroord.json")
LEIDEN = str(ROOT / "examples" / "leiden-zuid-west.json")


class Run(Protocol):
    """Runs the command line with these arguments."""

    def __call__(self, *arguments: str, input: str | None = None) -> Result: ...


@pytest.fixture
def run(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line on the engine that all tests share, 100 columns wide."""
    monkeypatch.setattr(Engine, "load", lambda: engine)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str, input: str | None = None) -> Result:
        return CliRunner().invoke(app, arguments, input=input)

    return run


def read_json(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def leaves(proof: Any) -> list[str]:
    """The kinds of the leaves of a proof tree."""
    below = [leaf for premise in proof["premissen"] for leaf in leaves(premise)]
    return below or [proof["soort"]]


def flat(text: str) -> str:
    """Terminal text without its line breaks and indents."""
    return " ".join(text.split())


# advies


def test_advies_begins_with_what_leads_and_why(run: Run) -> None:
    advice = read_json(run("advies", REYEROORD, "--json"))
    shown = flat(run("advies", REYEROORD).stdout)
    for row in advice["leidendeTransities"]:
        reason = row["gronden"][0]["redenen"][0]
        assert f"{row['kort'][1:]} leidt, want {reason[:1].lower()}{reason[1:]}" in shown


def test_advies_shows_a_key_only_when_asked(run: Run) -> None:
    advice = read_json(run("advies", REYEROORD, "--json"))
    plain, keyed = (flat(run("advies", REYEROORD, *more).stdout) for more in ((), ("--sleutels",)))
    for row in advice["leidendeTransities"]:
        assert row["conclusie"] not in plain
        assert row["conclusie"] in keyed


def test_advies_fits_one_page(run: Run, situaties: dict[str, Situatie]) -> None:
    for name in situaties:
        shown = run("advies", str(ROOT / "examples" / f"{name}.json")).stdout
        assert len(shown.splitlines()) <= 90, name


def test_advies_tells_how_far_a_following_opgave_is_and_to_what_it_sticks(run: Run) -> None:
    advice = read_json(run("advies", SELWERD, "--json"))
    shown = flat(run("advies", SELWERD, "--alles").stdout)
    assert advice["volgend"]
    for row in advice["volgend"]:
        assert f"Volgend, op afstand {row['afstand']}" in shown
        assert f"Gaat mee met {row['kleeftAan'][0]['label']}" in shown


def test_koppelkans_tells_when_to_decide_and_when_the_next_chance_comes(run: Run) -> None:
    situation = {
        "peildatum": "2026-01-01",
        "opgaven": ["waterbuffers-creeren", "wijk-ontharden"],
        "werken": [
            {"cyclus": "riool", "van": 2028, "tot": 2029, "graven": True, "schuifruimte": 2, "eigenaar": "gemeente"}
        ],
    }
    [row] = [
        row
        for row in read_json(run("advies", "-", "--json", input=json.dumps(situation)))["koppelkansen"]
        if row["opgaven"] == ["waterbuffers-creeren", "wijk-ontharden"]
    ]
    assert row["beslisVoor"] == 2028
    assert row["volgendeKans"] > 2031
    shown = flat(run("advies", "-", input=json.dumps(situation)).stdout)
    assert "Beslis vóór 2028, of vóór 2030 als het werk schuift; daarna komt dit werk pas over zo’n 60 jaar terug." in shown
    assert "Riool 2028–2029 (de gemeente, kan 2 jaar schuiven). Wat mee kan: " in shown


def test_advies_joins_oplossingen_into_chains(run: Run) -> None:
    advice = read_json(run("advies", LEIDEN, "--json"))
    labels = {row["id"].partition("/")[2]: row["label"] for row in advice["oplossingen"]}
    shown = flat(run("advies", LEIDEN, "--alles").stdout)
    starts = [row for row in advice["oplossingen"] if row["maaktMogelijk"] and not row["dankzij"]]
    assert starts
    for row in starts:
        assert f"{row['label'][1:]} → " in shown
        assert all(labels[slug] in shown for slug in row["maaktMogelijk"])


def test_advies_marks_every_shown_conclusie_that_rests_on_an_aanname(run: Run) -> None:
    advice = read_json(run("advies", LEIDEN, "--json"))
    text = run("advies", LEIDEN, "--markdown", "--alles", "--sleutels").stdout
    rows = [row for part in advice.values() if isinstance(part, list) for row in part if "conclusie" in row]
    assumed = {row["conclusie"]: row["rustOpAanname"] for row in rows}
    shown = [line for line in text.splitlines() if line.rpartition(" `")[2].removesuffix("`") in assumed]
    assert len(shown) > 50
    for line in shown:
        assert (ASSUMED in line) == assumed[line.rpartition(" `")[2].removesuffix("`")], line


def test_advies_shows_the_first_rows_unless_asked_for_everything(run: Run) -> None:
    advice = read_json(run("advies", LEIDEN, "--json"))
    left_out = advice["instrumenten"][-1]["conclusie"]
    short, whole = (run("advies", LEIDEN, "--markdown", "--sleutels", *more).stdout for more in ((), ("--alles",)))
    assert "en nog" in short
    assert left_out not in short
    assert "(--alles)" not in whole
    assert left_out in whole


def test_advies_as_json_fits_the_contract(run: Run) -> None:
    advice = Advies.model_validate(read_json(run("advies", SELWERD, "--json", "--vragen", "2")))
    assert advice.leidend
    assert len(advice.vragen) == 2


def test_advies_as_word_is_written_to_the_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "raad.docx"
    result = run("advies", REYEROORD, "--docx", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert Document(str(file)).paragraphs[0].text == "Advies voor Reyeroord"


def test_advies_as_word_that_cannot_be_written_says_why(run: Run, tmp_path: Path) -> None:
    assert "is een map; geef een bestand" in run("advies", REYEROORD, "--docx", str(tmp_path)).stderr
    missing = run("advies", REYEROORD, "--docx", str(tmp_path / "geen" / "raad.docx"))
    assert (missing.exit_code, "bestaat niet" in missing.stderr) == (2, True)


def test_advies_as_turtle_is_linked_data(run: Run) -> None:
    result = run("advies", SELWERD, "--turtle")
    assert result.exit_code == 0, result.stderr
    objects = {quad.object.value for quad in parse(result.stdout, RdfFormat.TURTLE) if hasattr(quad.object, "value")}
    advice = read_json(run("advies", SELWERD, "--json"))
    assert "https://w3id.org/wijkaanpak/id/" + advice["leidendeTransities"][0]["id"] in objects


def test_advies_speaks_english_when_asked(run: Run) -> None:
    shown = run("advies", REYEROORD, "--taal", "en").stdout
    assert "Advice for Reyeroord" in shown
    assert "Couplings that pay" in shown


def test_advies_reads_the_situatie_from_standard_input(run: Run) -> None:
    given = Path(REYEROORD).read_text(encoding="utf-8")
    assert read_json(run("advies", "-", "--json", input=given)) == read_json(run("advies", REYEROORD, "--json"))


@pytest.mark.parametrize("extension", ["ttl", "jsonld"])
def test_advies_is_the_same_for_a_situatie_in_rdf(
    extension: str, run: Run, engine: Engine, situaties: dict[str, Situatie], tmp_path: Path
) -> None:
    path = tmp_path / f"reyeroord.{extension}"
    path.write_bytes(write_situation_rdf(engine, situaties["reyeroord"], extension))
    from_rdf, from_json = (read_json(run("advies", str(name), "--json")) for name in (path, REYEROORD))
    for advice in (from_rdf, from_json):  # RDF has no order of what was stated, which these repeat
        del advice["situatie"], advice["ontvangstbewijs"]["invoer"], advice["ontvangstbewijs"]["iri"]
    assert from_rdf == from_json


def test_advies_about_an_empty_situatie_asks_for_a_beginning(run: Run) -> None:
    result = run("advies", "-", input="{}")
    assert result.exit_code == 0, result.stderr
    assert "Noem een inhoudelijke aanleiding, een opgave of een prioriteit" in flat(result.stdout)


def test_advies_refuses_two_formats_at_once(run: Run) -> None:
    result = run("advies", SELWERD, "--json", "--markdown")
    assert result.exit_code == 2
    assert "kies één van --json, --markdown, --turtle, --csv en --docx" in result.stderr


# Wrong situations

WRONG = [
    ('{"wijk": "selwerdt"}', ["wijk", "'selwerdt'", "Bedoelt u 'selwerd'"]),  # unknown term, with the nearest
    ('{"kenmerken": ["laag-vertrouwe"], "fase": "keuren"}', ["kenmerken[0]", "fase", "2 problemen"]),  # all at once
    ('{"aanleiding": ["x"]}', ["aanleiding: onbekend veld", "'aanleidingen'"]),  # misspelt field
    ('{"metingen": {"aardgasaandeel": 93}}', ["metingen.aardgasaandeel", "bereik van 0 tot en met 1"]),  # a percentage
    ('{"werken": [{"cyclus": "riool", "van": 2029, "tot": 2027}]}', ["werken[0].tot", "2029"]),  # ends before it begins
    ('{"wijk": ', ["geen geldige JSON"]),  # cut off
    ("[]", ["moet een object zijn"]),  # JSON, but no situation
]


@pytest.mark.parametrize(("given", "expected"), WRONG)
def test_situatie_with_problems_is_refused_with_all_of_them(run: Run, given: str, expected: list[str]) -> None:
    result = run("advies", "-", input=given)
    assert result.exit_code == 2
    assert not result.stdout
    assert "De situatie klopt niet" in result.stderr
    assert [part for part in expected if part not in result.stderr] == []


def test_situatie_that_is_not_there_is_reported(run: Run, tmp_path: Path) -> None:
    missing = run("vragen", str(tmp_path / "nergens.json"))
    folder = run("vragen", str(tmp_path))
    assert (missing.exit_code, folder.exit_code) == (2, 2)
    assert "nergens.json bestaat niet" in missing.stderr
    assert "is een map" in folder.stderr


def test_situatie_in_an_unknown_format_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "situatie.docx"
    path.write_bytes(b"")
    result = run("advies", str(path))
    assert result.exit_code == 2
    assert "turtle" in result.stderr


# waarom


def test_bewijs_ends_in_the_situatie_and_in_sources_with_an_address(run: Run) -> None:
    result = run("waarom", REYEROORD, "transitie/klimaatadaptatie")
    assert result.exit_code == 0, result.stderr
    assert "● " in result.stdout
    tree, _, sources = result.stdout.partition("Bronnen")
    assert "[1]" in tree
    assert "[1]" in sources
    assert "https://" in sources


def test_bewijzen_come_shortest_first_when_all_are_asked(run: Run) -> None:
    def size(proof: Any) -> int:
        about = [p for p in proof["premissen"] if p["soort"] == "situatie" or p["conclusie"]]
        return 1 + sum(size(premise) for premise in about)

    key = "heeftBehoefte/behoefte/coordinatie"
    one = read_json(run("waarom", LEIDEN, key, "--json"))
    everything = read_json(run("waarom", LEIDEN, key, "--json", "--alle"))
    sizes = [size(proof) for proof in everything["bewijzen"]]
    assert one["geldt"]
    assert len(one["bewijzen"]) == 1
    assert len(sizes) > 1
    assert sizes == sorted(sizes)
    assert "Bewijs 2 van" in run("waarom", LEIDEN, key, "--alle").stdout


def test_bewijs_as_json_names_rule_and_source(run: Run) -> None:
    found = read_json(run("waarom", REYEROORD, "heeftLeidendeTransitie/transitie/klimaatadaptatie", "--json"))
    proof = found["bewijzen"][0]
    assert proof["soort"] == "regel"
    assert proof["regel"]
    assert proof["bronnen"][0]["id"].startswith("bron/")
    assert set(leaves(proof)) >= {"situatie", "kennis"}


def test_conclusie_by_slug_lists_the_choices_when_several_hold(run: Run) -> None:
    advice = read_json(run("advies", REYEROORD, "--json"))
    task = advice["leidend"][0]
    result = run("waarom", REYEROORD, task["id"].partition("/")[2])
    assert result.exit_code == 2
    assert "kies uit" in result.stderr
    assert task["conclusie"] in result.stderr
    assert task["conclusie"].replace("Leidende", "Relevante") in result.stderr


def test_conclusie_that_does_not_hold_points_to_waarom_niet(run: Run) -> None:
    key = "heeftLeidendeTransitie/transitie/mobiliteit"
    result = run("waarom", REYEROORD, key)
    assert result.exit_code == 1
    assert f"wijkaanpak waarom-niet {REYEROORD} {key}" in result.stderr


@pytest.mark.parametrize("command", ["waarom", "waarom-niet"])
def test_conclusie_that_does_not_exist_is_refused_with_the_nearest(run: Run, command: str) -> None:
    result = run(command, REYEROORD, "klimaatadaptati")
    assert result.exit_code == 2
    assert "Bedoelt u" in result.stderr
    assert "transitie/klimaatadaptatie" in result.stderr


# waarom-eerder


def test_waarom_eerder_names_the_first_criterion_on_which_two_rows_differ(run: Run) -> None:
    rows = read_json(run("advies", SELWERD, "--json"))["koppelkansen"]
    first, last = rows[0], rows[-1]
    found = read_json(run("waarom-eerder", SELWERD, last["conclusie"], first["conclusie"], "--json"))
    assert found["eerste"]["id"] == first["id"]
    met, missed = ({criterion["id"] for criterion in row["rangorde"]} for row in (first, last))
    assert found["maatstaf"]["id"] in met - missed
    assert found["bewijs"]["conclusie"] == found["conclusie"]
    shown = flat(run("waarom-eerder", SELWERD, first["conclusie"], last["conclusie"]).stdout)
    assert f"De eerste maatstaf waarop zij verschillen: {found['maatstaf']['label']}." in shown


def test_waarom_eerder_of_two_lists_is_refused(run: Run) -> None:
    advice = read_json(run("advies", SELWERD, "--json"))
    keys = [advice[part][0]["conclusie"] for part in ("koppelkansen", "instrumenten")]
    result = run("waarom-eerder", SELWERD, *keys)
    assert result.exit_code == 2
    assert "staan niet in één lijst" in result.stderr


# waarom-niet and wat-als


def test_waarom_niet_gives_changes_that_make_the_conclusie_come_true(run: Run) -> None:
    key = "heeftLeidendeTransitie/transitie/mobiliteit"
    ways = read_json(run("waarom-niet", REYEROORD, key, "--json"))["manieren"]
    assert ways
    for way in ways:
        add, remove = (json.dumps(way[name]) for name in ("toevoegen", "weglaten"))
        changed = read_json(run("wat-als", REYEROORD, "--toevoegen", add, "--weglaten", remove, "--json"))
        assert key in [change["conclusie"] for change in changed["erbij"]]
    shown = flat(run("waarom-niet", REYEROORD, key).stdout)
    assert "--toevoegen '{" in shown
    assert any(way["teksten"][0] in shown for way in ways)


def test_waarom_niet_says_when_the_conclusie_holds_already(run: Run) -> None:
    key = "heeftLeidendeTransitie/transitie/klimaatadaptatie"
    assert "geldt hier al" in run("waarom-niet", REYEROORD, key).stdout
    found = read_json(run("waarom-niet", REYEROORD, key, "--json"))
    assert found == {"conclusie": key, "geldt": True, "volledig": True, "manieren": []}


def test_waarom_niet_that_takes_too_long_says_that_it_has_not_looked_at_everything(
    run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float | None] = []

    def out_of_time(*_: object, seconds: float | None = None) -> MissingSets:
        asked.append(seconds)
        return MissingSets(complete=False)

    monkeypatch.setattr(engine, "why_not", out_of_time)
    key = "heeftLeidendeTransitie/transitie/mobiliteit"
    shown = flat(run("waarom-niet", REYEROORD, key, "--binnen", "0.5").stdout)
    assert "Niet alles is nagegaan: er kunnen toch manieren zijn. Gezocht is ten hoogste 0.5 seconden" in shown
    assert "kan hier niet gelden" not in shown
    found = read_json(run("waarom-niet", REYEROORD, key, "--json"))
    assert (found["volledig"], found["manieren"]) == (False, [])
    assert asked == [0.5, 10]


def test_wat_als_shows_what_comes_and_goes(run: Run, tmp_path: Path) -> None:
    less = tmp_path / "minder.json"
    less.write_text('{"kenmerken": ["laag-vertrouwen"]}', encoding="utf-8")
    added = '{"prioriteiten": {"klimaatadaptatie": 3}}'
    result = run("wat-als", SELWERD, "--toevoegen", added, "--weglaten", f"@{less}", "--alles")
    assert result.exit_code == 0, result.stderr
    gained, _, lost = result.stdout.partition("Eraf: ")
    assert "heeftLeidendeTransitie/transitie/klimaatadaptatie" in gained
    assert lost


def test_wat_als_says_when_nothing_changes(run: Run) -> None:
    result = run("wat-als", REYEROORD, "--toevoegen", "{}")
    assert result.stdout == "Er verandert geen conclusie.\n"


@pytest.mark.parametrize("option", ["--toevoegen", "--weglaten"])
def test_wat_als_names_the_option_that_is_wrong(run: Run, option: str) -> None:
    unknown = run("wat-als", SELWERD, option, '{"kenmerken": ["zeer-vreemd-iets"]}')
    no_json = run("wat-als", SELWERD, option, "{kenmerken}")
    assert (unknown.exit_code, no_json.exit_code) == (2, 2)
    assert f"{option} kenmerken[0]: onbekend" in unknown.stderr
    assert f"{option}: geen geldige JSON" in no_json.stderr


def test_wat_als_without_a_change_is_refused(run: Run) -> None:
    result = run("wat-als", SELWERD)
    assert result.exit_code == 2
    assert "--toevoegen" in result.stderr


# vragen, serve and the rest


def test_vragen_gives_as_many_as_asked_with_answers_to_add(run: Run) -> None:
    questions = read_json(run("vragen", REYEROORD, "-n", "3", "--json"))
    shown = flat(run("vragen", REYEROORD, "-n", "3").stdout)
    assert len(questions) == 3
    for question in questions:
        assert question["vraag"] in shown
        assert f"verandert {question['verandert']} regel" in shown


def test_controle_shows_each_check_and_fails_on_a_problem(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    good = CheckResult("alles bestaat", (), 0.1)
    bad = CheckResult("alles klopt", (Finding("klopt niet", Path("kennis/x.ttl"), 7),), 0.2)
    monkeypatch.setattr("kb.check.run.run_checks", lambda: iter([good, bad]))
    result = run("controleer")
    assert result.exit_code == 1
    assert "✓ alles bestaat" in result.stdout
    assert "✗ alles klopt" in result.stdout
    assert "kennis/x.ttl:7: klopt niet" in result.stdout
    assert "2 controles, 1 probleem." in result.stdout
    found = json.loads(run("controleer", "--json").stdout)
    assert [len(check["problemen"]) for check in found] == [0, 1]
    assert found[1]["problemen"] == [{"melding": "klopt niet", "bestand": "kennis/x.ttl", "regel": 7}]


def test_controle_without_problems_succeeds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.check.run.run_checks", lambda: iter([CheckResult("alles bestaat", (), 0.1)]))
    result = run("controleer")
    assert result.exit_code == 0
    assert "1 controle, 0 problemen." in result.stdout


def test_dienst_starts_the_app_by_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKAANPAK_STOP_SECONDS", "7")
    started: list[Any] = []
    monkeypatch.setattr(uvicorn, "run", lambda *args, **options: started.append((args, options)))
    result = run("serve", "--host", "0.0.0.0", "--port", "9000", "--workers", "2")
    assert result.exit_code == 0, result.stderr
    options = {"factory": True, "host": "0.0.0.0", "port": 9000, "workers": 2, "server_header": False}
    options |= {"http": BoundedProtocol, "timeout_graceful_shutdown": 7}
    assert started == [(("api.waiting:create_service",), options)]


def test_opdracht_loads_nothing_heavy_before_it_is_needed() -> None:
    heavy = {"api", "clingo", "owlready2", "pyshacl", "rdflib", "uvicorn"}
    code = f"import sys, kb.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_lijst_shows_the_words_of_a_kind(run: Run) -> None:
    rows = {row["slug"]: row for row in json.loads(run("lijst", "behoefte", "--json").stdout)}
    assert rows["kennis"]["naam"] == "Kennis"
    assert run("lijst", "behoeften").stdout == run("lijst", "behoefte").stdout
    assert "behoefte" in {row["slug"] for row in json.loads(run("lijst", "--json").stdout)}


def test_lijst_of_an_unknown_kind_names_the_nearest(run: Run) -> None:
    result = run("lijst", "behoefen")
    assert result.exit_code == 2
    assert "Bedoelt u behoefte?" in result.output


def test_controleer_of_a_file_that_is_not_there_says_so(run: Run) -> None:
    result = run("controleer", "weg.ttl", "--snel")
    assert result.exit_code == 2
    assert "weg.ttl bestaat niet." in result.output


def test_controleer_of_one_file_shows_only_that_file(run: Run) -> None:
    result = run("controleer", "--snel", str(paths.ONTOLOGY / "kennis" / "behoeften.ttl"))
    assert result.exit_code == 0, result.output
    assert "7 controles, 0 problemen." in result.output


def _saved(run: Run, folder: Path, name: str, situation: dict[str, Any]) -> str:
    result = run("advies", "-", "--json", input=json.dumps(situation))
    (folder / name).write_text(result.stdout)
    return str(folder / name)


def test_vergelijk_names_under_each_conclusie_through_what_it_changed(run: Run, tmp_path: Path) -> None:
    plain: dict[str, Any] = {"peildatum": "2026-01-01"}
    old = _saved(run, tmp_path, "oud.json", plain)
    new = _saved(run, tmp_path, "nieuw.json", plain | {"kenmerken": ["laag-vertrouwen"]})
    said = run("vergelijk", old, new).stdout
    assert "De situatie verschilt in: kenmerken." in said
    first = said.split(" + behoeften: Vertrouwen", 1)[1].splitlines()
    assert first[1] == "     door een feit van de situatie (kenmerken): erbij kwam heeft kenmerk: laag vertrouwen"
    found = read_json(run("vergelijk", old, new, "--json"))
    trust = next(row for row in found["verschillen"] if row["conclusie"] == "heeftBehoefte/behoefte/vertrouwen")
    assert trust["oorzaken"] == [
        {"soort": "situatie", "wat": "kenmerken", "was": None, "wordt": "heeft kenmerk: laag vertrouwen"}
    ]
    assert "Adviesverschil" in run("vergelijk", old, new, "--turtle").stdout
    assert run("vergelijk", old, new, "--turtle", "--json").exit_code == 2


def test_vergelijk_of_an_advies_with_itself_says_that_they_say_the_same(run: Run, tmp_path: Path) -> None:
    one = _saved(run, tmp_path, "een.json", {"peildatum": "2026-01-01"})
    assert run("vergelijk", one, one).stdout == "De adviezen zeggen hetzelfde.\n"
