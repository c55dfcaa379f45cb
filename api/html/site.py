"""How pages are made: templates, the language of a page, links within the service, and the headers pages need."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import api
import kb
from api.http.caching import cached_bytes
from api.http.negotiation import accepted_language, header
from kb.language import LANGUAGES, catalogue

_PACKAGE = Path(api.__file__).parent
_INSTALLED = _PACKAGE / "web"
WEB = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "web"

STATIC = "/static"
LANGUAGE_KEY = "taal"
# Where the field in the header of every page leads, and what it is called in the address.
SEARCH, SEARCH_KEY = "/zoek", "q"
PAGE = "text/html; charset=utf-8"
# Scripts, styles and requests of our own only; nothing inline.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Vary": "Accept, Accept-Language",
}


@dataclass(frozen=True)
class PageLanguage:
    """The language of one page, and whether the asker named it in the address, so that links keep it."""

    language: str
    named: bool


class Site:
    """Renders the pages of the service; `public_base` stands before every link."""

    def __init__(self, public_base: str) -> None:
        self.public_base = public_base
        self._environment = Environment(
            loader=FileSystemLoader(WEB / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["plekken"] = marked_places
        self._environment.globals |= {"versie": kb.__version__, "static": self._static, "zoekpad": public_base + SEARCH}

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """A page in the language that the request asks for."""
        html = self.render(request, template, **values)
        sent = {**PAGE_HEADERS, "Content-Language": page_language(request).language, **(headers or {})}
        if status != 200:
            return Response(html, status, sent, PAGE)
        return cached_bytes(request, html, PAGE, sent)

    def render(self, request: Request, template: str, **values: Any) -> bytes:
        """The HTML of a page."""
        spoken = page_language(request)
        text = self._environment.get_template(template).render(
            taal=spoken.language,
            zeg=catalogue(spoken.language),
            gekozen_taal=spoken.named,
            url=self._linker(spoken),
            andere_taal=self._switch(request, spoken),
            hier=request.url.path,
            gezocht=request.query_params.get(SEARCH_KEY, "") if request.url.path == SEARCH else "",
            **values,
        )
        return text.encode()

    def _linker(self, spoken: PageLanguage) -> Callable[[str], str]:
        """Makes the address of a path, in the language of the page where the asker named one."""

        def url(path: str) -> str:
            if not spoken.named:
                return self.public_base + path
            address, hash_, fragment = path.partition("#")
            joint = "&" if "?" in address else "?"
            return f"{self.public_base}{address}{joint}{LANGUAGE_KEY}={spoken.language}{hash_}{fragment}"

        return url

    def _switch(self, request: Request, spoken: PageLanguage) -> tuple[str, str]:
        """The other language, and the address of this page in it."""
        other = next(language for language in LANGUAGES if language != spoken.language)
        keys = [(key, value) for key, value in request.query_params.multi_items() if key != LANGUAGE_KEY]
        return other, f"{self.public_base}{request.url.path}?{urlencode([*keys, (LANGUAGE_KEY, other)])}"

    def _static(self, name: str) -> str:
        """The address of a file of ours, with its contents in the name so that it may be kept for long."""
        return f"{self.public_base}{STATIC}/{name}?v={_fingerprint(name)}"


class StaticFolder(StaticFiles):
    """The scripts, styles and pictures of the pages."""

    def __init__(self) -> None:
        super().__init__(directory=WEB / "static")

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file; its address changes with its contents, so it may be kept."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


def page_language(request: Request) -> PageLanguage:
    """The language that the address names, else the one that the request likes best."""
    given = request.query_params.get(LANGUAGE_KEY, "")
    if given in LANGUAGES:
        return PageLanguage(given, True)
    return PageLanguage(accepted_language(header(request.scope, "accept-language")), False)


@cache
def _fingerprint(name: str) -> str:
    return blake2b((WEB / "static" / name).read_bytes(), digest_size=6).hexdigest()


def marked_places(text: str) -> Markup:
    """A text with places to fill in, such as `{opgave1}`, with each as a variable in the text of the page."""
    return Markup(re.sub(r"\{(\w+)\}", r"<var>\1</var>", str(escape(text))))
