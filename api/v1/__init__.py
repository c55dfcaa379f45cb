"""The REST API at `/v1`."""
