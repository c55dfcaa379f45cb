"""Situations as RDF, both ways without loss.

    [] a :Situatie ; dcterms:title "Selwerd" ; :inWijk wijk:selwerd ; :peildatum "2016-06-01T00:00:00Z"^^xsd:dateTime ;
        :heeftAanleiding aanleiding:afnemende-leefbaarheid ;
        :heeftMeting [ a :Meting ; :grootheid grootheid:woningen ; :waarde 3183 ] .

A document holds one situation. What is said in our own terms must be understood, else it is a problem; what is said in
other terms (`dcterms:spatial`, `geo:sfWithin` …) is kept as it is (`Situatie.besides`), and no rule looks at it. The name
of the situation is kept, the names of its own nodes are not.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kb.engine import Engine
from kb.errors import Problem, SituationError, nearest
from kb.knowledge.graph import Subject
from kb.names import DCTERMS, DEF, ID, SITUATIE, TYPE, XSD, declared, local_name, show, slug
from kb.rdf.formats import FormatError, find_format, literal, write_triples
from kb.rule.expression import Stated
from kb.situation.facts import Facts, Node
from kb.situation.model import (
    CBS_CODE,
    CYCLUS,
    GEMETEN_IN,
    GEMETEN_OVER,
    GEWICHT,
    GRAVEN,
    GROOTHEID,
    HEEFT_METING,
    HEEFT_PRIORITEIT,
    HEEFT_WENS,
    HEEFT_WERK,
    IN_WIJK,
    LINK_FIELDS,
    NABIJ_TOT,
    ONTLEEND_AAN,
    PEILDATUM,
    PEILJAAR,
    PLANZEKERHEID,
    SCHUIFRUIMTE,
    STRAAT_ONBEKEND,
    TOEGEPAST_OP,
    TOT,
    TRANSITIE,
    VAN,
    VOORUITBLIK,
    WAARDE,
    WENS_VAN,
    WENST_OPGAVE,
    WERK_VAN,
    Situatie,
    read_situation,
)
from kb.situation.resolve import is_cbs_code

MOST_SHOWN = 80
HERE = BlankNode("situatie")
TITLE = NamedNode(DCTERMS + "title")

# The XSD datatype of each plain value, as the ontology gives it.
KINDS = {
    TITLE: "string",
    CBS_CODE: "string",
    PEILDATUM: "dateTime",
    PEILJAAR: "integer",
    NABIJ_TOT: "integer",
    VOORUITBLIK: "dateTime",
    VAN: "integer",
    TOT: "integer",
    SCHUIFRUIMTE: "integer",
    GRAVEN: "boolean",
    STRAAT_ONBEKEND: "boolean",
    WAARDE: "decimal",
    GEMETEN_IN: "integer",
    GEMETEN_OVER: "string",
    TOEGEPAST_OP: "string",
    GEWICHT: "integer",
}

Object: TypeAlias = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class NodeKind:
    """A kind of node of the situation's own: its JSON field and class, the property that says what it is about
    (`key`), its plain values and its other links to individuals, and which of these it must have."""

    field: str
    cls: NamedNode
    key: NamedNode
    values: tuple[NamedNode, ...] = ()
    links: tuple[NamedNode, ...] = ()
    required: tuple[NamedNode, ...] = ()

    @property
    def properties(self) -> tuple[NamedNode, ...]:
        """Every property that such a node can be given; what the resolver adds to it is none of them."""
        return (self.key, *self.values, *self.links)


NODE_KINDS = {
    HEEFT_WERK: NodeKind(
        "werken", declared("Werk"), CYCLUS, (VAN, TOT, GRAVEN, SCHUIFRUIMTE, STRAAT_ONBEKEND), (WERK_VAN, PLANZEKERHEID)
    ),
    HEEFT_WENS: NodeKind("wensen", declared("Wens"), WENS_VAN, links=(WENST_OPGAVE,), required=(WENST_OPGAVE,)),
    HEEFT_METING: NodeKind(
        "metingen",
        declared("Meting"),
        GROOTHEID,
        (WAARDE, GEMETEN_IN, GEMETEN_OVER, TOEGEPAST_OP),
        (ONTLEEND_AAN,),
        required=(WAARDE,),
    ),
    HEEFT_PRIORITEIT: NodeKind("prioriteiten", declared("Prioriteit"), TRANSITIE, (GEWICHT,), required=(GEWICHT,)),
}
# Where the JSON field of a property of an own node is not called as the property is.
_FIELD_NAMES = {WERK_VAN: "eigenaar", PLANZEKERHEID: "zekerheid", WENS_VAN: "betrokkene", WENST_OPGAVE: "opgave"}
_ORIGIN_NAMES = {ONTLEEND_AAN: "bron", GEMETEN_IN: "jaar", GEMETEN_OVER: "gebied", TOEGEPAST_OP: "toegepastOp"}
_PROPERTIES = {kind.field: local_name(link) for link, kind in NODE_KINDS.items()}
_PROPERTIES |= {field: local_name(link) for field, link in LINK_FIELDS.items()}
_PROPERTIES |= {"naam": "dcterms:title", "wijk": local_name(IN_WIJK)}


def situation_triples(situation: Situatie, facts: Facts, node: Subject) -> list[Triple]:
    """The situation as triples about `node`; `facts` is what its terms mean (`Resolver.facts`)."""
    triples = [Triple(node, TYPE, SITUATIE)]
    if situation.naam is not None:
        triples.append(Triple(node, TITLE, literal(situation.naam, KINDS[TITLE])))
    if situation.wijk is not None and is_cbs_code(situation.wijk):
        triples.append(Triple(node, CBS_CODE, literal(situation.wijk, KINDS[CBS_CODE])))
    triples += [Triple(node, prop, _object(prop, value)) for prop, value in stated_values(situation, facts).items()]
    triples += [Triple(node, prop, individual) for prop, individual in sorted(facts.links, key=str)]
    for number, own in enumerate(facts.nodes):
        triples += _node_triples(node, own, node_name(own, number))
    return triples + [_about(node, triple) for triple in situation.besides]


def _about(node: Subject, triple: Triple) -> Triple:
    """A triple that was read about the situation, about `node`."""
    subject = node if triple.subject == HERE else triple.subject
    return Triple(subject, triple.predicate, node if triple.object == HERE else triple.object)


def stated_values(situation: Situatie, facts: Facts) -> dict[NamedNode, Stated]:
    """The plain values that the situation itself states; a reference date that is only today's is none."""
    return {PEILDATUM: facts.values[PEILDATUM]} if situation.peildatum else {}


