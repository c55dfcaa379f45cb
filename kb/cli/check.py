"""The command that checks: `controleer`."""

from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.base import JsonOption, print_json, print_view

if TYPE_CHECKING:
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


def _check_json(result: "CheckResult") -> dict[str, Any]:
    problems = [
        {"melding": found.message, "bestand": str(found.path) if found.path else None, "regel": found.line}
        for found in result.findings
    ]
    return {"controle": result.name, "problemen": problems, "seconden": round(result.seconds, 3)}
