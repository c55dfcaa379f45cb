"""Why, and why not: the proof of one conclusion down to its sources, or what is missing for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from api.pages.advies.address import Asked
from api.pages.advies.reading import compared_path, why_path
from kb.engine import Engine
from kb.explain.as_json import situation_of
from kb.explain.candidates import add_situation, remove_situation
from kb.explain.missing import MissingSet
from kb.explain.proof import Proof
from kb.knowledge.knowledge import Knowledge
from kb.language import as_sentence
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
class ShownProof:
    """A proof with the sources that its steps number."""

    step: Step
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Way:
    """A text with the address that it leads to."""

    text: str
    path: str


@dataclass(frozen=True)
class Explanation:
    """Whether a conclusion holds, with its proof, or what is missing for it."""

    title: str
    kind: str
    holds: bool
    proof: ShownProof | None
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
        return Explanation(title, kind, True, shown_proof(engine.knowledge, proofs[0], language), (), True)
    found = engine.why_not(situation, key, language, most=MOST_WAYS, seconds=seconds)
    return Explanation(title, kind, False, None, ways_to(asked, found), found.complete)


def shown_proof(knowledge: Knowledge, proof: Proof, language: str) -> ShownProof:
    """A proof as a page shows it."""
    numbers = _numbers(proof)
    return ShownProof(_step(proof, numbers), tuple(_sources(knowledge, numbers, language)))


def ways_to(asked: Asked, found: Iterable[MissingSet]) -> tuple[Way, ...]:
    """Sets of changes in words, each with the address of the advice after it."""
    return tuple(Way("; ".join(way.texts), _with(asked, way)) for way in found)


def meant(engine: Engine, name: str) -> list[str]:
    """The keys of the conclusions that a name, or a key itself, can mean.

    Errors: ConclusionError with keys that look like it.
    """
    keys = engine.keys_for(name)
    if not keys:
        engine.conclusion(name)
    return keys or [name]


def way_to(engine: Engine, asked: Asked, key: str, language: str) -> Way:
    """A conclusion by name, with the address of its proof."""
    prop, _, thing = key.partition("/")
    knowledge = engine.knowledge
    label = as_sentence(knowledge.label(expand(thing), language))
    return Way(f"{label} ({knowledge.label(term(prop), language)})", why_path(asked, key))


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