def stated_of(own: Node) -> dict[NamedNode, Stated]:
    """What a situation states of an own node, without what the resolver adds."""
    known = NODE_KINDS[own.property].properties
    return {prop: value for prop, value in own.values.items() if prop in known}


def situation_node(situation: Situatie) -> Subject:
    """The name of a situation, or a blank node when it has none."""
    return NamedNode(situation.iri) if situation.iri else HERE


def node_name(node: Node, number: int) -> BlankNode:
    """The name, within one document, of the situation's own node with this number in its facts."""
    return BlankNode(f"{local_name(NODE_KINDS[node.property].cls).lower()}-{number + 1}")


def write_situation_rdf(engine: Engine, situation: Situatie, format: RdfFormat | str) -> bytes:
    """The situation in a format of RDF.

    Errors: SituationError when a term is not known, FormatError for a format that is unknown or cannot hold the name.
    """
    triples = situation_triples(situation, engine.resolver.facts(situation), situation_node(situation))
    return write_triples(triples, engine.knowledge, format)


def read_situation_rdf(data: bytes, format: RdfFormat | str, engine: Engine) -> Situatie:
    """The one situation that an RDF document holds, its terms as slugs.

    A relative IRI is read as an individual: `<opgave/hittestress-tegengaan>`.
    Errors: SituationError with a Problem for each thing that is not understood.
    """
    quads = _parse(data, format)
    reader = _SituationReader(engine, quads)
    fields = reader.read()
    if reader.problems:
        raise SituationError(reader.problems)
    try:
        situation = read_situation(fields)
        engine.resolver.facts(situation)
    except SituationError as error:
        raise SituationError([_named_by_property(problem) for problem in error.problems]) from error
    return situation.with_besides(tuple(reader.besides))


