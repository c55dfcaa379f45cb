"""What is kept between starts gives the same engine, and a changed content is never answered with it."""

import gc
import os
import pickle
import shutil
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store

from kb import cache, kept, paths
from kb.engine import Engine
from kb.errors import RuleError
from kb.knowledge.knowledge import Knowledge
from kb.program.program import Program
from kb.rule.files import read_each, read_rules
from kb.situation.model import Situatie
from tests.strategies import rule_text

LITTLE = """
PREFIX : <https://w3id.org/wijkaanpak/def#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for kept files."""
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def made(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """From which folders an engine was made; what is made takes no time here."""
    parts = cache.Parts(
        engine.knowledge, engine.vocabulary, engine.rules, engine.program, frozenset(engine.assumptions.using)
    )
    folders: list[Path] = []

    def make(ontology: Path, rules: Path) -> cache.Parts:
        folders.extend((ontology, rules))
        return parts

    monkeypatch.setattr("kb.engine._load", make)
    return folders


def _kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.pickle"))


def test_kept_engine_answers_as_the_made_one(folder: Path, made: list[Path], situaties: dict[str, Situatie]) -> None:
    first, found = Engine.load(), Engine.load()
    assert len(_kept(folder)) == 1
    assert made == [paths.ONTOLOGY, paths.RULES]  # once
    assert found.program is not first.program
    assert found.advise(situaties["selwerd"]) == first.advise(situaties["selwerd"])
    assert set(found.knowledge.store) == set(first.knowledge.store)
    assert set(found.knowledge.lineage) == set(first.knowledge.lineage)


@pytest.mark.usefixtures("folder")
def test_next_engine_of_a_process_goes_when_nobody_needs_it() -> None:
    first = Engine.load()
    next_one = weakref.ref(Engine.load())
    gc.collect()
    assert next_one() is None
    assert first.program.rules


def test_changed_file_is_another_content(tmp_path: Path) -> None:
    ontology, rules = tmp_path / "ontology", tmp_path / "rules"
    ontology.mkdir()
    rules.mkdir()
    file = ontology / "a.ttl"
    file.write_text(LITTLE)
    before = cache.content_key(ontology, rules)
    file.write_text(LITTLE + "\n")
    assert cache.content_key(ontology, rules) != before
    file.rename(ontology / "b.ttl")
    (ontology / "b.ttl").write_text(LITTLE)
    assert cache.content_key(ontology, rules) != before


def test_broken_file_is_made_again(folder: Path, tmp_path: Path, engine: Engine) -> None:
    knowledge = Knowledge(Store, [], dict)  # of what is kept of the project itself a file takes seconds to write
    parts = cache.Parts(knowledge, engine.vocabulary, [], Program(), frozenset({7}))
    times = []

    def make() -> cache.Parts:
        times.append("made")
        return parts

    def load() -> cache.Parts:
        return cache.kept(tmp_path / "ontology", tmp_path / "rules", make)

    load()
    assert load().assuming == {7}
    assert times == ["made"]
    (name,) = _kept(folder)
    (folder / name).write_bytes(b"cut short")
    load()
    assert load().assuming == {7}
    assert times == ["made"] * 2


def test_empty_setting_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[Path]) -> None:
    monkeypatch.setenv(kept.VARIABLE, "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Engine.load()
    assert made == [paths.ONTOLOGY, paths.RULES]
    assert not any(tmp_path.iterdir())


@pytest.fixture
def few_rules(tmp_path: Path) -> Path:
    """A folder with two of the project's rules."""
    rules = tmp_path / "rules" / "situatie"
    rules.mkdir(parents=True)
    for path in sorted((paths.RULES / "situatie").rglob("*.rq"))[:2]:
        (rules / path.name).write_bytes(path.read_bytes())
    return rules


def test_kept_rules_are_those_in_the_files(folder: Path, few_rules: Path) -> None:
    made, found = read_rules(few_rules), read_rules(few_rules)
    assert found == made
    assert [rule.text for rule in found] == [path.read_text() for path in sorted(few_rules.iterdir())]
    assert len(list(folder.glob("*.rules"))) == 1


@pytest.mark.usefixtures("folder")
def test_rules_at_another_place_are_found_with_their_own_path(
    few_rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = read_rules(few_rules)
    elsewhere = tmp_path / "elders" / "situatie"
    shutil.copytree(few_rules, elsewhere)
    monkeypatch.setattr("kb.rule.files._parsed", None)  # nothing is taken apart again
    found = read_rules(elsewhere)
    assert found == [replace(rule, path=elsewhere / rule.path.name) for rule in made]
    assert [rule.slug for rule in found] == [rule.slug for rule in made]


@pytest.mark.usefixtures("folder")
def test_kept_rule_about_situations_is_refused_among_those_over_the_knowledge(tmp_path: Path) -> None:
    path = tmp_path / "rules" / "situatie" / "tenzij.rq"
    path.parent.mkdir(parents=True)
    unless = "FILTER NOT EXISTS { ?situatie :heeftBehoefte ?a }"
    path.write_text(rule_text(f"CONSTRUCT {{ ?situatie :x ?a }}\nWHERE {{ ?situatie :heeftOpgave ?a {unless} }}"))
    assert len(read_rules(tmp_path / "rules")) == 1
    path.parent.rename(tmp_path / "rules" / "kennis")
    with pytest.raises(RuleError, match="EXISTS kan niet in een kennisregel"):
        read_rules(tmp_path / "rules")


@pytest.mark.usefixtures("folder")
def test_changed_rule_is_read_anew_and_a_wrong_one_refused_each_time(few_rules: Path) -> None:
    read_rules(few_rules)
    first, second = sorted(few_rules.iterdir())
    first.write_text(first.read_text() + "# anders\n")
    assert read_rules(few_rules)[0].text.endswith("# anders\n")
    second.write_text("CONSTRUCT { ?a ?b ?c } WHERE { }")
    for _ in range(2):
        rules, refused = read_each(few_rules)
        assert [rule.path for rule in rules] == [first]
        assert isinstance(refused[0], RuleError)


@pytest.mark.parametrize("content", [b"cut short", b"", b"N."], ids=["no pickle", "empty", "another thing"])
def test_broken_file_of_rules_is_made_again(folder: Path, few_rules: Path, content: bytes) -> None:
    made = read_rules(few_rules)
    (file,) = folder.glob("*.rules")
    file.write_bytes(content)
    assert read_rules(few_rules) == made
    assert file.read_bytes() != content


def test_file_that_is_in_use_is_not_the_first_to_go(folder: Path) -> None:
    first, second = folder / "eerst.pickle", folder / "daarna.pickle"
    for age, path in enumerate((second, first)):
        kept.put(path, pickle.dumps(path.name), most=2)
        os.utime(path, (0, -age))
    assert kept.unpickled(first) == "eerst.pickle"
    kept.put(folder / "nieuw.pickle", pickle.dumps("nieuw.pickle"), most=2)
    assert _kept(folder) == ["eerst.pickle", "nieuw.pickle"]
