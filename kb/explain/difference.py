"""What if: which conclusions come and go when a situation changes."""

from dataclasses import dataclass

from kb.explain.proof import conclusion_key
from kb.explain.wording import Texts
from kb.knowledge.vocabulary import Vocabulary
from kb.program.evaluate import Outcome
from kb.situation.facts import Link


@dataclass(frozen=True)
class Change:
    """A conclusion that came or went: its key and its words."""

    conclusion: str
    text: str


@dataclass(frozen=True)
class Difference:
    """The conclusions that the change adds (`gained`) and takes away (`lost`)."""

    gained: tuple[Change, ...]
    lost: tuple[Change, ...]


def difference(texts: Texts, vocabulary: Vocabulary, before: Outcome, after: Outcome, language: str) -> Difference:
    """The shown conclusions in which two outcomes of one program differ."""
    old, new = (_conclusions(outcome, vocabulary) for outcome in (before, after))
    return Difference(_changes(texts, new - old, language), _changes(texts, old - new, language))


def _conclusions(outcome: Outcome, vocabulary: Vocabulary) -> set[Link]:
    return {link for link in outcome.derived() if link.property in vocabulary.conclusions}


def _changes(texts: Texts, links: set[Link], language: str) -> tuple[Change, ...]:
    changes = (Change(conclusion_key(link), texts.link(link, language)) for link in links)
    return tuple(sorted(changes, key=lambda change: change.text))
