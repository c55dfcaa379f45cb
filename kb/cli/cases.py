"""The command that measures the advice by real wijken: `toets-gevallen`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.base import JsonOption, load_engine, print_json

if TYPE_CHECKING:
    from kb.check.gevallen import BadFile, Geval


def measure_cases(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="MAP",
            help="Map met situaties/*.json en verwacht/*.json van gelijke naam; zonder map alle bekende wijken.",
        ),
    ] = None,
    except_for: Annotated[
        Path | None,
        typer.Option("--behalve", metavar="MAP", help="Laat de bekende wijken weg die in deze map met gevallen staan."),
    ] = None,
    words: Annotated[
        Path | None,
        typer.Option("--woorden", metavar="BESTAND", help="Tel alleen de instrumenten van deze lijst, een per regel."),
    ] = None,
    only_average: Annotated[bool, typer.Option("--gemiddeld", help="Alleen het gemiddelde.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Meet hoeveel het advies vindt van wat er in echte wijken gebeurde; de uitgang is 1 als een bestand niet deugt."""
    from kb.check.gevallen import BadFile, Geval, average, table

    measured = _measured(folder, except_for, words)
    cases = [each for each in measured if isinstance(each, Geval)]
    bad = [each for each in measured if isinstance(each, BadFile)]
    if as_json:
        mean = average(cases).model_dump()
        wrong = [{"bestand": str(each.path), "melding": each.reason} for each in bad]
        shown = [] if only_average else list(map(_case_json, cases))
        print_json({"gevallen": shown, "gemiddeld": mean, "fouten": wrong})
    else:
        for line in table(cases, only_average=only_average):
            typer.echo(line)
        for case in cases:
            if case.onbekend:
                typer.echo(f"{case.naam}: onbekend, telt als niet gevonden: {', '.join(case.onbekend)}.")
    for each in bad:
        typer.echo(str(each), err=True)
    if bad:
        raise typer.Exit(1)


def _measured(folder: Path | None, except_for: Path | None, words: Path | None) -> "list[Geval | BadFile]":
    """The cases of a folder, or all known wijken but those that are cases of another folder."""
    from kb.check.bekende_wijken import known_wijken
    from kb.check.gevallen import Cases, names_in, words_in

    cases = Cases(load_engine(), words_in(words) if words else None)
    if folder is not None:
        return list(cases.measure(folder))
    left_out = names_in(except_for) if except_for else set()
    wijken = known_wijken(cases.engine.knowledge)
    return [cases.case(name, before, after) for name, before, after in wijken if name not in left_out]


def _case_json(case: "Geval") -> dict[str, Any]:
    return {
        "geval": case.naam,
        "weggelatenWijk": case.weggelaten,
        "onbekend": list(case.onbekend),
        **case.scores.model_dump(),
    }
