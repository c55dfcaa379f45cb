"""What docs/kennis.md shows is true: its entry passes the checks, and every name in it exists."""

import re
import shutil
from pathlib import Path

from kb import paths
from kb.check.knowledge import check_bases, check_references, check_shapes
from kb.check.turtle_files import TurtleFiles
from kb.engine import Engine
from kb.knowledge.words import kinds_of
from kb.names import term
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "kennis.md").read_text(encoding="utf-8")
[ENTRY] = re.findall(r"^```turtle\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def test_smallest_entry_in_the_page_passes_the_checks(tmp_path: Path) -> None:
    ontology = shutil.copytree(paths.ONTOLOGY, tmp_path / "ontology")
    proof = ontology / "kennis" / "buurtkamer.ttl"
    proof.write_text(ENTRY, encoding="utf-8")
    files = TurtleFiles(ontology)
    found = [
        *files.findings,
        *check_references(files, []),
        *check_bases(files),
        *check_shapes(files),
    ]
    assert [str(finding) for finding in found if finding.path == proof] == []


def test_entry_in_the_page_is_new() -> None:
    described = {triple.subject for file in TurtleFiles(paths.ONTOLOGY).files for triple in file.triples}
    names = re.findall(r"^(instrument):([\w-]+) a ", ENTRY, re.MULTILINE)
    assert names
    for segment, slug in names:
        assert not any(str(node) == f"<https://w3id.org/wijkaanpak/id/{segment}/{slug}>" for node in described)


def test_every_term_in_the_page_exists() -> None:
    described = {triple.subject for file in TurtleFiles(paths.ONTOLOGY).files for triple in file.triples}
    for name in set(re.findall(r"`:(\w+)`", TEXT)):
        assert term(name) in described, name


def test_every_kind_that_the_page_lists_can_be_listed(engine: Engine) -> None:
    kinds = {word.slug for word in kinds_of(engine.knowledge)}
    assert set(re.findall(r"`wijkaanpak lijst (\w+)`", TEXT)) <= kinds


def test_every_file_in_the_page_exists() -> None:
    for name in set(re.findall(r"`((?:ontology|docs)/[\w./-]+)`", TEXT)) | set(
        re.findall(r"controleer (ontology/\S+)`", TEXT)
    ):
        assert (ROOT / name).exists(), name
