"""Random situations over the real vocabulary, and random small rule programs with their own knowledge."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse

from kb.engine import Engine
from kb.knowledge.derive import derive
from kb.knowledge.knowledge import Knowledge
from kb.knowledge.vocabulary import Vocabulary, read_vocabulary
from kb.names import DEF, ID, SITUATIE, TYPE, XSD, local_name, slug, term
from kb.rule.expression import Stated
from kb.rule.parse import parse_rule
from kb.rule.rule import Rule
from kb.situation.facts import Facts, Link, Node
from kb.situation.model import CYCLUS, GROOTHEID, LINK_FIELDS, OPPOSITES, TRANSITIE, Situatie, Werk

# --- situations over the real vocabulary ---


@cache
def situations(engine: Engine) -> SearchStrategy[Situatie]:
    """Situations that state anything the vocabulary knows, values at and around the limits of the knowledge included."""
    fields: dict[str, SearchStrategy[object]] = {
        field: st.lists(st.sampled_from(_slugs(engine, prop)), max_size=6, unique=True).map(tuple)
        for field, prop in LINK_FIELDS.items()
        if field != "fase"
    }
    found = st.builds(
        Situatie,
        **fields,
        fase=st.none() | st.sampled_from(_slugs(engine, LINK_FIELDS["fase"])),
        peildatum=st.none() | _dates(engine),
        werken=st.lists(_works(engine), max_size=4).map(tuple),
        metingen=_measurements(engine),
        prioriteiten=st.dictionaries(st.sampled_from(_slugs(engine, TRANSITIE)), st.integers(0, 3), max_size=3),
    )
    return found.map(_without_contradiction)


def _without_contradiction(situation: Situatie) -> Situatie:
    """Nothing is said to hold and not to hold."""
    denied = {
        opposite: tuple(name for name in getattr(situation, opposite) if name not in getattr(situation, field))
        for field, opposite in OPPOSITES.items()
    }
    return situation.model_copy(update=denied)


@cache
def _slugs(engine: Engine, prop: NamedNode) -> list[str]:
    return [slug(node) for node in engine.knowledge.instances(engine.vocabulary.ranges[prop])]


@cache
@st.composite
def _works(draw: DrawFn, engine: Engine) -> Werk:
    first, length = draw(st.integers(2025, 2030)), draw(st.integers(0, 3))
    return Werk(
        cyclus=draw(st.sampled_from(_slugs(engine, CYCLUS))),
        van=draw(st.sampled_from([None, first])),
        tot=draw(st.sampled_from([None, first + length])),
        graven=draw(st.sampled_from([None, True, False])),
    )


@cache
@st.composite
def _measurements(draw: DrawFn, engine: Engine) -> dict[str, Decimal]:
    chosen = draw(st.lists(st.sampled_from(_slugs(engine, GROOTHEID)), max_size=5, unique=True))
    return {name: draw(_measured(engine, name)) for name in chosen}


@cache
def _measured(engine: Engine, name: str) -> SearchStrategy[Decimal]:
    """A value inside the range of a quantity, often exactly a limit that some knowledge compares it with."""
    node = NamedNode(f"{ID}grootheid/{name}")
    low = Decimal(engine.knowledge.literal(node, term("minimaal")) or 0)
    high = Decimal(engine.knowledge.literal(node, term("maximaal")) or 10_000)
    anywhere = st.decimals(low, high, places=2)
    limits = sorted(value for value in _limits(engine.knowledge, node) if low <= value <= high)
    return st.sampled_from(limits) | anywhere if limits else anywhere


def _limits(knowledge: Knowledge, quantity: NamedNode) -> set[Decimal]:
    asking = [t for name in ("opGrootheid", "eistGrootheid") for t in knowledge.triples(None, term(name), quantity)]
    about = {triple.subject for triple in asking if isinstance(triple.subject, NamedNode)}
    values = {knowledge.literal(node, term(name)) for node in about for name in ("ondergrens", "bovengrens")}
    return {Decimal(value) for value in values if value is not None}


@cache
def _dates(engine: Engine) -> SearchStrategy[date]:
    bounds = [t.object for name in ("opentOp", "sluitOp") for t in engine.knowledge.triples(None, term(name))]
    moments = [bound.value[:10] for bound in bounds if isinstance(bound, Literal)]
    edges = [date.fromisoformat(text) + timedelta(days=days) for text in sorted(set(moments)) for days in (-1, 0, 1)]
    return st.sampled_from([*edges, date(2016, 6, 1), date(2027, 1, 1)])


# --- small random programs ---

# Each part is made once for what it is made of: Hypothesis looks at every new one whether it can be drawn from.

THINGS = [NamedNode(f"{ID}ding/{letter}") for letter in "abcd"]
INPUTS = [term("invoer1"), term("invoer2")]
DERIVED = [term(f"afgeleid{number}") for number in range(4)]
HEEFT_KNOOP, DING, GETAL, WAAR, WAARDE = map(term, ("heeftKnoop", "ding", "getal", "waar", "waarde"))

_ONTOLOGY = f"""
PREFIX : <{DEF}>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
:Ding rdfs:subClassOf :Begrip .
:invoer1 a owl:ObjectProperty ; rdfs:domain :Situatie ; rdfs:range :Ding ; :rol :invoer .
:invoer2 a owl:ObjectProperty ; rdfs:domain :Situatie ; rdfs:range :Ding ; :rol :invoer .
:heeftKnoop a owl:ObjectProperty ; rdfs:domain :Situatie ; rdfs:range :Knoop ; :rol :invoer .
:waarde a owl:DatatypeProperty ; rdfs:domain :Situatie ; :rol :invoer .
:ding a owl:ObjectProperty ; rdfs:domain :Knoop ; rdfs:range :Ding .
:getal a owl:DatatypeProperty ; rdfs:domain :Knoop .
:waar a owl:DatatypeProperty ; rdfs:domain :Knoop .
"""
_ONTOLOGY += "".join(f"{prop} rdfs:domain :Situatie ." for prop in DERIVED)
_HEADER = "\n".join(f"#@ {key}: x" for key in ("label", "label-en", "uitleg", "uitleg-en", "bron"))
_HEADER = _HEADER.replace("bron: x", "bron: x | y") + f"\n#@ zekerheid: aanname\nPREFIX : <{DEF}>\n"
_SYMBOLS = ["=", "!=", "<", "<=", ">", ">="]


@cache
def _parsed(text: str, number: int) -> Rule:
    """The rule; to parse it takes longer than all else that is done with it, and hypothesis tries the same one more often."""
    return parse_rule(text, Path(f"situatie/regel{number}.rq"))


@dataclass(frozen=True)
class Case:
    """A small knowledge base with rules about it, and situations to evaluate."""

    turtle: str
    texts: tuple[str, ...]
    situations: tuple[Facts, ...]

    @staticmethod
    def with_things(about_each: str, texts: tuple[str, ...]) -> "Case":
        """A case without situations, whose things all have the same said of them."""
        return Case(_ONTOLOGY + "\n".join(f"{thing} a :Ding ; {about_each} ." for thing in THINGS), texts, ())

    def knowledge(self) -> Knowledge:
        """The knowledge, loaded."""
        store = Store()
        store.extend(parse(self.turtle, format=RdfFormat.TURTLE))
        return derive(store, [])

    def vocabulary(self, knowledge: Knowledge) -> Vocabulary:
        """What the case's ontology says of situations."""
        return read_vocabulary(knowledge)

    def rules(self) -> list[Rule]:
        """The rules, parsed and checked."""
        return [_parsed(text, number) for number, text in enumerate(self.texts)]

    def triples(self, facts: Facts, node: NamedNode) -> Iterator[Triple]:
        """A situation of this case as triples; its nodes are blank and its numbers decimals."""
        yield Triple(node, TYPE, SITUATIE)
        yield from (Triple(node, prop, thing) for prop, thing in facts.links)
        yield from (Triple(node, prop, _term(value)) for prop, value in facts.values.items())
        for own in facts.nodes:
            blank = BlankNode()
            yield Triple(node, own.property, blank)
            yield from (Triple(blank, prop, _term(value)) for prop, value in own.values.items())


