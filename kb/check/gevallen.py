"""How much of what happened in real wijken the advice finds: `wijkaanpak toets-gevallen [MAP]`.

A folder holds `situaties/*.json`, each a situation as it was before the approach, and `verwacht/*.json` of the same name,
what then happened. Each case is left out of the evidence: the situation names its own wijk, and no rule lets a wijk count
as an example to itself. What `verwacht` leaves out, or says with an empty list, is not measured.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pyoxigraph import NamedNode

from kb.advice.model import Advies, Koppelkans
from kb.engine import Engine
from kb.errors import SituationError, WijkaanpakError
from kb.names import declared, slug
from kb.situation.messages import problem_of
from kb.situation.model import Situatie, read_situation

FEW, MORE = 5, 10
MOST_PAIRS = 20

TRANSITIE, OPGAVE, INSTRUMENT, CONFLICT, WIJK = map(declared, ("Transitie", "Opgave", "Instrument", "Conflict", "Wijk"))
IS_DEEL_VAN = declared("isDeelVanOpgave")
Pair = frozenset[str]


class Genoemd(BaseModel):
    """An instrument or conflict of a case; without a slug the vocabulary had no word for it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    slug: str | None = None


class Verwacht(BaseModel):
    """What happened in a case, as far as it is known."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    leidend: tuple[str, ...] = ()
    opgaven: tuple[str, ...] = ()
    koppelingen: tuple[tuple[str, str], ...] = ()
    instrumenten: tuple[Genoemd, ...] = ()
    conflicten: tuple[Genoemd, ...] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _unknown_is_empty(cls, value: Any) -> Any:
        return () if value is None else (value,) if isinstance(value, str) else value


class Scores(BaseModel):
    """What is measured of a case, or on average over cases; None where the case says nothing to measure."""

    model_config = ConfigDict(frozen=True)

    leidendGoed: float | None = Field(description="De eerste leidende transitie is de ware.")
    leidendAantal: float | None = Field(description="Hoeveel transities er leiden.")
    opgavenGevonden: float | None = Field(description="Aandeel van de opgepakte opgaven dat aan de orde is.")
    opgavenGoed: float | None = Field(description="Aandeel van de opgaven aan de orde dat is opgepakt.")
    opgavenGetoond: float | None
    koppelingenEersteVijf: float | None
    koppelingenEersteTien: float | None
    koppelingenGetoond: float | None
    instrumentenEersteVijf: float | None
    instrumentenEersteTien: float | None
    instrumentenGetoond: float | None
    conflictenGevonden: float | None
    conflictenGetoond: float | None
    instrumentenBekend: float | None = Field(description="Aandeel van de instrumenten dat de kennis heeft.")
    conflictenBekend: float | None = Field(description="Aandeel van de conflicten dat de kennis heeft.")


@dataclass(frozen=True)
class Geval:
    """One case: its scores, the known wijk that was left out, and words of `verwacht` that the knowledge lacks."""

    naam: str
    scores: Scores
    weggelaten: str | None
    onbekend: tuple[str, ...]


@dataclass(frozen=True)
class BadFile:
    """A file that cannot be used, and why."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


def names_in(folder: Path) -> set[str]:
    """The names of the cases in a folder.

    Errors: WijkaanpakError when the folder holds no cases.
    """
    found = {path.stem for part in ("situaties", "verwacht") for path in (folder / part).glob("*.json")}
    if not found:
        raise WijkaanpakError(f"{folder} heeft geen gevallen; verwacht situaties/*.json en verwacht/*.json.")
    return found


def words_in(path: Path) -> frozenset[str]:
    """The instruments of a list, one a line.

    Errors: WijkaanpakError when the file is not there, cannot be read or is empty.
    """
    try:
        found = frozenset(_text(path).split())
    except WijkaanpakError as error:
        raise WijkaanpakError(f"{path} {error}") from error
    if not found:
        raise WijkaanpakError(f"{path} is leeg; verwacht een instrument per regel.")
    return found


