"""What to ask next: of all that a situation leaves open, the answers that would change most conclusions.

Every possible answer is a hypothetical situation of its own; all of them are evaluated at once as columns.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from kb.explain.candidates import Candidate, Candidates
from kb.explain.wording import Texts
from kb.knowledge.vocabulary import Vocabulary
from kb.program.columns import encode_additions, evaluate_columns
from kb.program.evaluate import Outcome
from kb.situation.facts import Link
from kb.situation.model import Situatie, dump_situation

_ASK = {
    "nl": {
        "aanleidingen": "Is dit een reden om te beginnen: {label}?",
        "opgaven": "Hoort deze opgave er in elk geval bij: {label}?",
        "kenmerken": "Geldt dit kenmerk: {label}?",
        "betrokkenen": "Doet deze partij mee: {label}?",
        "schaarste": "Is hieraan gebrek: {label}?",
        "metingen": "Wat is de waarde van: {label}?",
        "werken": "Staat hieraan werk gepland, en gravend of niet: {label}?",
        "prioriteiten": "Hoe zwaar weegt deze transitie: {label}?",
        "fase": "In welke fase is het proces?",
        "peildatum": "Voor welke dag geldt het advies?",
    },
    "en": {
        "aanleidingen": "Is this a reason to begin: {label}?",
        "opgaven": "Is this task included in any case: {label}?",
        "kenmerken": "Does this characteristic hold: {label}?",
        "betrokkenen": "Does this party take part: {label}?",
        "schaarste": "Is this lacking: {label}?",
        "metingen": "What is the value of: {label}?",
        "werken": "Is work planned on this, digging or not: {label}?",
        "prioriteiten": "How much does this transition weigh: {label}?",
        "fase": "Which phase is the process in?",
        "peildatum": "For which day is the advice?",
    },
}


@dataclass(frozen=True)
class Answer:
    """A possible answer: what it adds to the situation, and how many shown conclusions it changes."""

    addition: Situatie
    changes: int


@dataclass(frozen=True)
class Question:
    """An open question. `topic` is a field of the situation, or a field with a term."""

    topic: str
    text: str
    answers: tuple[Answer, ...]

    @property
    def changes(self) -> int:
        """The most conclusions that an answer changes."""
        return max(answer.changes for answer in self.answers)

    def as_json(self) -> dict[str, Any]:
        """The question in the shape of `kb.advice.model.Vraag`."""
        answers = [{"toevoegen": dump_situation(a.addition), "verandert": a.changes} for a in self.answers]
        return {"veld": self.topic, "vraag": self.text, "antwoorden": answers, "verandert": self.changes}


def next_questions(
    candidates: Candidates, texts: Texts, vocabulary: Vocabulary, outcome: Outcome, situation: Situatie, language: str
) -> list[Question]:
    """The open questions whose answers change something, those that change most first."""
    topics: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates.all:
        if not _is_answered(candidate, situation):
            topics[candidate.topic].append(candidate)
    effects = iter(_effects([c for group in topics.values() for c in group], vocabulary, outcome))
    questions = []
    for topic, group in topics.items():
        answers = tuple(Answer(c.situation, next(effects)) for c in group)
        if any(answer.changes for answer in answers):
            questions.append(Question(topic, _words(group[0], topic, texts, language), answers))
    return sorted(questions, key=lambda question: (-question.changes, question.topic))


def _effects(candidates: list[Candidate], vocabulary: Vocabulary, outcome: Outcome) -> list[int]:
    """For each candidate, in their order, how many shown conclusions it changes."""
    program = outcome.program
    stated = encode_additions(program, outcome.facts, outcome.stated, [c.facts for c in candidates])
    columns = evaluate_columns(program, stated, len(candidates))
    everything = (1 << len(candidates)) - 1
    counts = [0] * len(candidates)
    for number in program.by_head:
        atom = program.atoms[number]
        if not isinstance(atom, Link) or atom.property not in vocabulary.conclusions:
            continue
        changed = columns[number] ^ (everything if outcome.true[number] else 0)
        while changed:
            low = changed & -changed
            counts[low.bit_length() - 1] += 1
            changed ^= low
    return counts


def _is_answered(candidate: Candidate, situation: Situatie) -> bool:
    """Whether the situation already states what the candidate is about."""
    field, _, name = candidate.topic.partition(".")
    given = getattr(situation, field)
    if field == "werken":
        return any(werk.cyclus == name for werk in given)
    return bool(given) if not name else name in given


def _words(candidate: Candidate, topic: str, texts: Texts, language: str) -> str:
    facts = candidate.facts
    subjects = [individual for _, individual in facts.links]
    subjects += [value for node in facts.nodes for value in node.values.values() if isinstance(value, NamedNode)]
    label = texts.value(subjects[0], language) if subjects else ""
    return _ASK[language][topic.partition(".")[0]].format(label=label)
