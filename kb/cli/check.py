"""The command that checks: `controleer`."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb import paths
from kb.cli.base import JsonOption, print_json, print_view
from kb.errors import WijkaanpakError

if TYPE_CHECKING:
    from kb.check.run import CheckResult


def check(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="BESTAND", help="Toon alleen wat er mis is met dit bestand (.ttl, .rq of een toets)."),
    ] = None,
    quick: Annotated[bool, typer.Option("--snel", help="Zonder SHACL, HermiT en de toetsen: enkele seconden.")] = False,
    as_json: JsonOption = False,
    links: Annotated[bool, typer.Option("--links", help="Controleer ook de koppelingen naar andere data.")] = False,
    reach: Annotated[bool, typer.Option("--bereik", help="Vraag daarbij ieder adres ook echt op.")] = False,
) -> None:
    """Controleer ontologie, kennis en regels; de uitgang is 1 als er een probleem is."""
    from kb.check.run import run_link_check
    from kb.check.view import check_view

    results = []
    for result in chain(_checks(file, quick=quick), [run_link_check(reach=reach)] if links or reach else []):
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


def _checks(file: Path | None, *, quick: bool) -> "Iterator[CheckResult]":
    from kb.check.run import run_checks, run_quick_checks

    checks = run_quick_checks() if quick else run_checks()
    if file is None:
        yield from checks
        return
    if not file.is_file():
        raise WijkaanpakError(f"{file} bestaat niet.")
    if not any(file.resolve().is_relative_to(folder.resolve()) for folder in (paths.ONTOLOGY, paths.RULES)):
        raise WijkaanpakError(f"{file} ligt niet in {paths.ONTOLOGY} of {paths.RULES}, dus niets gebruikt het.")
    yield from (result.only(file.resolve()) for result in checks)


def _check_json(result: "CheckResult") -> dict[str, Any]:
    problems = [
        {"melding": found.message, "bestand": str(found.path) if found.path else None, "regel": found.line}
        for found in result.findings
    ]
    return {"controle": result.name, "problemen": problems, "seconden": round(result.seconds, 3)}
