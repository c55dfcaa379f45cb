"""The commands that check: `controleer` and `toets-gevallen`."""

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.base import JsonOption, load_engine, print_json, print_view

if TYPE_CHECKING:
    from kb.check.gevallen import Geval
    from kb.check.run import CheckResult


def check(
    as_json: JsonOption = False,
    links: Annotated[bool, typer.Option("--links", help="Controleer ook de koppelingen naar andere data.")] = False,
    reach: Annotated[bool, typer.Option("--bereik", help="Vraag daarbij ieder adres ook echt op.")] = False,
) -> None:
    """Controleer ontologie, kennis en regels; de uitgang is 1 als er een probleem is."""
    from kb.check.run import run_checks, run_link_check
    from kb.check.view import check_view

    results = []
    for result in chain(run_checks(), [run_link_check(reach=reach)] if links or reach else []):
        results.append(result)
        if not as_json:
            print_view(check_view(result))
    total = sum(len(result.findings) for result in results)
    if as_json:
        print_json([_check_json(result) for result in results])
    else:
        from kb.language import catalogue

        count = catalogue("nl").count
        typer.echo(f"\n{count('check_count', len(results))}, {count('problem', total)}.")
    if total:
        raise typer.Exit(1)


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


def _check_json(result: "CheckResult") -> dict[str, Any]:
    problems = [
        {"melding": found.message, "bestand": str(found.path) if found.path else None, "regel": found.line}
        for found in result.findings
    ]
    return {"controle": result.name, "problemen": problems, "seconden": round(result.seconds, 3)}
