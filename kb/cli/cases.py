"""The command that measures the advice by real wijken: `toets-gevallen`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.base import JsonOption, load_engine, print_json

if TYPE_CHECKING:
    from kb.check.gevallen import Geval


def measure_cases(
    folder: Annotated[
        Path, typer.Argument(metavar="MAP", help="Map met situaties/*.json en verwacht/*.json van gelijke naam.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Meet hoeveel het advies vindt van wat er in echte wijken gebeurde; de uitgang is 1 als een bestand niet deugt."""
    from kb.check.gevallen import BadFile, Cases, Geval, average, table

    measured = list(Cases(load_engine()).measure(folder))
    cases = [each for each in measured if isinstance(each, Geval)]
    bad = [each for each in measured if isinstance(each, BadFile)]
    if as_json:
        mean = average(cases).model_dump()
        wrong = [{"bestand": str(each.path), "melding": each.reason} for each in bad]
        print_json({"gevallen": list(map(_case_json, cases)), "gemiddeld": mean, "fouten": wrong})
    else:
        for line in table(cases):
            typer.echo(line)
        for case in cases:
            if case.onbekend:
                typer.echo(f"{case.naam}: onbekend, telt als niet gevonden: {', '.join(case.onbekend)}.")
    for each in bad:
        typer.echo(str(each), err=True)
    if bad:
        raise typer.Exit(1)


def _case_json(case: "Geval") -> dict[str, Any]:
    return {
        "geval": case.naam,
        "weggelatenWijk": case.weggelaten,
        "onbekend": list(case.onbekend),
        **case.scores.model_dump(),
    }
