"""The street section of an advice: which task claims what, by layer and element, and how wide where that is known."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pyoxigraph import NamedNode

from kb.advice.model import Advies, Opgave
from kb.advice.terms import OP_ELEMENT, VAN_OPGAVE, VOLGNUMMER
from kb.knowledge.knowledge import Knowledge
from kb.language import as_sentence
from kb.names import TYPE, declared, expand, short

IN_LAAG, BREEDTE_VAN, BREEDTE_TOT = map(declared, ("inLaag", "breedteVan", "breedteTot"))
Mode = Literal["deelt", "alleen", "vrij"]
MODES: dict[NamedNode, Mode] = {
    declared("GedeeldeClaim"): "deelt",
    declared("ExclusieveClaim"): "alleen",
    declared("Vrijgave"): "vrij",
}


@dataclass(frozen=True)
class Width:
    """A width in metres, from and up to."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Claim:
    """What a task asks of an element: it shares it, needs it alone, or frees it; `id` is the claim, `key` proves the task."""

    id: str
    task: str
    key: str
    mode: Mode
    width: Width | None
    text: str


@dataclass(frozen=True)
class Strip:
    """An element with the claims on it, those that need it alone first; whether work opens it, and whether it clashes."""

    id: str
    label: str
    claims: tuple[Claim, ...]
    opens: bool
    clashes: bool


@dataclass(frozen=True)
class Layer:
    """A layer of the street with the elements in it that are claimed, the most claimed first."""

    label: str
    strips: tuple[Strip, ...]


def street(knowledge: Knowledge, advice: Advies, language: str) -> tuple[Layer, ...]:
    """The layers from the roof down in which the tasks that lead, follow or are relevant claim something."""
    claims: dict[NamedNode, list[Claim]] = defaultdict(list)
    for task in _tasks(advice):
        for element, claim in _claims(knowledge, task, language):
            claims[element].append(claim)
    opening = {row.id for row in advice.openElementen}
    fought = {element.id for row in advice.conflicten for element in row.elementen}
    layers: dict[NamedNode, list[Strip]] = defaultdict(list)
    for element, rows in claims.items():
        ordered = tuple(sorted(rows, key=lambda claim: (claim.mode != "alleen", claim.mode == "vrij")))
        name = as_sentence(knowledge.label(element, language))
        strip = Strip(short(element), name, ordered, short(element) in opening, short(element) in fought)
        for layer in knowledge.objects(element, IN_LAAG):
            layers[layer].append(strip)
    return tuple(
        Layer(as_sentence(knowledge.label(layer, language)), tuple(sorted(layers[layer], key=_most_claimed)))
        for layer in sorted(layers, key=lambda layer: int(knowledge.literal(layer, VOLGNUMMER) or 0))
    )


def _tasks(advice: Advies) -> Iterable[Opgave]:
    """The tasks that lead, follow or are relevant, in that order, each once."""
    found: dict[str, Opgave] = {}
    for row in (*advice.leidend, *advice.volgend, *advice.relevanteOpgaven):
        found.setdefault(row.id, row)
    return found.values()


def _claims(knowledge: Knowledge, task: Opgave, language: str) -> Iterator[tuple[NamedNode, Claim]]:
    for claim in knowledge.subjects(VAN_OPGAVE, expand(task.id)):
        modes = [MODES[kind] for kind in knowledge.objects(claim, TYPE) if kind in MODES]
        for element in knowledge.objects(claim, OP_ELEMENT):
            for mode in modes:
                text = knowledge.definition(claim, language)
                width = _width(knowledge, claim)
                yield element, Claim(short(claim), as_sentence(task.said), task.conclusie, mode, width, text)


def _width(knowledge: Knowledge, claim: NamedNode) -> Width | None:
    low, high = (knowledge.literal(claim, prop) for prop in (BREEDTE_VAN, BREEDTE_TOT))
    found = [Decimal(value) for value in (low, high) if value is not None]
    return Width(min(found), max(found)) if found else None


def _most_claimed(strip: Strip) -> tuple[int, str]:
    return -len(strip.claims), strip.label
