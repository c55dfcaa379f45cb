"""In which things each word stands, and which words look much like one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST_ALIKE = 20
# From how many letters on one or two of them may be wrong.
ONE_WRONG, TWO_WRONG = 4, 8
# A word shorter than this is asked as a whole: too many words begin so.
SHORT = 3


class WordIndex:
    """The things in which a word stands."""

    def __init__(self) -> None:
        self.things: dict[str, set[int]] = defaultdict(set)
        self._ordered: list[str] = []

    def add(self, thing: int, text: str) -> None:
        """Note the words of a folded text."""
        for word in text.split():
            self.things[word].add(thing)

    def close(self) -> None:
        """Ready to be asked: nothing is added any more."""
        self._ordered = sorted(self.things)

    def beginning_with(self, start: str) -> set[int]:
        """The things with a word that begins so; a short one must be the word itself."""
        if len(start) < SHORT:
            return self.things.get(start, set())
        return set().union(*(self.things[word] for word in beginnings(self._ordered, start)))


class Alike:
    """Some texts, to be asked for those that a typing error apart are the same."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for text in texts:
            self._by_length[len(text)].append(text)

    def find(self, text: str) -> list[tuple[str, int]]:
        """The texts that differ in as few letters as a typing error does, with how many, the likest first.

        Two letters that changed places are one wrong letter (optimal string alignment).
        """
        wrong = allowed(text)
        if not wrong:
            return []
        known = [
            other for size in range(len(text) - wrong, len(text) + wrong + 1) for other in self._by_length.get(size, ())
        ]
        found = process.extract(text, known, scorer=OSA.distance, score_cutoff=wrong, limit=MOST_ALIKE)
        return sorted(((other, int(distance)) for other, distance, _ in found), key=lambda match: (match[1], match[0]))


def allowed(text: str) -> int:
    """How many letters of a text may be wrong; none in a number or code, in which each says something."""
    if any(char.isdigit() for char in text):
        return 0
    return 2 if len(text) >= TWO_WRONG else 1 if len(text) >= ONE_WRONG else 0


def beginnings(ordered: Sequence[str], start: str) -> Iterator[str]:
    """The texts of a sorted row that begin so."""
    place = bisect_left(ordered, start)
    while place < len(ordered) and ordered[place].startswith(start):
        yield ordered[place]
        place += 1
