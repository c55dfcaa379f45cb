"""The ontology stays within OWL 2 RL, so that its entailments are rules.

What is used of OWL is held against a list that allows no class expressions at all: every class in an axiom has a name.
That is narrower than OWL 2 RL, which allows some of them in some positions, and needs no look at positions.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kb.check.turtle_files import Finding, TurtleFile, TurtleFiles
from kb.knowledge.graph import Subject
from kb.names import OWL, RDF, RDFS, TYPE, XSD, show

_OWL_NAMES = (
    "Ontology imports versionIRI versionInfo deprecated Class NamedIndividual AllDisjointClasses AllDisjointProperties "
    "AllDifferent members distinctMembers disjointWith propertyDisjointWith equivalentClass equivalentProperty sameAs "
    "differentFrom ObjectProperty DatatypeProperty AnnotationProperty inverseOf TransitiveProperty SymmetricProperty "
    "AsymmetricProperty IrreflexiveProperty FunctionalProperty InverseFunctionalProperty propertyChainAxiom hasKey "
    "Axiom annotatedSource annotatedProperty annotatedTarget"
)
_XSD_NAMES = (
    "decimal integer nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger long int short byte "
    "unsignedLong unsignedInt unsignedShort unsignedByte float double string normalizedString token language "
    "Name NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime dateTimeStamp"
)
ALLOWED_OWL = set(_OWL_NAMES.split())
ALLOWED_DATATYPES = {
    *(RDF + name for name in ("langString", "PlainLiteral", "XMLLiteral")),
    RDFS + "Literal",
    *(XSD + name for name in _XSD_NAMES.split()),
}
NAMED_ONLY = {NamedNode(RDFS + name) for name in ("subClassOf", "domain", "range")}
NAMED_ONLY |= {NamedNode(OWL + name) for name in ("equivalentClass", "disjointWith", "inverseOf")}
RANGE = NamedNode(RDFS + "range")


def check_profile(files: TurtleFiles) -> Iterator[Finding]:
    """A finding for each use of OWL or of a datatype that OWL 2 RL, as we use it, does not have."""
    for file in files.knowledge:
        seen: set[str] = set()
        for triple in file.triples:
            for node, reason in _outside(triple):
                if reason not in seen:
                    seen.add(reason)
                    yield _finding(files, file, node, reason)


def _outside(triple: Triple) -> Iterator[tuple[Subject, str]]:
    """What a triple uses that is not allowed: the node to point at, and the reason."""
    assert not isinstance(triple.subject, Triple)  # RDF 1.2 has triple terms as objects only
    for term in (triple.predicate, triple.object if triple.predicate == TYPE else None):
        if isinstance(term, NamedNode) and _is_other_owl(term):
            yield term, f"owl:{term.value.removeprefix(OWL)} valt buiten OWL 2 RL zoals het hier gebruikt wordt."
    if triple.predicate in NAMED_ONLY:
        name = triple.predicate.value.rpartition("#")[2]
        if not isinstance(triple.object, NamedNode):
            reason = "wijst naar een klasse zonder naam; gebruik een benoemde klasse (OWL 2 RL)."
            yield triple.subject, f"{name} van {show(triple.subject)} {reason}"
        elif _is_other_owl(triple.object):
            yield triple.subject, f"{name} van {show(triple.subject)} is owl:{triple.object.value.removeprefix(OWL)}."
    datatype = triple.object.datatype if isinstance(triple.object, Literal) else triple.object
    if isinstance(triple.object, Literal) or (triple.predicate == RANGE and isinstance(datatype, NamedNode)):
        assert isinstance(datatype, NamedNode)
        if datatype.value not in ALLOWED_DATATYPES and datatype.value.startswith((XSD, RDF, RDFS)):
            name = datatype.value.rpartition("#")[2]
            yield triple.subject, f"{show(triple.subject)} gebruikt datatype {name}, dat OWL 2 RL niet kent."


def _is_other_owl(node: NamedNode) -> bool:
    return node.value.startswith(OWL) and node.value.removeprefix(OWL) not in ALLOWED_OWL


def _finding(files: TurtleFiles, file: TurtleFile, node: Subject, reason: str) -> Finding:
    if isinstance(node, NamedNode) and node.value.startswith(OWL):
        return Finding(reason, file.path, file.line_of(node))
    return files.finding(reason, node, file)
