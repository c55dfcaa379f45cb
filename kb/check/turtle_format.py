"""One layout for Turtle, so that a difference in a file is a difference in what it says.

The order of subjects and of texts is the editor's; what annotates a statement follows the subject of that statement.
Everything else is fixed: prefixes, properties and individuals in the order of their names, the few properties that are
read first at the head, those that tell where it comes from at the end.

    python -m kb.check.turtle_format [--controleer] [BESTAND|MAP …]
"""

import re
import sys
from collections import Counter
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

WIDTH = 120
INDENT = "    "
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
TYPE, FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
REIFIES, SOURCE = NamedNode(RDF + "reifies"), NamedNode(OWL + "annotatedSource")
STATEMENT = (SOURCE, NamedNode(OWL + "annotatedProperty"), NamedNode(OWL + "annotatedTarget"))
HEAD = [
    *("a", "rdf:reifies", "owl:annotatedSource", "owl:annotatedProperty", "owl:annotatedTarget", "sh:path"),
    *("rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "dcterms:title", "dcterms:description"),
    *("skos:prefLabel", "skos:altLabel", "skos:definition", "skos:scopeNote", "skos:example", "skos:note"),
]
TAIL = ["sh:message", ":zekerheid", ":verwijzing", ":bron", ":plaatsInBron"]
SHORT = {
    XSD + "integer": r"[+-]?\d+",
    XSD + "decimal": r"[+-]?\d*\.\d+",
    XSD + "double": r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+",
    XSD + "boolean": r"true|false",
}
LOCAL = re.compile(r"([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r", "\n": "\\n"})
TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|<[^<>\s]*>|(#)',
    re.DOTALL,
)

Subject = NamedNode | BlankNode | Triple
Term = Subject | Literal


class LayoutError(ValueError):
    """A file that cannot be laid out without losing something."""


def laid_out(text: str) -> str:
    """The Turtle in the fixed layout: the same graph, prefixes and base.

    Errors: SyntaxError; LayoutError for a comment, as no statement owns it.
    """
    comment = next((token for token in TOKEN.finditer(text) if token.group(1)), None)
    if comment:
        line = text.count("\n", 0, comment.start()) + 1
        raise LayoutError(f"regel {line}: een opmerking (#) blijft niet behouden; maak er een skos:editorialNote van.")
    parser = parse(text, format=RdfFormat.TURTLE)
    triples = list(dict.fromkeys(quad.triple for quad in parser))
    return _Layout(triples, dict(parser.prefixes), parser.base_iri).text()


