"""What an advice says to people: its parts in reading order, in one language, shortened where lists are long.

`kb.report.terminal` lays a report out for the terminal and `kb.report.markdown` as text; neither adds words of its own.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kb.advice.compose import Json
from kb.engine import Engine
from kb.names import expand, local_name, term
from kb.report.words import COUNTED, WORDS
from kb.situation.model import IN_WIJK, LINK_FIELDS, PEILDATUM, read_situation

MOST_ITEMS = 5
MOST_REASONS = 2
MOST_COUPLINGS = 3
MOST_GROUPS = 6


@dataclass(frozen=True)
class Item:
    """One line with what explains it. `key` is what the reader can hand back: a conclusion key, or JSON to add."""

    text: str
    key: str = ""
    assumed: bool = False
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Items under one small title; `more` says how many are left out."""

    title: str
    items: tuple[Item, ...]
    ranked: bool = False
    more: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the report under one title; `more` says how many groups' worth of items are left out."""

    title: str
    groups: tuple[Group, ...]
    intro: str = ""
    more: str = ""


@dataclass(frozen=True)
class Report:
    """A whole advice in words."""

    title: str
    summary: Group
    sections: tuple[Section, ...]
    legend: Group


def report(engine: Engine, advice: Json, language: str, *, shorten: bool = True) -> Report:
    """The report of an advice in the shape of `kb.advice.model.Advies`; `shorten` cuts long lists."""
    return _Writer(engine, advice, language, shorten).report()


def cut(title: str, items: Sequence[Item], most: int | None, language: str, *, ranked: bool = False) -> Group:
    """A group of at most `most` items, or one more: a line too many is better shown than counted."""
    if most is None or len(items) <= most + 1:
        return Group(title, tuple(items), ranked)
    more = WORDS[language]["more"].format(n=len(items) - most)
    return Group(title, tuple(items[:most]), ranked, more)


def questions_section(questions: Sequence[Json], language: str, *, shorten: bool = True) -> Section:
    """Open questions in the shape of `kb.advice.model.Vraag`, each with the answers that change most."""
    words = WORDS[language]
    most = MOST_REASONS if shorten else None
    items = tuple(Item(row["vraag"], details=_lines(_answers(row, language), most, words["more"])) for row in questions)
    groups = (Group("", items, ranked=True),) if items else ()
    return Section(words["questions"], groups, words["questions_intro"])


def _answers(question: Json, language: str) -> list[str]:
    """The answers as JSON to add, each with how much it changes."""
    return [
        WORDS[language]["changes"].format(
            answer=json.dumps(answer["toevoegen"], ensure_ascii=False),
            conclusions=counted(answer["verandert"], "conclusion", language),
        )
        for answer in sorted(question["antwoorden"], key=lambda answer: -answer["verandert"])
    ]


def _lines(lines: Sequence[str], most: int | None, more: str) -> tuple[str, ...]:
    """The first lines, and how many there are more."""
    if most is None or len(lines) <= most + 1:
        return tuple(lines)
    return (*lines[:most], more.format(n=len(lines) - most))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def counted(number: int, noun: str, language: str) -> str:
    """A number with its noun in singular or plural."""
    singular, plural = COUNTED[language][noun]
    return f"{number} {singular if number == 1 else plural}"


