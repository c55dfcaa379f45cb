"""What to ask next, as an adviser asks: one question a subject, key questions first, then what would change most.

Which questions are key, and which are only asked when nothing else is left, the knowledge says (`:sleutelvraag`).

Every possible answer is a hypothetical situation of its own; all of them are evaluated at once as columns.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from kb.explain.candidates import Candidate, Candidates
from kb.explain.wording import GROOTHEIDSKLASSE, Texts
from kb.knowledge.knowledge import Knowledge
from kb.language import as_sentence, catalogue
from kb.names import declared, slug
from kb.program.columns import encode_flips, evaluate_columns
from kb.program.evaluate import Outcome
from kb.situation.facts import Facts, Link
from kb.situation.model import (
    GRAVEN,
    HEEFT_METING,
    HEEFT_PRIORITEIT,
    HEEFT_WERK,
    LINK_FIELDS,
    Situatie,
)

VRAAGZIN, SLEUTELVRAAG, VRAAGONDERWERP = map(declared, ("vraagzin", "sleutelvraag", "vraagonderwerp"))
OP_GROOTHEID, DREMPEL = declared("opGrootheid"), declared("Drempel")
SAME_SUBJECT = tuple(map(declared, ("wijstOpKenmerk", "weerspreektKenmerk")))
HEEFT_KENMERK = LINK_FIELDS["kenmerken"]
KNOWN_OF_KENMERK = (declared("geldtKenmerk"), declared("geldtNietKenmerk"))

# Who has said this much of the reason to begin has answered what else could be one.
DECISIONS = ("aanleidingen", "opgaven", "prioriteiten")

# Of these an adviser asks once which ones hold, not one by one.
ASKED_TOGETHER = ("aanleidingen", "opgaven", "betrokkenen", "schaarste", "werken", "prioriteiten", "wensen")
FIELDS = {**LINK_FIELDS, "werken": HEEFT_WERK, "metingen": HEEFT_METING, "prioriteiten": HEEFT_PRIORITEIT}
MOST_ANSWERS = 12

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
    key: bool = False
    last: bool = False

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
    """The open questions whose answers change something: one a subject, key questions first, then what changes most."""
    open_ones = [c for c in candidates.all if not _is_answered(c, outcome)]
    undug = list(candidates.undug(situation))
    program, stated = outcome.program, outcome.stated
    flips = [program.restated(outcome.facts, stated, c.facts) for c in open_ones]
    flips += [program.stated(facts) ^ stated for _, facts in undug]
    topics: dict[str, list[tuple[Candidate, int]]] = defaultdict(list)
    asked = [*open_ones, *(candidate for candidate, _ in undug)]
    for candidate, count in zip(asked, _effects(flips, changes, outcome), strict=True):
        topics[_topic(candidate)].append((candidate, count))
    rank = _Rank(texts.knowledge, outcome.facts)
    questions = [
        Question(
            topic, _words(topic, group[0][0], outcome.facts, texts, language), _answers(group), *rank.of(topic, group)
        )
        for topic, group in topics.items()
        if any(count for _, count in group)
    ]
    return list(_one_a_subject(_by_turns(questions), rank))


def _topic(candidate: Candidate) -> str:
    """The field of what is asked together, else the topic of the candidate itself."""
    field, _, rest = candidate.topic.partition(".")
    return field if field in ASKED_TOGETHER and not rest.endswith(".graven") else candidate.topic


def _answers(group: Iterable[tuple[Candidate, int]]) -> tuple[Answer, ...]:
    """The answers; of many that are asked together, those that change most."""
    answers = [Answer(candidate.situation, count) for candidate, count in group]
    if len(answers) <= MOST_ANSWERS:
        return tuple(answers)
    return tuple(sorted(answers, key=lambda answer: -answer.changes)[:MOST_ANSWERS])


class _Rank:
    """What the knowledge says of questions: which are key, which come last, and which are about one subject."""

    def __init__(self, knowledge: Knowledge, facts: Facts) -> None:
        self.knowledge = knowledge
        self.stated = _stated_properties(facts)

    def of(self, topic: str, group: Sequence[tuple[Candidate, int]]) -> tuple[bool, bool]:
        """Whether a question is key, and whether it is only asked when nothing else is left."""
        field, _, rest = topic.partition(".")
        if rest.endswith(".graven"):
            marks = {self._mark(GRAVEN)}
        elif rest:
            marks = {self._mark(node) for node in _about(group[0][0])}
        else:
            # Who has said something in this field is asked for the rest of it later.
            marks = {None if FIELDS.get(field) in self.stated else self._mark(FIELDS.get(field))}
        return "true" in marks, "false" in marks

    def _mark(self, node: NamedNode | None) -> str | None:
        return self.knowledge.literal(node, SLEUTELVRAAG) if node is not None else None

    @cached_property
    def subjects(self) -> dict[str, frozenset[str]]:
        """With each measured value and each characteristic, the topics of what else tells the same."""
        found: dict[str, set[str]] = defaultdict(set)
        for limit in self.knowledge.instances(DREMPEL):
            values = [f"metingen.{slug(node)}" for node in self.knowledge.objects(limit, OP_GROOTHEID)]
            told = [f"kenmerken.{slug(node)}" for prop in SAME_SUBJECT for node in self.knowledge.objects(limit, prop)]
            for topic in (*values, *told):
                found[topic].update((*values, *told))
        named: dict[str, set[str]] = defaultdict(set)
        for node, subject in self.knowledge.literals(VRAAGONDERWERP):
            if not isinstance(node, NamedNode):
                continue
            field = "metingen" if self.knowledge.kind(node) == GROOTHEIDSKLASSE else "kenmerken"
            named[subject.value].add(f"{field}.{slug(node)}")
        for topics in named.values():
            for topic in topics:
                found[topic].update(topics)
        return {topic: frozenset(others) for topic, others in found.items()}


def _stated_properties(facts: Facts) -> set[NamedNode]:
    return {link.property for link in facts.links} | {own.property for own in facts.nodes}


def _about(candidate: Candidate) -> list[NamedNode]:
    """The individuals that a candidate is about."""
    subjects = [individual for _, individual in candidate.facts.links]
    return subjects + [node for own in candidate.facts.nodes if (node := _subject(own.values.values()))]


def _one_a_subject(questions: Iterable[Question], rank: _Rank) -> Iterator[Question]:
    """The questions without those whose subject an earlier one asks for, in other words or by a figure."""
    told: set[str] = set()
    for question in questions:
        if question.topic not in told:
            yield question
        told |= rank.subjects.get(question.topic, frozenset()) | {question.topic}


def _by_turns(questions: Iterable[Question]) -> Iterator[Question]:
    """Key questions first; of the others the fields take turns: who is asked five things is not asked five measurements."""
    fields: dict[str, int] = defaultdict(int)
    turns = []
    for question in sorted(questions, key=lambda question: (-question.changes, question.topic)):
        turn = 0 if question.key else fields[question.field]
        turns.append((not question.key, question.last, turn, -question.changes, question.topic, question))
        fields[question.field] += 1
    for *_, question in sorted(turns, key=lambda turn: turn[:5]):
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


def _words(topic: str, candidate: Candidate, facts: Facts, texts: Texts, language: str) -> str:
    say = catalogue(language)
    field, _, rest = topic.partition(".")
    if field in ASKED_TOGETHER and not rest:
        stated = FIELDS.get(field) in _stated_properties(facts)
        return as_sentence(say(f"question.more.{field}" if stated else f"question.which.{field}"))
    subjects = _about(candidate)
    if subjects and field != "werken" and (own_words := texts.knowledge.text(subjects[0], VRAAGZIN, language)):
        return own_words
    label = texts.value(subjects[0], language) if subjects else ""
    return as_sentence(say("question.graven" if rest.endswith(".graven") else f"question.{field}", label=label))
