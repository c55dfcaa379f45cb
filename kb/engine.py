"""The expert system as one object: load it once, then ask it about situations."""

import gc
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb import paths
from kb.advice.compare import Comparer, Comparison
from kb.advice.compose import compose
from kb.advice.model import Advies
from kb.advice.precedence import Precedence, Voorrang
from kb.advice.ranking import Ranking
from kb.advice.receipt import Ontvangstbewijs, Receipts
from kb.advice.view import Lexicon, View
from kb.cache import Parts, kept
from kb.collector import without_collector
from kb.errors import ConclusionError, KnowledgeError, nearest
from kb.explain.assumptions import Assumptions
from kb.explain.candidates import Candidates, add_situation, remove_situation
from kb.explain.difference import Difference, difference
from kb.explain.missing import MissingFinder, MissingSets
from kb.explain.proof import Proof, Prover, conclusion_key
from kb.explain.question import Question, Questioner
from kb.explain.wording import Texts
from kb.knowledge.knowledge import BEGRIP, Knowledge
from kb.knowledge.vocabulary import Vocabulary, read_vocabulary
from kb.language import Words, did_you_mean
from kb.names import TYPE, declarations, show, slug
from kb.program.evaluate import Outcome, evaluate
from kb.program.program import Program
from kb.rule.rule import KNOWLEDGE_FOLDER, SITUATION_FOLDER, Rule
from kb.situation.facts import Link
from kb.situation.model import Situatie
from kb.situation.resolve import Resolver

if TYPE_CHECKING:
    from kb.advice.screen import FirstScreen

KEPT_SITUATIONS = 64


class KeptSituation:
    """A situation that is asked about, and what is found of it; each part when it is first needed.

    Errors: SituationError with everything that is wrong, when it is made.
    """

    def __init__(self, situation: Situatie, program: Program, resolver: Resolver) -> None:
        self._situation = situation
        self._program = program
        self._resolver = resolver
        self._facts = resolver.facts(situation)
        self.questions: dict[tuple[str, int], tuple[Question, ...]] = {}

    @cached_property
    def outcome(self) -> Outcome:
        """Everything that holds in it."""
        return evaluate(self._program, self._facts)

    @cached_property
    def by_slug(self) -> Situatie:
        """The same with the slug of every term."""
        return self._resolver.by_slug(self._situation)


