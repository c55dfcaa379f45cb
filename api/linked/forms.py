"""The forms of a description: which media type and which ending of the address go with each."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlencode

from pyoxigraph import Triple
from starlette.requests import Request
from starlette.responses import RedirectResponse

from api.html.site import LANGUAGE_KEY
from api.http.negotiation import JSON_LD, TURTLE, accepted_form, best_form, header
from kb.knowledge.knowledge import Knowledge
from kb.language import LANGUAGES
from kb.rdf.formats import write_triples

HTML = "text/html"
N_TRIPLES, RDF_XML = "application/n-triples", "application/rdf+xml"

# In the order of our own preference; a browser and whoever does not say get the page.
ENDINGS = {HTML: ".html", TURTLE: ".ttl", JSON_LD: ".jsonld", N_TRIPLES: ".nt", RDF_XML: ".rdf"}
FORMS = {ending: form for form, ending in ENDINGS.items()}
NAMES = {TURTLE: "Turtle", JSON_LD: "JSON-LD", N_TRIPLES: "N-Triples", RDF_XML: "RDF/XML"}


def split_ending(path: str) -> tuple[str, str | None]:
    """A path without the ending that asks for a form, and that form."""
    for ending, form in FORMS.items():
        if path.endswith(ending):
            return path.removesuffix(ending), form
    return path, None


def asked_form(request: Request, given: str | None) -> str:
    """The form that the address asks for, else the one that the request accepts.

    Errors: NotAcceptableError.
    """
    return given or accepted_form(header(request.scope, "accept"), list(ENDINGS))


def to_description(request: Request, address: str, given: str | None) -> RedirectResponse:
    """From a name to its description at an address, in the form that the request asks for (303).

    Errors: NotAcceptableError.
    """
    form = asked_form(request, given)
    ending = ENDINGS[form] if given or form != HTML else ""
    language = request.query_params.get(LANGUAGE_KEY)
    query = f"?{LANGUAGE_KEY}={language}" if language in LANGUAGES else ""
    return RedirectResponse(
        f"{address}{ending}{query}", 303, {"Vary": "Accept", "Cache-Control": "public, max-age=300"}
    )


def prefers_page(request: Request) -> bool:
    """Whether the asker would rather read an error as a page: it names HTML, and likes it no less than JSON."""
    accept = header(request.scope, "accept")
    return HTML in accept and best_form(accept, [HTML, "application/json"]) == HTML


def serialize(triples: Sequence[Triple], knowledge: Knowledge, form: str) -> bytes:
    """Triples in a form other than HTML."""
    return write_triples(triples, knowledge, form)


def alternates(path: str, asked: Mapping[str, str] = MappingProxyType({})) -> list[tuple[str, str, str]]:
    """The addresses of the other forms of a page, as (name, media type, path); `asked` is what its own address asks."""
    query = f"?{urlencode(asked)}" if asked else ""
    return [(name, form, path + ENDINGS[form] + query) for form, name in NAMES.items()]
