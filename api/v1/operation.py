"""What FastAPI cannot read off a route by itself: which forms of body it reads and which forms of answer it writes."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from api.http.negotiation import CSV, GEO_JSON, JSON, TURTLE, WORD

REF = "#/components/schemas/{model}"
_TEXT = {"type": "string"}
# Forms that have a shape of their own.
_OTHERWISE: dict[str, dict[str, Any]] = {
    TURTLE: _TEXT,
    CSV: {
        "type": "string",
        "description": "Eén rij een conclusie (RFC 4180), met puntkomma's en een byte order mark.",
    },
    WORD: {
        "type": "string",
        "format": "binary",
        "description": "Word (docx): het A4, de bewijzen en de bronnen als noten.",
    },
    GEO_JSON: {"type": "object", "description": "GeoJSON (RFC 7946)."},
}


def reads(model: type[BaseModel], forms: Iterable[str] = (JSON,)) -> dict[str, Any]:
    """The `requestBody` of an operation that reads a model itself."""
    content = {form: {"schema": _schema(model) if form == JSON else _in_form(form)} for form in forms}
    return {"requestBody": {"required": True, "content": content}}


def writes(model: type[BaseModel], forms: Iterable[str]) -> dict[str, Any]:
    """The `responses` of an operation that writes a model in more forms than JSON."""
    content = {form: {"schema": _OTHERWISE.get(form) or _schema(model)} for form in forms}
    return {"responses": {"200": {"content": content}}}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": REF.format(model=model.__name__)}


def _in_form(form: str) -> dict[str, Any]:
    return _TEXT if form in (TURTLE, CSV) else {"type": "object"}