class Cases:
    """Measures cases over one engine.

    With `words` only those instruments count, as for someone who could choose from no others.
    """

    def __init__(self, engine: Engine, words: frozenset[str] | None = None) -> None:
        self.engine = engine
        self.words = words
        self._wijken = {slug(node): node for node in engine.knowledge.instances(WIJK)}

    def measure(self, folder: Path) -> Iterator[Geval | BadFile]:
        """Each case of a folder, or what is wrong with its files.

        Errors: WijkaanpakError when the folder holds no cases.
        """
        for name in sorted(names_in(folder)):
            path = folder / "situaties" / f"{name}.json"
            try:
                situation = self.left_out(name, read_situation(_text(path)))
                path = folder / "verwacht" / f"{name}.json"
                expected = Verwacht.model_validate_json(_text(path))
                yield self.case(name, situation, expected)
            except ValidationError as error:
                details = (problem_of(detail, Verwacht.model_fields) for detail in error.errors())
                yield BadFile(path, "; ".join(map(str, details)))
            except SituationError as error:
                yield BadFile(folder / "situaties" / f"{name}.json", "; ".join(map(str, error.problems)))
            except WijkaanpakError as error:
                yield BadFile(path, str(error))

    def left_out(self, name: str, situation: Situatie) -> Situatie:
        """The situation that names the known wijk it is of, so that no rule uses that wijk as an example."""
        if situation.wijk is not None:
            return situation
        label = (situation.naam or "").casefold()
        names = {name, label, label.partition(",")[0].strip(), label.partition("(")[0].strip()}
        known = self.engine.knowledge.label
        found = [wijk for wijk, node in self._wijken.items() if wijk in names or known(node).casefold() in names]
        return situation.model_copy(update={"wijk": found[0]}) if found else situation

    def case(self, name: str, situation: Situatie, expected: Verwacht) -> Geval:
        """One case.

        Errors: SituationError for a situation with unknown terms.
        """
        scores = self._scores(self.engine.advise(situation), expected)
        return Geval(name, scores, situation.wijk, tuple(self._unknown(expected)))

    def _scores(self, advice: Advies, expected: Verwacht) -> Scores:
        leads = [row.slug for row in advice.leidendeTransities]
        tasks = {row.slug for row in advice.relevanteOpgaven}
        pairs = _pairs(advice)
        means = [row.slug for row in advice.instrumenten if self.words is None or row.slug in self.words]
        clashes = {row.slug for row in advice.conflicten}
        taken_up = set(map(self._whole, expected.opgaven))
        coupled = {frozenset(pair) for pair in expected.koppelingen}
        used = set(self._known(expected.instrumenten, INSTRUMENT))
        clashed = {named.slug for named in expected.conflicten if named.slug}
        return Scores(
            leidendGoed=float(bool(leads) and leads[0] in expected.leidend) if expected.leidend else None,
            leidendAantal=len(leads),
            opgavenGevonden=_share(tasks, taken_up),
            opgavenGoed=_share(taken_up, tasks) if taken_up else None,
            opgavenGetoond=len(tasks),
            koppelingenEersteVijf=_share(pairs[:FEW], coupled),
            koppelingenEersteTien=_share(pairs[:MORE], coupled),
            koppelingenGetoond=len(pairs),
            instrumentenEersteVijf=_share(means[:FEW], used),
            instrumentenEersteTien=_share(means[:MORE], used),
            instrumentenGetoond=len(means),
            conflictenGevonden=_share(clashes, clashed),
            conflictenGetoond=len(clashes),
            instrumentenBekend=self._held(expected.instrumenten, INSTRUMENT),
            conflictenBekend=self._held(expected.conflicten, CONFLICT),
        )

    def _whole(self, task: str) -> str:
        """The task that a part belongs to, as an advice lists those; of any other the task itself."""
        node = self.engine.resolver.find(task, OPGAVE)
        wholes = self.engine.knowledge.objects(node, IS_DEEL_VAN) if node else ()
        return next(map(slug, wholes), task)

    def _known(self, named: Iterable[Genoemd], cls: NamedNode) -> list[str]:
        """The slugs of those that the knowledge has."""
        found = (self.engine.resolver.find(each.slug, cls) for each in named if each.slug)
        return [slug(node) for node in found if node]

    def _held(self, named: tuple[Genoemd, ...], cls: NamedNode) -> float | None:
        return len(self._known(named, cls)) / len(named) if named else None

    def _unknown(self, expected: Verwacht) -> Iterator[str]:
        """Words that the knowledge lacks: they count as not found."""
        tasks = (*expected.opgaven, *(task for pair in expected.koppelingen for task in pair))
        means, clashes = (
            [each.slug for each in named if each.slug] for named in (expected.instrumenten, expected.conflicten)
        )
        for names, cls in ((expected.leidend, TRANSITIE), (tasks, OPGAVE), (means, INSTRUMENT), (clashes, CONFLICT)):
            yield from dict.fromkeys(name for name in names if self.engine.resolver.find(name, cls) is None)


