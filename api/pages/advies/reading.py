"""The advice as a page shows it: the words of the report, each line with the address of its proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from api.pages.advies.address import COMPARE, CONCLUSION, NEXT, PATH, VALUED, Asked, Json
from api.pages.advies.choices import Choices
from kb.advice.model import Advies, Antwoord, Vraag
from kb.explain.candidates import add_situation
from kb.language import as_sentence, catalogue, show_day
from kb.report.first import first_screen
from kb.report.full import full_sections
from kb.report.layout import Item, Section
from kb.report.phrases import Phrases, name_of
from kb.situation.model import Situatie, read_situation
from kb.situation.resolve import is_cbs_code

WHY, BEFORE, BESIDE = f"{PATH}/waarom", f"{PATH}/eerder", f"{PATH}/naast"
MOST_ANSWERS = 5
# Answered in the form: a link would have to make up the years, or the figure.
WEIGHTS = ("0", "1", "2", "3")
DIGGING = ".graven"
YES_OR_NO = "kenmerken"
ANSWERED_IN_FORM = ("werken", "metingen", "wensen", "peildatum")


@dataclass(frozen=True)
class Answer:
    """An answer that can be given by following its address."""

    label: str
    path: str
    changes: str


@dataclass(frozen=True)
class Ask:
    """An open question: why it matters, the answers to choose from, and the part of the form that has more of them."""

    text: str
    changes: str
    answers: tuple[Answer, ...]
    field: str


@dataclass(frozen=True)
class Stated:
    """Something that the asker stated, and the address without it."""

    field: str
    text: str
    without: str


@dataclass(frozen=True)
class Row:
    """A line of the first screen with the title that it stands under."""

    title: str
    item: Item


@dataclass(frozen=True)
class Changes:
    """What came and went between two advices: on the first screen, and in everything that follows (`whole`)."""

    gained: tuple[Row, ...]
    lost: tuple[Row, ...]
    whole: tuple[Section, ...]


@dataclass(frozen=True)
class Reading:
    """What the page of an advice shows; `leads` is whether enough is known to say what leads."""

    title: str
    leads: bool
    legend: str
    stated: tuple[Stated, ...]
    first: tuple[Section, ...]
    more: tuple[Section, ...]
    questions: tuple[Ask, ...]


def read_advice(advice: Advies, asked: Asked, choices: Choices, language: str) -> Reading:
    """Everything that the page of an advice says."""
    day = advice.situatie.peildatum or date.today()
    phrases = Phrases(language, day.year, advice)
    first = [part for part in first_screen(advice, phrases, shorten=True) if part.groups]
    shortened = {part.name for part in first if any(group.more for group in part.groups)}
    whole = [part for part in first_screen(advice, phrases, shorten=False) if part.name in shortened]
    more = [part for part in (*whole, *full_sections(advice, phrases)) if part.groups]
    return Reading(
        title=name_of(advice, phrases),
        leads=bool(advice.leidendeTransities),
        legend=phrases.legend("advies.legende", [*first, *more], day=show_day(day, language)),
        stated=tuple(told_facts(asked, advice.situatie, choices, language)),
        first=tuple(part for part in first if part.name != "questions"),
        more=tuple(more),
        questions=open_questions(advice, asked, choices, language),
    )


def open_questions(advice: Advies, asked: Asked, choices: Choices, language: str, page: str = PATH) -> tuple[Ask, ...]:
    """The open questions; each answer leads to a page of both situations."""
    return tuple(_ask(row, asked, choices, language, page) for row in advice.vragen)


def changes(before: Advies, after: Advies, whole: Sequence[Section], language: str) -> Changes:
    """What differs between two advices."""
    old, new = (_rows(advice, language) for advice in (before, after))
    gained = (row for key, row in new.items() if key not in old)
    lost = (row for key, row in old.items() if key not in new)
    return Changes(tuple(gained), tuple(lost), tuple(whole))


def _rows(advice: Advies, language: str) -> dict[str, Row]:
    """The conclusions on the first screen, by their keys."""
    phrases = Phrases(language, (advice.situatie.peildatum or date.today()).year, advice)
    return {
        item.key: Row(part.title, item)
        for part in first_screen(advice, phrases, shorten=True)
        for group in part.groups
        for item in group.items
        if item.key and part.name != "questions"
    }


def why_path(asked: Asked, key: str) -> str:
    """The address of the proof of a conclusion."""
    return asked.path(page=WHY, also=[(CONCLUSION, key)])


def before_path(asked: Asked, key: str, next_key: str) -> str:
    """The address of why a row stands before the next one of its list."""
    return asked.path(page=BEFORE, also=[(CONCLUSION, key), (NEXT, next_key)])


def compared_path(asked: Asked, situation: Situatie | Json, page: str = PATH) -> str:
    """The address of the advice about another situation, with what differs from this one; or of another page of both."""
    return asked.path(situation, page=page, also=[(COMPARE, urlencode(asked.pairs()))])


def told_facts(
    asked: Asked, situation: Situatie, choices: Choices, language: str, page: str = PATH
) -> Iterator[Stated]:
    """What the asker stated, fact by fact; each can be left out, which leads to a page of both situations."""
    for field, value in asked.given.items():
        title = catalogue(language)(f"advies.kort.{field}")
        if isinstance(value, list):
            for number, part in enumerate(value):
                others = [other for at, other in enumerate(value) if at != number]
                yield Stated(title, _told(field, part, choices, language), _without(asked, field, others, page))
        elif field in VALUED:
            for name, part in value.items():
                others_by_name = {other: each for other, each in value.items() if other != name}
                if name not in asked.given.get("herkomst", {}):
                    text = f"{choices.label(field, name)}: {_shown(field, part, language)}"
                    yield Stated(title, text, _without(asked, field, others_by_name, page))
        elif field not in ("herkomst", "iri"):
            text = choices.label(field, value) if field in ("fase", "wijk") else str(value)
            if field == "wijk" and is_cbs_code(value):
                text = situation.naam or text
            if field == "peildatum" and situation.peildatum:
                text = show_day(situation.peildatum, language)
            yield Stated(title, text, _without(asked, field, None, page))


def _without(asked: Asked, field: str, others: list[Any] | Json | None, page: str) -> str:
    """The address with only the others left in a field."""
    rest = {name: value for name, value in asked.given.items() if name != field}
    return compared_path(asked, rest | ({field: others} if others else {}), page)


def _told(field: str, part: str | Json, choices: Choices, language: str) -> str:
    """A term, a work or a wish in a few words."""
    if isinstance(part, str):
        return choices.label(field, part)
    say = catalogue(language)
    if field == "wensen":
        named = [choices.label(f"wensen.{name}", part[name]) for name in ("betrokkene", "opgave") if name in part]
        return ": ".join(named)
    years = "–".join(dict.fromkeys(str(part[name]) for name in ("van", "tot") if name in part))
    digs = "" if "graven" not in part else say("advies.gravend" if part["graven"] else "advies.niet_gravend")
    words = [f"{choices.label('werken.cyclus', part.get('cyclus', ''))} {years}".strip(), digs]
    words += [choices.label("werken.eigenaar", part["eigenaar"])] if "eigenaar" in part else []
    words += [say("advies.straat_onbekend")] if part.get("straatOnbekend") is True else []
    return ", ".join(word for word in words if word)


def _ask(row: Vraag, asked: Asked, choices: Choices, language: str, page: str) -> Ask:
    best: Sequence[Antwoord] = sorted(row.antwoorden, key=_place)[:MOST_ANSWERS]
    in_form = row.veld.partition(".")[0] in ANSWERED_IN_FORM and not row.veld.endswith(DIGGING)
    answers = () if in_form else tuple(_answer(one, row, asked, choices, language, page) for one in best)
    say = catalogue(language)
    field = "" if answers and len(best) == len(row.antwoorden) else row.veld.partition(".")[0]
    return Ask(row.vraag, say("advies.verandert", rows=say.count("row", row.verandert)), answers, field)


def _answer(answer: Antwoord, question: Vraag, asked: Asked, choices: Choices, language: str, page: str) -> Answer:
    say = catalogue(language)
    changed = add_situation(read_situation(asked.given), read_situation(answer.toevoegen))
    rows = say("advies.verandert", rows=say.count("row", answer.verandert))
    label = _answer_label(answer.toevoegen, choices, language)
    if question.veld.startswith(YES_OR_NO) or len(question.antwoorden) == 1:
        label = as_sentence(say("no" if _denies(answer) else "yes"))
    return Answer(label, compared_path(asked, changed, page), rows)


def _place(answer: Antwoord) -> tuple[bool, int]:
    """Yes before no; else what changes most first."""
    return _denies(answer), -answer.verandert


def _denies(answer: Antwoord) -> bool:
    return "afwezigeKenmerken" in answer.toevoegen


def _answer_label(added: Json, choices: Choices, language: str) -> str:
    say = catalogue(language)
    [(field, value)] = added.items()
    if field == "werken":
        return as_sentence(say("advies.gravend" if value[0]["graven"] else "advies.niet_gravend"))
    if isinstance(value, list):
        return ", ".join(choices.label(field, part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{choices.label(field, name)}: {_weight(part, language)}" for name, part in value.items())
    return choices.label(field, value) if field == "fase" else str(value)


def _weight(value: int, language: str) -> str:
    return catalogue(language)(f"advies.gewicht.{value}").lower()


def _shown(field: str, value: str | int, language: str) -> str:
    if field == "prioriteiten" and str(value) in WEIGHTS:
        return _weight(int(value), language)
    return str(value)
