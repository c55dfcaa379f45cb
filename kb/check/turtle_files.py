"""The Turtle files of the project as an editor sees them: what each holds, and on which line an individual stands."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kb.knowledge.graph import Subject
from kb.knowledge.turtle import knowledge_files
from kb.names import OWL, term

_ANNOTATING = (NamedNode(OWL + "annotatedSource"), term("onderbouwtOnderwerp"))


@dataclass(frozen=True)
class Finding:
    """Something wrong in a file: where, as far as that is known, and in words."""

    message: str
    path: Path | None = None
    line: int | None = None

    def __str__(self) -> str:
        """The finding as `file:line: message`, the file from the working directory where it lies below that."""
        here = Path.cwd()
        path = self.path.relative_to(here) if self.path and self.path.is_relative_to(here) else self.path
        place = ":".join(str(part) for part in (path, self.line) if part is not None)
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True)
class TurtleFile:
    """One file: its lines, triples and prefixes."""

    path: Path
    lines: list[str]
    triples: list[Triple]
    prefixes: dict[str, str]

    def line_of(self, node: NamedNode) -> int | None:
        """The line where a node is described, else the first that names it, else None."""
        names = [re.escape(name) for name in self.names(node)]
        name = rf"(?:{'|'.join(names)})(?![\w/#-])"
        for pattern in (rf"^{name}\s", rf"(?<![\w:]){name}"):
            if line := next((number for number, line in enumerate(self.lines, 1) if re.search(pattern, line)), None):
                return line
        return None

    def names(self, node: NamedNode) -> list[str]:
        """How the file can write a node: in full, and with each prefix that fits."""
        short = [
            f"{prefix}:{node.value.removeprefix(base)}"
            for prefix, base in self.prefixes.items()
            if node.value.startswith(base)
        ]
        return [f"<{node.value}>", *short]


class TurtleFiles:
    """The files that could be read, and a Finding for each that could not."""

    def __init__(self, ontology: Path) -> None:
        self.ontology = ontology
        self.files: list[TurtleFile] = []
        self.findings: list[Finding] = []
        for path in sorted(ontology.rglob("*.ttl")):
            self._read(path)

    @cached_property
    def knowledge(self) -> list[TurtleFile]:
        """The files that the engine loads: ontology and knowledge."""
        paths = set(knowledge_files(self.ontology))
        return [file for file in self.files if file.path in paths]

    @cached_property
    def store(self) -> Store:
        """The triples of ontology and knowledge, as stated."""
        store = Store()
        for file in self.knowledge:
            store.extend(Quad(*triple) for triple in file.triples)
        return store

    def finding(self, message: str, node: Subject, file: TurtleFile | None = None) -> Finding:
        """A finding about a node, in the file given or else in the one that describes it."""
        named = self.owner(node)
        if named is None:
            return Finding(message, file.path if file else None)
        found = file or self._describing.get(named)
        return Finding(message, found.path, found.line_of(named)) if found else Finding(message)

    def owner(self, node: Subject) -> NamedNode | None:
        """The individual that a blank node belongs to; a named node belongs to itself."""
        seen: set[Subject] = set()
        while isinstance(node, BlankNode) and node not in seen:
            seen.add(node)
            node = self._above.get(node, node)
        return node if isinstance(node, NamedNode) else None

    @cached_property
    def _describing(self) -> dict[NamedNode, TurtleFile]:
        return {
            triple.subject: file
            for file in reversed(self.files)
            for triple in file.triples
            if isinstance(triple.subject, NamedNode)
        }

    @cached_property
    def _above(self) -> dict[BlankNode, Subject]:
        """What each blank node hangs on; an annotation or basis hangs on the subject of the statements it is about."""
        above: dict[BlankNode, Subject] = {}
        for file in self.files:
            for subject, predicate, node in file.triples:
                if isinstance(node, BlankNode):
                    above[node] = subject
                elif predicate in _ANNOTATING and isinstance(subject, BlankNode):
                    above[subject] = node
        return above

    def _read(self, path: Path) -> None:
        # Blank nodes are renamed so that those of two files never meet.
        parser = parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True)
        try:
            triples = [quad.triple for quad in parser]
            lines = path.read_text(encoding="utf-8").splitlines()
            self.files.append(TurtleFile(path, lines, triples, dict(parser.prefixes)))
        except SyntaxError as error:
            self.findings.append(Finding(f"geen geldige Turtle: {error.msg}.", path, error.lineno))
