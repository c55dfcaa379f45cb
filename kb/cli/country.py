"""The commands about the whole country: `land importeer`, `land toon`, `land zoek` and `land exporteer`."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.base import JsonOption, LanguageOption, load_engine, print_json, print_view
from kb.errors import WijkaanpakError, nearest

if TYPE_CHECKING:
    from kb.country.files import FileReport
    from kb.country.fill import Country
    from kb.country.screening import Screening
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


@land.command("zoek")
def search(
    leads: Annotated[list[str], typer.Option("--leidt", help="Transitie die leidt.")] = [],  # noqa: B006
    signals: Annotated[list[str], typer.Option("--signaal", help="Signaal dat gemeten waarden geven.")] = [],  # noqa: B006
    tasks: Annotated[list[str], typer.Option("--opgave", help="Opgave die nodig is.")] = [],  # noqa: B006
    couplings: Annotated[list[str], typer.Option("--koppelkans", help="Koppelkans, als OPGAVE--OPGAVE.")] = [],  # noqa: B006
    strong: Annotated[list[str], typer.Option("--sterk", help="Sterke koppelkans.")] = [],  # noqa: B006
    conflicts: Annotated[list[str], typer.Option("--conflict", help="Conflict dat speelt.")] = [],  # noqa: B006
    fitting: Annotated[list[str], typer.Option("--instrument", help="Instrument dat past.")] = [],  # noqa: B006
    possible: Annotated[list[str], typer.Option("--mogelijk", help="Instrument dat misschien past.")] = [],  # noqa: B006
    nearly: Annotated[list[str], typer.Option("--bijna", help="Instrument dat bijna past.")] = [],  # noqa: B006
    known: Annotated[list[str], typer.Option("--lijkt-op", help="Bekende wijk die erop lijkt.")] = [],  # noqa: B006
    gemeente: Annotated[str, typer.Option("--gemeente", help="Naam of code van de gemeente.")] = "",
    kind: Annotated[str, typer.Option("--soort", help="wijk, buurt of gemeente; zonder keuze wijken en buurten.")] = "",
    measures: Annotated[
        list[str], typer.Option("--meting", metavar="VERGELIJKING", help="Zoals ‘aandeel-koopwoningen>=0.5’.")
    ] = [],  # noqa: B006
    like: Annotated[
        str, typer.Option("--zoals", metavar="GEBIED", help="De gebieden die er het meest op lijken.")
    ] = "",
    assume: Annotated[
        str, typer.Option("--aannemen", metavar="SITUATIE", help="Wat overal wordt aangenomen, zoals werken (JSON).")
    ] = "",
    csv: Annotated[Path | None, typer.Option("--csv", help="Schrijf alle rijen als CSV.")] = None,
    parquet: Annotated[Path | None, typer.Option("--parquet", help="Schrijf alle rijen als Parquet.")] = None,
    as_geojson: Annotated[Path | None, typer.Option("--geojson", help="Schrijf alle rijen als GeoJSON.")] = None,
    turtle: Annotated[Path | None, typer.Option("--turtle", help="Schrijf alle rijen als RDF (Turtle).")] = None,
    most: Annotated[int, typer.Option("--aantal", min=1, help="Hoeveel rijen er getoond worden.")] = 20,
    language: LanguageOption = "nl",
) -> None:
    """Zoek gebieden op wat er volgt uit hun cijfers en uit wat u overal aanneemt."""
    from kb.cli.base import read_situation_file
    from kb.country.fill import load_country, table_path
    from kb.country.rows import selected_view
    from kb.country.screening import Screening
    from kb.country.selection import Selection, select
    from kb.situation.model import Situatie

    engine, country = load_engine(), load_country(table_path())
    concluded = {
        "leidt": leads,
        "signaal": signals,
        "opgave": tasks,
        "koppelkans": couplings,
        "sterk": strong,
        "conflict": conflicts,
        "instrument": fitting,
        "mogelijk": possible,
        "bijna": nearly,
        "lijktop": known,
    }
    selection = Selection(
        {name: tuple(words) for name, words in concluded.items()}, tuple(measures), gemeente, kind, None, like
    )
    screening = Screening(engine, country.table, read_situation_file(assume, engine) if assume else Situatie())
    selected = select(screening, country, selection)
    files = {"csv": csv, "parquet": parquet, "geojson": as_geojson, "turtle": turtle}
    asked = {form: path for form, path in files.items() if path is not None}
    for form, path in asked.items():
        _write_rows(screening, country, selected.rows, form, path)
        typer.echo(path)
    if asked:
        typer.echo(f"{len(selected.rows)} gebieden.")
    else:
        print_view(selected_view(screening, selected, most, language))


@land.command("exporteer")
def export_areas(
    folder: Annotated[Path, typer.Argument(metavar="MAP", help="Map waarin de bestanden komen.")],
    kind: Annotated[str, typer.Option("--soort", help="wijk, buurt of gemeente.")] = "wijk",
    gemeente: Annotated[str, typer.Option("--gemeente", help="Alleen deze gemeente, naam of code.")] = "",
    assume: Annotated[
        str, typer.Option("--aannemen", metavar="SITUATIE", help="Wat overal wordt aangenomen, zoals werken (JSON).")
    ] = "",
) -> None:
    """Schrijf gebieden met hun cijfers en conclusies als linked data (N-Quads), voor een SPARQL-opslag."""
    from kb.cli.base import read_situation_file
    from kb.country.fill import load_country, table_path
    from kb.country.graphs import AreaGraphs, with_known
    from kb.country.graphs import export as write
    from kb.country.screening import Screening
    from kb.country.selection import Selection, select
    from kb.situation.model import Situatie

    engine, country = load_engine(), load_country(table_path())
    screening = Screening(engine, country.table, read_situation_file(assume, engine) if assume else Situatie())
    rows = list(select(screening, country, Selection(kind=kind, gemeente=gemeente)).rows)
    if not gemeente:
        rows = with_known(screening, rows)
    for path, count in write(AreaGraphs(screening, country, date.today()), rows, folder):
        typer.echo(f"{path}: {count} triples")
    typer.echo(f"{len(rows)} gebieden.")


def _write_rows(screening: "Screening", country: "Country", rows: Sequence[int], form: str, path: Path) -> None:
    from kb.country.rows import collection, flat, rows_frame

    match form:
        case "csv":
            flat(rows_frame(screening, rows)).write_csv(path)
        case "parquet":
            rows_frame(screening, rows).write_parquet(path, compression="zstd")
        case "geojson":
            path.write_text(json.dumps(collection(screening, rows), ensure_ascii=False), encoding="utf-8")
        case "turtle":
            from kb.country.graphs import AreaGraphs, write_areas

            path.write_bytes(write_areas(AreaGraphs(screening, country, date.today()), rows, "turtle"))


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