def unknown_terms(situation: Situatie) -> list[str]:
    """The properties in what a situation's RDF said besides, as people read them: these the advice does not look at."""
    return sorted({show(triple.predicate) for triple in situation.besides})


def _object(prop: NamedNode, value: Stated) -> NamedNode | Literal:
    return value if isinstance(value, NamedNode) else literal(value, KINDS[prop])


def _node_triples(situation: Subject, own: Node, name: BlankNode) -> list[Triple]:
    values = [Triple(name, prop, _object(prop, value)) for prop, value in stated_of(own).items()]
    return [Triple(situation, own.property, name), Triple(name, TYPE, NODE_KINDS[own.property].cls), *values]


def _parse(data: bytes, format: RdfFormat | str) -> list[Quad]:
    try:
        found = find_format(format)
        return list(dict.fromkeys(parse(data, format=found, base_iri=ID, rename_blank_nodes=False)))
    except FormatError as error:
        raise SituationError([Problem("", str(error))]) from error
    except SyntaxError as error:
        line = f"regel {error.lineno}: " if error.lineno else ""
        reason = _REMOTE_CONTEXT if "LoadDocumentCallback" in error.msg else error.msg
        raise SituationError([Problem("", f"geen geldige {found.name}: {line}{reason}.")]) from error


def _named_by_property(problem: Problem) -> Problem:
    """A problem whose place starts with the property in RDF instead of the field in JSON."""
    name = re.split(r"[.\[]", problem.field, maxsplit=1)[0]
    return Problem(_PROPERTIES.get(name, name) + problem.field[len(name) :], problem.message, problem.nearest)


