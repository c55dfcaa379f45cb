"""The command `wijkaanpak` as it is installed: the commands of `kb.cli`, and the service."""

from typing import Annotated

import typer

from kb.cli import app, main

__all__ = ["app", "main"]


@app.command("serve")
def serve(
    host: Annotated[str | None, typer.Option(help="Adres waarop de dienst luistert.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(help="Poort waarop de dienst luistert.", min=1, max=65535, show_default="8000")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Aantal processen.", min=1, show_default="1")] = None,
) -> None:
    """Start de dienst: pagina's, API, SPARQL en linked data.

    Wat hier niet staat, komt uit de omgeving: WIJKAANPAK_HOST, WIJKAANPAK_PORT, WIJKAANPAK_WORKERS en de andere instellingen.
    """
    import uvicorn

    from api.http.server import BoundedProtocol
    from api.http.settings import read_settings

    settings = read_settings()
    uvicorn.run(
        "api.waiting:create_service",
        factory=True,
        host=host or settings.host,
        port=port or settings.port,
        workers=workers or settings.workers,
        server_header=False,
        http=BoundedProtocol,
        timeout_graceful_shutdown=settings.stop_seconds,
    )


if __name__ == "__main__":
    main()