class Engine:
    """Everything that can be asked about a situation.

    `language` is `nl` or `en`. A situation with unknown terms raises SituationError; a conclusion key that names nothing
    the rules can derive raises ConclusionError.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        vocabulary: Vocabulary,
        rules: list[Rule],
        program: Program,
        assuming: frozenset[int] | None = None,
    ) -> None:
        check_declarations(knowledge)
        self.knowledge = knowledge
        self.vocabulary = vocabulary
        self.rules = rules
        self.program = program
        self.resolver = Resolver(knowledge, vocabulary)
        self.texts = Texts(knowledge, program)
        self.assumptions = Assumptions(knowledge, program, assuming)
        self.ranking = Ranking(knowledge)
        self._lexicons: dict[str, Lexicon] = {}
        self._kept: dict[str, KeptSituation] = {}

    @classmethod
    def load(cls, ontology: Path = paths.ONTOLOGY, rules: Path = paths.RULES) -> "Engine":
        """The engine over an ontology folder and a rules folder; by default the project's own."""
        with without_collector():
            engine = cls(*kept(ontology, rules, lambda: _load(ontology, rules)))
            if not gc.get_freeze_count():
                # The first engine stays, so later looks for cycles need not pass over it; a next one may go when it is done.
                gc.freeze()
            return engine

    @classmethod
    def over(cls, knowledge: Knowledge, rules: Path = paths.RULES) -> "Engine":
        """The engine over knowledge that is loaded already."""
        return cls(*_make(knowledge, _situation_rules(rules, knowledge.rules)))

    def evaluate(self, situation: Situatie) -> Outcome:
        """Everything that holds in a situation; kept for a while, as questions about one situation come together."""
        return self._asked(situation).outcome

    def check(self, situation: Situatie) -> None:
        """Refuse a situation with terms that are not known, with every one of them.

        Errors: SituationError.
        """
        self._asked(situation)

    def forget(self) -> None:
        """Keep nothing of the situations that were asked about."""
        self._kept.clear()

    def advise(self, situation: Situatie, language: str = "nl", *, questions: int = 0) -> Advies:
        """The advice, with at most `questions` open questions."""
        asked = self._asked(situation)
        receipt = self._receipt(asked)  # first, as it goes through all that has just been found
        view = self._view(asked, language)
        return compose(view, situation, self._questions(asked, language, questions) if questions else (), receipt)

    def view(self, situation: Situatie, language: str = "nl") -> View:
        """What holds in a situation, to be looked up in words."""
        return self._view(self._asked(situation), language)

    def receipt(self, situation: Situatie) -> Ontvangstbewijs:
        """What an advice about this situation is made from."""
        return self._receipt(self._asked(situation))

    def _asked(self, situation: Situatie) -> "KeptSituation":
        key = _kept_as(situation)
        asked = self._kept.get(key)
        if asked is None:
            asked = KeptSituation(situation, self.program, self.resolver)
            for oldest in list(self._kept)[: max(0, len(self._kept) - KEPT_SITUATIONS + 1)]:
                self._kept.pop(oldest, None)
            self._kept[key] = asked
        return asked

    def _view(self, asked: "KeptSituation", language: str) -> View:
        outcome = asked.outcome
        return View(self._lexicon(language), self.texts, outcome, self.assumptions.uncertain(outcome))

    def _receipt(self, asked: "KeptSituation") -> Ontvangstbewijs:
        today = date.today()
        return self.receipts.make(asked.by_slug, asked.outcome, asked.by_slug.peildatum or today, today)

    def _lexicon(self, language: str) -> Lexicon:
        if language not in self._lexicons:
            self._lexicons[language] = Lexicon(self.knowledge, self.ranking, self.program, language)
        return self._lexicons[language]

    def why(self, situation: Situatie, key: str, language: str = "nl", *, all_proofs: bool = False) -> list[Proof]:
        """The proofs of a conclusion, the shortest first; only that one unless `all_proofs`. Empty when it does not hold."""
        link = self.conclusion(key)
        prover = Prover(self.knowledge, self.texts, self.evaluate(situation), language)
        if all_proofs:
            return prover.proofs(link)
        proof = prover.shortest(link)
        return [proof] if proof else []

    def why_not(
        self, situation: Situatie, key: str, language: str = "nl", *, most: int = 10, seconds: float | None = None
    ) -> MissingSets:
        """The smallest sets of facts that would make a conclusion hold; one empty set when it holds already.

        What is found in so many seconds, when those are given.
        """
        asked = self._asked(situation)
        return self.missing.find(asked.by_slug, self.conclusion(key), language, most, seconds, asked.outcome)

    def what_if(self, situation: Situatie, add: Situatie, remove: Situatie, language: str = "nl") -> Difference:
        """What changes in the conclusions when facts are added and removed."""
        for given in (situation, add, remove):
            self.resolver.facts(given)  # a wrong term in `remove` would otherwise silently remove nothing
        situation, add, remove = map(self.resolver.by_slug, (situation, add, remove))
        changed = add_situation(remove_situation(situation, remove), add)
        return difference(self.texts, self.vocabulary, self.evaluate(situation), self.evaluate(changed), language)

    def why_before(
        self, situation: Situatie, first: str, second: str, language: str = "nl", *, seconds: float | None = None
    ) -> Voorrang:
        """Why one conclusion of a list stands before another: the first criterion on which they differ, with its proofs.

        What the second lacks is what is found in so many seconds, when those are given.

        Errors: ConclusionError when a key names nothing, or the two are not ranked together.
        """
        links = self.conclusion(first), self.conclusion(second)
        return self.precedence.compare(situation, *links, language, seconds)

    def compare(self, old: Mapping[str, Any], new: Mapping[str, Any], language: str = "nl") -> Comparison:
        """Which conclusions of two advices, as JSON with their receipts, came, went or moved, and through what each."""
        return self.comparer.compare(old, new, language)

    def questions(self, situation: Situatie, language: str = "nl", most: int = 5) -> list[Question]:
        """What the situation leaves open that would change most of the first screen; the fields take turns.

        Kept for a while, as an advice is often taken along in another form.
        """
        return list(self._questions(self._asked(situation), language, most))

    def _questions(self, asked: "KeptSituation", language: str, most: int) -> tuple[Question, ...]:
        found = asked.questions.get((language, most))
        if found is None:
            found = tuple(self.questioner.ask(asked.outcome, asked.by_slug, language, most))
            asked.questions[language, most] = found
        return found

    def conclusion(self, key: str) -> Link:
        """The link that a conclusion key names.

        Errors: ConclusionError with keys that look like it.
        """
        link = self._keys.get(key)
        if link is None:
            near = nearest(
                key, {name: known for known in self._shown_keys for name in (known.rpartition("/")[2], known)}
            )
            meant = did_you_mean(near)
            message = Words(
                f"geen conclusie die de regels kunnen trekken: {key!r}.{meant}",
                f"no conclusion that the rules can draw: {key!r}.{meant.en}",
            )
            raise ConclusionError(message, near)
        return link

    def keys_for(self, name: str) -> list[str]:
        """The conclusion keys about an individual given by slug, `soort/slug` or label, shown conclusions only."""
        shown = self._shown_keys.items()
        named = [key for key, link in shown if name in (slug(link.object), key.partition("/")[2])]
        meant = self.knowledge.dictionary(BEGRIP).find(name) if not named else ()
        return named or [key for key, link in shown if link.object in meant]

    @property
    def shown_conclusions(self) -> Iterable[Link]:
        """Everything that an advice can show."""
        return self._shown_keys.values()

    @cached_property
    def receipts(self) -> Receipts:
        """Makes the receipts of advices."""
        return Receipts(self.program, self.knowledge.release, self.knowledge.rules)

    @cached_property
    def candidates(self) -> Candidates:
        """The facts that any situation could also state."""
        return Candidates(self.program, self.vocabulary, self.resolver)

    @cached_property
    def missing(self) -> MissingFinder:
        """Finds what is missing for a conclusion."""
        return MissingFinder(self.program, self.candidates, self.resolver, self.texts)

    @cached_property
    def questioner(self) -> Questioner:
        """Finds what to ask next."""
        return Questioner(self.candidates, self.texts, self.first_screen.changes, self.first_screen.atoms)

    @cached_property
    def first_screen(self) -> "FirstScreen":
        """Tells what changes on the first screen of an advice."""
        from kb.advice.screen import FirstScreen  # takes long to import, and not every process asks questions

        return FirstScreen(self.knowledge, self.program, self.ranking)

    @cached_property
    def comparer(self) -> Comparer:
        """Finds through what two advices differ."""
        return Comparer(self.knowledge, self.texts, self.program, self)

    @cached_property
    def precedence(self) -> Precedence:
        """Explains the places in a ranking."""
        return Precedence(self.knowledge, self.ranking, self.texts, self.evaluate, self.missing)

    @cached_property
    def _shown_keys(self) -> dict[str, Link]:
        """The keys of the conclusions that an advice shows."""
        return {key: link for key, link in self._keys.items() if link.property in self.vocabulary.conclusions}

    @cached_property
    def _keys(self) -> dict[str, Link]:
        atoms = self.program.atoms
        links = [atom for number in self.program.by_head if isinstance(atom := atoms[number], Link)]
        return {conclusion_key(link): link for link in links}


