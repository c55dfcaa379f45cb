"""The downloads: a page with every file of the data set, and the files."""

from collections.abc import Callable, Mapping
from functools import cached_property

from fastapi import APIRouter
from pyoxigraph import Literal, NamedNode, Store
from starlette.requests import Request
from starlette.responses import Response

from api.html.site import Site, page_language
from api.http.caching import cached_bytes
from api.http.errors import NotFoundError
from kb.dataset.description import DATASET, DCAT
from kb.dataset.downloads import CHECKSUMS, LICENSE, TRIG, Download, downloads
from kb.dataset.graphs import Graph, graphs
from kb.engine import Engine
from kb.errors import Problem, nearest
from kb.language import Words, did_you_mean

PATH = "/downloads"
VERSION = NamedNode(DCAT + "version")


class Downloads:
    """The files of a data set, made when the first of them is asked for."""

    def __init__(self, engine: Engine, store: Store, site: Site) -> None:
        self._engine = engine
        self._store = store
        self._site = site

    def page(self, request: Request) -> Response:
        """The page that lists every file."""
        return self._site.page(
            request,
            "downloads.html",
            bestanden=[self._row(file, page_language(request).language) for file in self._files.values()],
            controlesommen=CHECKSUMS,
            versie_gegevens=self._stated(VERSION),
            licentie=self._stated(LICENSE),
        )

    def file(self, request: Request, name: str) -> Response:
        """One file.

        Errors: NotFoundError with the names that look like it.
        """
        if name not in self._names:
            near = nearest(name, {known: known for known in self._names})
            meant = did_you_mean(near)
            message = Words(f"Onbekend bestand: {name!r}.{meant}", f"Unknown file: {name!r}.{meant.en}")
            raise NotFoundError(message, (Problem("", message, near),))
        found = self._files[name]
        text = found.media_type.startswith("text/")
        media_type = f"{found.media_type}; charset=utf-8" if text else found.media_type
        return cached_bytes(request, found.bytes, media_type, {"Content-Disposition": f'attachment; filename="{name}"'})

    @cached_property
    def _files(self) -> Mapping[str, Download]:
        return {file.name: file for file in downloads(self._engine, self._store)}

    @property
    def _names(self) -> tuple[str, ...]:
        """What the files are called: known before they are made."""
        return (*self._graphs, TRIG, CHECKSUMS)

    @cached_property
    def _graphs(self) -> Mapping[str, Graph]:
        return {f"{graph.name}.ttl": graph for graph in graphs()}

    def _row(self, file: Download, language: str) -> dict[str, object]:
        graph = self._graphs.get(file.name)
        texts = (graph.label, graph.description) if graph else ({}, {})
        title, description = (text.get(language) or text.get("nl", "") for text in texts)
        size = len(file.bytes)
        return {"bestand": file, "titel": title, "beschrijving": description, "graaf": graph, "grootte": size}

    def _stated(self, property: NamedNode) -> str:
        """What the catalogue states about the data set."""
        found = (quad.object for quad in self._store.quads_for_pattern(DATASET, property, None, None))
        return next(node.value for node in found if isinstance(node, NamedNode | Literal))


def downloads_router(files: Callable[[], Downloads]) -> APIRouter:
    """The routes of the downloads."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    def page(request: Request) -> Response:
        return files().page(request)

    @router.get(f"{PATH}/{{name}}")
    def file(request: Request, name: str) -> Response:
        return files().file(request, name)

    return router
