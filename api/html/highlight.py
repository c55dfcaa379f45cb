"""Code with syntax colours, as HTML made on the server."""

from functools import lru_cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name

_FORMATTER = HtmlFormatter(nowrap=True, classprefix="c-")


@lru_cache(maxsize=512)
def coloured(code: str, language: str) -> Markup:
    """Code in one of Pygments' languages (`sparql`, `turtle`, `json`), its words marked with classes."""
    return Markup(highlight(code, get_lexer_by_name(language), _FORMATTER))
