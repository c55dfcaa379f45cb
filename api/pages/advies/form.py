"""The form: what is asked, with what was given, what is filled in from public data, and what is wrong at its own field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.pages.advies.address import LISTS, VALUED, Asked, Json, key_of, with_term
from api.pages.advies.choices import Choice, Choices
from kb.advice.model import Ingevuld
from kb.country.fill import Country, shown_name
from kb.errors import Problem
from kb.language import as_sentence, catalogue, spoken
from kb.situation.resolve import is_cbs_code

WORK_PARTS = ("cyclus", "van", "tot", "graven", "eigenaar", "schuifruimte", "zekerheid", "straatOnbekend")
_PLAIN = ("wijk", "gemeente", "naam", "peildatum", "fase")
_AREA_FIELDS = ("wijk", "gemeente")


@dataclass(frozen=True)
class Offer:
    """What would be right: a name, and the address with it in the place of what is wrong."""

    label: str
    path: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with a field, and what would be right."""

    key: str
    text: str
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A quantity in the form: its own value when the asker gives one, and what public data say."""

    choice: Choice
    stated: str
    filled: Ingevuld | None
    struck: bool


class Form:
    """What a template needs to show the form of one asked situation."""

    def __init__(
        self,
        asked: Asked,
        choices: Choices,
        faults: Sequence[Fault] = (),
        filled: Sequence[Ingevuld] = (),
    ) -> None:
        self.asked = asked
        self.choices = choices
        self.faults = tuple(faults)
        self._filled = {row.grootheid.slug: row for row in filled}
        self._given = asked.given

    def value(self, key: str) -> str:
        """The value of a plain field by its key, such as `wijk` or `werken.0.van`; empty when it is not given."""
        here: Any = self._given
        for step in key.split("."):
            if isinstance(here, list):
                here = here[int(step)] if int(step) < len(here) else None
            else:
                here = here.get(step) if isinstance(here, dict) else None
        if isinstance(here, bool):
            return "ja" if here else "nee"
        return "" if here is None else str(here)

    def chosen(self, field: str, key: str) -> str:
        """The choice that the value of a field means; the value itself when it means none."""
        value = self.value(key)
        return (self.choices.one(field, value) or value) if value else ""

    def has(self, field: str, value: str) -> bool:
        """Whether a list such as `kenmerken` names a choice."""
        return value in self._named[field]

    def list_of(self, field: str) -> list[str]:
        """The choices that a list names."""
        return self._named[field]

    def unknown(self, field: str) -> list[str]:
        """The terms of a list that mean no choice, or several."""
        return [term for term in self._given.get(field, ()) if self.choices.one(field, term) is None]

    def at(self, key: str) -> tuple[Fault, ...]:
        """What is wrong at a field."""
        return tuple(fault for fault in self.faults if fault.key == key)

    @staticmethod
    def place(key: str) -> str:
        """Where on the page a field stands; the form itself for a key that is no field."""
        if key in LISTS:
            return f"{key}-erbij"
        return f"v-{key}" if key in _PLAIN or "." in key else "formulier"

    @property
    def works(self) -> range:
        """The rows for works: those given, as many as are asked for, and one to begin with."""
        return range(max(len(self._given.get("werken", ())), self.asked.rows, 1))

    @property
    def wishes(self) -> range:
        """The rows for wishes of parties: those given and an empty one."""
        return range(len(self._given.get("wensen", ())) + 1)

    @property
    def origins(self) -> list[tuple[str, str]]:
        """What the form passes on unseen: figures that came with their source out of a file, and a name on the web."""
        passed = {"iri": self._given["iri"]} if "iri" in self._given else {}
        sources = self._given.get("herkomst", {})
        values = {name: value for name, value in self._given.get("metingen", {}).items() if name in sources}
        return Asked().pairs({**passed, "metingen": values, "herkomst": sources})

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every quantity, those that are filled in or stated first."""
        stated = {self.choices.one("metingen", name) or name: str(v) for name, v in self._own_figures.items()}
        rows = [
            Figure(choice, stated.get(choice.value, ""), self._filled.get(choice.value), choice.value in struck)
            for group in self.choices.of("metingen")
            for choice in group.choices
            for struck in [self.asked.struck]
        ]
        return tuple(sorted(rows, key=lambda row: not (row.filled or row.stated or row.struck)))

    @property
    def filled_count(self) -> int:
        """How many quantities are filled in from public data."""
        return len(self._filled)

    @property
    def figure_keys(self) -> list[str]:
        """The keys of the quantities."""
        return [f"metingen.{row.choice.value}" for row in self.figures]

    def weight(self, transition: str) -> str:
        """The weight that is given to a transition, or nothing."""
        given = self._given.get("prioriteiten", {}).items()
        return next((str(v) for name, v in given if self.choices.one("prioriteiten", name) == transition), "")

    @property
    def _own_figures(self) -> dict[str, Any]:
        sources = self._given.get("herkomst", {})
        return {name: value for name, value in self._given.get("metingen", {}).items() if name not in sources}

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        return {
            field: [found for term in self._given.get(field, ()) if (found := self.choices.one(field, term))]
            for field in LISTS
        }


class Mender:
    """Tells the problems of a situation as faults at their fields, each with what would be right.

    `address` gives the address of the page with other values in the place of those that were asked.
    """

    def __init__(
        self, asked: Asked, choices: Choices, country: Country, language: str, address: Callable[[Json], str]
    ) -> None:
        self._asked = asked
        self._choices = choices
        self._country = country
        self._language = language
        self._address = address

    def fault(self, problem: Problem) -> Fault:
        """One problem at its field."""
        key = key_of(problem.field)
        if key in _AREA_FIELDS:
            offers = tuple(sorted((self._area(name, key) for name in problem.nearest), key=lambda offer: offer.label))
            if any(map(is_cbs_code, problem.nearest)):
                text = catalogue(self._language)("advies.meer_gebieden", name=self._asked.given.get(key, ""))
                return Fault(key, text, offers)
            return Fault(key, self._message(problem), offers)
        field = _choice_field(key)
        offers = tuple(self._term(problem.field, field, term) for term in problem.nearest if field)
        return Fault(key, self._message(problem), offers)

    def _message(self, problem: Problem) -> str:
        return as_sentence(spoken(problem.message, self._language))

    def _term(self, path: str, field: str, term: str) -> Offer:
        label = self._choices.label(field, term)
        return Offer(label, self._address(with_term(self._asked.given, path, term)))

    def _area(self, name: str, key: str) -> Offer:
        """An area that could be meant, in the place of the name that was given."""
        area = self._country.table.area(name) if is_cbs_code(name) else None
        label = f"{shown_name(area)} ({area.soort})" if area else self._choices.label("wijk", name)
        given = {k: v for k, v in self._asked.given.items() if k not in _AREA_FIELDS}
        return Offer(label, self._address({("wijk" if area else key): name, **given}))


def _choice_field(key: str) -> str:
    """The field of choices that a key belongs to: `werken.cyclus` for `werken.0.cyclus`; empty for one without choices."""
    head, _, rest = key.partition(".")
    if head in (*LISTS, *VALUED, "fase"):
        return head
    part = rest.partition(".")[2]
    return f"{head}.{part}" if part in ("cyclus", "eigenaar", "zekerheid", "betrokkene", "opgave") else ""