def check_declarations(knowledge: Knowledge) -> None:
    """Refuse an ontology that lacks a class or property that this program relies on.

    Errors: KnowledgeError with each name and the place in Python that declares it.
    """
    unknown = [
        f":{show(node)} ({place})" for node, place in declarations().items() if not any(knowledge.triples(node, TYPE))
    ]
    if unknown:
        raise KnowledgeError(f"de ontologie kent deze namen niet, waar het programma op rekent: {', '.join(unknown)}.")


# A start from what was kept reads no Turtle and no rule, so it does not import what reads them.


def _load(ontology: Path, rules: Path) -> Parts:
    from kb.knowledge.derive import load
    from kb.rule.files import read_rules

    over_knowledge = read_rules(rules / KNOWLEDGE_FOLDER)
    about_situation = _situation_rules(rules, over_knowledge)  # so that what is wrong with a rule is told at once
    return _make(load(over_knowledge, ontology), about_situation)


def _situation_rules(rules: Path, others: list[Rule]) -> list[Rule]:
    from kb.rule.files import read_rules, same_names

    read = read_rules(rules / SITUATION_FOLDER)
    for error in same_names([*others, *read]):
        raise error
    return read


def _make(knowledge: Knowledge, rules: list[Rule]) -> Parts:
    from kb.program.ground import ground

    vocabulary = read_vocabulary(knowledge)
    program = ground(knowledge, vocabulary, rules)
    _ = program.levels  # so that they are kept with it
    return Parts(knowledge, vocabulary, rules, program, Assumptions(knowledge, program).using)


def _kept_as(situation: Situatie) -> str:
    """What an answer is kept under; with the day, since without a reference date the advice is about today."""
    return f"{situation.peildatum or date.today()} {situation.model_dump_json()}"
