"""Content negotiation (RFC 9110): which of the offered forms or languages the asker likes best."""

import re
from collections.abc import Callable, Iterator, Sequence

from starlette.requests import Request

from api.http.errors import NotAcceptableError
from kb.language import LANGUAGES

JSON, JSON_LD, TURTLE = "application/json", "application/ld+json", "text/turtle"

_QUALITY = re.compile(r";\s*q=([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def accepted_form(request: Request, offered: Sequence[str]) -> str:
    """The offered media type that the request likes best; the first of them when it does not say.

    Errors: NotAcceptableError.
    """
    accept = ", ".join(request.headers.getlist("accept"))
    form = preferred(accept or "*/*", offered, _media_match)
    if form is None:
        raise NotAcceptableError(f"Gevraagd is {accept}; dit antwoord is er als {', '.join(offered)}.")
    return form


def accepted_language(request: Request) -> str:
    """The language that the request likes best; Dutch when we speak none of those it names."""
    accept = ", ".join(request.headers.getlist("accept-language"))
    return preferred(accept, LANGUAGES, _language_match) or LANGUAGES[0]


def preferred(header: str, offered: Sequence[str], match: Callable[[str, str], int]) -> str | None:
    """The offer with the highest quality, the earliest of equals; None when every offer is refused."""
    ranges = list(_ranges(header))

    def quality(offer: str) -> float:
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
