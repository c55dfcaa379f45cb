"""The commands about the whole country: `land importeer` and `land toon`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.base import JsonOption, LanguageOption, load_engine, print_json, print_view
from kb.errors import WijkaanpakError, nearest

if TYPE_CHECKING:
    from kb.country.files import FileReport
    from kb.country.sources import Sources

land = typer.Typer(no_args_is_help=True, help="Gegevens over alle gemeenten, wijken en buurten.")
MOST_EXAMPLES = 3


@land.command("importeer")
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="BESTAND…", help="CSV, JSON of GeoJSON, zoals opgehaald.")],
    out: Annotated[Path, typer.Option("--uit", metavar="TABEL", help="Waar de tabel komt (Parquet).")] = Path(
        "land.parquet"
    ),
    tabel: Annotated[
        str, typer.Option("--tabel", help="Welke tabel het is, als naam en kolommen van de bestanden dat niet zeggen.")
    ] = "",
    anew: Annotated[
        bool, typer.Option("--opnieuw", help="Maak de tabel alleen uit deze bestanden, en vul niet de bestaande aan.")
    ] = False,
) -> None:
    """Lees openbare cijfers per gemeente, wijk en buurt in, en zeg wat er niet paste."""
    from kb.country.build import build
    from kb.country.fill import table_path
    from kb.country.sources import Sources
    from kb.country.table import read_table, write_table

    sources = Sources(load_engine().knowledge)
    imported = build(files, sources, _known_table(tabel, sources), None if anew else read_table(table_path()))
    for report in imported.files:
        _tell(report)
    if not any(report.tabel for report in imported.files):
        raise WijkaanpakError("geen enkel bestand gaf gegevens; er is niets geschreven.")
    for path in write_table(imported.table, out):
        typer.echo(path)
    areas, count = imported.table.frame.height, len(imported.table.grootheden)
    typer.echo(f"{areas} gebieden van {imported.table.year}, {count} grootheden.")
    if any(report.problem and not report.unknown for report in imported.files):
        raise typer.Exit(1)


@land.command("toon")
def show(
    area: Annotated[
        str, typer.Argument(metavar="GEBIED", help="CBS-code, of naam, zo nodig met gemeente: ‘Selwerd, Groningen’.")
    ],
    language: LanguageOption = "nl",
    as_json: JsonOption = False,
) -> None:
    """Toon wat er van een gebied bekend is: waar het ligt, de cijfers met bron en jaar, en hoe het zich verhoudt."""
    from kb.country.fill import load_country, table_path
    from kb.country.view import area_json, area_view

    engine, country = load_engine(), load_country(table_path())
    found = country.look_up(area, engine)
    if as_json:
        print_json(area_json(found, engine, language))
        return
    print_view(area_view(found, country.table, engine, language))


def _known_table(name: str, sources: "Sources") -> str:
    """The slug of a table given by slug or code."""
    known = {code: slug for slug, tabel in sources.tabellen.items() for code in (slug, *tabel.codes)}
    if name and name not in known:
        near = nearest(name, known) or tuple(sources.tabellen)
        raise WijkaanpakError(f"geen tabel heet {name!r}; bedoelt u {', '.join(near)}?")
    return known[name] if name else ""


def _tell(report: "FileReport") -> None:
    if report.problem:
        typer.echo(f"✗ {report.problem}", err=True)
        return
    total = report.matched + len(report.unmatched)
    given = ", ".join(report.grootheden) or "geen grootheid, alleen codes en namen"
    typer.echo(f"✓ {report.name}: {report.tabel}; {report.matched} van {total} gebieden gevonden; {given}.")
    _list("niet gevonden", report.unmatched)
    _list("niet te lezen", report.bad)


def _list(what: str, lines: tuple[str, ...]) -> None:
    if lines:
        shown = "; ".join(line.rstrip(".") for line in lines[:MOST_EXAMPLES])
        typer.echo(f"  {len(lines)} {what}: {shown}{'; …' if len(lines) > MOST_EXAMPLES else '.'}")
