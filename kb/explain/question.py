"""What to ask next: of all that a situation leaves open, the answers that would change most of what an advice shows first.

Every possible answer is a hypothetical situation of its own; all of them are evaluated at once as columns.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kb.explain.candidates import Candidate, Candidates
from kb.explain.wording import Texts
from kb.language import as_sentence, catalogue
from kb.names import declared
from kb.program.columns import encode_flips, evaluate_columns
from kb.program.evaluate import Outcome
from kb.situation.facts import Facts, Link
from kb.situation.model import LINK_FIELDS, Situatie

VRAAGZIN = declared("vraagzin")
HEEFT_KENMERK = LINK_FIELDS["kenmerken"]
KNOWN_OF_KENMERK = (declared("geldtKenmerk"), declared("geldtNietKenmerk"))

# Who has said this much of the reason to begin has answered what else could be one.
DECISIONS = ("aanleidingen", "opgaven", "prioriteiten")

# For each situation but the last, how many shown rows differ from those of the last.
Changes = Callable[[Sequence[int], int], list[int]]


@dataclass(frozen=True)
class Answer:
    """A possible answer: what it adds to the situation, and how many shown rows it changes."""

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
        """The most rows that an answer changes."""
        return max(answer.changes for answer in self.answers)

    @property
    def field(self) -> str:
        """The field of the situation that it asks for."""
        return self.topic.partition(".")[0]


def next_questions(
    candidates: Candidates, texts: Texts, changes: Changes, outcome: Outcome, situation: Situatie, language: str
) -> list[Question]:
    """The open questions whose answers change something: of each field the one that changes most, then the next of each."""
    open_ones = [c for c in candidates.all if not _is_answered(c, outcome)]
    undug = list(candidates.undug(situation))
    program, stated = outcome.program, outcome.stated
    flips = [program.restated(outcome.facts, stated, c.facts) for c in open_ones]
    flips += [program.stated(facts) ^ stated for _, facts in undug]
    topics: dict[str, list[tuple[Candidate, int]]] = defaultdict(list)
    asked = [*open_ones, *(candidate for candidate, _ in undug)]
    for candidate, count in zip(asked, _effects(flips, changes, outcome), strict=True):
        topics[candidate.topic].append((candidate, count))
    questions = [
        Question(topic, _words(group[0][0], texts, language), tuple(Answer(c.situation, count) for c, count in group))
        for topic, group in topics.items()
        if any(count for _, count in group)
    ]
    return list(_by_turns(questions))


def _by_turns(questions: Iterable[Question]) -> Iterator[Question]:
    """A reader who is asked five things is not asked five measurements: the fields take turns."""
    fields: dict[str, int] = defaultdict(int)
    turns = []
    for question in sorted(questions, key=lambda question: (-question.changes, question.topic)):
        turns.append((fields[question.field], -question.changes, question.topic, question))
        fields[question.field] += 1
    for *_, question in sorted(turns, key=lambda turn: turn[:3]):
        yield question


def _effects(flips: list[set[int]], changes: Changes, outcome: Outcome) -> list[int]:
    """For each hypothetical situation, given by the stated atoms that come or go in it, how many shown rows it changes."""
    program, width = outcome.program, len(flips) + 1
    return changes(evaluate_columns(program, encode_flips(program, outcome.stated, [*flips, set()]), width), width)


def _is_answered(candidate: Candidate, outcome: Outcome) -> bool:
    """Whether the situation already states what the candidate is about, or it follows from what it states."""
    facts = outcome.facts
    about_kenmerk = [link.object for link in candidate.facts.links if link.property == HEEFT_KENMERK]
    if any(outcome.holds(Link(prop, node)) for node in about_kenmerk for prop in KNOWN_OF_KENMERK):
        return True
    field = candidate.topic.partition(".")[0]
    if field in DECISIONS and any(fact_field in DECISIONS for fact_field in _stated_fields(facts)):
        return True
    if field == "peildatum":
        return True  # without one the advice is about today
    if candidate.facts.nodes:
        about = {own.property: _subject(own.values.values()) for own in candidate.facts.nodes}
        return any(about.get(own.property) == _subject(own.values.values()) for own in facts.nodes)
    properties = {link.property for link in facts.links}
    return candidate.facts.links <= facts.links or (candidate.exclusive and LINK_FIELDS.get(field) in properties)


def _stated_fields(facts: Facts) -> set[str]:
    stated = {link.property for link in facts.links}
    return {field for field, prop in LINK_FIELDS.items() if prop in stated}


def _subject(values: Iterable[object]) -> NamedNode | None:
    """What an own node is about: the first individual among its values."""
    return next((value for value in values if isinstance(value, NamedNode)), None)


def _words(candidate: Candidate, texts: Texts, language: str) -> str:
    facts = candidate.facts
    field, _, rest = candidate.topic.partition(".")
    subjects = [individual for _, individual in facts.links]
    subjects += [node for own in facts.nodes if (node := _subject(own.values.values()))]
    if subjects and field != "werken" and (own_words := texts.knowledge.text(subjects[0], VRAAGZIN, language)):
        return own_words
    label = texts.value(subjects[0], language) if subjects else ""
    name = "question.graven" if rest.endswith(".graven") else f"question.{field}"
    return as_sentence(catalogue(language)(name, label=label))
