"""Situation and advice as RDF."""
