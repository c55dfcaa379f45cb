"""The situations to measure with: the examples, and random ones, the same on every run."""

import random
from datetime import date
from decimal import Decimal
from pathlib import Path

from pyoxigraph import NamedNode

from kb.engine import Engine
from kb.names import slug, term
from kb.situation.model import CYCLUS, GROOTHEID, LINK_FIELDS, TRANSITIE, Situatie, Werk, read_situation

BUURTEN = 14_500
EXAMPLES = Path(__file__).parent.parent / "examples"


def examples() -> dict[str, Situatie]:
    """The example situations by name."""
    return {path.stem: read_situation(path.read_bytes()) for path in sorted(EXAMPLES.glob("*.json"))}


def random_situations(engine: Engine, count: int, seed: int = 2026) -> list[Situatie]:
    """`count` situations over the whole vocabulary; one seed gives one list."""
    sampler = _Sampler(engine, random.Random(seed))
    return [sampler.situation() for _ in range(count)]


class _Sampler:
    def __init__(self, engine: Engine, chance: random.Random) -> None:
        self.engine = engine
        self.chance = chance

    def situation(self) -> Situatie:
        chance = self.chance
        return Situatie(
            aanleidingen=self._some("aanleidingen", 3),
            opgaven=self._some("opgaven", 3),
            kenmerken=self._some("kenmerken", 6),
            betrokkenen=self._some("betrokkenen", 6),
            schaarste=self._some("schaarste", 2),
            fase=chance.choice([None, *self._names(LINK_FIELDS["fase"])]),
            peildatum=chance.choice([None, date(chance.randint(2016, 2030), chance.randint(1, 12), 1)]),
            werken=tuple(self._work() for _ in range(chance.randint(0, 3))),
            metingen={name: self._value(name) for name in self._sample(self._names(GROOTHEID), 8)},
            prioriteiten={name: chance.randint(0, 3) for name in self._sample(self._names(TRANSITIE), 3)},
        )

    def _some(self, field: str, most: int) -> tuple[str, ...]:
        return tuple(self._sample(self._names(LINK_FIELDS[field]), most))

    def _sample(self, names: list[str], most: int) -> list[str]:
        return self.chance.sample(names, self.chance.randint(0, min(most, len(names))))

    def _names(self, prop: NamedNode) -> list[str]:
        return [slug(node) for node in self.engine.knowledge.instances(self.engine.vocabulary.ranges[prop])]

    def _work(self) -> Werk:
        first = self.chance.randint(2025, 2032)
        return Werk(
            cyclus=self.chance.choice(self._names(CYCLUS)),
            van=first,
            tot=first + self.chance.randint(0, 3),
            graven=self.chance.choice([None, True, False]),
        )

    def _value(self, name: str) -> Decimal:
        knowledge = self.engine.knowledge
        node = next(
            node for node in knowledge.instances(self.engine.vocabulary.ranges[GROOTHEID]) if slug(node) == name
        )
        low = float(knowledge.literal(node, term("minimaal")) or 0)
        high = float(knowledge.literal(node, term("maximaal")) or 10_000)
        return Decimal(f"{self.chance.uniform(low, high):.3f}")
