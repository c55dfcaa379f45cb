"""Reading pages as a browser does: elements, their attributes and the text in them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "img", "br", "input", "hr"}


@dataclass
class Element:
    """An element with all text inside it."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[str, ...]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside the element."""
        return "".join(self.parts)


@dataclass
class Page:
    """A parsed page: its elements in the order of their start tags, and what was wrong with their nesting."""

    elements: list[Element] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """The elements with one of these tags."""
        return [element for element in self.elements if element.tag in tags]

    def values(self, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [element.attributes[attribute] for element in self.elements if attribute in element.attributes]

    def text(self, tag: str) -> str:
        """The text of the first element with a tag."""
        return " ".join(self.all(tag)[0].text.split())

    def json_ld(self) -> Any:
        """The data embedded in the page."""
        scripts = [e for e in self.all("script") if e.attributes.get("type") == "application/ld+json"]
        return json.loads(scripts[0].text)

    def links(self) -> Iterator[str]:
        """Where the links of the page lead."""
        return (element.attributes["href"] for element in self.all("a"))


def parse(html: str) -> Page:
    """The page that some HTML is."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    parser.page.problems += [f"<{element.tag}> is not closed" for element in parser.open]
    return parser.page


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._element(tag, attrs)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, attrs)  # as in a drawing: `<path d="…"/>`

    def _element(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        parents = tuple(element.tag for element in self.open)
        element = Element(tag, {name: value or "" for name, value in attrs}, parents)
        self.page.elements.append(element)
        return element

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.page.problems.append(f"</{tag}> closes {self.open[-1].tag if self.open else 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.parts.append(data)
