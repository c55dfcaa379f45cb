"""The commands that advise: `advies` and `vragen`."""

from pathlib import Path
from typing import Annotated

import typer

from kb.cli.base import (
    JsonOption,
    LanguageOption,
    SituationArgument,
    WithoutDataOption,
    load_engine,
    print_json,
    print_view,
    read_situation_file,
    write_bytes,
)
from kb.errors import WijkaanpakError

EverythingOption = Annotated[bool, typer.Option("--alles", help="Ook alles wat achter het eerste scherm staat.")]
KeysOption = Annotated[
    bool, typer.Option("--sleutels", help="De sleutel achter iedere regel, zoals waarom die vraagt.")
]


def advise(
    situation: SituationArgument,
    language: LanguageOption = "nl",
    questions: Annotated[int, typer.Option("--vragen", min=0, help="Hoeveel open vragen erbij.")] = 5,
    everything: Annotated[bool, typer.Option("--alles", help="Ook alles wat achter het eerste scherm staat.")] = False,
    keys: Annotated[
        bool, typer.Option("--sleutels", help="De sleutel achter iedere regel, voor waarom en waarom-niet.")
    ] = False,
    without_data: WithoutDataOption = False,
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Als Markdown.")] = False,
    as_turtle: Annotated[bool, typer.Option("--turtle", help="Als linked data, in Turtle.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Als tabel voor een rekenblad: één rij een conclusie.")] = False,
    docx: Annotated[
        Path | None,
        typer.Option(
            "--docx", metavar="BESTAND", help="Schrijf een Word-bestand voor de raad: A4, bewijzen, bronnen, bijlage."
        ),
    ] = None,
) -> None:
    """Geef het advies over een situatie."""
    if as_json + as_markdown + as_turtle + as_csv + (docx is not None) > 1:
        raise WijkaanpakError("kies één van --json, --markdown, --turtle, --csv en --docx.")
    engine = load_engine()
    given = read_situation_file(situation, engine, fill=not without_data, language=language)
    if as_turtle:
        from kb.rdf.advice import advice_turtle

        typer.echo(advice_turtle(engine, given, language), nl=False)
        return
    advice = engine.advise(given, language, questions=questions)
    if as_json:
        print_json(advice.model_dump(mode="json"))
        return
    if docx is not None:
        from kb.report.word import advice_word

        write_bytes(docx, advice_word(engine, advice, language))
        return
    if as_csv:
        from kb.report.table import advice_table

        typer.echo(advice_table(engine, advice, language), nl=False)
        return
    from kb.report.report import report

    whole = report(advice, language, everything=everything, keys=keys)
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
    without_data: WithoutDataOption = False,
    as_json: JsonOption = False,
) -> None:
    """Toon de open vragen waarvan het antwoord het advies het meest verandert."""
    from kb.advice.compose import vraag

    engine = load_engine()
    given = read_situation_file(situation, engine, fill=not without_data, language=language)
    questions = [vraag(question) for question in engine.questions(given, language, most)]
    if as_json:
        print_json([question.model_dump(mode="json") for question in questions])
        return
    from kb.report.report import questions_section
    from kb.report.terminal import section_view

    print_view(section_view(questions_section(questions, language)))
