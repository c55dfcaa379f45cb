"""What people read and click for a node: a label in their language, and an address where it is described."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kb.dataset.skolem import GENID
from kb.language import catalogue
from kb.names import BASE, DCTERMS, DEF, FOAF, ID, OWL, RDFS, SKOS, show

DOC = "/doc/"
# What is described below `/doc/` without having a name below `/id/`.
OUTSIDE_ID = ("graaf/", ".well-known/genid/")
# From the most telling to the least.
LABELS = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title", FOAF + "name")
OBJECT_LABEL = NamedNode("https://w3id.org/sssom/object_label")
ANNOTATED_TARGET = NamedNode(OWL + "annotatedTarget")


@dataclass(frozen=True)
class Ref:
    """A node as a link: `path` is where it is described in this service, None for what is not ours."""

    text: str
    iri: str
    path: str | None
    language: str | None = None

    @property
    def name(self) -> str:
        """The last part of the IRI."""
        return self.iri.removeprefix(DEF).rpartition("/")[2]


class Naming:
    """The labels of everything in a data set."""

    def __init__(self, store: Store) -> None:
        self._labels = _read_labels(store)

    def ref(self, node: NamedNode, language: str) -> Ref:
        """A node as a link in a language."""
        text, spoken = self._label(node, language)
        return Ref(text, node.value, local_path(node), spoken if spoken != language else None)

    def label(self, node: NamedNode, language: str) -> str:
        """What a node is called: its label, else plain words, else the short form of its IRI."""
        return self._label(node, language)[0]

    def _label(self, node: NamedNode, language: str) -> tuple[str, str]:
        """The label with the language it is in."""
        texts = self._labels.get(node, {})
        for spoken in (language, "nl", "en"):
            if spoken in texts:
                return texts[spoken], spoken
        # The properties and classes of the standards that readers meet most have plain words in the catalogue.
        name, say = show(node), catalogue(language)
        plain = f"term.{name}"
        return (say(plain) if plain in say.names else name), language


def _read_labels(store: Store) -> dict[NamedNode, dict[str, str]]:
    """Every label by node and language; of nodes of another data set also what a mapping notes."""
    labels: dict[NamedNode, dict[str, str]] = defaultdict(dict)
    found: list[tuple[object, object]] = [
        (quad.subject, quad.object) for name in LABELS for quad in _quads(store, NamedNode(name))
    ]
    for noted in _quads(store, OBJECT_LABEL):
        targets = store.quads_for_pattern(noted.subject, ANNOTATED_TARGET, None, None)
        found += [(quad.object, noted.object) for quad in targets]
    for node, label in found:
        if isinstance(node, NamedNode) and isinstance(label, Literal):
            labels[node].setdefault(label.language or "nl", label.value)
    return dict(labels)


def _quads(store: Store, predicate: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(None, predicate, None, None)


def is_nameless(node: object) -> TypeGuard[NamedNode | BlankNode]:
    """Whether a node is a blank node, or a name that stands for one."""
    return isinstance(node, BlankNode) or (isinstance(node, NamedNode) and node.value.startswith(GENID))


def local_path(node: NamedNode) -> str | None:
    """The path at which the service describes an IRI of ours; None for any other."""
    if node.value.startswith(ID):
        return DOC + node.value.removeprefix(ID)
    if node.value.startswith(DEF):
        return "/def#" + node.value.removeprefix(DEF)
    if node.value.startswith(BASE):
        name = node.value.removeprefix(BASE)
        # Two slashes would lead to another site; nothing of ours has them.
        return DOC + name if name.startswith(OUTSIDE_ID) else f"/{name}" if not name.startswith("/") else None
    return None
