"""Fixtures of the tests of the service: the app over the shared engine, and a client for it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.http.settings import Settings
from api.sparql.endpoint import SparqlEndpoint
from kb.engine import Engine
from tests.client import TestClient
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def app(engine: Engine) -> FastAPI:
    """The service, with all the time it needs on a busy machine."""
    return create_app(engine, Settings(answer_seconds=600, queue_seconds=600))


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client that gets a 500 as any other client does, instead of the exception.

    The processes for SPARQL start with the first query, as few of these tests have one.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SparqlEndpoint, "open", lambda _: None)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client


@pytest.fixture(scope="session")
def selwerd() -> dict[str, Any]:
    """An example situation as JSON."""
    situation: dict[str, Any] = json.loads((ROOT / "examples" / "selwerd.json").read_text(encoding="utf-8"))
    return situation
