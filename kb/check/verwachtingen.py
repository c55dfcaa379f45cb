"""Expectations: what an expert says must follow from a situation, or change with it, and why.

A file holds a list, in YAML, that needs no Python to read or write:

    - naam: Relinen houdt de straat dicht
      situatie: jarendertigwijk-riool
      wijziging: {vervangen: {werken: [{cyclus: riool, van: 2027, tot: 2029, graven: false}]}}
      verschijnt: [conflict/relining]
      omdat: Zonder open straat valt er niets te delen.

`situatie` is the name of a file in `examples/` or in `situaties/` beside the expectations, or a situation itself.
`wijziging` first leaves out (`weglaten`), then adds (`toevoegen`), then replaces whole fields (`vervangen`). A conclusion is
written as the `:steekwoord` of its property and the slug of the individual (`leidt/energie`, `past/wijkkompas`); a pair of
tasks as `sterk/a+b`. A place in a list is written as `eerste-vijf-instrumenten/wijkkompas`. `*` stands for any
characters and `|` for or.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.advice.model import MOST_CONFLICTEN, MOST_INSTRUMENTEN, MOST_KOPPELKANSEN, Advies, Conclusie
from kb.engine import Engine
from kb.errors import WijkaanpakError, nearest
from kb.names import slug, term
from kb.situation.facts import Link
from kb.situation.messages import problem_of
from kb.situation.model import read_situation

KEYWORD = term("steekwoord")
SITUATIONS = "situaties"

# The lists of an advice by name, with the keywords of the conclusions that stand in them.
LISTS: dict[str, tuple[str, ...]] = {
    "transities": ("leidt",),
    "koppelkansen": ("koppelkans",),
    "meeliftkoppelingen": ("meeliftkoppel",),
    "conflicten": ("conflict",),
    "instrumenten": ("past", "mogelijk", "komt"),
    "volgend": ("volgt",),
    "meeliftkansen": ("meelift",),
}
# How much of a list a name takes, by what it begins with.
STARTS = {"eerste-tien-": 10, "eerste-vijf-": 5, "eerste-drie-": 3, "eerste-": 1}
FIRST_SCREEN = "eerste-scherm"
COUNT = "aantal-"


class Wijziging(BaseModel):
    """How a situation is changed: leave out, then add, then replace whole fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weglaten: dict[str, Any] = Field(default_factory=dict)
    toevoegen: dict[str, Any] = Field(default_factory=dict)
    vervangen: dict[str, Any] = Field(default_factory=dict)


class Hoogstens(BaseModel):
    """At most so many rows of a list are of a kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lijst: str
    patroon: str
    aantal: int = Field(ge=0)


class Verwachting(BaseModel):
    """One expectation; what appears, disappears, stays, changes or stays equal needs a change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    naam: str = Field(min_length=1)
    situatie: str | dict[str, Any]
    wijziging: Wijziging | None = None
    verschijnt: tuple[str, ...] = Field(default=(), description="Geldt niet voor, maar wel na de wijziging.")
    verdwijnt: tuple[str, ...] = Field(default=(), description="Geldt voor, maar niet na de wijziging.")
    blijft: tuple[str, ...] = Field(default=(), description="Geldt voor en na de wijziging.")
    blijftWeg: tuple[str, ...] = Field(default=(), description="Geldt voor noch na de wijziging.")
    aanwezig: tuple[str, ...] = Field(default=(), description="Geldt (na de wijziging, als die er is).")
    afwezig: tuple[str, ...] = Field(default=(), description="Geldt niet (na de wijziging, als die er is).")
    verandert: tuple[str, ...] = Field(default=(), description="Lijsten of aantallen die anders worden.")
    gelijk: tuple[str, ...] = Field(default=(), description="Lijsten of aantallen die gelijk blijven.")
    minder: tuple[str, ...] = Field(default=(), description="Lijsten waarvan minder overblijft.")
    eerder: tuple[tuple[str, str], ...] = Field(default=(), description="Rijen van een lijst: de eerste staat hoger.")
    hoogstens: tuple[Hoogstens, ...] = ()
    omdat: str = Field(min_length=1)


