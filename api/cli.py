"""The command `wijkaanpak` as it is installed: the commands of `kb.cli`, and the service."""

from typing import Annotated

import typer

from kb.cli import app, main

__all__ = ["app", "main"]


@app.command("serve")
def serve(
    host: Annotated[str, typer.Option(help="Adres waarop de dienst luistert.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Poort waarop de dienst luistert.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Aantal processen.", min=1)] = 1,
) -> None:
    """Start de dienst: pagina's, API, SPARQL en linked data."""
    import uvicorn

    from api.http.server import BoundedProtocol
    from api.http.settings import Settings

    uvicorn.run(
        "api.waiting:create_service",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        server_header=False,
        http=BoundedProtocol,
        timeout_graceful_shutdown=Settings().stop_seconds,
    )


if __name__ == "__main__":
    main()
