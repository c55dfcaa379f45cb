"""What an advice says to people: its first screen, and on demand everything behind it, in one language."""

import json
from collections.abc import Sequence
from datetime import date

from kb.advice.model import Advies, Vraag
from kb.language import catalogue
from kb.report.first import first_screen
from kb.report.full import full_sections
from kb.report.layout import Group, Item, Report, Section, section, without_keys
from kb.report.phrases import Phrases, name_of


def report(advice: Advies, language: str, *, everything: bool = False, keys: bool = False) -> Report:
    """The report of an advice: its first screen, or `everything`; `keys` shows the key behind each line."""
    day = advice.situatie.peildatum or date.today()
    phrases = Phrases(language, day.year, advice)
    sections = list(first_screen(advice, phrases, shorten=not everything))
    if everything:
        sections += full_sections(advice, phrases)
    whole = Report(
        phrases.say("title", name=name_of(advice, phrases)),
        tuple(part for part in sections if part.groups),
        phrases.legend("legend_text", sections),
    )
    return whole if keys else without_keys(whole)


def questions_section(questions: Sequence[Vraag], language: str) -> Section:
    """Open questions, each with the answers to add and how much each changes, most first."""
    say = catalogue(language)
    items = tuple(Item(row.vraag, details=tuple(_answers(row, language))) for row in questions)
    return section(say("questions"), [Group("", items, ranked=True)], say("questions_intro"))


def _answers(question: Vraag, language: str) -> list[str]:
    say = catalogue(language)
    return [
        say(
            "answer",
            answer=json.dumps(answer.toevoegen, ensure_ascii=False),
            rows=say.count("row", answer.verandert),
        )
        for answer in sorted(question.antwoorden, key=lambda answer: -answer.verandert)
    ]
