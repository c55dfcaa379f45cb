"""SPARQL 1.1 Protocol, section 2.1: what a request asks, from its method, address, media type and body."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from pyoxigraph import NamedNode

from api.http.errors import MalformedError, MediaTypeError, MethodError, ReadOnlyError, not_read
from kb.language import Words

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"

Parameters = Mapping[str, list[str]]


@dataclass(frozen=True)
class Dataset:
    """The graphs a request asks over, by name; without any, the query's own FROM or else the whole data set."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A query with its data set; `format` is what the asker calls the form of the answer, where the Accept says less."""

    text: str
    dataset: Dataset = Dataset()
    format: str = ""


def read_get(query_string: bytes) -> Query | None:
    """The query of a GET; None when there is none, and the service description is asked.

    Errors: MalformedError, ReadOnlyError.
    """
    return _query(_parameters(query_string))


def read_post(query_string: bytes, content_type: str, body: bytes) -> Query:
    """The query of a POST, as a form or as itself.

    Errors: MalformedError, ReadOnlyError, MediaTypeError.
    """
    media_type, charset = _content_type(content_type)
    if media_type == UPDATE or "update" in (address := _parameters(query_string)):
        raise _read_only()
    if charset not in ("", "utf-8"):
        raise MediaTypeError(
            Words(
                f"Een query wordt gelezen als UTF-8, niet als {charset}.",
                f"A query is read as UTF-8, not as {charset}.",
            )
        )
    if media_type == FORM:
        query = _query(_merged(address, _parameters(body)))
    elif media_type == QUERY:
        query = _query(_merged(address, {"query": [_text(body)]}))
    else:
        raise not_read(media_type, (FORM, QUERY))
    if query is None:
        raise MalformedError(
            Words("De query ontbreekt: geef er één mee als `query`.", "The query is missing: give one as `query`.")
        )
    return query


def check_method(method: str) -> None:
    """Errors: MethodError for a method that the protocol does not have."""
    if method not in METHODS:
        raise MethodError(method, METHODS)


def _query(parameters: Parameters) -> Query | None:
    if "update" in parameters:
        raise _read_only()
    texts = parameters.get("query", [])
    if len(texts) > 1:
        raise MalformedError(
            Words(
                f"Er zijn {len(texts)} query's meegegeven; geef er één.",
                f"There are {len(texts)} queries; give one.",
            )
        )
    if not texts:
        return None
    dataset = Dataset(_graphs(parameters, "default-graph-uri"), _graphs(parameters, "named-graph-uri"))
    return Query(texts[0], dataset, parameters.get("format", [""])[0])


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    graphs = parameters.get(name, [])
    for graph in graphs:
        _check_iri(name, graph)
    return tuple(graphs)


def _check_iri(name: str, iri: str) -> None:
    try:
        NamedNode(iri)
    except ValueError as error:
        raise MalformedError(
            Words(
                f"{name} {iri!r} is geen volledige IRI; goed is bijvoorbeeld https://voorbeeld.nl/g.",
                f"{name} {iri!r} is no full IRI; right would be https://example.org/g.",
            )
        ) from error


def _parameters(encoded: bytes) -> Parameters:
    try:
        return parse_qs(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError as error:
        raise MalformedError(
            Words(
                "De parameters zijn geen UTF-8 in procentcodering.", "The parameters are no UTF-8 in percent-encoding."
            )
        ) from error
    except ValueError as error:
        raise MalformedError(
            Words(
                "Er zijn te veel parameters; ten hoogste 100 worden gelezen.",
                "There are too many parameters; at most 100 are read.",
            )
        ) from error


def _merged(first: Parameters, second: Parameters) -> Parameters:
    return {name: [*first.get(name, []), *second.get(name, [])] for name in (*first, *second)}


def _content_type(header: str) -> tuple[str, str]:
    media_type, _, rest = header.lower().partition(";")
    return media_type.strip(), _charset(rest.split(";"))


def _charset(parameters: Sequence[str]) -> str:
    values = (value for name, _, value in (part.partition("=") for part in parameters) if name.strip() == "charset")
    return next(values, "").strip().strip('"')


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(
            Words(
                f"De query is geen UTF-8: byte {error.start + 1} past niet.",
                f"The query is no UTF-8: byte {error.start + 1} does not fit.",
            )
        ) from error


def _read_only() -> ReadOnlyError:
    return ReadOnlyError(
        Words(
            "Dit is een dienst om alleen te lezen: wijzigingen (SPARQL Update) worden niet uitgevoerd.",
            "This service is for reading only: changes (SPARQL Update) are not run.",
        )
    )
