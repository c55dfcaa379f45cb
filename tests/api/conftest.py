"""Fixtures of the tests of the service: the app over the shared engine, and a client for it."""

import warnings
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.settings import Settings
from kb.engine import Engine

with warnings.catch_warnings():
    # The client asks for the successor of httpx, which is not needed for what is tested here.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", UserWarning)
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def app(engine: Engine) -> FastAPI:
    """The service with its default settings."""
    return create_app(engine, Settings())


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client that gets a 500 as any other client does, instead of the exception."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
