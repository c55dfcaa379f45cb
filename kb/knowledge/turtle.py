"""The Turtle files of ontology and knowledge, and their triples."""

from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

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
        # Blank nodes are renamed so that those of two files never meet.
        return list(parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True))
    except SyntaxError as error:
        raise KnowledgeError(f"{path}:{error.lineno}: {error.msg}") from error
