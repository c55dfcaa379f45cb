"""The live endpoint of the SPARQL tests, for clients from npm."""

from tests.sparql.conftest import endpoint

__all__ = ["endpoint"]
