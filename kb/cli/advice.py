"""The commands that advise: `advies` and `vragen`."""

from typing import Annotated

import typer

from kb.cli.base import (
    AllOption,
    JsonOption,
    LanguageOption,
    SituationArgument,
    load_engine,
    print_json,
    print_view,
    read_situation_file,
)
from kb.errors import WijkaanpakError


def advise(
    situation: SituationArgument,
    language: LanguageOption = "nl",
    questions: Annotated[int, typer.Option("--vragen", min=0, help="Hoeveel open vragen erbij.")] = 5,
    everything: AllOption = False,
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Als Markdown.")] = False,
    as_turtle: Annotated[bool, typer.Option("--turtle", help="Als linked data, in Turtle.")] = False,
) -> None:
    """Geef het advies over een situatie."""
    if as_json + as_markdown + as_turtle > 1:
        raise WijkaanpakError("kies één van --json, --markdown en --turtle.")
    engine = load_engine()
    given = read_situation_file(situation, engine)
    if as_turtle:
        from kb.rdf.advice import advice_turtle

        typer.echo(advice_turtle(engine, given, language), nl=False)
        return
    advice = engine.advise(given, language, questions=questions)
    if as_json:
        print_json(advice)
        return
    from kb.report.report import report

    whole = report(engine, advice, language, shorten=not everything)
    if as_markdown:
        from kb.report.markdown import markdown

        typer.echo(markdown(whole), nl=False)
        return
    from kb.report.terminal import report_view

    print_view(report_view(whole))


def ask(
    situation: SituationArgument,
    most: Annotated[int, typer.Option("-n", "--aantal", min=1, help="Hoeveel vragen.")] = 5,
    language: LanguageOption = "nl",
    as_json: JsonOption = False,
) -> None:
    """Toon de open vragen waarvan het antwoord het advies het meest verandert."""
    engine = load_engine()
    questions = [
        question.as_json() for question in engine.questions(read_situation_file(situation, engine), language, most)
    ]
    if as_json:
        print_json(questions)
        return
    from kb.report.report import questions_section
    from kb.report.terminal import section_view

    print_view(section_view(questions_section(questions, language, shorten=False)))
