"""The receipt of an advice: what it was made from, so that it can be made again and compared with another.

The same input on the same release gives the same name and the same hash; only the day on which it was made differs.
"""

import json
from array import array
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from kb.names import ID
from kb.program.evaluate import Outcome
from kb.program.program import Program
from kb.rule.rule import Rule
from kb.situation.facts import Link
from kb.situation.model import Situatie, dump_situation

LICENTIE = "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"


class Ontvangstbewijs(BaseModel):
    """What an advice was made from."""

    model_config = ConfigDict(frozen=True)

    iri: str = Field(description="Naam van het advies: gelijk bij gelijke invoer en kennis.")
    datum: date = Field(description="Dag waarop het advies gemaakt is.")
    peildatum: date = Field(description="Dag waarvoor het geldt.")
    invoer: dict[str, Any] = Field(description="De situatie, met van iedere term de slug.")
    kennis: str = Field(description="Versie van de kennis: hash van alles wat er gesteld is.")
    regels: dict[str, str] = Field(description="Hash van iedere regel die iets afleidde, bij de slug van de regel.")
    uitkomst: str = Field(description="Hash van alle conclusies.")
    licentie: str = Field(default=LICENTIE, description="Licentie van het advies.")


class Receipts:
    """Makes receipts of advices by one program; what they have in common is worked out once."""

    def __init__(self, program: Program, release: str, over_knowledge: Iterable[Rule]) -> None:
        """`over_knowledge` are the rules over the knowledge, which fired when it was loaded."""
        self.program = program
        self.release = release
        self._over_knowledge = [(rule.slug, rule_hash(rule)) for rule in over_knowledge]

    def make(self, situation: Situatie, outcome: Outcome, day: date, today: date) -> Ontvangstbewijs:
        """The receipt of what holds in a situation, whose terms are slugs, on the day that it is about."""
        stated = dump_situation(situation)
        fired = map(self._hashed.__getitem__, outcome.rule_places())
        rules = dict(sorted([*self._over_knowledge, *fired]))
        name = _hash({"invoer": stated, "peildatum": day.isoformat(), "kennis": self.release, "regels": rules})
        return Ontvangstbewijs.model_construct(
            iri=f"{ID}advies/{name}",
            datum=today,
            peildatum=day,
            invoer=stated,
            kennis=self.release,
            regels=rules,
            uitkomst=self._hash_of_derived(outcome),
        )

    def _hash_of_derived(self, outcome: Outcome) -> str:
        """The hash of the sorted conclusions as a JSON list; each was written as JSON before."""
        places, texts = self._written
        derived = sorted(filter(None, map(places.__getitem__, outcome.fired)))
        return sha256(b"[%s]" % b", ".join(map(texts.__getitem__, derived))).hexdigest()[:16]

    @cached_property
    def _hashed(self) -> list[tuple[str, str]]:
        """The name and the hash of each rule, by its place in the program."""
        return [(rule.slug, rule_hash(rule)) for rule in self.program.distinct_rules]

    @cached_property
    def _written(self) -> "tuple[array[int], list[bytes]]":
        """The place of each link among all of them, from 1 and by atom (0 for another atom), and by place its JSON text."""
        atoms = enumerate(self.program.atoms)
        links = sorted(
            (f"{atom.property.value} {atom.object.value}", number) for number, atom in atoms if isinstance(atom, Link)
        )
        places = array("L", bytes(array("L").itemsize * len(self.program.atoms)))
        for place, (_, number) in enumerate(links, start=1):
            places[number] = place
        return places, [b"", *(_json(text).encode() for text, _ in links)]


def rule_hash(rule: Rule) -> str:
    """The hash of a rule's text."""
    return sha256(rule.text.encode()).hexdigest()[:16]


def _hash(value: Mapping[str, Any]) -> str:
    return sha256(_json(value).encode()).hexdigest()[:16]


def _json(value: Mapping[str, Any] | str) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
