"""Content negotiation (RFC 9110): which of the offered forms or languages the asker likes best."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from starlette.types import Scope

from api.http.errors import not_acceptable
from kb.language import LANGUAGES, Taal

Offer = TypeVar("Offer", bound=str)

JSON, JSON_LD, TURTLE, CSV = "application/json", "application/ld+json", "text/turtle", "text/csv"
SHEET = f"{CSV}; charset=utf-8"
GEO_JSON = "application/geo+json"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_QUALITY = re.compile(r";\s*q=([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def accepted_form(accept: str, offered: Sequence[str]) -> str:
    """The offered media type that an Accept header likes best; the first of them when it does not say.

    Errors: NotAcceptableError.
    """
    form = best_form(accept, offered)
    if form is None:
        raise not_acceptable(accept, offered)
    return form


def best_form(accept: str, offered: Sequence[str]) -> str | None:
    """As `accepted_form`, but None where nothing is accepted."""
    return preferred(accept or "*/*", offered, _media_match)


def accepted_language(accept: str) -> Taal:
    """The language that an Accept-Language header likes best; Dutch when we speak none of those it names."""
    return preferred(accept, LANGUAGES, _language_match) or LANGUAGES[0]


def header(scope: Scope, name: str) -> str:
    """A request header, its lines joined; empty when there is none."""
    key = name.encode()
    return ", ".join([value.decode("latin-1") for found, value in scope["headers"] if found == key])


def preferred(header: str, offered: Sequence[Offer], match: Callable[[str, str], int]) -> Offer | None:
    """The offer with the highest quality, the earliest of equals; None when every offer is refused."""
    ranges = list(_ranges(header))

    def quality(offer: Offer) -> float:
        fits = [(specificity, q) for name, q in ranges if (specificity := match(name, offer))]
        return max(fits)[1] if fits else 0

    best = max(offered, key=quality)
    return best if quality(best) else None


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for part in header.lower().split(","):
        name = part.partition(";")[0].strip()
        quality = _QUALITY.search(part)
        if name:
            yield name, float(quality[1]) if quality else 1.0


def _media_match(media_range: str, offer: str) -> int:
    """How exactly a range names an offer; 0 when it does not."""
    return {"*/*": 1, offer.partition("/")[0] + "/*": 2, offer: 3}.get(media_range, 0)


def _language_match(language_range: str, offer: str) -> int:
    return {"*": 1, offer: 3}.get(language_range, 2 if language_range.startswith(f"{offer}-") else 0)
