"""The errors of the knowledge base. Each message says what is wrong, where, and what would be right.

* WijkaanpakError
  + KnowledgeError      the Turtle of the knowledge base cannot be read or is not valid
  + RuleError           a rule is outside the allowed subset, with file and line
  + SituationError      a situation cannot be understood; carries a Problem per field
    + SelectionError    filters over areas cannot be understood
    + PlanningError     a planning of works, or what is asked of it, cannot be read as a whole
  + ConclusionError     a conclusion key is malformed or names nothing the rules can derive
  + StoreError          the store that holds the data set is away, or does not do what is asked of it
    + StoreTimeoutError the store did not do it in time, and may when asked again
"""

from dataclasses import dataclass
from pathlib import Path

from kb.language import Words, spoken

LEAST_LIKENESS = 60.0  # of a hundred: what two names share in the same order, as a share of both


class WijkaanpakError(Exception):
    """Base of everything this project raises on purpose."""


class KnowledgeError(WijkaanpakError):
    """The knowledge base itself is wrong."""


class RuleError(WijkaanpakError):
    """A rule that the engine refuses.

    `path` and `line` say where; `reason` says what is wrong and what is allowed instead.
    """

    def __init__(self, path: Path, line: int, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        super().__init__(f"{path}:{line}: {reason}")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a situation.

    `field` is a JSON path such as `werken[0].van`; `nearest` holds known terms that look like the given one.
    """

    field: str
    message: str
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.words)

    @property
    def words(self) -> Words:
        """The same in both languages."""
        place = f"{self.field}: " if self.field else ""
        return Words(place + self.message, place + spoken(self.message, "en"))


class SituationError(WijkaanpakError):
    """A situation with one or more problems; all of them are reported together."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class SelectionError(SituationError):
    """Filters over areas with one or more problems; `field` of each is the filter."""


class PlanningError(SituationError):
    """A planning of works that cannot be read as a whole, or a question about it that cannot be."""


class ConclusionError(WijkaanpakError):
    """A conclusion key that names nothing the rules can derive; `nearest` holds keys that look like it."""

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        self.nearest = nearest
        super().__init__(message)


class StoreError(WijkaanpakError):
    """The store that holds the data set is away, refuses, or answers otherwise than the standards say."""


class StoreTimeoutError(StoreError):
    """The store did not answer in time, or broke off what took it too long; asked again it may do it."""


def nearest(name: str, known: dict[str, str], most: int = 3) -> tuple[str, ...]:
    """The values of `known` whose keys look most like a name, best first; a key that has the name in it counts too."""
    from rapidfuzz import fuzz, process  # only an error needs it

    found = process.extract(name, known.keys(), scorer=fuzz.ratio, limit=most * 2, score_cutoff=LEAST_LIKENESS)
    similar = [key for key, _, _ in found]
    holding = sorted((key for key in known if len(name) > 2 and name in key), key=len)
    return tuple(dict.fromkeys(known[match] for match in [*similar, *holding]))[:most]
