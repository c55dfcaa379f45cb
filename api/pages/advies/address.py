"""A situation as the query of an address and back, so that an advice can be shared by its address alone.

The keys are the paths of the JSON with dots: `wijk`, `kenmerken` (again for each), `werken.0.van`, `metingen.aardgasaandeel`.
Beside them stand the keys of the page itself (`PAGE_KEYS`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from api.html.site import LANGUAGE_KEY
from kb.errors import Problem, SituationError, nearest
from kb.language import Words, did_you_mean
from kb.situation.model import LINK_FIELDS, Situatie, dump_situation

Json = dict[str, Any]
Pairs = list[tuple[str, str]]

PATH = "/advies"
STRUCK, FILL, NO_FILL, ROWS, COMPARE = "zonder", "gegevens", "nee", "rijen", "vergelijk"
CONCLUSION, NEXT = "conclusie", "na"
PAGE_KEYS = (LANGUAGE_KEY, STRUCK, FILL, ROWS, COMPARE, CONCLUSION, NEXT)

SINGLE = ("wijk", "gemeente", "naam", "iri", "peildatum", "fase")
LISTS = tuple(name for name in LINK_FIELDS if name not in SINGLE)
ROW_FIELDS = ("werken", "wensen")
VALUED = ("metingen", "prioriteiten")
_ORIGIN = "herkomst"
_WHOLE = ("van", "tot", "schuifruimte", "jaar", "prioriteiten")
_MOST_ROWS = 40


@dataclass(frozen=True)
class Asked:
    """What an address asks: the situation as JSON values, the figures struck out, and whether to fill in the others.

    `rows` is how many rows for works the form shows at least.
    """

    given: Json = field(default_factory=dict)
    struck: tuple[str, ...] = ()
    fill: bool = True
    rows: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked."""
        return not self.given

    def pairs(self, situation: Situatie | Json | None = None) -> Pairs:
        """The keys and values of the address; of another situation under the same choices when one is given."""
        stated = self.given if situation is None else situation
        rows = flatten(dump_situation(stated) if isinstance(stated, Situatie) else stated)
        rows += [(STRUCK, name) for name in self.struck]
        return rows if self.fill else [*rows, (FILL, NO_FILL)]

    def path(
        self, situation: Situatie | Json | None = None, *, page: str = PATH, also: Iterable[tuple[str, str]] = ()
    ) -> str:
        """The address of a page about the situation, or about another under the same choices."""
        own = self._query if situation is None else urlencode(self.pairs(situation))
        query = "&".join(filter(None, (own, urlencode([*also]))))
        return f"{page}?{query}" if query else page

    @cached_property
    def _query(self) -> str:
        """Its own keys and values, as a page has hundreds of addresses that begin with them."""
        return urlencode(self.pairs())


def situation_path(situation: Situatie) -> str:
    """The address of the advice about a situation."""
    return Asked(dump_situation(situation)).path()


def read_address(query: Iterable[tuple[str, str]]) -> Asked:
    """What the keys and values of an address ask; empty values are left out, as a form sends each of its fields.

    Errors: SituationError with a Problem for each key that is not known.
    """
    pairs = [(key, value.strip()) for key, value in query if value.strip()]
    own = {key: value for key, value in pairs if key in PAGE_KEYS}
    struck = tuple(dict.fromkeys(value for key, value in pairs if key == STRUCK))
    given = unflatten([(key, value) for key, value in pairs if key not in PAGE_KEYS])
    rows = own.get(ROWS, "")
    return Asked(
        _without(given, struck),
        struck,
        own.get(FILL) != NO_FILL,
        min(int(rows), _MOST_ROWS) if rows.isascii() and rows.isdigit() and len(rows) < 4 else 0,
    )


def flatten(given: Mapping[str, Any]) -> Pairs:
    """JSON values of a situation as keys and values."""
    return list(_flat("", given))


