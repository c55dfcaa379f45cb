"""The client of the tests of the service."""

import warnings

with warnings.catch_warnings():
    # The test client announces a successor of httpx; the one in use does all that is tested here.
    warnings.filterwarnings("ignore", "Using `httpx`", UserWarning)
    from starlette.testclient import TestClient

__all__ = ["TestClient"]