class _Writer:
    def __init__(self, engine: Engine, advice: Json, language: str, shorten: bool) -> None:
        self.engine = engine
        self.advice = advice
        self.language = language
        self.words = WORDS[language]
        self.shorten = shorten

    def report(self) -> Report:
        """All parts that have something to say."""
        sections = [
            self._situation(),
            self._section("leading", [
                self._group("transitions", self._reasoned("leidendeTransities")),
                self._group("signals", self._reasoned("signalen")),
                self._group("lapsed", self._reasoned("vervallenAanleidingen")),
            ]),
            self._section("swan", self._swan()),
            self._couplings(),
            self._section("concepts", [self._group("", self._reasoned("koppelconcepten"))]),
            self._section("combinations", [self._group("", [self._item(row) for row in self.advice["combinaties"]])]),
            self._section("conflicts", [self._group("", [self._conflict(row) for row in self.advice["conflicten"]])]),
            self._section("solutions", self._solutions()),
            self._section("organisation", self._organisation()),
            self._section("needs", [self._group("", self._reasoned("behoeften"))]),
            self._section("instruments", [
                self._group("", [self._perspective(row) for row in self.advice["instrumenten"]], ranked=True),
                self._group("almost", [self._almost(row) for row in self.advice["bijnaPassend"]]),
            ]),
            self._section("recommendations", [
                self._group("", [self._perspective(row) for row in self.advice["aanbevelingen"]], ranked=True)
            ]),
            self._section("wijken", [self._group("", self._reasoned("vergelijkbareWijken"))]),
            self._section("steps", self._steps()),
            questions_section(self.advice["vragen"], self.language, shorten=self.shorten),
        ]  # fmt: skip
        return Report(
            self.words["title"].format(name=self._name()),
            Group(self.words["summary"], tuple(Item(line) for line in self._summary())),
            tuple(section for section in sections if section.groups),
            Group(self.words["legend"], tuple(Item(self.words[name]) for name in ("legend_assumption", "legend_key"))),
        )

    # Building blocks

    def _section(self, name: str, groups: Iterable[Group]) -> Section:
        return Section(
            self.words[name], tuple(group for group in groups if group.items), self.words.get(f"{name}_intro", "")
        )

    def _group(self, name: str, items: Sequence[Item], *, ranked: bool = False) -> Group:
        return self._titled(self.words.get(name, ""), items, ranked=ranked)

    def _titled(self, title: str, items: Sequence[Item], most: int = MOST_ITEMS, *, ranked: bool = False) -> Group:
        return cut(title, items, most if self.shorten else None, self.language, ranked=ranked)

    def _item(self, row: Json, details: Iterable[str] = ()) -> Item:
        return Item(_sentence(row["label"]), row["conclusie"], row["rustOpAanname"], tuple(details))

    def _reasoned(self, name: str) -> list[Item]:
        return [self._item(row, self._reasons(row)) for row in self.advice[name]]

    def _reasons(self, row: Json) -> list[str]:
        """The reasons; two tasks named in the other order make the same reason."""
        distinct: dict[tuple[str, ...], str] = {}
        for reason in row["redenen"]:
            distinct.setdefault(tuple(sorted(re.findall(r"\w+", reason))), reason)
        return self._lines(list(distinct.values()), "more_reasons")

    def _lines(self, lines: Sequence[str], more: str = "more") -> list[str]:
        most = MOST_REASONS if self.shorten else None
        return list(_lines([_sentence(line) for line in lines], most, self.words[more]))

    def _label(self, kind: str, slug: str) -> str:
        return self.engine.knowledge.label(expand(f"{kind}/{slug}"), self.language)

    def _labels(self, kind: str, slugs: Iterable[str]) -> str:
        return self._listed([self._label(kind, slug) for slug in slugs])

    def _listed(self, names: Sequence[str]) -> str:
        *first, last = names
        return f"{', '.join(first)} {self.words['and']} {last}" if first else last

    def _counted(self, number: int, noun: str) -> str:
        return counted(number, noun, self.language)

    # Parts

    def _name(self) -> str:
        situation = self.advice["situatie"]
        wijk = situation.get("wijk")
        known = self.engine.resolver.find(wijk, self.engine.resolver.ranges[IN_WIJK]) if wijk else None
        label = self.engine.knowledge.label(known, self.language) if known else wijk
        return str(situation.get("naam") or label or self.words["nameless"])

    def _summary(self) -> Iterator[str]:
        leading = [row["label"] for row in self.advice["leidendeTransities"]]
        tasks = self.words["tasks"].format(
            leading=self._counted(len(self.advice["leidend"]), "task"), following=len(self.advice["volgend"])
        )
        verb = self.words["leads" if len(leading) == 1 else "lead"]
        yield f"{verb.format(names=self._listed(leading))}: {tasks}." if leading else self.words["no_lead"]
        if couplings := self._summary_of_couplings():
            yield couplings
        if conflicts := self.advice["conflicten"]:
            open_ones = sum(not row["oplossingen"] for row in conflicts)
            line = self.words["conflicts_open" if open_ones else "conflicts_solvable"]
            yield line.format(conflicts=self._counted(len(conflicts), "conflict"), open=open_ones) + "."
        for name, part in (("first_instruments", "instrumenten"), ("resembles", "vergelijkbareWijken")):
            if rows := self.advice[part][:3]:
                yield self.words[name].format(names=self._listed([row["label"] for row in rows])) + "."
        if assumed := sum(_assumed(self.advice)):
            yield self.words["assumed"].format(conclusions=self._counted(assumed, "resting")) + "."

    def _summary_of_couplings(self) -> str:
        rows = self.advice["koppelkansen"]
        elements = Counter(row["element"] for row in rows if row["element"])
        if not elements:
            return f"{self._counted(len(rows), 'coupling')}." if rows else ""
        return (
            self.words["couplings_most"].format(
                couplings=self._counted(len(rows), "coupling"),
                strong=sum(row["soort"] == "sterk" for row in rows),
                element=self._label("element", elements.most_common(1)[0][0]),
            )
            + "."
        )

    def _situation(self) -> Section:
        facts = self.engine.resolver.facts(read_situation(self.advice["situatie"]))
        texts, knowledge = self.engine.texts, self.engine.knowledge
        stated: dict[NamedNode, list[str]] = defaultdict(list)
        for prop, node in sorted(facts.links, key=lambda link: knowledge.label(link[1], self.language)):
            stated[prop].append(knowledge.label(node, self.language))
        for prop, value in facts.values.items():
            stated[prop].append(texts.value(value, self.language))
        for own in facts.nodes:
            stated[own.property].append(texts.node(own, self.language))
        order = [IN_WIJK, PEILDATUM, *LINK_FIELDS.values()]
        props = [*(prop for prop in order if prop in stated), *(prop for prop in stated if prop not in order)]
        items = tuple(Item(f"{self.words[local_name(prop)]}: {'; '.join(stated[prop])}") for prop in props)
        return self._section("situation", [Group("", items)])

    def _swan(self) -> Iterator[Group]:
        yield self._group("leading_tasks", self._reasoned("leidend"))
        following = self.advice["volgend"]
        for distance in sorted({row["afstand"] for row in following}):
            items = [self._item(row, self._sticking(row)) for row in following if row["afstand"] == distance]
            yield self._titled(self.words["following_tasks"].format(n=distance), items)
        placed = {row["id"] for name in ("leidend", "volgend") for row in self.advice[name]}
        also = [row for row in self.advice["relevanteOpgaven"] if row["id"] not in placed]
        yield self._group("also_relevant", [self._item(row, self._reasons(row)) for row in also])
        riding = [row for row in self.advice["meeliftkansen"] if row["id"] not in placed]
        yield self._group("ride_along", [self._item(row, self._reasons(row)) for row in riding])

    def _sticking(self, row: Json) -> list[str]:
        """To whom a task sticks and on which elements, one line a task, the closest ties first."""
        ties: dict[str, list[str]] = defaultdict(list)
        for tie in row["kleeftAan"]:
            elements = self.engine.knowledge.objects(expand(tie["via"]), term("opElement"))
            ties[tie["label"]] += [self.engine.knowledge.label(element, self.language) for element in elements]
        ranked = sorted(ties.items(), key=lambda tie: (-len(tie[1]), tie[0]))
        return self._lines([
            self.words["sticks_to"].format(name=name, elements=", ".join(dict.fromkeys(elements)))
            for name, elements in ranked
        ])  # fmt: skip

    def _couplings(self) -> Section:
        rows: dict[tuple[str, str, tuple[int, ...]], list[Json]] = defaultdict(list)
        for row in self.advice["koppelkansen"]:
            rows[row["soort"], row["element"] or "", tuple(row["jaren"])].append(row)
        groups = [
            self._titled(self._coupling_title(*kind), [self._coupling(row) for row in found], MOST_COUPLINGS)
            for kind, found in rows.items()
        ]
        if not self.shorten or len(groups) <= MOST_GROUPS:
            return self._section("couplings", groups)
        left_out = sum(len(found) for found in list(rows.values())[MOST_GROUPS:])
        more = self.words["more"].format(n=self._counted(left_out, "coupling"))
        section = self._section("couplings", groups[:MOST_GROUPS])
        return Section(section.title, section.groups, section.intro, more)

    def _coupling_title(self, soort: str, element: str, years: tuple[int, ...]) -> str:
        parts = [self.words[soort]]
        if element:
            parts.append(self._label("element", element))
        if years:
            parts.append("–".join(str(year) for year in dict.fromkeys(years)))
        return " · ".join(parts)

    def _coupling(self, row: Json) -> Item:
        """A pair of tasks. What holds in space is in the title of its group; how it holds in process is not."""
        pair = " + ".join(self._label("opgave", slug) for slug in row["opgaven"])
        details = self._reasons(row) if row["soort"] == "proces" else []
        return self._item(row | {"label": pair}, details)

    def _conflict(self, row: Json) -> Item:
        ways_out = [
            self.words["way_out"].format(name=way["label"], solution=self._label("oplossing", way["oplossing"]))
            for way in row["oplossingen"]
        ]
        return self._item(row, [*self._reasons(row), *(ways_out or [self.words["no_way_out"]])])

    def _solutions(self) -> Iterator[Group]:
        rows = self.advice["oplossingen"]
        yield self._group("", [self._solution(row) for row in rows])
        yield self._group("chains", [Item(chain) for chain in self._chains(rows)])

    def _solution(self, row: Json) -> Item:
        serves = [self.words["serves"].format(names=self._labels("opgave", row["opgaven"]))] if row["opgaven"] else []
        return self._item(row, serves or self._reasons(row))

    def _chains(self, rows: Sequence[Json]) -> Iterator[str]:
        """The chains from each solution that no other makes possible, solutions with the same sequel taken together."""
        onward = {row["id"].partition("/")[2]: tuple(row["maaktMogelijk"]) for row in rows}

        def follow(links: tuple[str, ...], seen: frozenset[str]) -> Iterator[list[str]]:
            here = [self._labels("oplossing", links)]
            later = [slug for slug in onward[links[0]] if slug not in seen]
            if not later:
                yield here
            for sequel in dict.fromkeys(onward[slug] for slug in later):
                together = tuple(slug for slug in later if onward[slug] == sequel)
                yield from (here + rest for rest in follow(together, seen | set(together)))

        for row in rows:
            slug = row["id"].partition("/")[2]
            if row["maaktMogelijk"] and not row["dankzij"]:
                yield from (" → ".join(chain) for chain in follow((slug,), frozenset({slug})))

    def _organisation(self) -> Iterator[Group]:
        for vorm in ("CentraleOrganisatie", "DecentraleOrganisatie"):
            rows = [row for row in self.advice["organisatie"] if row["vorm"] == vorm]
            yield self._group(vorm, [self._organised(row) for row in rows])

    def _organised(self, row: Json) -> Item:
        asked = [self.words["asks_for"].format(names=self._labels("betrokkene", row["betrokkenen"]))]
        return self._item(row, [*self._reasons(row), *(asked if row["betrokkenen"] else [])])

    def _perspective(self, row: Json) -> Item:
        counts = row["tellingen"]
        parts = [self._counted(counts["behoeften"], "need")]
        if counts["prioriteit"]:
            parts.append(self.words["priority"].format(n=counts["prioriteit"]))
        parts.append(self._counted(counts["redenen"], "reason"))
        needs = self._labels("behoefte", row["behoeften"])
        return self._item(row, [self.words["meets"].format(names=needs, counts=", ".join(parts))])

    def _almost(self, row: Json) -> Item:
        return self._item(row, [self.words["lacks"].format(name=row["ontbreekt"])])

    def _steps(self) -> Iterator[Group]:
        for phase in self.advice["stappen"]:
            yield self._titled(phase["label"], [self._item(step) for step in phase["stappen"]])


def _assumed(value: object) -> Iterator[bool]:
    """For each conclusion in an advice, whether it rests on an assumption."""
    match value:
        case {"rustOpAanname": assumed, **rest}:
            yield bool(assumed)
            yield from _assumed(rest)
        case dict():
            for part in value.values():
                yield from _assumed(part)
        case list():
            for part in value:
                yield from _assumed(part)
