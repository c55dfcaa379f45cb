"""Why not: the smallest sets of facts that would make a conclusion hold.

The ground program is handed to the answer set solver clingo once, with a free choice for every fact a situation could also
state. Per question the stated facts are fixed and clingo minimises the number of changes; because the program is
stratified, each choice has exactly one answer set, so the optimum is exact. Facts are only taken away when no addition
helps. Every set found is applied and evaluated before it is given, so what is promised holds.
"""

import threading
from dataclasses import dataclass, field

import clingo

from kb.candidates import Candidate, Candidates, add_facts, add_situation
from kb.evaluate import run
from kb.facts import Facts, Node
from kb.program import Link, Program
from kb.residual import Test
from kb.situation import HEEFT_WERK, TOT, VAN, Resolver, Situatie
from kb.text import Texts


@dataclass(frozen=True)
class MissingSet:
    """Facts to add (as one small situation) and facts to take away, with their words."""

    add: Situatie
    remove: tuple[Link, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The number of changes."""
        return len(self.texts)


@dataclass
class _Encoding:
    """The solver with the numbers it gave to our atoms and choices."""

    control: clingo.Control
    atoms: list[int]
    stated: dict[int, int]
    chosen: dict[int, int]
    candidates: list[Candidate] = field(default_factory=list)


class MissingFinder:
    """Finds missing sets; safe to use from several threads, one question at a time."""

    def __init__(self, program: Program, candidates: Candidates, resolver: Resolver, texts: Texts) -> None:
        self.program = program
        self.resolver = resolver
        self.texts = texts
        self._lock = threading.Lock()
        self._candidates = candidates
        self._encoding: _Encoding | None = None

    def find(self, situation: Situatie, goal: Link, language: str, most: int) -> list[MissingSet]:
        """The smallest sets of facts whose addition makes `goal` hold, at most `most` of them.

        One empty set when the goal holds already; no set when nothing that can be stated makes it hold.
        """
        raise NotImplementedError