@dataclass(frozen=True)
class Unmet:
    """An expectation that is not met or cannot be read: in which file, which one, and why."""

    path: Path
    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.name}: {self.reason}"


@dataclass(frozen=True)
class Seen:
    """What an expectation can ask about one situation; the advice is made only for who asks for its lists."""

    conclusions: frozenset[str]
    advise: Callable[[], Advies]
    _lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def rows(self, name: str) -> tuple[str, ...]:
        """The rows of a list, a part of it, or how many conclusions of a keyword there are."""
        if name not in self._lists:
            self._lists[name] = tuple(self._read(name))
        return self._lists[name]

    def keys(self, word: str) -> Iterable[str]:
        """What patterns with this word are held against."""
        if _is_list(word):
            return [f"{word}/{row}" for row in self.rows(word)]
        return (key for key in self.conclusions if key.startswith(f"{word}/"))

    def _read(self, name: str) -> Iterable[str]:
        if name.startswith(COUNT):
            counted = name.removeprefix(COUNT)
            return [str(len(self.rows(counted)) if _is_list(counted) else sum(1 for _ in self.keys(counted)))]
        if name == FIRST_SCREEN:
            return _first_screen(self.advise())
        base, most = _part(name)
        return _rows(self.advise(), base)[:most]


class Expectations:
    """Reads and judges expectations over one engine; `examples` holds situations that any file can name."""

    def __init__(self, engine: Engine, examples: Path) -> None:
        self.engine = engine
        self.examples = examples
        self._words = {prop: word.value for prop, word in engine.knowledge.literals(KEYWORD)}
        self._seen: dict[str, Seen] = {}

    def judge(self, path: Path) -> Iterator[Unmet]:
        """What is not met in one file, and what cannot be read of it."""
        for expectation in read_expectations(path):
            if isinstance(expectation, Unmet):
                yield expectation
            else:
                yield from (Unmet(path, expectation.naam, reason) for reason in self.unmet(expectation, path.parent))

    def unmet(self, expectation: Verwachting, folder: Path) -> list[str]:
        """Each part of an expectation that does not come true, or cannot be understood, in words."""
        try:
            return list(self._unmet(expectation, folder))
        except WijkaanpakError as error:
            return [str(error)]

    def _unmet(self, expectation: Verwachting, folder: Path) -> Iterator[str]:
        base = self._situation(expectation.situatie, folder)
        before = self.seen(base)
        after = self.seen(changed(base, expectation.wijziging)) if expectation.wijziging else before
        for kind, (was, must) in _KINDS.items():
            for pattern in getattr(expectation, kind):
                self._check(pattern)
                yield from _judge(kind, pattern, None if was is None else (before, was), (after, must))
        for kind, (wrong, holds) in _COMPARED.items():
            for name in getattr(expectation, kind):
                self._check_list(name)
                if not holds(one := before.rows(name), other := after.rows(name)):
                    yield f"{kind}: {name} {wrong}: {_told(one)} → {_told(other)}."
        yield from self._order(expectation, after)

    def _order(self, expectation: Verwachting, after: Seen) -> Iterator[str]:
        for first, second in expectation.eerder:
            word = first.partition("/")[0]
            self._check(first)
            self._check(second)
            places = {key: place for place, key in enumerate(after.keys(word))}
            if first not in places or places[first] > places.get(second, len(places)):
                yield f"eerder: {first} staat niet boven {second}; de volgorde is {_told(after.rows(word))}."
        for limit in expectation.hoogstens:
            self._check_list(limit.lijst)
            found = [row for row in after.rows(limit.lijst) if fnmatchcase(row, limit.patroon)]
            if len(found) > limit.aantal:
                yield f"hoogstens: {len(found)} van {limit.lijst} zijn {limit.patroon}: {_told(found)}."

    def seen(self, data: dict[str, Any]) -> Seen:
        """What can be asked about a situation; kept, as many expectations are about one.

        Errors: SituationError for a situation with unknown terms.
        """
        name = json.dumps(data, sort_keys=True, default=str)
        if name not in self._seen:
            situation = read_situation(data)
            holding = (self._key(link) for link in self.engine.evaluate(situation).derived())
            self._seen[name] = Seen(frozenset(filter(None, holding)), lambda: self.engine.advise(situation))
        return self._seen[name]

    def _situation(self, named: str | dict[str, Any], folder: Path) -> dict[str, Any]:
        if isinstance(named, dict):
            return named
        folders = (folder / SITUATIONS, self.examples)
        known = {path.stem: path for each in folders for path in sorted(each.glob("*.json"))}
        if named not in known:
            raise WijkaanpakError(
                f"onbekende situatie {named!r}; bedoelt u {_or(nearest(named, {k: k for k in known}))}?"
            )
        found = json.loads(known[named].read_text(encoding="utf-8"))
        assert isinstance(found, dict)
        return found

    def _check(self, pattern: str) -> None:
        """Refuse a pattern that can match nothing.

        Errors: WijkaanpakError with what looks like it.
        """
        for part in pattern.split("|"):
            word, slash, name = part.partition("/")
            if not slash:
                raise WijkaanpakError(f"{part!r} is geen conclusie; schrijf steekwoord/slug, zoals leidt/energie.")
            if word == FIRST_SCREEN:
                words: tuple[str, ...] = (name.partition("/")[0],)
                name = name.partition("/")[2]
            else:
                words = LISTS[_part(word)[0]] if _is_list(word) else (word,)
            if unknown := next((each for each in words if each not in self._known), None):
                near = nearest(unknown, {each: each for each in self._known}) or tuple(sorted(self._known))
                raise WijkaanpakError(f"onbekend steekwoord {unknown!r}; bedoelt u {_or(near)}?")
            names = frozenset[str]().union(*self._known.values())
            if not any(fnmatchcase(known, name) for known in names):
                near = nearest(name, {known: known for known in names})
                meant = f"; bedoelt u {_or(near)}?" if near else "."
                raise WijkaanpakError(f"{part!r} is geen conclusie die de regels kunnen trekken{meant}")

    def _check_list(self, name: str) -> None:
        counted = name.removeprefix(COUNT)
        if not (_is_list(counted) or counted == FIRST_SCREEN or (counted != name and counted in self._known)):
            known = (FIRST_SCREEN, *LISTS)
            raise WijkaanpakError(f"onbekende lijst {name!r}; bekend zijn {_or(known)}, ook met {_or(tuple(STARTS))}.")

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        """The slugs that the rules can conclude, by keyword."""
        found: dict[str, set[str]] = {}
        for number in self.engine.program.by_head:
            atom = self.engine.program.atoms[number]
            if isinstance(atom, Link) and atom.property in self._words:
                found.setdefault(self._words[atom.property], set()).add(_name(slug(atom.object)))
        return {word: frozenset(names) for word, names in found.items()}

    def _key(self, link: Link) -> str:
        """A conclusion as experts write it; nothing when its property has no keyword."""
        word = self._words.get(link.property)
        return f"{word}/{_name(slug(link.object))}" if word else ""


