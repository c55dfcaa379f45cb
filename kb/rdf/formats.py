"""What all RDF that goes in and out shares: formats, prefixes and literals."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kb.errors import WijkaanpakError
from kb.knowledge.knowledge import Knowledge
from kb.names import ID, PREFIXES, XSD

FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "json-ld": RdfFormat.JSON_LD,
    "n-triples": RdfFormat.N_TRIPLES,
    "rdf-xml": RdfFormat.RDF_XML,
}


_PREFIX_LINES = re.compile(rb"(?:@prefix [^\n]*\n)+")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class FormatError(WijkaanpakError):
    """A format for RDF that is not offered, or that cannot hold what must be written."""


def find_format(name: RdfFormat | str) -> RdfFormat:
    """The format with this name (`turtle`), media type (`text/turtle`) or file name extension (`ttl`).

    Errors: FormatError for any other format than those of `FORMATS`.
    """
    found = name
    if isinstance(name, str):
        found = FORMATS.get(name) or RdfFormat.from_media_type(name) or RdfFormat.from_extension(name) or name
    if found not in FORMATS.values():
        raise FormatError(f"onbekend RDF-formaat: {name!s}. Bekend zijn {', '.join(FORMATS)}.")
    assert isinstance(found, RdfFormat)
    return found


def prefixes(knowledge: Knowledge) -> dict[str, str]:
    """The prefixes of the standards in use and one for each kind of individual."""
    return PREFIXES | {segment: f"{ID}{segment}/" for segment in knowledge.segments.values()}


def write_triples(triples: Sequence[Triple], knowledge: Knowledge, format: RdfFormat | str) -> bytes:
    """The triples in a format, with the prefixes they use where the format has them; equal triples give equal bytes.

    Errors: FormatError for a format that is not offered, or that cannot hold what is written.
    """
    found = find_format(format)
    if found == RdfFormat.RDF_XML:
        _check_xml(triples)
    parts = {part for triple in triples for part in triple}
    spaces = {_space(iri) for part in parts for iri in _iris(part)}
    used = {name: base for name, base in prefixes(knowledge).items() if any(space.startswith(base) for space in spaces)}
    data = serialize(triples, format=found, prefixes=used)
    assert data is not None  # it is None only when written to a file
    return with_sorted_prefixes(data) if found == RdfFormat.TURTLE else data


def _check_xml(triples: Sequence[Triple]) -> None:
    for triple in triples:
        if isinstance(triple.object, Literal) and _NOT_IN_XML.search(triple.object.value):
            raise FormatError(f"een stuurteken kan niet in RDF/XML: {triple.object.value!r:.60}.")


def _iris(part: object) -> list[str]:
    match part:
        case NamedNode():
            return [part.value]
        case Literal():
            return [part.datatype.value]
        case _:
            return []


def _space(iri: str) -> str:
    """An IRI up to its last separator, as a prefix ends with one: however many IRIs there are, these are few."""
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def with_sorted_prefixes(turtle: bytes) -> bytes:
    """Turtle or TriG with its prefix lines in order: the library writes them in an order that differs from run to run."""
    head = _PREFIX_LINES.match(turtle)
    lines = head[0].splitlines(keepends=True) if head else []
    return b"".join([*sorted(lines), turtle[head.end() :] if head else turtle])


def datatype(local: str) -> NamedNode:
    """The XSD datatype with this local name."""
    return NamedNode(XSD + local)


def literal(value: bool | Decimal | datetime | str, kind: str) -> Literal:
    """A value as a literal of the XSD datatype `kind`, in the form XSD calls canonical where Python's differs."""
    match value:
        case bool():
            text = "true" if value else "false"
        case Decimal():
            text = f"{value:f}"
        case datetime():
            text = value.isoformat().replace("+00:00", "Z")
        case str():
            text = value
    return Literal(text, datatype=datatype(kind))