def _term(value: Stated) -> NamedNode | Literal:
    match value:
        case NamedNode():
            return value
        case bool():
            return Literal(value)
        case _:
            return Literal(str(value), datatype=NamedNode(XSD + "decimal"))


@st.composite
def cases(draw: DrawFn) -> Case:
    """Random programs whose negations never form a cycle, though their other dependencies may."""
    texts = draw(st.lists(st.integers(0, len(DERIVED) - 1).flatmap(_rule), min_size=2, max_size=7))
    situations = draw(st.lists(_facts(), min_size=2, max_size=5))
    return Case(draw(_knowledge()), tuple(texts), tuple(situations))


@cache
@st.composite
def _knowledge(draw: DrawFn) -> str:
    things = st.sampled_from(THINGS)
    links = draw(st.lists(st.tuples(things, st.sampled_from([":p", ":q"]), things), min_size=4, max_size=12))
    limits = draw(st.lists(st.tuples(things, _limit()), min_size=2, max_size=5))
    lines = [f"{thing} a :Ding ." for thing in THINGS]
    lines += [f"{one} {prop} {other} ." for one, prop, other in links]
    lines += [f"{thing} :grens {limit} ." for thing, limit in limits]
    return _ONTOLOGY + "\n".join(lines)


@cache
def _limit() -> SearchStrategy[str]:
    """A number as any datatype that knowledge may use writes it, or something that is no number."""
    kinds = ("decimal", "integer", "positiveInteger", "unsignedByte", "long", "double", "float", "token", "string")
    typed = st.builds('"{}"^^<{}{}>'.format, st.integers(0, 3), st.just(XSD), st.sampled_from(kinds))
    return st.one_of(st.integers(0, 3).map("{}.0".format), typed, st.sampled_from(['"2"@nl', "true"]))


