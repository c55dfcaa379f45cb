"""Answers on their way out: JSON without a second validation, and answers that caches may keep."""

from collections.abc import Mapping
from hashlib import blake2b

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from api.http.negotiation import JSON

CACHE_SECONDS = 300


def json_response(
    content: object, *, status: int = 200, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer of values that already have the right shape."""
    return Response(to_json(content), status, headers, media_type)


def cached_response(request: Request, content: object, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer with an ETag; empty (304) for who has it already."""
    return cached_bytes(request, to_json(content), JSON, {"Vary": "Accept", **(headers or {})})


def cached_bytes(request: Request, body: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """Any answer with an ETag; empty (304) for who has it already."""
    tag = tag_of(body)
    kept = {"ETag": tag, "Cache-Control": f"public, max-age={CACHE_SECONDS}", **headers}
    if has_tag(request.headers.get("if-none-match", ""), tag):
        kept["Vary"] = ", ".join([kept.get("Vary", ""), "Accept-Encoding"]).removeprefix(", ")
        return Response(None, 304, kept)
    return Response(body, 200, kept, media_type)


def tag_of(body: bytes) -> str:
    """The ETag of an answer. A weak one, as the same answer may be sent compressed or not."""
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def has_tag(if_none_match: str, tag: str) -> bool:
    """Whether an If-None-Match header names this ETag, as RFC 9110 compares them: weakly."""
    known = (part.strip().removeprefix("W/") for part in if_none_match.split(","))
    return if_none_match.strip() == "*" or tag.removeprefix("W/") in known