class _Layout:
    """The triples of a file, put in order and written."""

    def __init__(self, triples: list[Triple], prefixes: dict[str, str], base: str | None) -> None:
        self.prefixes = dict(sorted(prefixes.items()))
        self.base = base
        self.about: dict[Subject, dict[NamedNode, list[Term]]] = {}
        for triple in triples:
            self.about.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
        self.labels: dict[BlankNode, str] = {}
        self.uses = Counter[Term](node for triple in triples for node in _blank_nodes(triple.object))
        self.above = {triple.object: triple.subject for triple in triples if self.uses.get(triple.object) == 1}
        self.inside = {node for node in self.above if self._hangs(node)}

    def text(self) -> str:
        """The file."""
        head = [f"PREFIX {name}: <{iri}>" for name, iri in self.prefixes.items()]
        head += [f"BASE <{self.base}>"] if self.base else []
        blocks = ["\n".join(head)] if head else []
        return "\n\n".join([*blocks, *map(self._block, self._subjects())]) + "\n"

    def _hangs(self, node: Term) -> bool:
        """Whether a blank node can be written where it is used; in a circle of blank nodes each needs a name."""
        seen: set[Term] = set()
        while node in self.above and node not in seen:
            seen.add(node)
            node = self.above[node]
        return node not in seen

    def _subjects(self) -> list[Subject]:
        """What gets a block of its own, an annotation after the subject of what it annotates."""
        own = [node for node in self.about if node not in self.inside]
        notes: dict[Term, list[Subject]] = {}
        for note in own:
            if (target := self._annotated(note)) in self.about and not isinstance(target, BlankNode):
                notes.setdefault(target, []).append(note)
        moved = {note for found in notes.values() for note in found}
        blocks = ([node, *sorted(notes.get(node, []), key=self._statement)] for node in own if node not in moved)
        return [node for block in blocks for node in block]

    def _annotated(self, node: Subject) -> Term | None:
        """The subject of the statement that a blank node is about, if it is an annotation."""
        found = self.about[node] if isinstance(node, BlankNode) and not self.uses[node] else {}
        reified = (term.subject for term in found.get(REIFIES, []) if isinstance(term, Triple))
        return next(iter((*found.get(SOURCE, []), *reified)), None)

    def _statement(self, node: Subject) -> list[str]:
        parts = [term for prop in (*STATEMENT, REIFIES) for term in self.about[node].get(prop, [])]
        return [str(part) for part in parts if not _blank_nodes(part)]

    def _block(self, subject: Subject) -> str:
        unnamed = isinstance(subject, BlankNode) and not self.uses[subject]
        properties = f" ;\n{INDENT}".join(self._properties(subject, INDENT))
        return f"{'[]' if unnamed else self._name(subject)} {properties} ."

    def _properties(self, subject: Subject, indent: str) -> list[str]:
        found = {self._verb(prop): terms for prop, terms in self.about.get(subject, {}).items()}
        return [self._property(verb, found[verb], indent) for verb in sorted(found, key=_place)]

    def _property(self, verb: str, terms: list[Term], indent: str) -> str:
        """A property with its values: on one line if that fits, else each value on its own."""
        terms = sorted(terms, key=lambda term: self._name(term) if isinstance(term, NamedNode) else "~")
        line = f"{verb} {', '.join(self._value(term, indent) for term in terms)}"
        if len(terms) == 1 or ("\n" not in line and len(indent + line) + 2 <= WIDTH):
            return line
        return f"{verb} " + f",\n{indent}{INDENT}".join(self._value(term, indent + INDENT) for term in terms)

    def _value(self, term: Term, indent: str) -> str:
        if not isinstance(term, BlankNode) or term not in self.inside:
            return self._name(term)
        if (members := self._members(term)) is not None:
            return self._enclosed("(", [self._value(member, indent + INDENT) for member in members], "", ")", indent)
        return self._enclosed("[", self._properties(term, indent + INDENT), " ;", "]", indent)

    def _enclosed(self, opening: str, parts: list[str], separator: str, closing: str, indent: str) -> str:
        line = " ".join([opening, f"{separator} ".join(parts), closing]) if parts else opening + closing
        if "\n" not in line and len(indent) + len(line) + len(INDENT) <= WIDTH:
            return line
        return f"{opening} " + f"{separator}\n{indent}{INDENT}".join(parts) + f" {closing}"

    def _members(self, node: Term) -> list[Term] | None:
        """The members of a well-formed list that nothing else points into; None when it is no such list."""
        members: list[Term] = []
        while node != NIL:
            found = self.about.get(node, {}) if isinstance(node, BlankNode) and node in self.inside else {}
            if {prop: len(terms) for prop, terms in found.items()} != {FIRST: 1, REST: 1}:
                return None
            members += found[FIRST]
            node = found[REST][0]
        return members

    def _verb(self, prop: NamedNode) -> str:
        return "a" if prop == TYPE else self._name(prop)

    def _name(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, Triple):
            # Not every parser reads a long text inside a triple term, so a literal is written as in N-Triples.
            inner = str(term.object) if isinstance(term.object, Literal) else self._name(term.object)
            return f"<<( {self._name(term.subject)} {self._verb(term.predicate)} {inner} )>>"
        return self.labels.setdefault(term, f"_:b{len(self.labels) + 1}")

    def _iri(self, iri: str) -> str:
        fitting = [(space, name) for name, space in self.prefixes.items() if iri.startswith(space)]
        for space, name in sorted(fitting, key=lambda pair: (-len(pair[0]), pair[1])):
            if LOCAL.fullmatch(iri, len(space)):
                return f"{name}:{iri[len(space) :]}"
        rest = iri[len(self.base) :] if self.base and self.base.endswith("/") and iri.startswith(self.base) else ""
        return f"<{rest}>" if re.fullmatch(r"[\w-]+(/[\w-]+)*/?", rest) else f"<{iri}>"

    def _literal(self, literal: Literal) -> str:
        value, datatype = literal.value, literal.datatype.value
        if datatype in SHORT and re.fullmatch(SHORT[datatype], value):
            return value
        if "\n" in value:
            inner = value.replace("\\", "\\\\").replace("\r", "\\r")
            quoted = '"""' + re.sub(r'"(?="")|"\Z', r"\"", inner) + '"""'
        else:
            quoted = f'"{value.translate(ESCAPES)}"'
        if literal.language:
            return quoted + str(literal).rpartition('"')[2]
        return quoted if datatype == XSD + "string" else f"{quoted}^^{self._iri(datatype)}"


def _blank_nodes(term: Term) -> list[BlankNode]:
    """The blank nodes in a term; those in a triple term twice, as these always need a name."""
    if isinstance(term, Triple):
        return [*_blank_nodes(term.subject), *_blank_nodes(term.object)] * 2
    return [term] if isinstance(term, BlankNode) else []


def _place(verb: str) -> tuple[int, int, str]:
    """Where a property stands: those of the head first, those of the tail last, the others by name."""
    part = 0 if verb in HEAD else 2 if verb in TAIL else 1
    return part, (HEAD + TAIL).index(verb) if part != 1 else 0, verb


def main(arguments: list[str]) -> int:
    """Lay files out anew, or with `--controleer` only say which are not laid out; 1 when there are such or wrong ones."""
    check = "--controleer" in arguments
    given = [Path(each) for each in arguments if each != "--controleer"] or [Path("ontology")]
    paths = [path for each in given for path in (sorted(each.rglob("*.ttl")) if each.is_dir() else [each])]
    wrong = [path for path in paths if _treat(path, check)]
    return 1 if wrong else 0


def _treat(path: Path, check: bool) -> bool:
    text = path.read_text(encoding="utf-8")
    try:
        new = laid_out(text)
    except (SyntaxError, LayoutError) as error:
        print(f"{path}: {error}")
        return True
    if new == text:
        return False
    if check:
        print(f"{path}: niet in de vaste opmaak; python -m kb.check.turtle_format {path} brengt hem erin.")
    else:
        path.write_text(new, encoding="utf-8")
    return check


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
