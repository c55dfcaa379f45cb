"""IRIs of the project and the standards it uses, and the short forms people read."""

from functools import cache

from pyoxigraph import NamedNode

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

TYPE = NamedNode(RDF + "type")
SITUATIE = NamedNode(DEF + "Situatie")


@cache
def term(local: str) -> NamedNode:
    """The class or property of our ontology with this local name."""
    return NamedNode(DEF + local)


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


def expand(name: str) -> NamedNode:
    """The individual written as `soort/slug`; a full IRI stays as it is."""
    return NamedNode(name if "://" in name else ID + name)
