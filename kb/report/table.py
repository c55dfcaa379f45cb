"""An advice as one table: a row a conclusion, with its status, what it rests on, when to decide and its sources."""

from collections.abc import Iterator, Mapping

from kb.advice.model import (
    Advies,
    Conclusie,
    Conflict,
    Instrument,
    KomendWerk,
    Koppelkans,
    Opening,
    Opgave,
    Oplossing,
    Organisatievorm,
    Transitie,
    VolgendeOpgave,
    Wijk,
)
from kb.engine import Engine
from kb.explain.proof import Proof
from kb.language import Catalogue, catalogue
from kb.names import expand, term
from kb.rule.rule import Citation
from kb.spreadsheet import BETWEEN, sheet

COLUMNS = (
    *("soort", "conclusie", "id", "naam", "status", "rust op aanname", "waarom", "rust op", "opgaven", "wie"),
    *("beslis vóór", "volgende kans", "termijn", "bedrag", "bronnen", "adressen van bronnen", "sleutel"),
)
# What the situation itself says, or public tables of its area.
_GIVEN = ("situatie", "gegevens")

Cells = Mapping[str, str]


def advice_table(engine: Engine, advice: Advies, language: str) -> str:
    """The conclusions of an advice that the engine gave, as CSV: the header in Dutch, the cells in a language."""
    return sheet(COLUMNS, _Rows(engine, advice, language).rows())


def conclusions(advice: Advies) -> Iterator[Conclusie]:
    """Every conclusion that the advice shows, each once, in the order of its lists."""
    told: set[str] = set()
    for row in _nested(advice):
        if row.conclusie not in told:
            told.add(row.conclusie)
            yield row


def _nested(advice: Advies) -> Iterator[Conclusie]:
    for name in type(advice).model_fields:
        found = getattr(advice, name)
        for row in found if isinstance(found, tuple) else ():
            if isinstance(row, Conclusie):
                yield row
                yield from _parts(row)
    for phase in advice.stappen:
        yield from phase.stappen


def _parts(row: Conclusie) -> tuple[Conclusie, ...]:
    """What is concluded within a row and stands nowhere else."""
    match row:
        case Transitie():
            return row.gronden
        case Opgave():
            return row.deelopgaven
        case Conflict():
            return row.uitwegen
        case _:
            return ()


class _Rows:
    def __init__(self, engine: Engine, advice: Advies, language: str) -> None:
        self.engine = engine
        self.advice = advice
        self.language = language
        self.say: Catalogue = catalogue(language)
        self.kinds = {segment: cls for cls, segment in engine.knowledge.segments.items()}

    def rows(self) -> Iterator[Cells]:
        """The cells of each conclusion, by their columns."""
        return map(self._row, conclusions(self.advice))

    def _row(self, row: Conclusie) -> Cells:
        label = self.engine.knowledge.label
        kind, prop = row.id.partition("/")[0], row.conclusie.partition("/")[0]
        return {
            "soort": label(self.kinds[kind], self.language) if kind in self.kinds else kind,
            "conclusie": label(term(prop), self.language),
            "id": row.id,
            "naam": row.label,
            "status": self._status(row),
            "rust op aanname": self.say("yes" if row.rustOpAanname else "no"),
            "waarom": BETWEEN.join(row.redenen),
            "sleutel": row.conclusie,
            **_details(row),
            **self._proven(row.conclusie),
        }

    def _status(self, row: Conclusie) -> str:
        """How strong or certain it is, in a word, where its kind tells that apart."""
        match row:
            case Instrument():
                return self.say(f"status.{row.status}")
            case Koppelkans(sterk=True):
                return self.say("strong")
            case Conflict(waarschuwing=True):
                return self.say("table.warning")
            case Opgave():
                kinds = [self.say(f"table.evidence.{ground.soort}") for ground in row.waarom]
                away = [self.say("table.distance", n=row.afstand)] if isinstance(row, VolgendeOpgave) else []
                return ", ".join(dict.fromkeys([*away, *kinds]))
            case Wijk(afloop=afloop) if afloop:
                return afloop.label
            case _:
                return ""

    def _proven(self, key: str) -> Cells:
        """What the shortest proof comes down to: what is stated or filled in, and the sources with their places."""
        knowledge, proofs = self.engine.knowledge, self.engine.why(self.advice.situatie, key, self.language)
        told = set[Citation]().union(*(proof.sources() for proof in proofs))
        cited = sorted(told, key=lambda citation: (citation.source, citation.place))
        labels = [f"{knowledge.label(expand(one.source), self.language)}, {one.place}" for one in cited]
        pages = dict.fromkeys(knowledge.source_page(expand(one.source)) or "" for one in cited)
        return {
            "rust op": BETWEEN.join(dict.fromkeys(text for proof in proofs for text in _given(proof))),
            "bronnen": BETWEEN.join(labels),
            "adressen van bronnen": BETWEEN.join(filter(None, pages)),
        }


def _given(proof: Proof) -> Iterator[str]:
    if proof.kind in _GIVEN:
        yield proof.text
    for premise in proof.premises:
        yield from _given(premise)


def _details(row: Conclusie) -> Cells:
    """The cells that only some kinds fill."""
    match row:
        case Koppelkans():
            return {
                "opgaven": _names(task.label for task in row.opgaven),
                "beslis vóór": _year(row.beslisVoor),
                "volgende kans": _year(row.volgendeKans),
            }
        case Instrument():
            return {
                "opgaven": _names(task.label for task in row.helpt),
                "wie": _names(party.label for party in row.wie),
                "termijn": row.termijn or "",
                "bedrag": row.bedrag or "",
            }
        case Conflict() | Oplossing():
            return {"opgaven": _names(task.label for task in row.opgaven)}
        case Organisatievorm():
            return {"opgaven": row.opgave.label, "wie": _names(party.label for party in row.betrokkenen)}
        case KomendWerk() | Opening():
            owners = [work.eigenaar.label for work in row.werken if work.eigenaar]
            return {
                "wie": _names(owners),
                "beslis vóór": _year(min((work.van for work in row.werken if work.van), default=None)),
                "volgende kans": _year(min((w.volgendeKans for w in row.werken if w.volgendeKans), default=None)),
            }
        case _:
            return {}


def _names(names: Iterator[str] | list[str]) -> str:
    return BETWEEN.join(dict.fromkeys(names))


def _year(year: int | None) -> str:
    return str(year or "")