@cache
@st.composite
def _facts(draw: DrawFn) -> Facts:
    things = st.sampled_from(THINGS)
    links = draw(st.frozensets(st.builds(Link, st.sampled_from(INPUTS), things), min_size=2, max_size=6))
    nodes = draw(st.lists(_node(), min_size=1, max_size=4))
    values: dict[NamedNode, Stated] = {WAARDE: draw(_numbers())} if draw(st.booleans()) else {}
    return Facts(links, tuple(nodes), values)


@cache
@st.composite
def _node(draw: DrawFn) -> Node:
    values: dict[NamedNode, Stated] = {DING: draw(st.sampled_from(THINGS))}
    if draw(st.integers(0, 3)):
        values[GETAL] = draw(_numbers())
    if draw(st.booleans()):
        values[WAAR] = draw(st.booleans())
    return Node(HEEFT_KNOOP, values)


@cache
def _numbers() -> SearchStrategy[Decimal]:
    return st.integers(0, 3).map(Decimal)


@cache
@st.composite
def _rule(draw: DrawFn, level: int) -> str:
    """A rule that derives a property of this level from properties up to it, negating only those below it."""
    parts = draw(_lists(_positive(level), 1, 3))
    parts += ["?situatie a :Situatie .", draw(_binding(level))]
    bound = tuple(name for name in ("a", "b", "c") if any(f"?{name} " in f"{part} " for part in parts))
    values = tuple(name for name in ("g", "m", "n", "w") if any(f"?{name} " in f"{part} " for part in parts))
    parts += draw(_lists(_filter(bound, values), 0, 1))
    parts += draw(_lists(_absent(level, bound, values), 0, 2))
    heads = draw(_lists(_one_of(*(f"?{name}" for name in bound), str(THINGS[0])), 1, 2))
    head = " . ".join(f"?situatie :afgeleid{level} {value}" for value in heads)
    body = "\n  ".join(draw(st.permutations(parts)))
    return rule_text(f"CONSTRUCT {{ {head} }}\nWHERE {{\n  {body}\n}}\n")


@cache
def _lists(elements: SearchStrategy[str], least: int, most: int) -> SearchStrategy[list[str]]:
    return st.lists(elements, min_size=least, max_size=most)


@cache
def _one_of(*texts: str) -> SearchStrategy[str]:
    return st.sampled_from(texts)


def rule_text(construct: str) -> str:
    """A rule file with this CONSTRUCT, which starts on line 8."""
    return _HEADER + construct


@cache
def _thing() -> SearchStrategy[str]:
    return st.sampled_from(["?a", "?a", "?a", "?b", "?b", "?c", str(THINGS[0])])


@cache
def _links(properties: tuple[NamedNode, ...], thing: SearchStrategy[str]) -> SearchStrategy[str]:
    names = [f":{local_name(prop)}" for prop in properties]
    return st.builds("?situatie {} {} .".format, st.sampled_from(names), thing)


