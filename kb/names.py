"""IRIs of the project and the standards it uses, and the short forms people read."""

import sys
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

BASE = "https://w3id.org/wijkaanpak/"
DEF = BASE + "def#"
ID = BASE + "id/"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SH = "http://www.w3.org/ns/shacl#"
PROV = "http://www.w3.org/ns/prov#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"

PREFIXES = {
    "": DEF,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sh": SH,
    "skos": SKOS,
    "xsd": XSD,
}

# Standards that the data set speaks of besides; what we write ourselves has no prefix for them.
OTHER_PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sssom": "https://w3id.org/sssom/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
}

TYPE = NamedNode(RDF + "type")
SITUATIE = NamedNode(DEF + "Situatie")


@cache
def term(local: str) -> NamedNode:
    """The class or property of our ontology with this local name."""
    return NamedNode(DEF + local)


_DECLARED: dict[NamedNode, str] = {}


def declared(local: str) -> NamedNode:
    """A class or property that this program relies on; `Engine.load` refuses an ontology that lacks it.

    Written once, as a constant of a module: what is renamed in the ontology is an error at start that names the constant's
    place, never an empty chapter of an advice.
    """
    frame = sys._getframe(1)
    node = term(local)
    _DECLARED.setdefault(node, f"{frame.f_globals.get('__name__', '?')}:{frame.f_lineno}")
    return node


def declarations() -> Mapping[NamedNode, str]:
    """Every declared name, with the module and line that first declared it."""
    return MappingProxyType(_DECLARED)


@cache
def local_name(node: NamedNode) -> str:
    """The part of an ontology IRI behind `#`, or the whole IRI when it is not ours."""
    return node.value.removeprefix(DEF)


@cache
def short(node: NamedNode) -> str:
    """An individual's `soort/slug`, an ontology term's local name, or the whole IRI when it is not ours."""
    return node.value.removeprefix(ID).removeprefix(DEF)


@cache
def slug(node: NamedNode) -> str:
    """The last part of an individual's IRI."""
    return node.value.rpartition("/")[2]


def show(node: object, ours: str = "") -> str:
    """A node as people read it in a message.

    An individual is its `soort/slug`, a term of the ontology its local name behind `ours` (`:` where SPARQL is meant),
    a term of a standard its name behind a prefix, any other IRI itself, and a literal its text.
    """
    match node:
        case NamedNode() if node.value.startswith(DEF):
            return ours + node.value.removeprefix(DEF)
        case NamedNode():
            return _prefixed(node.value) or short(node).removeprefix(BASE)
        case Literal():
            return node.value
        case BlankNode():
            return "een lege knoop"
        case Triple():
            return " ".join(map(show, node))
        case _:
            return str(node)


def _prefixed(iri: str) -> str | None:
    for prefix, namespace in (PREFIXES | OTHER_PREFIXES).items():
        if prefix and iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return None


def expand(name: str) -> NamedNode:
    """The individual written as `soort/slug`; a full IRI stays as it is."""
    return NamedNode(name if "://" in name else ID + name)
