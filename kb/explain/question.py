"""What to ask next, as an adviser asks: one question a subject, key questions first, then what would change most.

Which questions are key, and which are only asked when nothing else is left, the knowledge says (`:sleutelvraag`).

Every possible answer is a hypothetical situation of its own; all of them are evaluated at once as columns.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from kb.explain.candidates import Candidate, Candidates
from kb.explain.likely import Likelihood
from kb.explain.wording import GROOTHEIDSKLASSE, Texts
from kb.knowledge.knowledge import Knowledge
from kb.language import as_sentence, catalogue
from kb.names import declared, slug
from kb.program.evaluate import Outcome
from kb.program.program import Addition, Program
from kb.situation.facts import Facts, Link, subject_of
from kb.situation.model import (
    GRAVEN,
    HEEFT_METING,
    HEEFT_PRIORITEIT,
    HEEFT_WERK,
    LINK_FIELDS,
    Situatie,
)

VRAAGZIN, SLEUTELVRAAG, VRAAGONDERWERP = map(declared, ("vraagzin", "sleutelvraag", "vraagonderwerp"))
VRIJWEL_ALTIJD_AAN_TAFEL = declared("vrijwelAltijdAanTafel")
OP_GROOTHEID, DREMPEL = declared("opGrootheid"), declared("Drempel")
HEEFT_LEIDENDE_TRANSITIE = declared("heeftLeidendeTransitie")
BETROKKENE, VOERT_UIT, DRAAGT_OPGAVE, GEEFT_AANLEIDING = map(
    declared, ("Betrokkene", "voertUit", "draagtOpgave", "geeftAanleiding")
)
VOORBEELD_BIJ, GEEN_VOORBEELD_BIJ = declared("voorbeeldBij"), declared("geenVoorbeeldBij")
HEEFT_GEGRONDE_OPGAVE, HEEFT_RELEVANTE_OPGAVE = declared("heeftGegrondeOpgave"), declared("heeftRelevanteOpgave")
# What is here: a characteristic that holds, or a party that takes part.
IS_HERE = (declared("geldtKenmerk"), declared("doetMee"))
SAME_SUBJECT = tuple(map(declared, ("wijstOpKenmerk", "weerspreektKenmerk")))
_KNOWN_OF_KENMERK = (declared("geldtKenmerk"), declared("geldtNietKenmerk"))
# What holds of an individual when the question about it is answered, by the property that the answer would state.
SETTLED_BY = {
    LINK_FIELDS["kenmerken"]: _KNOWN_OF_KENMERK,
    LINK_FIELDS["afwezigeKenmerken"]: _KNOWN_OF_KENMERK,
    LINK_FIELDS["betrokkenen"]: (LINK_FIELDS["afwezigeBetrokkenen"],),
}

# Who has said this much of the reason to begin has answered what else could be one.
DECISIONS = ("aanleidingen", "opgaven", "prioriteiten")

# Without a reference date the advice is about today; who does not sit at the table is told unasked.
NEVER_ASKED = ("peildatum", "afwezigeBetrokkenen")

# Of these an adviser asks once which ones hold, not one by one.
ASKED_TOGETHER = ("aanleidingen", "opgaven", "betrokkenen", "schaarste", "werken", "prioriteiten", "wensen")
FIELDS = {**LINK_FIELDS, "werken": HEEFT_WERK, "metingen": HEEFT_METING, "prioriteiten": HEEFT_PRIORITEIT}
# A field of one question.
ASKED_ALONE = ("fase",)
# Of these a question names only what fits what holds here.
FITTING = ("betrokkenen", "werken")
MOST_ANSWERS = 12
# Of them a question names so many.
MOST_TOLD = 2
# Reference dates of which it is kept what each candidate changes.
MOST_DAYS = 8

# For each change of a situation, given by the stated atoms that come or go, how many shown rows it changes.
Changes = Callable[[Outcome, Sequence[Set[int]]], list[int]]


class Counted(NamedTuple):
    """A candidate, how many shown rows it changes, and in which share of comparable wijken it held."""

    candidate: Candidate
    changes: int
    likely: float

    @property
    def worth(self) -> float:
        """How many rows it is expected to change."""
        return self.changes * self.likely


@dataclass(frozen=True)
class Answer:
    """A possible answer: what it adds to the situation, also as JSON values, and how many shown rows it changes."""

    addition: Situatie
    stated: Mapping[str, Any] = field(compare=False, repr=False)
    changes: int


@dataclass(frozen=True)
class Question:
    """An open question. `topic` is a field of the situation, or a field with a term.

    `effect` is how many rows it is expected to change: the mean over its answers, each counted for as often as known wijken
    gave it.
    """

    topic: str
    text: str
    answers: tuple[Answer, ...]
    key: bool
    last: bool
    effect: float

    @property
    def changes(self) -> int:
        """The most rows that an answer changes."""
        return max(answer.changes for answer in self.answers)

    @property
    def field(self) -> str:
        """The field of the situation that it asks for."""
        return field_of(self.topic)


@dataclass(frozen=True)
class _Topic:
    """What could be asked: the candidates that answer it, and what decides when it is asked.

    It may be key, only asked at the end, or ask for more of what the situation states already.
    """

    name: str
    group: Sequence[Counted]
    key: bool
    last: bool
    more: bool
    effect: float

    @cached_property
    def changes(self) -> int:
        """The most rows that an answer changes."""
        return max(counted.changes for counted in self.group)

    @property
    def field(self) -> str:
        """The field of the situation that it asks for."""
        return field_of(self.name)


class Questioner:
    """Finds what to ask next.

    `changes` tells how many shown rows each change of a situation changes, and `matters` which atoms can change any.
    """

    def __init__(self, candidates: Candidates, texts: Texts, changes: Changes, matters: Set[int]) -> None:
        self.candidates = candidates
        self.texts = texts
        self.changes = changes
        self.matters = matters
        self._likely: Callable[[Candidate, frozenset[NamedNode]], float] = cache(Likelihood(texts.knowledge).of)
        self._additions: dict[tuple[object, ...], dict[_Askable, Addition]] = {}
        self.subjects = _subjects(texts.knowledge)
        self._marks = _marks(texts.knowledge)
        rare = (node for node, mark in self._marks.items() if mark == "false")
        self._untold = {*rare, *(node for node, _ in texts.knowledge.literals(VRIJWEL_ALTIJD_AAN_TAFEL))}

    def ask(self, outcome: Outcome, situation: Situatie, language: str, most: int) -> list[Question]:
        """The open questions whose answers change something: one a subject, key ones that matter first, then by effect."""
        rank = _Rank(self._marks, outcome)
        topics = self._open(outcome, situation).items()
        found = [
            _Topic(topic, group, *rank.of(topic, group), _effect(group))
            for topic, group in topics
            if any(counted.changes for counted in group)
        ]
        ordered = islice(_by_turns(found, self.subjects), most)
        return [self._question(topic, outcome, language) for topic in ordered]

    def _open(self, outcome: Outcome, situation: Situatie) -> dict[str, list[Counted]]:
        """What is not answered, by topic: each candidate with how many rows it changes."""
        program, stated = outcome.program, outcome.stated
        answered = _Answered(outcome)
        open_ones = answered.others(self._askable)
        asked = [(askable.topic, askable.candidate) for askable in open_ones]
        flips = program.restated(outcome.facts, stated, self._known_of(open_ones, outcome))
        for candidate, facts in self.candidates.undug(situation):
            asked.append((_topic_of(candidate.topic), candidate))
            flips.append(program.stated(facts) ^ stated)
        leading = frozenset(_leading(outcome))
        topics: dict[str, list[Counted]] = defaultdict(list)
        for (topic, candidate), count in zip(asked, self.changes(outcome, flips), strict=True):
            topics[topic].append(Counted(candidate, count, self._likely(candidate, leading)))
        return topics

    @cached_property
    def _askable(self) -> list["_Askable"]:
        program, every = self.candidates.program, self.candidates.all
        return [_Askable(candidate, program) for candidate in every if candidate.field not in NEVER_ASKED]

    def _question(self, topic: "_Topic", outcome: Outcome, language: str) -> Question:
        words = self._together(topic, outcome, language) or _words(
            topic.name, topic.group[0].candidate, self.texts, language
        )
        return Question(topic.name, words, self._answers(topic.group), topic.key, topic.last, topic.effect)

    def _together(self, topic: "_Topic", outcome: Outcome, language: str) -> str:
        """A question for what is asked together, with the answers that would change most here; else empty."""
        if topic.name not in ASKED_TOGETHER:
            return ""
        say = catalogue(language)
        kind = "more" if FIELDS.get(topic.name) in _stated_properties(outcome.facts) else "which"
        if not (telling := self._telling(topic, outcome)):
            return as_sentence(say(f"question.{kind}.{topic.name}.open"))
        names = say.either([self.texts.value(node, language) for node in telling])
        return as_sentence(say(f"question.{kind}.{topic.name}", names=names))

    def _telling(self, topic: "_Topic", outcome: Outcome) -> list[NamedNode]:
        """What the answers that are worth most are about: a few, each worth at least half of the first.

        What is rare is not named, nor who nearly always takes part. A party or a work is named when it fits here; there
        may be none.
        """
        telling = [counted for counted in topic.group if not self._untold.intersection(counted.candidate.individuals)]
        if topic.name in FITTING:
            fits = _Fitting(self.texts.knowledge, outcome)
            telling = [counted for counted in telling if counted.changes and fits(counted.candidate.individuals[0])]
        elif not telling:
            telling = [*topic.group]
        most = max((counted.worth for counted in telling), default=0)
        worthy = [counted for counted in telling if counted.worth * 2 >= most]
        named: dict[object, NamedNode] = {}  # of works that give the same occasion, one
        for counted in sorted(worthy, key=lambda counted: counted.worth, reverse=True):
            node = counted.candidate.individuals[0]
            named.setdefault(frozenset(self.texts.knowledge.objects(node, GEEFT_AANLEIDING)) or node, node)
        return [*named.values()][:MOST_TOLD]

    def _answers(self, group: Sequence[Counted]) -> tuple[Answer, ...]:
        """The answers; of many that are asked together, those that change most, and what is rare behind the others."""
        if len(group) > MOST_ANSWERS:
            group = self._first(group)[:MOST_ANSWERS]
        return tuple(Answer(each.candidate.situation, each.candidate.stated, each.changes) for each in group)

    def _first(self, group: Sequence[Counted]) -> list[Counted]:
        return sorted(group, key=lambda counted: (self._rare(counted.candidate), -counted.changes))

    def _rare(self, candidate: Candidate) -> bool:
        return any(self._marks.get(node) == "false" for node in candidate.individuals)

    def _known_of(self, askables: Sequence["_Askable"], outcome: Outcome) -> list[Addition]:
        """What is known of candidates before they are added; kept, as most situations are about the same day."""
        values = outcome.facts.values
        key = tuple(values.items())
        if key not in self._additions:
            if len(self._additions) == MOST_DAYS:
                self._additions.clear()
            self._additions[key] = {}
        known = self._additions[key]
        for askable in askables:
            if askable not in known:
                known[askable] = outcome.program.addition(askable.candidate.facts, values, self.matters)
        return [known[askable] for askable in askables]


def _effect(group: Sequence[Counted]) -> float:
    """How many rows an answer changes on average, each counted for as often as it is given."""
    return sum(counted.worth for counted in group) / sum(counted.likely for counted in group)


def _leading(outcome: Outcome) -> Iterator[NamedNode]:
    """The transitions that lead."""
    links = outcome.program.links_by[HEEFT_LEIDENDE_TRANSITIE]
    return (node for node, number in links.items() if number in outcome.fired)


def field_of(topic: str) -> str:
    """The field of the situation that a topic is in."""
    return topic.partition(".")[0]


def _topic_of(topic: str) -> str:
    """The field of what is asked together, else the topic of the candidate itself; 'no' answers the question of 'yes'."""
    field, _, rest = topic.partition(".")
    if field == "afwezigeKenmerken":
        return f"kenmerken.{rest}"
    return field if field in ASKED_TOGETHER and not rest.endswith(".graven") else topic


def _marks(knowledge: Knowledge) -> dict[NamedNode, str]:
    """Of what the knowledge marks as a key question or as one for the end, what it says."""
    return {node: mark.value for node, mark in knowledge.literals(SLEUTELVRAAG) if isinstance(node, NamedNode)}


class _Rank:
    """What the knowledge says of questions: which are key, and which come last."""

    def __init__(self, marks: Mapping[NamedNode, str], outcome: Outcome) -> None:
        self.marks = marks
        self.stated = _stated_properties(outcome.facts)
        self.leads = any(_leading(outcome))

    def of(self, topic: str, group: Sequence[Counted]) -> tuple[bool, bool, bool]:
        """Whether a question is key, is only asked when nothing else is left, and asks for more of what is stated."""
        field, _, rest = topic.partition(".")
        if rest.endswith(".graven"):
            marks = {self.marks.get(GRAVEN)}
        elif rest:
            marks = {*map(self.marks.get, group[0].candidate.individuals)}
        else:
            # Who has said something in this field is asked for the rest of it later.
            prop = FIELDS.get(field)
            marks = {None if prop is None or prop in self.stated else self.marks.get(prop)}
        # When it is known what leads, there is a reason to begin: what else could be one is asked at the end.
        last = "false" in marks or (field in DECISIONS and self.leads)
        return "true" in marks, last, topic in ASKED_TOGETHER and FIELDS.get(topic) in self.stated


def _subjects(knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """With each measured value and each characteristic, the topics of what else tells the same."""
    found: dict[str, set[str]] = defaultdict(set)
    for limit in knowledge.instances(DREMPEL):
        values = [f"metingen.{slug(node)}" for node in knowledge.objects(limit, OP_GROOTHEID)]
        told = [f"kenmerken.{slug(node)}" for prop in SAME_SUBJECT for node in knowledge.objects(limit, prop)]
        for topic in (*values, *told):
            found[topic].update((*values, *told))
    named: dict[str, set[str]] = defaultdict(set)
    for node, subject in knowledge.literals(VRAAGONDERWERP):
        if not isinstance(node, NamedNode):
            continue
        field = "metingen" if knowledge.kind(node) == GROOTHEIDSKLASSE else "kenmerken"
        named[subject.value].add(f"{field}.{slug(node)}")
    for topics in named.values():
        for topic in topics:
            found[topic].update(topics)
    return {topic: frozenset(others) for topic, others in found.items()}


def _stated_properties(facts: Facts) -> set[NamedNode]:
    return {link.property for link in facts.links} | {own.property for own in facts.nodes}


class _Fitting:
    """Tells which parties and works are an example that fits what holds: each for a task that is at issue here.

    A work carries a task out when it is asked or needed, or none in particular; with what it is named, or not, the
    knowledge says.
    """

    def __init__(self, knowledge: Knowledge, outcome: Outcome) -> None:
        self._knowledge = knowledge
        self._outcome = outcome

    def __call__(self, node: NamedNode) -> bool:
        """Whether an individual is named as an example."""
        of = self._knowledge.objects
        if self._holds_any(IS_HERE, of(node, GEEN_VOORBEELD_BIJ)):
            return False
        if (only := of(node, VOORBEELD_BIJ)) and not self._holds_any(IS_HERE, only):
            return False
        if executed := of(node, VOERT_UIT):
            return self._holds_any((HEEFT_GEGRONDE_OPGAVE,), executed)
        return self._knowledge.kind(node) != BETROKKENE or self._holds_any(
            (HEEFT_RELEVANTE_OPGAVE,), of(node, DRAAGT_OPGAVE)
        )

    def _holds_any(self, properties: Iterable[NamedNode], nodes: Sequence[NamedNode]) -> bool:
        links, fired = self._outcome.program.links_by, self._outcome.fired
        return any(links[prop].get(node) in fired for prop in properties for node in nodes)


def _by_turns(topics: Sequence[_Topic], subjects: Mapping[str, frozenset[str]]) -> Iterator[_Topic]:
    """Key topics that matter first; of the others the fields take turns, so that nobody is asked five figures in a row.

    What is worth no more than half of the best that is left waits a turn: a field by itself makes no question worth asking.
    So does what more there is of parties or works that were named: who did so has answered. A field of one question has
    no turn before others, unless its question is worth most. No subject is asked for twice, in other words or by a figure.
    """
    key_from = _most(topics) / 2
    asked: dict[str, int] = defaultdict(int)
    told: set[str] = set()
    waiting = [*topics]
    while waiting := [topic for topic in waiting if topic.name not in told]:
        half = _most(waiting) / 2

        def place(topic: _Topic, half: float = half) -> tuple[bool, bool, int, float, str]:
            first = topic.key and topic.effect >= key_from
            turn = 0 if first else asked[topic.field] + topic.more + (topic.effect <= half)
            if topic.name in ASKED_ALONE and topic.effect < 2 * half:
                turn = max([turn, *asked.values()])
            return not first, topic.last, turn, -topic.effect, topic.name

        topic = min(waiting, key=place)
        yield topic
        asked[topic.field] += 1
        told |= subjects.get(topic.name, frozenset()) | {topic.name}


def _most(topics: Iterable[_Topic]) -> float:
    """What the best topic is worth that is not left for the end."""
    return max((topic.effect for topic in topics if not topic.last), default=0)


class _Askable:
    """A candidate that may be asked about, and when that needs no asking: what of it and about it is stated or follows."""

    def __init__(self, candidate: Candidate, program: Program) -> None:
        self.candidate = candidate
        self.topic = _topic_of(candidate.topic)
        self.field = candidate.field
        self.about = candidate.about
        self.decides = self.field in DECISIONS
        self.only = LINK_FIELDS.get(self.field) if candidate.exclusive else None
        links = candidate.facts.links
        self.links = frozenset(number for link in links if (number := program.find(link)) is not None)
        # A link that the program does not know is never among the atoms that a situation states.
        self.known = len(self.links) == len(links)
        denying = (Link(prop, node) for own, node in links for prop in SETTLED_BY.get(own, ()))
        self.settling = frozenset(number for link in denying if (number := program.find(link)) is not None)


class _Answered:
    """What a situation already states, and what follows from it."""

    def __init__(self, outcome: Outcome) -> None:
        facts = outcome.facts
        self.outcome = outcome
        self.properties = {link.property for link in facts.links}
        self.about = {(own.property, subject_of(own)) for own in facts.nodes}
        self.decided = any(LINK_FIELDS.get(field) in self.properties for field in DECISIONS)

    def others(self, askables: Iterable[_Askable]) -> list[_Askable]:
        """Those of which the situation does not state what they are about, and of which it does not follow either."""
        about, properties, decided = self.about, self.properties, self.decided
        stated, true = self.outcome.stated, self.outcome.true
        return [
            askable
            for askable in askables
            if not (decided and askable.decides)
            and (
                about.isdisjoint(askable.about)
                if askable.about
                else askable.only not in properties
                and not (askable.known and askable.links <= stated)
                and not any(true[number] for number in askable.settling)
            )
        ]


def _words(topic: str, candidate: Candidate, texts: Texts, language: str) -> str:
    say = catalogue(language)
    field, _, rest = topic.partition(".")
    subjects = candidate.individuals
    if subjects and field != "werken" and (own_words := texts.knowledge.text(subjects[0], VRAAGZIN, language)):
        return own_words
    label = texts.value(subjects[0], language) if subjects else ""
    return as_sentence(say("question.graven" if rest.endswith(".graven") else f"question.{field}", label=label))
