"""The command that compares: `vergelijk`."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.base import JsonOption, LanguageOption, load_engine, print_json, read_bytes
from kb.errors import WijkaanpakError

if TYPE_CHECKING:
    from kb.advice.compare import Change

_CAUSES = {
    "situatie": "De situatie verschilt in: ",
    "gegevens": "De gegevens verschillen in: ",
    "kennis": "De kennis is van een andere versie: ",
    "regel": "Andere regels: ",
}
# How many causes of one change are printed.
MOST_CAUSES = 3


def compare_advices(
    old: Annotated[str, typer.Argument(metavar="OUD", help="Eerder advies, van advies --json.")],
    new: Annotated[str, typer.Argument(metavar="NIEUW", help="Later advies, van advies --json.")],
    language: LanguageOption = "nl",
    as_json: JsonOption = False,
    as_turtle: Annotated[bool, typer.Option("--turtle", help="Als linked data, in Turtle.")] = False,
) -> None:
    """Toon per conclusie wat er tussen twee adviezen veranderde, en waardoor: een feit, een ingevulde waarde, de kennis of
    een regel."""
    if as_json and as_turtle:
        raise WijkaanpakError("kies één van --json en --turtle.")
    engine = load_engine()
    read = _read(old), _read(new)
    found = engine.compare(*read, language)
    if as_json:
        print_json({"oorzaken": dict(found.causes), "verschillen": list(map(_json, found.changes))})
        return
    if as_turtle:
        from kb.rdf.comparison import comparison_turtle

        typer.echo(comparison_turtle(engine, *read, found, language), nl=False)
        return
    for cause, names in found.causes.items():
        typer.echo(_CAUSES[cause] + ", ".join(names) + ".")
    for change in found.changes:
        for line in _lines(change, language):
            typer.echo(line)
    if not found.changes:
        typer.echo("De adviezen zeggen hetzelfde.")


def _json(change: "Change") -> dict[str, Any]:
    causes = [{"soort": c.kind, "wat": c.what, "was": c.before, "wordt": c.after} for c in change.causes]
    return {
        "sectie": change.section,
        "conclusie": change.key,
        "label": change.label,
        "plaatsEerst": change.before,
        "plaatsNu": change.after,
        "oorzaken": causes,
        "herleid": change.traced,
        "gepasseerd": list(change.passed),
    }


def _lines(change: "Change", language: str) -> Iterator[str]:
    """A change on one line, and under it through what."""
    from kb.advice.compare import cause_text

    name = f"{change.section}: {change.label or change.key}"
    if change.before is None:
        yield f" + {name} (plaats {change.after})"
    elif change.after is None:
        yield f" - {name}"
    else:
        yield f" ~ {name} (plaats {change.before} → {change.after})"
    first = "door" if change.traced else "door een van"
    for cause in change.causes[:MOST_CAUSES]:
        yield f"     {first} {cause_text(cause, language)}"
    if (more := len(change.causes) - MOST_CAUSES) > 0:
        yield f"     en nog {more}; alle met --json"


def _read(name: str) -> dict[str, Any]:
    try:
        advice = json.loads(read_bytes(name))
    except ValueError as error:
        raise WijkaanpakError(f"{name} is geen geldige JSON: {error}.") from error
    if not isinstance(advice, dict) or "ontvangstbewijs" not in advice:
        raise WijkaanpakError(f"{name} is geen advies met een ontvangstbewijs; maak het met wijkaanpak advies --json.")
    return advice
