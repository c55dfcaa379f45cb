"""Paragraphs of a Word document as XML text (WordprocessingML).

python-docx looks through a paragraph for each property that is set; for the thousands of a dossier that takes ten times as
long as to write them down. It still makes the document, its styles and its numbering.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, RGBColor

_SIGNS = {"\t": "<w:tab/>", "\n": "<w:br/>"}
_SIGN = re.compile("([\t\n])")


@dataclass(frozen=True)
class Look:
    """How a run of text differs from its paragraph; `underline` and `size` are those of the paragraph when None."""

    bold: bool = False
    colour: RGBColor | None = None
    size: Length | None = None
    underline: bool | None = None
    raised: bool = False

    def xml(self) -> str:
        """The properties, in the order that the schema asks."""
        parts = []
        if self.bold:
            parts.append("<w:b/>")
        if self.colour is not None:
            parts.append(f'<w:color w:val="{self.colour}"/>')
        if self.size is not None:
            parts.append(f'<w:sz w:val="{int(self.size.pt * 2)}"/>')
        if self.underline is not None:
            parts.append(f'<w:u w:val="{"single" if self.underline else "none"}"/>')
        if self.raised:
            parts.append('<w:vertAlign w:val="superscript"/>')
        return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""


PLAIN, BOLD = Look(), Look(bold=True)


@dataclass(frozen=True)
class Shape:
    """How a paragraph differs from its style; the first line hangs out by `hanging`, up to a tab stop at `left`."""

    style: str = ""
    keep_with_next: bool = False
    page_break: bool | None = None
    numbering: int | None = None
    before: Length | None = None
    after: Length | None = None
    left: Length | None = None
    hanging: Length | None = None

    def xml(self) -> str:
        """The properties, in the order that the schema asks."""
        parts = []
        if self.style:
            parts.append(f'<w:pStyle w:val="{self.style}"/>')
        if self.keep_with_next:
            parts.append("<w:keepNext/>")
        if self.page_break is not None:
            parts.append("<w:pageBreakBefore/>" if self.page_break else '<w:pageBreakBefore w:val="0"/>')
        if self.numbering is not None:
            parts.append(f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self.numbering}"/></w:numPr>')
        if self.left is not None:
            parts.append(f'<w:tabs><w:tab w:val="left" w:pos="{self.left.twips}"/></w:tabs>')
        parts += [self._spacing(), self._indents()]
        return f"<w:pPr>{''.join(parts)}</w:pPr>"

    def _spacing(self) -> str:
        given = {"before": self.before, "after": self.after}
        said = "".join(f' w:{name}="{length.twips}"' for name, length in given.items() if length is not None)
        return f"<w:spacing{said}/>" if said else ""

    def _indents(self) -> str:
        if self.left is None or self.hanging is None:
            return ""
        return f'<w:ind w:left="{self.left.twips}" w:hanging="{self.hanging.twips}"/>'


def paragraph(shape: Shape, *parts: str) -> str:
    """A paragraph of runs, links and marks."""
    return f"<w:p>{shape.xml()}{''.join(parts)}</w:p>"


def run(text: str, look: Look = PLAIN) -> str:
    """Some text; a tab and a new line are what they are in Word."""
    return f"<w:r>{look.xml()}{_text(text)}</w:r>"


def link_within(text: str, anchor: str, look: Look) -> str:
    """A link to a mark in the document."""
    return f"<w:hyperlink w:anchor={quoteattr(anchor)}>{run(text, look)}</w:hyperlink>"


def link_outside(text: str, relation: str, look: Look) -> str:
    """A link to an address, by its number among the relations of the document."""
    return f"<w:hyperlink r:id={quoteattr(relation)}>{run(text, look)}</w:hyperlink>"


def mark(number: int, name: str, content: str) -> str:
    """Something that can be linked to."""
    return f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>{content}<w:bookmarkEnd w:id="{number}"/>'


def elements(paragraphs: Iterable[str]) -> list[BaseOxmlElement]:
    """Paragraphs as elements for the body of a document."""
    return list(parse_xml(f"<w:body {nsdecls('w', 'r')}>{''.join(paragraphs)}</w:body>"))


def _text(text: str) -> str:
    return "".join(_SIGNS.get(part) or _plain(part) for part in _SIGN.split(text) if part)


def _plain(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'
