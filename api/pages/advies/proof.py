"""Why, and why not: the proof of one conclusion down to its sources, or what is missing for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from api.pages.advies.address import Asked
from api.pages.advies.reading import compared_path, why_path
from kb.engine import Engine
from kb.errors import ConclusionError
from kb.explain.as_json import situation_of
from kb.explain.candidates import add_situation, remove_situation
from kb.explain.missing import MissingSet
from kb.explain.proof import Proof
from kb.knowledge.knowledge import Knowledge
from kb.language import as_sentence, spoken
from kb.names import expand, term
from kb.rule.rule import Citation
from kb.situation.model import Situatie, read_situation

MOST_WAYS = 5


@dataclass(frozen=True)
class Step:
    """One step of a proof; `numbers` are those of its sources."""

    text: str
    kind: str
    certainty: str
    rule: str
    numbers: tuple[int, ...]
    premises: tuple["Step", ...]


@dataclass(frozen=True)
class Source:
    """A source: its page here, its own address, and the places that are cited."""

    label: str
    path: str
    page: str | None
    places: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Way:
    """Changes that would make a conclusion hold, and the address of the situation with them."""

    text: str
    path: str


@dataclass(frozen=True)
class Explanation:
    """Whether a conclusion holds, with its proof, or what is missing for it."""

    title: str
    kind: str
    holds: bool
    proof: Step | None
    sources: tuple[Source, ...]
    ways: tuple[Way, ...]
    complete: bool


def explain(
    engine: Engine, asked: Asked, situation: Situatie, key: str, language: str, seconds: float | None
) -> Explanation:
    """The proof of a conclusion, or the smallest changes that would make it hold.

    Errors: ConclusionError when the key names nothing.
    """
    link = engine.conclusion(key)
    title = as_sentence(engine.knowledge.label(link.object, language))
    kind = engine.knowledge.label(link.property, language)
    proofs = engine.why(situation, key, language)
    if proofs:
        numbers = _numbers(proofs[0])
        sources = tuple(_sources(engine.knowledge, numbers, language))
        return Explanation(title, kind, True, _step(proofs[0], numbers), sources, (), True)
    found = engine.why_not(situation, key, language, most=MOST_WAYS, seconds=seconds)
    ways = tuple(Way("; ".join(way.texts), _with(asked, way)) for way in found)
    return Explanation(title, kind, False, None, (), ways, found.complete)


def named(engine: Engine, asked: Asked, name: str, language: str) -> list[Way]:
    """The conclusions that a name can mean, each with the address of its proof.

    Errors: ConclusionError with names that look like it.
    """
    keys = engine.keys_for(name)
    if not keys:
        try:
            engine.conclusion(name)
        except ConclusionError as error:
            raise ConclusionError(spoken(error, language), tuple(_labels(engine, error.nearest, language))) from error
        keys = [name]
    return [Way(_key_label(engine, key, language), why_path(asked, key)) for key in keys]


def _key_label(engine: Engine, key: str, language: str) -> str:
    prop, _, thing = key.partition("/")
    knowledge = engine.knowledge
    return f"{as_sentence(knowledge.label(expand(thing), language))} ({knowledge.label(term(prop), language)})"


def _labels(engine: Engine, keys: tuple[str, ...], language: str) -> Iterator[str]:
    found = (engine.knowledge.label(expand(key.partition("/")[2]), language) for key in keys)
    yield from dict.fromkeys(found)


def _with(asked: Asked, way: MissingSet) -> str:
    stated = read_situation(asked.given)
    return compared_path(asked, add_situation(remove_situation(stated, situation_of(way.remove)), way.add))


def _step(proof: Proof, numbers: dict[Citation, int]) -> Step:
    return Step(
        proof.text,
        proof.kind,
        proof.certainty or "",
        proof.rule or "",
        tuple(dict.fromkeys(numbers[citation] for citation in proof.citations)),
        tuple(_step(premise, numbers) for premise in proof.premises),
    )


def _numbers(proof: Proof) -> dict[Citation, int]:
    return {citation: number for number, citation in enumerate(dict.fromkeys(_met(proof)), 1)}


def _met(proof: Proof) -> Iterator[Citation]:
    yield from proof.citations
    for premise in proof.premises:
        yield from _met(premise)


def _sources(knowledge: Knowledge, numbers: dict[Citation, int], language: str) -> Iterator[Source]:
    by_source: dict[str, list[tuple[int, str]]] = {}
    for citation, number in numbers.items():
        by_source.setdefault(citation.source, []).append((number, citation.place))
    for name, places in by_source.items():
        node: NamedNode = expand(name)
        yield Source(knowledge.label(node, language), f"/doc/{name}", knowledge.source_page(node), tuple(places))
