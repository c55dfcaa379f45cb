"""The terms of RDF, PROV and the ontology that say where a statement came from (docs/decisions/0003-lineage-in-rdf.md)."""

from pyoxigraph import NamedNode

from kb.names import DCTERMS, FOAF, PROV, RDF, RDFS, SH, term

STATEMENT = NamedNode(RDF + "Statement")
PARTS = [NamedNode(RDF + name) for name in ("subject", "predicate", "object")]
ENTITY, ACTIVITY, ASSOCIATION, PLAN = (NamedNode(PROV + name) for name in ("Entity", "Activity", "Association", "Plan"))
GENERATED, USED, ASSOCIATED, HAD_PLAN, DERIVED_FROM = (
    NamedNode(PROV + name) for name in ("wasGeneratedBy", "used", "qualifiedAssociation", "hadPlan", "wasDerivedFrom")
)
SOURCE_RULE = NamedNode(SH + "sourceRule")
DESCRIPTION = NamedNode(DCTERMS + "description")
COMMENT = NamedNode(RDFS + "comment")
PAGE = NamedNode(FOAF + "page")
CERTAINTY, CITATION, SOURCE, PLACE = map(term, ("zekerheid", "verwijzing", "bron", "plaatsInBron"))
