"""Finds things by what they are called: a name, the beginning of one, a synonym, words of it, or something much like it.

Case, accents, hyphens and punctuation make no difference. What is found by its name comes before what is found by the
beginning of it, then by a synonym, by words, by words of the meaning, and last by a name that looks much like it. Among equals
what most refers to comes first, and of what looks alike the shortest name. Bookkeeping comes after all else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from kb.knowledge.dictionary import fold
from kb.search.model import Hit, Named, Reason
from kb.search.words import SHORT, Alike, WordIndex, beginnings

# Who finds so much in another way has not made a typing error.
ENOUGH = 5
MOST_SPELLINGS = 20
_ORDER = {reason: number for number, reason in enumerate(Reason)}


@dataclass(frozen=True)
class _Text:
    """A name of one of the things: as it is written, and whether it is a synonym."""

    thing: int
    written: str
    other: bool


@dataclass(frozen=True)
class _Match:
    """How a thing is found: by which text when that is known, and how many letters that differs from what was asked."""

    thing: int
    reason: Reason
    text: _Text | None = None
    wrong: int = 0


class Found(Sequence[Named]):
    """What is found, the best first; why is told of those that are looked at."""

    def __init__(self, things: Sequence[Named], matches: Sequence[_Match], words: Sequence[str]) -> None:
        self._things = things
        self._matches = matches
        self._words = words

    def __len__(self) -> int:
        return len(self._matches)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]  # as those of a list
        if isinstance(place, slice):
            return [self._things[match.thing] for match in self._matches[place]]
        return self._things[self._matches[place].thing]

    def hits(self, first: int, count: int) -> list[Hit]:
        """Some of what is found, each with why."""
        return [self._hit(match) for match in self._matches[first : first + count]]

    def counts(self) -> dict[str, int]:
        """How much is found of each kind, the kind of the best hit first."""
        return dict(Counter(self._things[match.thing].kind for match in self._matches))

    def of_kind(self, kind: str) -> "Found":
        """What is found of one kind."""
        matches = [match for match in self._matches if self._things[match.thing].kind == kind]
        return Found(self._things, matches, self._words)

    def _hit(self, match: _Match) -> Hit:
        thing = self._things[match.thing]
        by = match.text.written if match.text else self._written(thing) if match.reason != Reason.MEANING else ""
        return Hit(thing, match.reason, by)

    def _written(self, thing: Named) -> str:
        """The name of a thing in which most of the words asked begin a word; the first of several."""

        def count(written: str) -> int:
            parts = fold(written).split()
            return sum(any(part.startswith(word) for part in parts) for word in self._words)

        return max((*thing.names, *thing.others), key=count)


class Index:
    """The names of some things, to be searched."""

    def __init__(self, things: Iterable[Named]) -> None:
        self._things = list(things)
        self._texts: dict[str, list[_Text]] = defaultdict(list)
        self._names, self._around, self._meanings = WordIndex(), WordIndex(), WordIndex()
        for number, thing in enumerate(self._things):
            self._add(number, thing)
        for words in (self._names, self._around, self._meanings):
            words.close()
        self._ordered = sorted(self._texts)
        self._closed_up: dict[str, list[str]] = defaultdict(list)
        for text in self._ordered:
            self._closed_up[text.replace(" ", "")].append(text)
        self._alike, self._words_alike = Alike(self._closed_up), Alike(self._names.things)

    def find(self, asked: str) -> Found:
        """What is found, each thing once, by its strongest reason."""
        words = fold(asked).split()
        found: dict[int, _Match] = {}
        for match in self._sure(" ".join(words), words) if words else ():
            found.setdefault(match.thing, match)
        if len(" ".join(words)) >= SHORT and sum(not self._things[thing].aside for thing in found) < ENOUGH:
            for match in self._near(words):
                found.setdefault(match.thing, match)
        return Found(self._things, sorted(found.values(), key=self._rank), words)

    def _add(self, number: int, thing: Named) -> None:
        within = fold(thing.within)
        for written, other in [*((name, False) for name in thing.names), *((name, True) for name in thing.others)]:
            text = fold(written)
            found = _Text(number, written, other)
            self._texts[text].append(found)
            self._names.add(number, text)
            if within:
                self._texts[f"{text} {within}"].append(found)
        for around in (within, *map(fold, thing.sorts)):
            self._around.add(number, around)
        for meaning in dict.fromkeys((str(thing.meaning), thing.meaning.en)):
            self._meanings.add(number, fold(meaning))

    def _sure(self, text: str, words: Sequence[str]) -> Iterator[_Match]:
        """What has the text itself, the strongest reason first."""
        exact = self._texts.get(text, ())
        longer = [found for other in beginnings(self._ordered, text) if other != text for found in self._texts[other]]
        yield from _matches(Reason.NAME, (found for found in exact if not found.other))
        yield from _matches(Reason.BEGINNING, (found for found in longer if not found.other))
        yield from _matches(Reason.SYNONYM, (found for found in (*exact, *longer) if found.other))
        if len(text) < SHORT:
            return  # a single short word stands in nearly everything
        named = [self._names.beginning_with(word) for word in words]
        around = [self._around.beginning_with(word) for word in words]
        told = [self._meanings.beginning_with(word) for word in words]
        by_name = set().union(*named)
        whole = set.intersection(*(name | near for name, near in zip(named, around, strict=True))) & by_name
        yield from (_Match(thing, Reason.WORDS) for thing in whole)
        meant = set.intersection(*(name | near for name, near in zip(named, told, strict=True)))
        yield from (_Match(thing, Reason.MEANING) for thing in meant)

    def _near(self, words: Sequence[str]) -> Iterator[_Match]:
        """What is called much like what is asked: as a whole, spaces apart, or word by word."""
        for closed_up, wrong in self._alike.find("".join(words)):
            for text in self._closed_up[closed_up]:
                yield from _matches(Reason.NEAR, self._texts[text], wrong)
        spellings = [self._spellings(word) for word in words]
        for spelled in islice(product(*spellings), MOST_SPELLINGS):
            wrong = sum(one for _, one in spelled)
            for thing in set.intersection(*(self._with(word, whole=mended > 0) for word, mended in spelled)):
                yield _Match(thing, Reason.NEAR, self._text_with(thing, [word for word, _ in spelled]), wrong)

    def _spellings(self, word: str) -> list[tuple[str, int]]:
        """The word itself when a name has it, else the words that look much like it."""
        if self._names.beginning_with(word):
            return [(word, 0)]
        alike = self._words_alike.find(word)
        return [(other, wrong) for other, wrong in alike if wrong == alike[0][1]]

    def _with(self, word: str, *, whole: bool) -> set[int]:
        """The things with a word, or with one that begins so."""
        return self._names.things[word] if whole else self._names.beginning_with(word)

    def _text_with(self, thing: int, words: Sequence[str]) -> _Text:
        """The name of a thing in which most of these words stand."""
        named = self._things[thing]

        def count(written: str) -> int:
            return sum(word in fold(written) for word in words)

        written = max((*named.names, *named.others), key=count)
        return _Text(thing, written, written not in named.names)

    def _rank(self, match: _Match) -> tuple[bool, int, int, int, int, int]:
        thing = self._things[match.thing]
        length = len(match.text.written if match.text else thing.label)
        weight = 0 if match.reason is Reason.NEAR else thing.weight
        return thing.aside, _ORDER[match.reason], match.wrong, -weight, length, match.thing


def _matches(reason: Reason, texts: Iterable[_Text], wrong: int = 0) -> Iterator[_Match]:
    return (_Match(found.thing, reason, found, wrong) for found in texts)