def read_expectations(path: Path) -> Iterator[Verwachting | Unmet]:
    """The expectations of a file; one that is not of the right form is an Unmet that says what is wrong."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        yield Unmet(path, "geen leesbare YAML", str(error))
        return
    if not isinstance(entries, list):
        yield Unmet(path, "geen lijst", "schrijf een lijst van verwachtingen, elk beginnend met '- naam:'.")
        return
    for number, entry in enumerate(entries, 1):
        try:
            yield Verwachting.model_validate(entry)
        except ValidationError as error:
            problems = "; ".join(str(problem_of(detail, Verwachting.model_fields)) for detail in error.errors())
            yield Unmet(path, f"verwachting {number}", problems)


def changed(data: dict[str, Any], change: Wijziging) -> dict[str, Any]:
    """The situation after a change.

    Errors: WijkaanpakError when what is to be left out is not there.
    """
    result = dict(data)
    for name, less in change.weglaten.items():
        result[name] = _without(name, result.get(name), less)
        if result[name] is None:
            del result[name]
    for name, more in change.toevoegen.items():
        result[name] = _joined(result.get(name), more)
    return {**result, **change.vervangen}


def _without(name: str, value: Any, less: Any) -> Any:
    if isinstance(value, list | dict) and isinstance(less, list):
        if missing := [each for each in less if each not in value]:
            raise WijkaanpakError(f"weglaten: {name} heeft geen {_or(tuple(map(str, missing)))}.")
        kept = [each for each in value if each not in less]
        return kept if isinstance(value, list) else {each: value[each] for each in kept}
    if _plain(value) != _plain(less):
        raise WijkaanpakError(f"weglaten: {name} is {value!r}, niet {less!r}.")
    return None


def _joined(value: Any, more: Any) -> Any:
    if isinstance(value, list):
        return [*value, *more]
    return {**value, **more} if isinstance(value, dict) else more


def _plain(value: Any) -> Any:
    """A date that YAML read, as JSON writes it."""
    return value.isoformat() if isinstance(value, date) else value


# What must hold before a change (None: it does not matter) and after it.
_KINDS: dict[str, tuple[bool | None, bool]] = {
    "verschijnt": (False, True),
    "verdwijnt": (True, False),
    "blijft": (True, True),
    "blijftWeg": (False, False),
    "aanwezig": (None, True),
    "afwezig": (None, False),
}
# How a list before the change compares with that after it, and what is said when it does not.
_COMPARED: dict[str, tuple[str, Callable[[tuple[str, ...], tuple[str, ...]], bool]]] = {
    "verandert": ("verandert niet", lambda before, after: before != after),
    "gelijk": ("verandert", lambda before, after: before == after),
    "minder": ("wordt niet korter", lambda before, after: _length(after) < _length(before)),
}


def _judge(kind: str, pattern: str, before: tuple[Seen, bool] | None, after: tuple[Seen, bool]) -> Iterator[str]:
    if before is not None and _matches(pattern, before[0]) != before[1]:
        yield f"{kind}: {pattern} {'geldt nog niet' if before[1] else 'geldt al'} voor de wijziging."
    elif _matches(pattern, after[0]) != after[1]:
        yield f"{kind}: {pattern} {'geldt niet' if after[1] else 'geldt wel'}{_instead(pattern, after[0])}."


def _instead(pattern: str, seen: Seen) -> str:
    """What a list does hold, as the reason why something is not in it."""
    word = pattern.partition("/")[0]
    return f"; er staat {_told(seen.rows(word))}" if _is_list(word) else ""


def _matches(pattern: str, seen: Seen) -> bool:
    parts = pattern.split("|")
    return any(fnmatchcase(key, part) for part in parts for key in seen.keys(part.partition("/")[0]))


def _is_list(name: str) -> bool:
    return name == FIRST_SCREEN or _part(name)[0] in LISTS


def _part(name: str) -> tuple[str, int | None]:
    """The list that a name is about and how many of its rows."""
    for start, most in STARTS.items():
        if name.startswith(start) and name.removeprefix(start) in LISTS:
            return name.removeprefix(start), most
    return name, None


def _rows(advice: Advies, name: str) -> list[str]:
    rows: dict[str, tuple[Conclusie, ...]] = {
        "transities": advice.leidendeTransities,
        "koppelkansen": advice.koppelkansen,
        "meeliftkoppelingen": advice.meeliftkoppelingen,
        "conflicten": advice.conflicten,
        "instrumenten": advice.instrumenten,
        "volgend": advice.volgend,
        "meeliftkansen": advice.meeliftkansen,
    }
    return [_name(row.slug) for row in rows[name]]


def _first_screen(advice: Advies) -> list[str]:
    """What a council sees first: what leads, the first couplings, conflicts and instruments."""
    shown = {"transities": None, "koppelkansen": MOST_KOPPELKANSEN, "conflicten": MOST_CONFLICTEN}
    parts = {**shown, "instrumenten": MOST_INSTRUMENTEN}
    return [f"{LISTS[name][0]}/{row}" for name, most in parts.items() for row in _rows(advice, name)[:most]]


def _name(slug: str) -> str:
    return slug.replace("--", "+")


def _length(rows: tuple[str, ...]) -> int:
    """How long a list is; of a count, what it says."""
    return int(rows[0]) if len(rows) == 1 and rows[0].isdigit() else len(rows)


def _told(rows: Iterable[str]) -> str:
    return ", ".join(rows) or "niets"


def _or(names: Iterable[str]) -> str:
    return " of ".join(names) or "iets anders"
