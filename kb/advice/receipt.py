"""The receipt of an advice: what it was made from, so that it can be made again and compared with another.

The same input on the same release gives the same name and the same hash; only the day on which it was made differs.
"""

import json
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
        self._over_knowledge = frozenset(over_knowledge)

    def make(self, situation: Situatie, outcome: Outcome, day: date, today: date) -> Ontvangstbewijs:
        """The receipt of what holds in a situation, whose terms are slugs, on the day that it is about."""
        stated = dump_situation(situation)
        fired = outcome.rules() | self._over_knowledge
        rules = dict(sorted(map(self._hashed.__getitem__, fired)))
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
        written = self._written
        derived = sorted(written[number] for number in outcome.fired if number in written)
        return sha256(f"[{', '.join([text for _, text in derived])}]".encode()).hexdigest()[:16]

    @cached_property
    def _hashed(self) -> dict[Rule, tuple[str, str]]:
        """The name and the hash of each rule."""
        return {rule: (rule.slug, rule_hash(rule)) for rule in (*self.program.distinct_rules, *self._over_knowledge)}

    @cached_property
    def _written(self) -> dict[int, tuple[int, str]]:
        """Each link that can be derived as a JSON text, with its place among all of them."""
        atoms = ((number, self.program.atoms[number]) for number in self.program.by_head)
        links = (
            (f"{atom.property.value} {atom.object.value}", number) for number, atom in atoms if isinstance(atom, Link)
        )
        return {number: (place, _json(text)) for place, (text, number) in enumerate(sorted(links))}


def rule_hash(rule: Rule) -> str:
    """The hash of a rule's text."""
    return sha256(rule.text.encode()).hexdigest()[:16]


def _hash(value: Mapping[str, Any]) -> str:
    return sha256(_json(value).encode()).hexdigest()[:16]


def _json(value: Mapping[str, Any] | str) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