@cache
def _binding(level: int) -> SearchStrategy[str]:
    """A pattern that binds ?a."""
    return st.just("?a a :Ding .") | _links((*INPUTS, *DERIVED[: level + 1]), st.just("?a"))


@cache
def _positive(level: int) -> SearchStrategy[str]:
    return st.one_of(
        _links((*INPUTS, *DERIVED[: level + 1]), _thing()),
        _static(_thing()),
        _thing().filter(lambda text: text.startswith("?")).map("{} :grens ?g .".format),
        _own_node("k", "n"),
        _own_node("l", "m") | _own_node("l", "n"),
        st.just("?situatie :waarde ?w ."),
        _measured_node(),
        _measured_node(),
    )


@cache
@st.composite
def _measured_node(draw: DrawFn) -> str:
    """A node whose number is compared with a limit, a constant or one of the knowledge's."""
    text = f"?situatie :heeftKnoop ?o . ?o :ding {draw(_thing())} ; :getal ?u ."
    limit = draw(st.sampled_from(["0", "1", "2", "3", "2e0", f'"1"^^<{XSD}unsignedShort>', "?h"]))
    known = "?a :grens ?h . " if limit == "?h" else ""
    return f"{text} {known}FILTER (?u {draw(_one_of(*_SYMBOLS))} {limit})"


@cache
def _static(thing: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.builds("{} {} {} .".format, thing, st.sampled_from([":p", ":q"]), thing)


@cache
@st.composite
def _own_node(draw: DrawFn, node: str, value: str, things: SearchStrategy[str] | None = None) -> str:
    text = f"?situatie :heeftKnoop ?{node} . ?{node} :ding {draw(things if things is not None else _thing())} ."
    if draw(st.booleans()):
        text += f" ?{node} :getal ?{value} ."
    return text + draw(st.sampled_from(["", "", f" ?{node} :waar true .", f" ?{node} :waar false ."]))


@cache
@st.composite
def _filter(draw: DrawFn, bound: tuple[str, ...], values: tuple[str, ...]) -> str:
    return f"FILTER ({draw(_condition(bound, values))})"


@cache
@st.composite
def _condition(draw: DrawFn, bound: tuple[str, ...], values: tuple[str, ...]) -> str:
    one = draw(_comparison(bound, values))
    other = draw(_comparison(bound, values))
    return draw(st.sampled_from([one, one, f"{one} && {other}", f"{one} || {other}", f"!({one})"]))


@cache
@st.composite
def _comparison(draw: DrawFn, bound: tuple[str, ...], values: tuple[str, ...]) -> str:
    if draw(st.booleans()) and values:
        number = draw(st.sampled_from(values))
        limit = draw(st.sampled_from([*(f"?{name}" for name in values), "1", "2"]))
        return f"?{number} {draw(_one_of(*_SYMBOLS))} {limit}"
    left = draw(st.sampled_from(bound))
    right = draw(st.sampled_from([*(f"?{name}" for name in bound), str(THINGS[1])]))
    symbol = draw(st.sampled_from(["=", "!=", "IN", "NOT IN"]))
    return f"?{left} {symbol} ({right}, {THINGS[2]})" if "IN" in symbol else f"?{left} {symbol} {right}"


@cache
@st.composite
def _absent(draw: DrawFn, level: int, bound: tuple[str, ...], values: tuple[str, ...]) -> str:
    """A NOT EXISTS over lower levels; it may speak of the rule's own individuals, not of its nodes."""
    parts = draw(_lists(_negative(level, bound), 1, 3))
    text = " ".join(parts)
    inner = [name for name in ("x",) if "?x " in text]
    numbers = [name for name in ("y", "v", "h") if f"?{name} " in text] + [name for name in values if name == "g"]
    if draw(st.booleans()):
        parts.append(draw(_filter((*bound, *inner), tuple(numbers))))
    return f"FILTER NOT EXISTS {{ {' '.join(parts)} }}"


@cache
def _negative(level: int, bound: tuple[str, ...]) -> SearchStrategy[str]:
    thing = _one_of(*(f"?{name}" for name in bound), "?x", "?x", str(THINGS[0]))
    return st.one_of(
        _static(thing),
        _links((*INPUTS, *DERIVED[:level]), thing),
        _own_node("z", "y", thing),
        st.just("?situatie :waarde ?v ."),
        st.just("?a :grens ?h ."),
    )
