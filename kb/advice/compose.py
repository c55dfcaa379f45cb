"""Compose an advice from what holds in a situation."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from pyoxigraph import NamedNode

from kb.explain.proof import conclusion_key
from kb.explain.wording import Texts
from kb.knowledge.knowledge import Knowledge
from kb.names import TYPE, local_name, short, slug, term
from kb.program.evaluate import Outcome
from kb.program.program import GroundRule
from kb.rule.expression import Value
from kb.situation.facts import Link
from kb.situation.model import (
    CYCLUS,
    GEWICHT,
    GRAVEN,
    HEEFT_PRIORITEIT,
    HEEFT_WERK,
    TOT,
    TRANSITIE,
    VAN,
    Situatie,
    dump_situation,
)

Json = dict[str, Any]
RUIMTE, PROCES = term("heeftRuimtekoppelkans"), term("heeftProceskoppelkans")
SOORTEN = {
    "heeftSterkeKoppelkans": "sterk",
    "heeftRuimtekoppelkans": "ruimte",
    "heeftProceskoppelkans": "proces",
}


def compose(
    knowledge: Knowledge, texts: Texts, outcome: Outcome, certain: set[int], situation: Situatie, language: str
) -> Json:
    """The advice as JSON values, in the shape of `kb.advice.model.Advies`, without its questions.

    `certain` are the atoms that have a proof without assumptions.
    """
    return _Composer(knowledge, texts, outcome, certain, language).advice(situation)


class _Composer:
    def __init__(self, knowledge: Knowledge, texts: Texts, outcome: Outcome, certain: set[int], language: str) -> None:
        self.knowledge = knowledge
        self.texts = texts
        self.outcome = outcome
        self.language = language
        self._told: dict[Link, list[str]] = {}
        self.links: dict[str, list[Link]] = defaultdict(list)
        for link in outcome.derived():
            self.links[local_name(link.property)].append(link)
        self.certain = certain

    def advice(self, situation: Situatie) -> Json:
        """Every part of the advice, each in its own order."""
        return {
            "situatie": dump_situation(situation),
            "leidendeTransities": self._plain("heeftLeidendeTransitie"),
            "relevanteOpgaven": self._opgaven("heeftRelevanteOpgave"),
            "meeliftkansen": self._opgaven("heeftMeeliftkans"),
            "leidend": self._opgaven("heeftLeidendeOpgave"),
            "volgend": self._volgend(),
            "koppelkansen": self._koppelkansen(),
            "koppelconcepten": self._plain("heeftKoppelconcept"),
            "combinaties": self._plain("heeftCombinatie"),
            "conflicten": self._conflicten(),
            "oplossingen": self._oplossingen(),
            "organisatie": self._organisatie(),
            "behoeften": self._plain("heeftBehoefte"),
            "instrumenten": self._handelingsperspectieven("heeftPassendInstrument"),
            "bijnaPassend": self._bijna(),
            "aanbevelingen": self._handelingsperspectieven("heeftPassendeAanbeveling"),
            "vergelijkbareWijken": self._plain("lijktOp"),
            "signalen": self._plain("heeftSignaal"),
            "vervallenAanleidingen": self._plain("heeftVervallenAanleiding"),
            "openElementen": self._plain("opentElement"),
            "stappen": self._stappen(),
        }

    def _conclusion(self, link: Link, *, reasons: bool = True) -> Json:
        number = self._number(link)
        return {
            "id": short(link.object),
            "label": self.knowledge.label(link.object, self.language),
            "conclusie": conclusion_key(link),
            "rustOpAanname": number not in self.certain,
            "redenen": self._reasons(link) if reasons else [],
        }

    def _reasons(self, link: Link) -> list[str]:
        """The explanation of each rule that fired; two firings over the same things in another order are one reason."""
        if link not in self._told:
            fired = self._rules(link)
            rules = {self.texts.subject(rule): rule for rule in fired}.values() if len(fired) > 1 else fired
            texts = (self.texts.rule(rule, self.outcome, self.language) for rule in rules)
            self._told[link] = list(dict.fromkeys(texts))
        return self._told[link]

    def _number(self, link: Link) -> int:
        number = self.outcome.program.find(link)
        assert number is not None
        return number

    def _rules(self, link: Link) -> list[GroundRule]:
        return self.outcome.fired[self._number(link)]

    def _plain(self, name: str) -> list[Json]:
        """The conclusions of one property, those with most reasons first."""
        return _ranked(self._conclusion(link) for link in self.links[name])

    def _opgaven(self, name: str) -> list[Json]:
        return _ranked(self._conclusion(link) | self._transities(link.object) for link in self.links[name])

    def _transities(self, opgave: NamedNode) -> Json:
        return {"transities": self._slugs(opgave, "hoortBij")}

    def _slugs(self, node: NamedNode, name: str) -> list[str]:
        return [slug(other) for other in self.knowledge.objects(node, term(name))]

    def _volgend(self) -> list[Json]:
        distances = {self._object(link, "isPlaatsVan"): self._distance(link.object) for link in self.links["heeftPlaats"]}
        sticks: dict[NamedNode, list[Json]] = defaultdict(list)
        for link in self.links["heeftKleving"]:
            to, via = self._object(link, "kleeftAanOpgave"), self._object(link, "viaKoppeling")
            label = self.knowledge.label(to, self.language)
            sticks[self._object(link, "heeftVolger")].append({"opgave": slug(to), "label": label, "via": short(via)})
        rows = [
            self._conclusion(link)
            | self._transities(link.object)
            | {
                "afstand": distances[link.object],
                "kleeftAan": sorted(sticks[link.object], key=lambda stick: (stick["opgave"], stick["via"])),
            }
            for link in self.links["heeftVolgendeOpgave"]
        ]
        return sorted(rows, key=lambda row: (row["afstand"], -len(row["kleeftAan"]), row["label"]))

    def _object(self, link: Link, name: str) -> NamedNode:
        return self.knowledge.objects(link.object, term(name))[0]

    def _distance(self, place: NamedNode) -> int:
        afstand = self.knowledge.objects(place, term("staatOpAfstand"))[0]
        return int(self.knowledge.literal(afstand, term("aantalStappen")) or 0)

    def _koppelkansen(self) -> list[Json]:
        """Strong chances first, then in space, then in process only; a strong one is not repeated as one in space."""
        strong = {link.object for link in self.links["heeftSterkeKoppelkans"]}
        through = {koppeling: self.knowledge.objects(koppeling, term("verlooptVia"))[0] for koppeling in strong}
        rows = []
        for name, soort in SOORTEN.items():
            for link in self.links[name]:
                shown = link.object in strong or link.object in through.values()
                if soort == "sterk" or not shown:
                    rows.append(self._koppelkans(link, soort))
        order = {soort: rank for rank, soort in enumerate(SOORTEN.values())}
        return sorted(rows, key=lambda row: (order[row["soort"]], -row.pop("_transities"), row["label"]))

    def _koppelkans(self, link: Link, soort: str) -> Json:
        opgaven = self.knowledge.objects(link.object, term("koppeltOpgave"))
        elements = self.knowledge.objects(link.object, term("opElement"))
        transities = {t for opgave in opgaven for t in self.knowledge.objects(opgave, term("hoortBij"))}
        conclusion = self._conclusion(link, reasons=soort != "sterk")
        if soort == "sterk":  # its own explanation says only that both hold; the two sides say why
            proces = self.knowledge.objects(link.object, term("verlooptVia"))[0]
            sides = (Link(RUIMTE, link.object), Link(PROCES, proces))
            conclusion["redenen"] = [reason for side in sides for reason in self._reasons(side)]
        return conclusion | {
            "opgaven": [slug(opgave) for opgave in opgaven],
            "soort": soort,
            "element": slug(elements[0]) if elements else None,
            "jaren": self._years(elements),
            "_transities": len(transities),
        }

    def _years(self, elements: list[NamedNode]) -> list[int]:
        """The first and last year in which planned work opens one of the elements."""
        opening = {*elements, *(whole for e in elements for whole in self.knowledge.objects(e, term("isOnderdeelVan")))}
        years = [year for opened, period in self._works for year in period if opened & opening]
        return [min(years), max(years)] if years else []

    @cached_property
    def _works(self) -> list[tuple[set[NamedNode], list[int]]]:
        """What each planned work opens, and in which years."""
        works = []
        for node in self.outcome.facts.nodes_of(HEEFT_WERK):
            cyclus = node.values[CYCLUS]
            assert isinstance(cyclus, NamedNode)
            opened = set(self.knowledge.objects(cyclus, term("opentAltijd")))
            if node.values.get(GRAVEN):
                opened |= set(self.knowledge.objects(cyclus, term("opentBijGraven")))
            period = [int(year) for key in (VAN, TOT) if isinstance(year := node.values.get(key), Decimal)]
            works.append((opened, period))
        return works

    def _conflicten(self) -> list[Json]:
        passable = {link.object: link for link in self.links["heeftUitwegKans"]}
        rows = []
        for link in self.links["heeftConflict"]:
            uitwegen = [passable[u] for u in self.knowledge.objects(link.object, term("heeftUitweg")) if u in passable]
            rows.append(
                self._conclusion(link)
                | {
                    "opgaven": self._slugs(link.object, "botstTussen") + self._slugs(link.object, "raaktOpgave"),
                    "oplossingen": self._uitwegen(uitwegen),
                }
            )
        return _ranked(rows)

    def _uitwegen(self, links: list[Link]) -> list[Json]:
        """The ways out, one a solution: a source may name a way out that our rules find too."""
        rows: dict[str, Json] = {}
        for link in links:
            oplossing = slug(self._object(link, "doorOplossing"))
            rows.setdefault(oplossing, self._conclusion(link) | {"oplossing": oplossing})
        return list(rows.values())

    def _oplossingen(self) -> list[Json]:
        relevant = {link.object for link in self.links["heeftRelevanteOpgave"]}
        links = {link.object: link for name in ("heeftVervolgoplossing", "heeftOplossing") for link in self.links[name]}
        rows = []
        for oplossing, link in links.items():
            onward = self.knowledge.objects(oplossing, term("maaktMogelijk"))
            earlier = [other for other in links if oplossing in self.knowledge.objects(other, term("maaktMogelijk"))]
            rows.append(
                self._conclusion(link)
                | {
                    "opgaven": [slug(o) for o in self.knowledge.objects(oplossing, term("dientOpgave")) if o in relevant],
                    "maaktMogelijk": [slug(other) for other in onward if other in links],
                    "dankzij": sorted(slug(other) for other in earlier),
                }
            )
        return sorted(rows, key=lambda row: (-len(row["opgaven"]), row["label"]))

    def _organisatie(self) -> list[Json]:
        rows = []
        for link in self.links["heeftOrganisatievorm"]:
            kinds = {t.object for t in self.knowledge.triples(link.object, TYPE)}
            vorm = next(name for name in ("CentraleOrganisatie", "DecentraleOrganisatie") if term(name) in kinds)
            rows.append(
                self._conclusion(link)
                | {
                    "opgave": slug(self._object(link, "vanOpgave")),
                    "vorm": vorm,
                    "betrokkenen": self._slugs(link.object, "vraagtBetrokkene"),
                }
            )
        return sorted(rows, key=lambda row: (row["opgave"], -len(row["redenen"]), row["label"]))

    def _handelingsperspectieven(self, name: str) -> list[Json]:
        """Ranked by distinct needs met, then the asker's priorities, then distinct reasons for those needs."""
        needs_met = {link.object: link for link in self.links["heeftBehoefte"]}
        rows = []
        for link in self.links[name]:
            needs = [b for b in self.knowledge.objects(link.object, term("voorzietIn")) if b in needs_met]
            reasons = sum(len(self._rules(needs_met[need])) for need in needs)
            counts = {"behoeften": len(needs), "prioriteit": self._priority(link.object), "redenen": reasons}
            rows.append(self._conclusion(link) | {"behoeften": [slug(need) for need in needs], "tellingen": counts})
        return sorted(rows, key=lambda row: (*(-count for count in row["tellingen"].values()), row["label"]))

    def _priority(self, instrument: NamedNode) -> int:
        """The highest priority that the asker gave to a transition that the instrument is for."""
        weights: dict[Value, int] = {
            node.values[TRANSITIE]: int(str(node.values[GEWICHT]))
            for node in self.outcome.facts.nodes_of(HEEFT_PRIORITEIT)
        }
        if not weights:
            return 0
        voorwaarden = self.knowledge.objects(instrument, term("vereist"))
        opgaven = {o for v in voorwaarden for o in self.knowledge.objects(v, term("eistOpgave"))}
        opgaven |= set(self.knowledge.objects(instrument, term("bekostigt")))
        transities = {t for o in opgaven for t in self.knowledge.objects(o, term("hoortBij"))}
        transities |= {t for v in voorwaarden for t in self.knowledge.objects(v, term("eistTransitie"))}
        return max((weights.get(t, 0) for t in transities), default=0)

    def _bijna(self) -> list[Json]:
        missing = {link.object for link in self.links["mistVoorwaarde"]}
        rows = []
        for link in self.links["heeftBijnaPassendInstrument"]:
            vereist = self.knowledge.objects(link.object, term("vereist"))
            voorwaarde = next(v for v in vereist if v in missing)
            rows.append(
                self._conclusion(link)
                | {"ontbreekt": self.knowledge.label(voorwaarde, self.language), "voorwaarde": slug(voorwaarde)}
            )
        return _ranked(rows)

    def _stappen(self) -> list[Json]:
        order = _phase_order(self.knowledge)
        groups: dict[NamedNode, list[Link]] = defaultdict(list)
        for link in self.links["heeftStap"]:
            groups[self._object(link, "hoortInFase")].append(link)
        return [
            {
                "fase": slug(fase),
                "label": self.knowledge.label(fase, self.language),
                "stappen": _ranked(self._conclusion(link) for link in groups[fase]),
            }
            for fase in order
            if groups[fase]
        ]


def _ranked(rows: Iterable[Json]) -> list[Json]:
    """Most reasons first, then by label."""
    return sorted(rows, key=lambda row: (-len(row["redenen"]), row["label"]))


def _phase_order(knowledge: Knowledge) -> list[NamedNode]:
    before = {fase: set(knowledge.objects(fase, term("komtNaFase"))) for fase in knowledge.instances(term("Fase"))}

    def rank(fase: NamedNode) -> int:
        return 1 + max((rank(earlier) for earlier in before[fase]), default=0)

    return sorted(before, key=rank)