def average(cases: list[Geval]) -> Scores:
    """The mean of each measure over the cases that have it."""
    fields = Scores.model_fields
    values = {name: [v for case in cases if (v := getattr(case.scores, name)) is not None] for name in fields}
    return Scores(**{name: sum(found) / len(found) if found else None for name, found in values.items()})


# The columns of the table: heading, measure, and how it is written.
_COLUMNS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("leidt", "leidendGoed", "{:.2f}".format),
    ("aantal", "leidendAantal", "{:.1f}".format),
    ("opg.", "opgavenGevonden", "{:.2f}".format),
    ("juist", "opgavenGoed", "{:.2f}".format),
    ("aantal", "opgavenGetoond", "{:.1f}".format),
    ("kop.5", "koppelingenEersteVijf", "{:.2f}".format),
    ("kop.10", "koppelingenEersteTien", "{:.2f}".format),
    ("aantal", "koppelingenGetoond", "{:.1f}".format),
    ("ins.5", "instrumentenEersteVijf", "{:.2f}".format),
    ("ins.10", "instrumentenEersteTien", "{:.2f}".format),
    ("aantal", "instrumentenGetoond", "{:.1f}".format),
    ("conf.", "conflictenGevonden", "{:.2f}".format),
    ("aantal", "conflictenGetoond", "{:.1f}".format),
    ("ins.bek.", "instrumentenBekend", "{:.2f}".format),
    ("conf.bek.", "conflictenBekend", "{:.2f}".format),
)
LEGEND = (
    "leidt: de eerste leidende transitie is juist; opg.: aandeel gevonden van de opgepakte opgaven; juist: aandeel van",
    "wat aan de orde is dat is opgepakt; kop. en ins.: aandeel van wat gekoppeld en gebruikt is in eerste vijf en tien;",
    "conf.: aandeel van de conflicten; bek.: aandeel van alle genoemde dat de kennis heeft; aantal: hoeveel er getoond wordt.",
)


def table(cases: list[Geval], *, only_average: bool = False) -> Iterator[str]:
    """The cases and their average, line by line; or the average alone."""
    listed = [] if only_average else cases
    width = max((len(case.naam) for case in listed), default=len("gemiddeld")) + 2
    yield "geval".ljust(width) + " ".join(heading.rjust(max(6, len(heading))) for heading, _, _ in _COLUMNS)
    for case in listed:
        yield case.naam.ljust(width) + _row(case.scores)
    yield "gemiddeld".ljust(width) + _row(average(cases))
    yield ""
    yield from LEGEND


def _row(scores: Scores) -> str:
    values = ((heading, getattr(scores, name), show) for heading, name, show in _COLUMNS)
    shown = ((heading, "–" if value is None else show(value).replace(".", ",")) for heading, value, show in values)
    return " ".join(text.rjust(max(6, len(heading))) for heading, text in shown)


def _pairs(advice: Advies) -> list[Pair]:
    """The pairs in the order of the advice: coupling chances, then those that ride along."""
    rows: tuple[Koppelkans, ...] = (*advice.koppelkansen, *advice.meeliftkoppelingen)
    pairs = dict.fromkeys(frozenset(task.slug for task in row.opgaven) for row in rows)
    return list(pairs)[:MOST_PAIRS]


def _share(found: Iterable[Any], wanted: set[Any]) -> float | None:
    """The share of what is wanted that is found; None when nothing is wanted."""
    return len(wanted.intersection(found)) / len(wanted) if wanted else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise WijkaanpakError("ontbreekt.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise WijkaanpakError(f"is niet te lezen: {error}.") from error
