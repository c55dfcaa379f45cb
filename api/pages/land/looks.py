"""What an area looks like on the map: a class of the style sheet, and what it means.

A transition gets one of the shades by its place among all transitions, so that one that is added to the knowledge has its
own; when there are more transitions than shades, they are used again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kb.knowledge.knowledge import Knowledge
from kb.language import catalogue

NOTHING, SEVERAL = "geen", "meer"
SHADES = 12  # of transitions: `g-t1` to `g-t12` in land.css
CLASSES = 5  # of a measure: each a fifth of the areas of the country, `g-v1` to `g-v5`


@dataclass(frozen=True)
class Legend:
    """A look on the map: its class in the style sheet, what it means and how many areas have it."""

    group: str
    label: str
    count: int


class Looks:
    """The looks of the transitions of a knowledge base, and of the fifths of a measure."""

    def __init__(self, knowledge: Knowledge, transitions: Sequence[NamedNode]) -> None:
        self._knowledge = knowledge
        self._groups = {node: f"t{number % SHADES + 1}" for number, node in enumerate(transitions)}

    def leading(self, transitions: Sequence[NamedNode]) -> str:
        """The look of an area in which these lead."""
        if len(transitions) > 1:
            return SEVERAL
        return self._groups[transitions[0]] if transitions else NOTHING

    @staticmethod
    def ranked(percentile: int | None) -> str:
        """The look of an area of which a measure is higher than in so many percent of the country."""
        return NOTHING if percentile is None else f"v{min(CLASSES - 1, percentile * CLASSES // 100) + 1}"

    def legend(self, groups: Iterable[str], language: str) -> list[Legend]:
        """The looks that areas have, with what each means."""
        counts: dict[str, int] = {}
        for group in groups:
            counts[group] = counts.get(group, 0) + 1
        shown = sorted(counts, key=lambda group: (group not in (NOTHING, SEVERAL), len(group), group))
        return [Legend(group, self._meaning(group, language), counts[group]) for group in shown]

    def _meaning(self, group: str, language: str) -> str:
        say = catalogue(language)
        if group in (NOTHING, SEVERAL):
            return say(f"land.kleur.{group}")
        if group.startswith("v"):
            low = (int(group[1:]) - 1) * 100 // CLASSES
            return say("land.kleur.vijfde", low=low, high=low + 100 // CLASSES)
        named = [self._knowledge.label(node, language) for node, own in self._groups.items() if own == group]
        return say.joined(named)
