"""Fixtures of the tests of pages and linked data: the service as a browser or an RDF client meets it."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.http.settings import Settings
from kb.engine import Engine
from tests.client import TestClient


@pytest.fixture(scope="session")
def app(engine: Engine) -> FastAPI:
    """The service with its default settings and few processes."""
    return create_app(engine, Settings(sparql_workers=1))


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client that does not follow redirects."""
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client
