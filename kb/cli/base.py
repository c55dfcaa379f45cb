"""What all commands share: the app that they are added to, their arguments, what they read and how they print.

What a command needs is imported inside it, so that `--help` and `serve` do not wait for the knowledge base's libraries.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.errors import PlanningError, SelectionError, SituationError, WijkaanpakError
from kb.language import Taal, catalogue, spoken

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kb.engine import Engine
    from kb.situation.model import Situatie


class Commands(typer.core.TyperGroup):
    """Turns every error that the project raises on purpose into a message and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except WijkaanpakError as error:
            for line in _message(error):
                typer.echo(line, err=True)
            raise typer.Exit(2) from error


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Advies voor een integrale wijkaanpak: van situatie naar advies, met het bewijs erbij.",
)

SituationArgument = Annotated[
    str,
    typer.Argument(
        metavar="SITUATIE", help="Bestand met de situatie: JSON, of RDF (.ttl, .jsonld, …); - leest JSON van de invoer."
    ),
]
ConclusionArgument = Annotated[
    str,
    typer.Argument(
        metavar="CONCLUSIE", help="Sleutel zoals advies die toont; slug of soort/slug mag als er maar één past."
    ),
]
LanguageOption = Annotated[Taal, typer.Option("--taal", help="Taal van de uitvoer.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Als JSON.")]
WithoutDataOption = Annotated[
    bool, typer.Option("--zonder-gegevens", help="Vul niets in uit openbare gegevens over de wijk.")
]
AllOption = Annotated[bool, typer.Option("--alles", help="Lange lijsten niet inkorten.")]


def main() -> None:
    """The entry point of the command `wijkaanpak`."""
    app()


def load_engine() -> "Engine":
    """The engine over the project's own knowledge and rules."""
    from kb.engine import Engine

    return Engine.load()


def read_situation_file(name: str, engine: "Engine", *, fill: bool = False, language: str = "nl") -> "Situatie":
    """The situation in a file, or from standard input; its terms are checked here too.

    With `fill` what public data say of its area is added. What there is to note is said in `language`.
    """
    from kb.situation.model import read_situation

    data, suffix = read_bytes(name), Path(name).suffix.lower()
    if name == "-" or suffix in ("", ".json"):
        situation = read_situation(data)
    else:
        from kb.rdf.situation import read_situation_rdf, unknown_terms

        situation = read_situation_rdf(data, suffix.removeprefix("."), engine)
        if unknown := unknown_terms(situation):
            _note(catalogue(language)("cli.bewaard", names=", ".join(unknown)), language)
    if fill and situation.names_area:
        situation = _filled(situation, engine, language)
    engine.resolver.facts(situation)
    return situation


def _note(text: str, language: str) -> None:
    typer.echo(catalogue(language)("cli.let_op", text=text), err=True)


def _filled(situation: "Situatie", engine: "Engine", language: str) -> "Situatie":
    from kb.country.fill import fill

    filled = fill(situation, engine)
    for note in filled.notes:
        _note(spoken(note, language), language)
    return filled.situation


def read_bytes(name: str) -> bytes:
    """What is in a file, or on standard input for `-`.

    Errors: WijkaanpakError when the file cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except FileNotFoundError as error:
        raise WijkaanpakError(f"{name} bestaat niet.") from error
    except IsADirectoryError as error:
        raise WijkaanpakError(f"{name} is een map; geef een bestand.") from error
    except OSError as error:
        raise WijkaanpakError(f"{name} is niet te lezen: {error.strerror}.") from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file.

    Errors: WijkaanpakError when that cannot be.
    """
    try:
        path.write_bytes(content)
    except IsADirectoryError as error:
        raise WijkaanpakError(f"{path} is een map; geef een bestand.") from error
    except FileNotFoundError as error:
        raise WijkaanpakError(f"de map {path.parent} bestaat niet.") from error
    except OSError as error:
        raise WijkaanpakError(f"{path} is niet te schrijven: {error.strerror}.") from error


# What is said first of what people give that is no situation.
WRONG = {SelectionError: "De filters kloppen niet", PlanningError: "De planning is niet te lezen"}


def _message(error: WijkaanpakError) -> list[str]:
    if isinstance(error, SituationError):
        count = len(error.problems)
        wrong = next((said for kind, said in WRONG.items() if isinstance(error, kind)), "De situatie klopt niet")
        head = f"{wrong}:" if count == 1 else f"{wrong}; {count} problemen:"
        return [head, *(f"  {problem}" for problem in error.problems)]
    return [f"Fout: {error}"]


def print_view(view: "RenderableType") -> None:
    """Show something laid out with rich."""
    from rich.console import Console

    Console().print(view)


def print_json(value: Any) -> None:
    """Show a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