def unflatten(pairs: Sequence[tuple[str, str]]) -> Json:
    """Keys and values as the JSON values of a situation, each of the type that its field has where the text allows it.

    A figure may be there twice: as it was filled in, and as the asker puts it. The last goes before, and then has no source.

    Errors: SituationError with a Problem for each key that is not known.
    """
    given: Json = {}
    rows: dict[str, dict[int, Json]] = {}
    problems: list[Problem] = []
    for key, value in pairs:
        head, _, rest = key.partition(".")
        number, _, part = rest.partition(".")
        if key in SINGLE:
            given[key] = value
        elif key in LISTS:
            given[key] = list(dict.fromkeys([*given.get(key, ()), value]))
        elif head in ROW_FIELDS and part and number.isascii() and number.isdigit() and len(number) < 4:
            rows.setdefault(head, {}).setdefault(int(number), {})[part] = _typed(part, value)
        elif head in VALUED and rest:
            _put(given, head, rest, _typed(head, value))
        elif head == _ORIGIN and "." in rest:
            name, _, part = rest.rpartition(".")
            given.setdefault(head, {}).setdefault(name, {})[part] = _typed(part, value)
        else:
            problems.append(_unknown(key))
    if problems:
        raise SituationError(problems)
    return given | {name: [found[number] for number in sorted(found)] for name, found in rows.items()}


def key_of(path: str) -> str:
    """The key of the field that a path in JSON names: `werken.0.van` for `werken[0].van`, `kenmerken` for `kenmerken[2]`."""
    key = re.sub(r"\[(\d+)\]", r".\1", path)
    head = key.partition(".")[0]
    return head if head in LISTS else key


def with_term(given: Json, path: str, term: str) -> Json:
    """The same JSON values with another term at a path, which may be a key of an object."""
    steps = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
    match steps:
        case [str(head)]:
            return given | {head: term}
        case [str(head), int(number)] if head in LISTS:
            return given | {head: [term if at == number else each for at, each in enumerate(given[head])]}
        case [str(head), int(number), str(part)] if head in ROW_FIELDS:
            row = given[head][number] | {part: term}
            return given | {head: [row if at == number else each for at, each in enumerate(given[head])]}
        case [str(head), *_] if head in VALUED:
            name = path.partition(".")[2]
            return given | {head: {term if each == name else each: value for each, value in given[head].items()}}
    return given


def _flat(place: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, part in value.items():
                yield from _flat(f"{place}.{name}" if place else name, part)
        case list() | tuple() if place in ROW_FIELDS:
            for number, part in enumerate(value):
                yield from _flat(f"{place}.{number}", part)
        case list() | tuple():
            yield from ((place, str(part)) for part in value)
        case bool():
            yield place, "ja" if value else "nee"
        case _:
            yield place, str(value)


def _typed(name: str, value: str) -> Any:
    """A text as the type of its field; as it is when it cannot be one, so that the reader of situations says why."""
    if name in ("graven", "straatOnbekend"):
        return {"ja": True, "nee": False}.get(value, value)
    if name in _WHOLE:
        return int(value) if re.fullmatch(r"-?\d{1,9}", value, re.ASCII) else value
    return _figure(value) if name == "metingen" else value


def _figure(value: str) -> str:
    """A figure as people write it: with a comma, and a share as a percentage too."""
    plain = value.replace(",", ".")
    if share := re.fullmatch(r"(\d{1,9}(?:\.\d{1,4})?) ?%", plain, re.ASCII):
        return f"{(Decimal(share[1]) / 100).normalize():f}"
    return plain


def _put(given: Json, head: str, name: str, value: Any) -> None:
    before = given.setdefault(head, {}).get(name)
    given[head][name] = value
    if before is not None and before != value:
        given.get(_ORIGIN, {}).pop(name, None)


def _without(given: Json, struck: Sequence[str]) -> Json:
    """Without the figures that are struck out, as far as they came from a file with their source."""
    origins = given.get(_ORIGIN, {})
    gone = {name for name in struck if name in origins}
    if not gone:
        return given
    kept = {part: {n: v for n, v in given.get(part, {}).items() if n not in gone} for part in ("metingen", _ORIGIN)}
    return {name: value for name, value in (given | kept).items() if value}


def _unknown(key: str) -> Problem:
    known = (*SINGLE, *LISTS, *ROW_FIELDS, *VALUED)
    near = nearest(key, {name: name for name in known})
    meant = did_you_mean(near)
    return Problem(key, Words(f"onbekend veld: {key!r}.{meant}", f"unknown field: {key!r}.{meant.en}"), near)
