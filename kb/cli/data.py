"""The commands that hand out the data: `exporteer` and `publiceer`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.base import load_engine


def export(
    folder: Annotated[Path, typer.Argument(metavar="MAP", help="Map waarin de bestanden komen.")],
) -> None:
    """Schrijf de hele dataset weg: Turtle per graaf, één TriG en de controlesommen."""
    from kb.dataset.downloads import downloads, write
    from kb.dataset.kept import KeptDataset

    engine = load_engine()
    for path in write(downloads(engine, KeptDataset(engine).store()), folder):
        typer.echo(path)


def publish(
    query: Annotated[
        str, typer.Option("--naar", envvar="WIJKAANPAK_STORE_QUERY", help="Adres voor query's van de opslag.")
    ],
    graphs: Annotated[
        str,
        typer.Option("--graph-store", envvar="WIJKAANPAK_STORE_GRAPHS", help="Adres voor het Graph Store Protocol."),
    ],
    update: Annotated[
        str,
        typer.Option(
            "--update",
            envvar="WIJKAANPAK_STORE_UPDATE",
            help="Adres voor updates; daarmee wordt van iedere graaf alleen vervangen wat verschilt, in één update.",
        ),
    ] = "",
    user: Annotated[
        str,
        typer.Option(
            "--gebruiker",
            envvar="WIJKAANPAK_STORE_USER",
            help="Wie inlogt; het wachtwoord staat in WIJKAANPAK_STORE_PASSWORD.",
        ),
    ] = "",
    areas: Annotated[
        Path | None,
        typer.Option(
            "--gebieden", metavar="BESTAND", help="Ook de gebieden die land exporteer schreef (.nq of .nq.gz)."
        ),
    ] = None,
    anew: Annotated[bool, typer.Option("--opnieuw", help="Alles opnieuw versturen.")] = False,
) -> None:
    """Zet de hele dataset in een SPARQL 1.1-opslag; een afgebroken publicatie gaat verder waar ze was."""
    from kb.dataset.graphs import build_dataset, data_version
    from kb.store.address import Address
    from kb.store.client import StoreClient
    from kb.store.place import seen_through
    from kb.store.publication import Release
    from kb.store.publish import publish as send
    from kb.store.view import progress_view

    password = os.environ.get("WIJKAANPAK_STORE_PASSWORD", "")
    dataset, version = build_dataset(load_engine()), data_version()
    if areas:
        from kb.country.graphs import load_areas

        version = f"{version}-{load_areas(areas, dataset)}"
    release = Release(dataset, version)
    with StoreClient(Address(query, graphs, update, user, password)) as client, progress_view(release) as progress:
        send(client, release, progress, anew=anew)
    if seen_through(client.server):
        typer.echo(
            f"Let op: {client.server.split()[0]} houdt een update niet apart tot zij heel is. Wie nu las, kon kort een deel "
            "van een graaf zien; zie docs/opslag.md.",
            err=True,
        )
    triples = sum(map(len, release.graphs.values()))
    typer.echo(f"De opslag heeft versie {release.version}: {len(release.graphs)} grafen met samen {triples} triples.")
