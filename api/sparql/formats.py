"""Which form an answer takes: content negotiation over the forms of solutions and of triples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from api.http.errors import not_acceptable
from api.http.negotiation import best_form

HTML = "text/html"
MOST_KEPT = 512

# Each media type we answer with, and the one that names its format; the first of a format is its own.
SOLUTIONS: Mapping[str, str] = {
    "application/sparql-results+json": "application/sparql-results+json",
    "application/sparql-results+xml": "application/sparql-results+xml",
    "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values",
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
TRIPLES: Mapping[str, str] = {
    "text/turtle": "text/turtle",
    "application/n-triples": "application/n-triples",
    "application/rdf+xml": "application/rdf+xml",
    "application/ld+json": "application/ld+json",
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
}

# The names that `format` may have besides media types, for links that cannot send an Accept.
NAMES: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "turtle": ("text/turtle",),
    "n-triples": ("application/n-triples",),
    "rdf-xml": ("application/rdf+xml",),
    "json-ld": ("application/ld+json",),
}


@dataclass(frozen=True)
class Forms:
    """The media types an answer will have: of solutions, of triples; None where none is accepted."""

    solutions: str | None
    triples: str | None


def forms(accept: str, format: str = "") -> Forms:
    """The forms an asker likes best; `format` goes before `accept`, and is skipped when it says nothing to us.

    Errors: NotAcceptableError when neither solutions nor triples have an accepted form.
    """
    # What an asker may make as long as it likes is not kept.
    return _kept_forms(accept, format) if len(accept) + len(format) <= MOST_KEPT else _forms(accept, format)


def _forms(accept: str, format: str) -> Forms:
    asked = NAMES.get(format, (format,))
    found = Forms(_form(accept, SOLUTIONS, asked), _form(accept, TRIPLES, asked))
    if found == Forms(None, None):
        offered = list(dict.fromkeys([*SOLUTIONS.values(), *TRIPLES.values()]))
        raise not_acceptable(accept, offered)
    return found


_kept_forms = lru_cache(maxsize=1024)(_forms)


def prefers_html(accept: str) -> bool:
    """Whether an asker would rather have a page than any other form."""
    return HTML in accept and best_form(accept, [*SOLUTIONS, *TRIPLES, HTML]) == HTML


def content_type(media_type: str) -> str:
    """The Content-Type of an answer: text says that it is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _form(accept: str, offered: Mapping[str, str], asked: Sequence[str]) -> str | None:
    named = next((form for form in asked if form in offered), None)
    return named or best_form(accept, list(offered))
