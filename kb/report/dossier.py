"""An advice for a council: the A4, and behind it the proof of each line, the sources, the situation and the receipt.

A proof is told as numbered notes: each says what it rests on, and what is derived in its turn has a note of its own, so that
nothing is told twice however many conclusions rest on it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kb.advice.model import Advies
from kb.advice.receipt import Ontvangstbewijs
from kb.engine import Engine
from kb.explain.proof import Proof
from kb.knowledge.knowledge import Knowledge
from kb.language import as_sentence, catalogue, show_day
from kb.names import expand
from kb.report.first import first_screen
from kb.report.full import full_sections
from kb.report.layout import Group, Item, Section, section
from kb.report.phrases import Phrases, name_of
from kb.rule.rule import Citation

QUESTIONS = "questions"
APPENDED = ("situation", "filled_in")


@dataclass(frozen=True)
class Ground:
    """What a note rests on: its text, the `kind` of the proof, its certainty, and where more is told: a note, sources."""

    text: str
    kind: str
    certainty: str
    note: int
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Note:
    """The proof of one conclusion: by which rule it follows, with the sources of that rule, and from what."""

    number: int
    text: str
    rule: str
    certainty: str
    sources: tuple[int, ...]
    grounds: tuple[Ground, ...]


@dataclass(frozen=True)
class Source:
    """A source with its own address, and the places that are cited with their numbers."""

    label: str
    page: str
    places: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Dossier:
    """Everything that goes along to a council; `numbers` are the notes by the key of a line of the first screen."""

    title: str
    language: str
    made: date
    legend: str
    first: tuple[Section, ...]
    notes: tuple[Note, ...]
    numbers: Mapping[str, int]
    sources: tuple[Source, ...]
    appendix: tuple[Section, ...]
    receipt: Section


def make_dossier(engine: Engine, advice: Advies, language: str) -> Dossier:
    """The dossier of an advice that the engine gave."""
    assert advice.ontvangstbewijs is not None
    receipt = advice.ontvangstbewijs
    phrases = Phrases(language, receipt.peildatum.year, advice)
    first = tuple(_on_paper(part, language) for part in first_screen(advice, phrases, shorten=True) if part.groups)
    notes = _Notes()
    for key in _keys(first):
        for proof in engine.why(advice.situatie, key, language):
            notes.number(proof)
    told = tuple(notes.told())
    whole = (*full_sections(advice, phrases), *first_screen(advice, phrases, shorten=False))
    appendix = tuple(replace(part, intro="") for part in whole if part.name in APPENDED and part.groups)
    return Dossier(
        title=phrases.say("title", name=name_of(advice, phrases)),
        language=language,
        made=receipt.datum,
        legend=phrases.legend("dossier.legend", (*first, *appendix), day=show_day(receipt.peildatum, language)),
        first=first,
        notes=told,
        numbers=notes.numbers,
        sources=tuple(_sources(engine.knowledge, notes.sources, language)),
        appendix=appendix,
        receipt=_receipt(receipt, language),
    )


@dataclass
class _Notes:
    """Numbers conclusions and sources in the order in which a reader first meets them."""

    numbers: dict[str, int] = field(default_factory=dict)
    sources: dict[Citation, int] = field(default_factory=dict)
    _proofs: list[Proof] = field(default_factory=list)
    _firings: dict[tuple[str | None, str, tuple[str, ...]], int] = field(default_factory=dict)

    def number(self, proof: Proof) -> int:
        """The number of the note that tells a proof; what one firing of a rule concludes shares a note."""
        key = proof.conclusion or f"{proof.rule} {proof.text}"
        if key not in self.numbers:
            firing = (proof.rule, proof.text, tuple(premise.text for premise in proof.premises))
            if firing not in self._firings:
                self._proofs.append(proof)
                self._firings[firing] = len(self._proofs)
            self.numbers[key] = self._firings[firing]
        return self.numbers[key]

    def told(self) -> Iterator[Note]:
        """Every note; what one rests on gets its number meanwhile."""
        for number, proof in enumerate(self._proofs, 1):  # grows while it is told
            yield Note(
                number,
                as_sentence(proof.text),
                proof.rule or "",
                proof.certainty or "",
                self._cited(proof),
                tuple(map(self._ground, proof.premises)),
            )

    def _ground(self, proof: Proof) -> Ground:
        further = bool(proof.premises) or proof.kind == "regel"
        sources = () if further else self._cited(proof)
        number = self.number(proof) if further else 0
        return Ground(as_sentence(proof.text), proof.kind, proof.certainty or "", number, sources)

    def _cited(self, proof: Proof) -> tuple[int, ...]:
        numbered = (self.sources.setdefault(citation, len(self.sources) + 1) for citation in proof.citations)
        return tuple(dict.fromkeys(numbered))


def _on_paper(part: Section, language: str) -> Section:
    """The section as it is printed: nothing to click or type for more, and no key where there is no proof."""
    asked, say = part.name == QUESTIONS, catalogue(language)
    groups = (
        replace(
            group,
            items=tuple(replace(item, key="") for item in group.items) if asked else group.items,
            more=say("dossier.more", n=group.left) if group.left else "",
        )
        for group in part.groups
    )
    return replace(part, groups=tuple(groups))


def _keys(sections: Iterable[Section]) -> Iterator[str]:
    return (item.key for part in sections for group in part.groups for item in group.items if item.key)


def _sources(knowledge: Knowledge, numbers: Mapping[Citation, int], language: str) -> Iterator[Source]:
    places: dict[str, list[tuple[int, str]]] = {}
    for citation, number in numbers.items():
        places.setdefault(citation.source, []).append((number, citation.place))
    for name, cited in places.items():
        node = expand(name)
        yield Source(knowledge.label(node, language), knowledge.source_page(node) or "", tuple(cited))


def _receipt(receipt: Ontvangstbewijs, language: str) -> Section:
    say = catalogue(language)
    rows = {
        "advice": receipt.iri,
        "made": show_day(receipt.datum, language),
        "about": show_day(receipt.peildatum, language),
        "knowledge": receipt.kennis,
        "outcome": receipt.uitkomst,
        "rules": str(len(receipt.regels)),
        "licence": receipt.licentie,
    }
    items = tuple(Item(say(f"dossier.receipt.{name}", value=value)) for name, value in rows.items())
    return section(say("dossier.receipt"), [Group("", items)], say("dossier.receipt_intro"))
