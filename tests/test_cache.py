"""What is kept between starts gives the same engine, and a changed content is never answered with it."""

from pathlib import Path

import pytest

from kb import cache
from kb.engine import Engine
from kb.situation.model import Situatie

LITTLE = """
PREFIX : <https://w3id.org/wijkaanpak/def#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for kept files."""
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


def _kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.pickle"))


def test_kept_engine_answers_as_the_made_one(folder: Path, situaties: dict[str, Situatie]) -> None:
    made, found = Engine.load(), Engine.load()
    assert len(_kept(folder)) == 1
    assert found.advise(situaties["selwerd"]) == made.advise(situaties["selwerd"])
    assert set(found.knowledge.store) == set(made.knowledge.store)
    assert set(found.knowledge.lineage) == set(made.knowledge.lineage)


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


def test_broken_file_is_made_again(folder: Path) -> None:
    Engine.load()
    (name,) = _kept(folder)
    (folder / name).write_bytes(b"cut short")
    Engine.load()
    assert (folder / name).stat().st_size > 1_000_000


def test_empty_setting_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Engine.load()
    assert not any(tmp_path.iterdir())
