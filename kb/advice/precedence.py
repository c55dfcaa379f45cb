"""Why one row of a ranking stands before another: the first criterion on which they differ, and its proofs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from kb.advice.ranking import Criterion, Ranking, met
from kb.errors import ConclusionError
from kb.explain.as_json import missing_json, proof_json
from kb.explain.missing import MissingFinder, MissingSet, MissingSets
from kb.explain.proof import Proof, Prover, conclusion_key
from kb.explain.wording import Texts
from kb.knowledge.knowledge import Knowledge
from kb.language import Words
from kb.names import short
from kb.program.evaluate import Outcome
from kb.situation.facts import Link
from kb.situation.model import Situatie

MOST_WAYS = 3


@dataclass(frozen=True)
class Voorrang:
    """Why `first` stands before `second` in their list.

    `equal` are the criteria that both meet or both miss before `criterion`, the first on which they differ; it is None
    when they differ on none, so that only their names decide. `key` and `proof` show that `first` meets it, `other_key`
    and `ways` what `second` lacks for it; `complete` is whether those were all looked for.
    """

    first: NamedNode
    second: NamedNode
    equal: tuple[NamedNode, ...]
    criterion: NamedNode | None = None
    key: str = ""
    proof: Proof | None = None
    other_key: str = ""
    ways: tuple[MissingSet, ...] = ()
    complete: bool = True


class Precedence:
    """Explains the places in a ranking."""

    def __init__(
        self,
        knowledge: Knowledge,
        ranking: Ranking,
        texts: Texts,
        evaluate: Callable[[Situatie], Outcome],
        missing: MissingFinder,
    ) -> None:
        self.knowledge = knowledge
        self.ranking = ranking
        self.texts = texts
        self.evaluate = evaluate
        self.missing = missing

    def compare(
        self, situation: Situatie, one: Link, other: Link, language: str, seconds: float | None = None
    ) -> Voorrang:
        """Which of two conclusions stands first, and why; what the second lacks as far as found in so many seconds.

        Errors: ConclusionError when one does not hold, or when they are not ranked together.
        """
        outcome = self.evaluate(situation)
        for link in (one, other):
            if not outcome.holds(link):
                key = conclusion_key(link)
                raise ConclusionError(
                    Words(
                        f"{key} geldt hier niet, en staat dus in geen lijst.",
                        f"{key} does not hold here, so it stands in no list.",
                    )
                )
        criteria = self._shared(one, other)
        meets = [met(criteria, outcome, link.object) for link in (one, other)]
        places = [
            (*(not holds for holds in held), self.knowledge.label(link.object, language))
            for held, link in zip(meets, (one, other), strict=True)
        ]
        first, second = (one, other) if places[0] <= places[1] else (other, one)
        differing = [number for number, (a, b) in enumerate(zip(*meets, strict=True)) if a != b]
        if not differing:
            return Voorrang(first.object, second.object, _nodes(criteria))
        decisive = criteria[differing[0]]
        holding, lacking = (Link(decisive.property, link.object) for link in (first, second))
        derivable = self._derivable(outcome, lacking)
        ways = self.missing.find(situation, lacking, language, MOST_WAYS, seconds) if derivable else MissingSets()
        return Voorrang(
            first.object,
            second.object,
            _nodes(criteria[: differing[0]]),
            decisive.node,
            conclusion_key(holding),
            Prover(self.knowledge, self.texts, outcome, language).shortest(holding),
            conclusion_key(lacking),
            tuple(ways),
            ways.complete,
        )

    def _shared(self, one: Link, other: Link) -> Sequence[Criterion]:
        """The criteria by which both are ranked: all that rank the one list in which they stand."""
        criteria = self.ranking.criteria(one.property)
        if not criteria or criteria != self.ranking.criteria(other.property):
            keys = conclusion_key(one), conclusion_key(other)
            raise ConclusionError(
                Words(
                    f"{keys[0]} en {keys[1]} staan niet in één lijst met maatstaven.",
                    f"{keys[0]} and {keys[1]} do not stand in one list with criteria.",
                )
            )
        return criteria

    def _derivable(self, outcome: Outcome, link: Link) -> bool:
        number = outcome.program.find(link)
        return number is not None and number in outcome.program.by_head


def _nodes(criteria: Sequence[Criterion]) -> tuple[NamedNode, ...]:
    return tuple(criterion.node for criterion in criteria)


def precedence_json(knowledge: Knowledge, found: Voorrang, language: str) -> dict[str, Any]:
    """The explanation as JSON values: the same for the command line and the API."""

    def thing(node: NamedNode) -> dict[str, str]:
        return {"id": short(node), "label": knowledge.label(node, language)}

    return {
        "eerste": thing(found.first),
        "tweede": thing(found.second),
        "gelijkOp": [thing(node) for node in found.equal],
        "maatstaf": thing(found.criterion) if found.criterion is not None else None,
        "conclusie": found.key or None,
        "bewijs": proof_json(knowledge, found.proof, language) if found.proof is not None else None,
        "ontbreekt": found.other_key or None,
        "manieren": [missing_json(way) for way in found.ways],
    }
