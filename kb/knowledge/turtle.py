"""The Turtle files of ontology and knowledge, and their triples."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Quad, RdfFormat, parse

from kb import paths
from kb.errors import KnowledgeError


def knowledge_files(root: Path = paths.ONTOLOGY) -> list[Path]:
    """The Turtle files of ontology and knowledge, in a stable order."""
    return [root / "wijkaanpak.ttl", *sorted((root / "kennis").rglob("*.ttl"))]


def read_turtle(path: Path) -> list[Quad]:
    """The triples of one Turtle file.

    Errors: KnowledgeError with file, line and the parser's reason.
    """
    try:
        return _with_stable_names(parse(path=str(path), format=RdfFormat.TURTLE), path)
    except SyntaxError as error:
        raise KnowledgeError(f"{path}:{error.lineno}: {error.msg}") from error


def _with_stable_names(quads: Iterable[Quad], path: Path) -> list[Quad]:
    """The quads, their blank nodes named by file and place: those of two files never meet, and each run gives the same."""
    file = blake2b(f"{path.parent.name}/{path.name}".encode(), digest_size=6).hexdigest()
    names: dict[BlankNode, BlankNode] = {}

    def named(term: Any) -> Any:
        if not isinstance(term, BlankNode):
            return term
        return names.setdefault(term, BlankNode(f"n{file}x{len(names):05}"))

    return [Quad(named(quad.subject), quad.predicate, named(quad.object)) for quad in quads]
