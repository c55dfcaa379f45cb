"""Linked data: every IRI of ours answers, as a page for people and as RDF for machines."""
