"""The receipt of an advice: what it was made from, so that it can be made again and compared with another.

The same input on the same release gives the same name and the same hash; only the day on which it was made differs.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from kb.names import ID
from kb.program.evaluate import Outcome
from kb.program.levels import Places
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

    def __init__(self, program: Program, release: str, over_knowledge: Sequence[Rule]) -> None:
        """`over_knowledge` are the rules over the knowledge, which fired when it was loaded."""
        self.program = program
        self.release = release
        rules = {rule.slug: rule for rule in (*over_knowledge, *program.distinct_rules)}
        places = {slug: place for place, slug in enumerate(sorted(rules))}
        self._hashes = [(slug, rule_hash(rules[slug])) for slug in places]
        self._hashes_written = [f"{_json(slug)}: {_json(found)}" for slug, found in self._hashes]
        self._over_knowledge = {places[rule.slug] for rule in over_knowledge}
        self._of_program = [places[rule.slug] for rule in program.distinct_rules]

    def make(self, situation: Situatie, outcome: Outcome, day: date, today: date) -> Ontvangstbewijs:
        """The receipt of what holds in a situation, whose terms are slugs, on the day that it is about."""
        stated = dump_situation(situation)
        # In the order of their names, each of which is written as JSON once.
        fired = sorted(self._over_knowledge.union(map(self._of_program.__getitem__, outcome.rule_places())))
        rules = ", ".join(map(self._hashes_written.__getitem__, fired))
        named = {"invoer": stated, "kennis": self.release, "peildatum": day.isoformat()}
        name = _hash(f'{_json(named)[:-1]}, "regels": {{{rules}}}}}'.encode())
        return Ontvangstbewijs.model_construct(
            iri=f"{ID}advies/{name}",
            datum=today,
            peildatum=day,
            invoer=stated,
            kennis=self.release,
            regels=dict(map(self._hashes.__getitem__, fired)),
            uitkomst=self._hash_of_derived(outcome),
        )

    def _hash_of_derived(self, outcome: Outcome) -> str:
        """The hash of the sorted conclusions as a JSON list; each was written as JSON before."""
        places, texts = self._written
        derived = np.zeros(len(texts), dtype=np.bool_)
        derived[places.take(outcome.derived_atoms)] = True
        derived[0] = False
        return _hash(b"[%s]" % b", ".join(map(texts.__getitem__, derived.nonzero()[0].tolist())))

    @cached_property
    def _written(self) -> tuple[Places, list[bytes]]:
        """The place of each link among all of them, from 1 and by atom (0 for another atom), and by place its JSON text."""
        atoms = enumerate(self.program.atoms)
        links = sorted(
            (f"{atom.property.value} {atom.object.value}", number) for number, atom in atoms if isinstance(atom, Link)
        )
        places = np.zeros(len(self.program.atoms), dtype=np.intp)
        for place, (_, number) in enumerate(links, start=1):
            places[number] = place
        return places, [b"", *(_json(text).encode() for text, _ in links)]


def rule_hash(rule: Rule) -> str:
    """The hash of a rule's text."""
    return _hash(rule.text.encode())


def _hash(text: bytes) -> str:
    return sha256(text).hexdigest()[:16]


def _json(value: Mapping[str, Any] | str) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
