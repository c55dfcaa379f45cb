"""The receipt of an advice: what it was made from, so that it can be made again and compared with another.

The same input on the same release gives the same name and the same hash; only the day on which it was made differs.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from kb.names import ID
from kb.program.evaluate import Outcome
from kb.rule.rule import Rule
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


def make_receipt(
    situation: Situatie, outcome: Outcome, release: str, over_knowledge: Iterable[Rule], day: date, today: date
) -> Ontvangstbewijs:
    """The receipt of what holds in a situation, whose terms are slugs, on the day that it is about.

    `over_knowledge` are the rules over the knowledge, which fired when it was loaded.
    """
    stated = dump_situation(situation)
    fired = {rule.rule for rules in outcome.fired.values() for rule in rules} | set(over_knowledge)
    rules = {rule.slug: rule_hash(rule) for rule in sorted(fired, key=lambda rule: rule.slug)}
    derived = sorted(f"{link.property.value} {link.object.value}" for link in outcome.derived())
    name = _hash({"invoer": stated, "peildatum": day.isoformat(), "kennis": release, "regels": rules})
    return Ontvangstbewijs(
        iri=f"{ID}advies/{name}",
        datum=today,
        peildatum=day,
        invoer=stated,
        kennis=release,
        regels=rules,
        uitkomst=_hash(derived),
    )


def rule_hash(rule: Rule) -> str:
    """The hash of a rule's text."""
    return sha256(rule.text.encode()).hexdigest()[:16]


def _hash(value: Mapping[str, Any] | list[str]) -> str:
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
