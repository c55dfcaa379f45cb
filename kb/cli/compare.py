"""The command that compares: `vergelijk`."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.base import JsonOption, print_json, read_bytes
from kb.errors import WijkaanpakError

if TYPE_CHECKING:
    from kb.advice.compare import Change

_CAUSES = {
    "situatie": "De situatie verschilt in: ",
    "gegevens": "De gegevens verschillen in: ",
    "kennis": "De kennis is van een andere versie: ",
    "regel": "Andere regels: ",
}


def compare_advices(
    old: Annotated[str, typer.Argument(metavar="OUD", help="Eerder advies, van advies --json.")],
    new: Annotated[str, typer.Argument(metavar="NIEUW", help="Later advies, van advies --json.")],
    as_json: JsonOption = False,
) -> None:
    """Toon wat er tussen twee adviezen veranderde, en waardoor: de situatie, de gegevens, de kennis of een regel."""
    from dataclasses import asdict

    from kb.advice.compare import compare

    found = compare(_read(old), _read(new))
    if as_json:
        print_json({"oorzaken": dict(found.causes), "verschillen": [asdict(change) for change in found.changes]})
        return
    for cause, names in found.causes.items():
        typer.echo(_CAUSES[cause] + ", ".join(names) + ".")
    for change in found.changes:
        typer.echo(_line(change))
    if not found.changes:
        typer.echo("De adviezen zeggen hetzelfde.")


def _line(change: "Change") -> str:
    name = f"{change.section}: {change.label or change.key}"
    if change.before is None:
        return f" + {name} (plaats {change.after})"
    return f" - {name}" if change.after is None else f" ~ {name} (plaats {change.before} → {change.after})"


def _read(name: str) -> dict[str, Any]:
    try:
        advice = json.loads(read_bytes(name))
    except ValueError as error:
        raise WijkaanpakError(f"{name} is geen geldige JSON: {error}.") from error
    if not isinstance(advice, dict) or "ontvangstbewijs" not in advice:
        raise WijkaanpakError(f"{name} is geen advies met een ontvangstbewijs; maak het met wijkaanpak advies --json.")
    return advice
