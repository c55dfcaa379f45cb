"""The command that shows what can be used: `lijst`."""

from typing import Annotated

import typer

from kb.cli.base import JsonOption, LanguageOption, load_engine, print_json, print_view


def list_words(
    kind: Annotated[
        str | None, typer.Argument(metavar="SOORT", help="Zoals opgave, behoefte of bron; zonder soort: alle soorten.")
    ] = None,
    language: LanguageOption = "nl",
    as_json: JsonOption = False,
) -> None:
    """Toon wat er te gebruiken is: slug, naam en synoniemen van een soort."""
    from kb.knowledge.words import kinds_of, words_of
    from kb.report.terminal import grid

    knowledge = load_engine().knowledge
    rows = kinds_of(knowledge, language) if kind is None else words_of(knowledge, kind, language)
    if as_json:
        print_json([row.as_json() for row in rows])
        return
    table = grid()
    for row in rows:
        table.add_row(row.slug, row.label, ", ".join(row.synonyms))
    print_view(table)