class _SituationReader:
    """Turns triples into the JSON fields of a situation, with a Problem for each triple that is not understood."""

    def __init__(self, engine: Engine, quads: list[Quad]) -> None:
        self.engine = engine
        self.ranges = engine.vocabulary.ranges
        self.problems: list[Problem] = []
        self.besides: list[Triple] = []
        self.about: dict[Subject, dict[NamedNode, list[Object]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            if not isinstance(quad.graph_name, DefaultGraph):
                graph = f"de benoemde graaf {_as_given(quad.graph_name)}"
                self._problem(show(quad.predicate), f"staat in {graph}; zet alles in de gewone graaf.")
            assert not isinstance(quad.subject, Triple)  # RDF 1.2 has triple terms as objects only
            self.about[quad.subject][quad.predicate].append(quad.object)

    def read(self) -> dict[str, Any]:
        """The fields of the situation, as far as they are understood."""
        situations = [node for node, facts in self.about.items() if SITUATIE in facts.get(TYPE, ())]
        if len(situations) != 1:
            count = len(situations)
            self._problem("rdf:type", f"het document moet precies één :Situatie bevatten, en bevat er {count}.")
            return {}
        node = situations[0]
        facts = self.about.pop(node)
        fields: dict[str, Any] = {"iri": node.value} if isinstance(node, NamedNode) else {}
        self._check_type(facts.pop(TYPE), SITUATIE, "", HERE)
        # A code says more than the wijk it is in, and so comes last.
        for prop, objects in sorted(facts.items(), key=lambda item: item[0] == CBS_CODE):
            self._read_property(prop, objects, fields)
        for node, loose in self.about.items():
            for prop, objects in loose.items():
                if self._keeps(node, prop, objects):
                    continue
                self._problem(show(prop), f"gaat over {_as_given(node)}, dat niet bij de situatie hoort; laat het weg.")
        return fields

    def _read_property(self, prop: NamedNode, objects: list[Object], fields: dict[str, Any]) -> None:
        if prop in NODE_KINDS:
            self._read_nodes(prop, objects, fields)
        elif prop in _LINKS:
            individuals = [self._individual(prop, node, show(prop)) for node in objects]
            fields[_LINKS[prop]] = sorted(found for found in individuals if found)
        elif prop in _SINGLE:
            read = self._individual if prop in self.ranges else self._value
            fields[_SINGLE[prop]] = self._one([read(prop, node, show(prop)) for node in objects], show(prop))
        elif not self._keeps(HERE, prop, objects):
            self._unknown(prop, [*_LINKS, *_SINGLE, *NODE_KINDS], "een situatie", "")

    def _read_nodes(self, link: NamedNode, objects: list[Object], fields: dict[str, Any]) -> None:
        kind = NODE_KINDS[link]
        rows = []
        for index, node in enumerate(objects):
            place = f"{local_name(link)}[{index}]"
            if isinstance(node, Literal | Triple):
                self._problem(place, f"moet een knoop zijn met :{local_name(kind.key)}, maar is {_as_given(node)}.")
                continue
            if node not in self.about:
                self._problem(place, f"van {_as_given(node)} staat er niets; :{local_name(kind.key)} is nodig.")
                continue
            row = self._read_node(kind, node, place)
            if kind.key in row:
                rows.append(row)
        if kind.field in ("werken", "wensen"):
            rows.sort(key=_in_order)
            fields[kind.field] = [
                {_FIELD_NAMES.get(prop, local_name(prop)): value for prop, value in row.items()} for row in rows
            ]
        else:
            fields[kind.field] = self._by_key(kind, rows, link)
        if link == HEEFT_METING:
            origins = {
                row[kind.key]: {name: row[prop] for prop, name in _ORIGIN_NAMES.items() if prop in row}
                for row in sorted(rows, key=_in_order)
            }
            fields["herkomst"] = {name: origin for name, origin in origins.items() if origin}

    def _read_node(self, kind: NodeKind, node: Subject, place: str) -> dict[NamedNode, Any]:
        row: dict[NamedNode, Any] = {}
        facts = self.about.pop(node)
        self._check_type(facts.pop(TYPE, [kind.cls]), kind.cls, place, node)
        for prop, objects in facts.items():
            here = f"{place}.{show(prop)}"
            named = prop == kind.key or prop in kind.links
            read = self._individual if named else self._value if prop in kind.values else None
            if read is None and self._keeps(node, prop, objects):
                continue
            if read is None:
                owner = f"een {self.engine.knowledge.label(kind.cls)}"
                self._unknown(prop, list(kind.properties), owner, f"{place}.")
                continue
            value = self._one([read(prop, node, here) for node in objects], here)
            if value is not None:
                row[prop] = value
        for prop in (kind.key, *kind.required):
            if prop not in facts:
                self._problem(f"{place}.{local_name(prop)}", "ontbreekt.")
        return row

    def _by_key(self, kind: NodeKind, rows: list[dict[NamedNode, Any]], link: NamedNode) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in rows:
            name, value = row[kind.key], row.get(kind.values[0])
            if found.setdefault(name, value) != value:
                self._problem(f"{local_name(link)}.{name}", f"staat er twee keer, met {found[name]} en met {value}.")
        return dict(sorted(found.items()))

    def _individual(self, prop: NamedNode, node: Object, place: str) -> str | None:
        cls = self.ranges[prop]
        kind = self.engine.knowledge.label(cls)
        if not isinstance(node, NamedNode):
            self._problem(place, f"moet de IRI van een bekende {kind} zijn, maar is {_as_given(node)}.")
        elif node not in self.engine.knowledge.instances(cls):
            resolver = self.engine.resolver
            found = (resolver.find(name, cls) for name in resolver.nearest(node.value, cls))
            near = tuple(other.value for other in found if other)
            self._problem(place, f"onbekend als {kind}: {_as_given(node)}.{_meant(near)}", near)
        else:
            return slug(node)
        return None

    def _value(self, prop: NamedNode, node: Object, place: str) -> Any:
        form = _FORMS[KINDS[prop]]
        if prop == TITLE and isinstance(node, Literal) and node.language:
            return node.value
        if not isinstance(node, Literal) or node.language or node.datatype.value.removeprefix(XSD) not in form.kinds:
            self._problem(place, f"moet xsd:{KINDS[prop]} zijn, zoals {form.example}, geen {_as_given(node)}.")
        elif not re.fullmatch(form.pattern, node.value):
            self._problem(place, f"{node.value!r} is geen {form.name}; schrijf het zoals {form.example}.")
        elif prop == CBS_CODE and not is_cbs_code(node.value):
            self._problem(place, f"{node.value!r} is geen CBS-code van een gemeente, wijk of buurt, zoals BU00141000.")
        else:
            return form.read(node.value)
        return None

    def _one(self, values: list[Any], place: str) -> Any:
        distinct = list(dict.fromkeys(value for value in values if value is not None))
        if len(distinct) > 1:
            given = ", ".join(map(str, distinct))
            self._problem(place, f"mag één waarde hebben, en heeft er {len(distinct)}: {given}.")
        return distinct[0] if distinct else None

    def _keeps(self, node: Subject, prop: NamedNode, objects: list[Object]) -> bool:
        """Keep what is said in other terms than ours; whether it is."""
        foreign = not prop.value.startswith(DEF) and (prop != TYPE or not any(map(_is_ours, objects)))
        if foreign:
            self.besides += [Triple(node, prop, value) for value in objects]
        return foreign

    def _check_type(self, types: list[Object], expected: NamedNode, place: str, node: Subject) -> None:
        for other in types:
            if other != expected and not self._keeps(node, TYPE, [other]):
                here = f"{place}.rdf:type".lstrip(".")
                self._problem(here, f"moet :{local_name(expected)} zijn, maar is {_as_given(other)}.")

    def _unknown(self, prop: NamedNode, known: list[NamedNode], owner: str, place: str) -> None:
        vocabulary = self.engine.vocabulary
        if prop in vocabulary.conclusions | vocabulary.steps:
            self._problem(place + show(prop), "is een gevolgtrekking van de regels, geen gegeven; laat het weg.")
            return
        near = nearest(local_name(prop).rpartition("/")[2], {local_name(other): local_name(other) for other in known})
        names = ", ".join(f":{show(other)}" if other != TITLE else show(other) for other in known)
        meant = _meant(tuple(f":{name}" for name in near))
        self._problem(place + show(prop), f"onbekende eigenschap van {owner}.{meant} Bekend zijn {names}.", near)

    def _problem(self, place: str, message: str, near: tuple[str, ...] = ()) -> None:
        self.problems.append(Problem(place, message, near))


@dataclass(frozen=True)
class _Form:
    """How a value of one datatype is written: its name for the reader, an example, the datatypes it may come as
    (JSON-LD makes every fraction a double), the pattern it must match, and how it is read."""

    name: str
    example: str
    kinds: tuple[str, ...]
    pattern: str
    read: Callable[[str], Any]


_FORMS = {
    "string": _Form("tekst", '"tekst" zonder taal', ("string",), r"(?s).*", str),
    "boolean": _Form("ja of nee", "true", ("boolean",), r"true|false|1|0", lambda text: text in ("true", "1")),
    "integer": _Form("geheel getal", "2027", ("integer",), r"[+-]?[0-9]{1,20}", int),
    "decimal": _Form(
        "getal",
        "0.93",
        ("decimal", "integer", "double"),
        r"[+-]?([0-9]{1,20}(\.[0-9]{0,20})?|\.[0-9]{1,20})([eE][+-]?[0-9]{1,2})?",
        Decimal,
    ),
    "dateTime": _Form(
        "begin van een dag in UTC",
        '"2026-11-24T00:00:00Z"^^xsd:dateTime',
        ("dateTime",),
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00(\.0+)?(Z|[+-]00:00)",
        lambda text: text[:10],
    ),
}
_SINGLE = {TITLE: "naam", PEILDATUM: "peildatum", CBS_CODE: "wijk", IN_WIJK: "wijk", LINK_FIELDS["fase"]: "fase"}
_LINKS = {prop: field for field, prop in LINK_FIELDS.items() if prop not in _SINGLE}
_REMOTE_CONTEXT = "een @context van elders wordt niet opgehaald; zet hem in het document zelf"


def _is_ours(node: Object) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(DEF)


def _in_order(row: dict[NamedNode, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(prop, "")) for kind in NODE_KINDS.values() for prop in kind.properties)


def _meant(near: tuple[str, ...]) -> str:
    return f" Bedoelt u {', '.join(near)}?" if near else ""


def _as_given(node: Object) -> str:
    """A node as the RDF that was given writes it: here people must find it back in their own file."""
    match node:
        case NamedNode():
            return f"<{node.value}>"
        case Literal():
            text = str(node).replace(f"^^<{XSD}", "^^xsd:").rstrip(">")
            return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
        case BlankNode():
            return "een lege knoop"
        case _:
            return "een uitspraak"
