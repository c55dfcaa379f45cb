"""A dossier as a Word document: built-in styles, so that whoever edits it gets headings, lists and a table of contents."""

import io
from collections.abc import Sequence
from datetime import datetime, time
from itertools import count

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kb.advice.model import Advies
from kb.engine import Engine
from kb.language import catalogue
from kb.report.dossier import Dossier, Ground, Note, Source, make_dossier
from kb.report.layout import ASSUMED, Group, Item, Section

INK, LINK, QUIET = RGBColor(0x12, 0x54, 0x4F), RGBColor(0x0B, 0x5F, 0x8A), RGBColor(0x53, 0x60, 0x5E)
FONT = "Calibri"
A4 = (Mm(210), Mm(297))
HEADINGS = {"Title": 17.0, "Heading 1": 14.0, "Heading 2": 10.5, "Heading 3": 9.5}
BODY, SMALL, RAISED = Pt(9.5), Pt(7.5), Pt(11)
BULLET, NUMBERED, PLAIN = "List Bullet", "List Number", "List Continue"
LANGUAGE = {"nl": "nl-NL", "en": "en-GB"}


def advice_word(engine: Engine, advice: Advies, language: str) -> bytes:
    """An advice that the engine gave, for a council, as the bytes of a .docx file."""
    return word(make_dossier(engine, advice, language))


def word(dossier: Dossier) -> bytes:
    """The whole dossier as the bytes of a .docx file."""
    return _Word(dossier).made()


class _Word:
    """Writes one dossier into one document."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.say = catalogue(dossier.language)
        self.document: WordDocument = Document()
        self._marks = count(1)

    def made(self) -> bytes:
        dossier, document, say = self.dossier, self.document, self.say
        self._set_up()
        document.add_heading(dossier.title, 0)
        for part in dossier.first:
            self._section(part, level=2)
        self._quiet(dossier.legend)
        self._chapter(say("dossier.notes"), say("dossier.notes_intro"))
        for note in dossier.notes:
            self._note(note)
        self._chapter(say("proof.sources"), say("dossier.sources_intro"), breaks=False)
        for source in dossier.sources:
            self._source(source)
        self._chapter(say("dossier.appendix"))
        for part in dossier.appendix:
            self._section(part, level=2)
        self._section(dossier.receipt, level=2)
        written = io.BytesIO()
        document.save(written)
        return written.getvalue()

    # The whole document

    def _set_up(self) -> None:
        """A4 with narrow margins, our type and colours, the language, the title and the number of each page."""
        page = self.document.sections[0]
        page.page_width, page.page_height = A4
        page.left_margin = page.right_margin = Mm(17)
        page.top_margin, page.bottom_margin = Mm(13), Mm(14)
        page.header_distance = page.footer_distance = Mm(7)
        self._styles()
        made = datetime.combine(self.dossier.made, time())
        about = self.document.core_properties
        about.title, about.author, about.last_modified_by = self.dossier.title, "Wijkaanpak", "Wijkaanpak"
        about.language, about.comments = LANGUAGE[self.dossier.language], ""
        about.created = about.modified = made
        foot = page.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _small(foot, f"{self.dossier.title} – ")
        _field(foot, "PAGE")

    def _styles(self) -> None:
        styles = self.document.styles
        for name in ("Normal", BULLET, NUMBERED, PLAIN):
            style = styles[name]
            style.font.name, style.font.size = FONT, BODY
            style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(1.5), 1.0
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGE[self.dossier.language])
        styles["Normal"].element.get_or_add_rPr().append(language)
        for name, size in HEADINGS.items():
            style = styles[name]
            style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            style.paragraph_format.space_before = Pt(0 if name == "Title" else 6)
            style.paragraph_format.space_after = Pt(2)

    def _chapter(self, title: str, intro: str = "", *, breaks: bool = True) -> None:
        heading = self.document.add_heading(title, 1)
        heading.paragraph_format.page_break_before = breaks
        if intro:
            self.document.add_paragraph(intro)

    # Sections of the report

    def _section(self, part: Section, level: int) -> None:
        self.document.add_heading(part.title, level)
        if part.intro and part.name != "filled_in":
            self.document.add_paragraph(part.intro)
        for group in part.groups:
            self._group(group, level + 1)

    def _group(self, group: Group, level: int) -> None:
        if group.title:
            self.document.add_heading(group.title, level)
        numbering = self._numbering() if group.ranked else None
        for item in group.items:
            self._item(item, numbering)
        if group.more:
            self._quiet(group.more)

    def _item(self, item: Item, numbering: int | None) -> None:
        line = self.document.add_paragraph(style=NUMBERED if numbering is not None else BULLET)
        if numbering is not None:
            _number_by(line, numbering)
        line.add_run(item.text).bold = bool(item.details)
        if item.assumed:
            line.add_run(f" {ASSUMED}")
        if number := self.dossier.numbers.get(item.key):
            self._reference(line, "noot", (number,))
        for detail in item.details:
            more = self.document.add_paragraph(detail, style=PLAIN)
            line.paragraph_format.keep_with_next = True
            line = more

    def _numbering(self) -> int:
        """A numbered list that begins at 1, as each of ours does; Word would go on where the last one ended."""
        numbering = self.document.part.numbering_part.element
        style = self.document.styles[NUMBERED].element
        number = numbering.num_having_numId(style.pPr.numPr.numId.val)
        fresh = numbering.add_num(number.abstractNumId.val)
        fresh.add_lvlOverride(0).add_startOverride(1)
        return int(fresh.numId)

    # Notes and sources

    def _note(self, note: Note) -> None:
        line = self._hanging(Mm(8))
        self._mark(line, f"noot-{note.number}", str(note.number), bold=True)
        line.add_run(f"\t{note.text}").bold = True
        self._rests(line, note.certainty)
        self._reference(line, "bron", note.sources)
        if note.rule:
            _small(line, f"  {self.say('proof.rule')} {note.rule}")
        for number, ground in enumerate(note.grounds):
            line.paragraph_format.keep_with_next = number < 2
            line = self._ground(ground)
        line.paragraph_format.space_after = Pt(4)

    def _ground(self, ground: Ground) -> Paragraph:
        line = self._hanging(Mm(4), left=Mm(12))
        line.add_run("–\t")
        line.add_run(ground.text)
        if not ground.note:
            _small(line, f" ({self.say(f'proof.{ground.kind}')})")
        self._rests(line, "" if ground.note else ground.certainty)
        self._reference(line, "noot", (ground.note,) if ground.note else ())
        self._reference(line, "bron", ground.sources)
        return line

    def _rests(self, line: Paragraph, certainty: str) -> None:
        if certainty in ("afgeleid", "aanname"):
            sign = f"{ASSUMED} " if certainty == "aanname" else ""
            _small(line, f" ({sign}{self.say(f'proof.{certainty}')})")

    def _source(self, source: Source) -> None:
        line = self.document.add_paragraph()
        line.paragraph_format.keep_with_next = True
        line.paragraph_format.space_before = Pt(4)
        line.add_run(source.label).bold = True
        if source.page:
            line.add_run(" ")
            _link(line, source.page, address=source.page)
        for number, place in source.places:
            cited = self._hanging(Mm(10), left=Mm(10))
            self._mark(cited, f"bron-{number}", f"B{number}")
            cited.add_run(f"\t{place}")

    def _hanging(self, by: int, left: int = 0) -> Paragraph:
        """A paragraph of which the first line hangs out by so much."""
        line = self.document.add_paragraph()
        shape = line.paragraph_format
        shape.left_indent, shape.first_line_indent = left or by, -by
        shape.tab_stops.add_tab_stop(left or by)
        return line

    def _mark(self, line: Paragraph, name: str, text: str, *, bold: bool = False) -> None:
        """Text that can be linked to."""
        number = str(next(self._marks))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for edge in (start, end):
            edge.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        line._p.append(start)
        line.add_run(text).bold = bold
        line._p.append(end)

    def _reference(self, line: Paragraph, kind: str, numbers: Sequence[int]) -> None:
        """Links to notes, or to sources, raised behind the text."""
        sign = "B" if kind == "bron" else ""
        for place, number in enumerate(numbers):
            between = line.add_run("," if place else " ")
            between.font.superscript, between.font.size = True, RAISED
            _link(line, f"{sign}{number}", anchor=f"{kind}-{number}", raised=True)

    def _quiet(self, text: str) -> None:
        line = self.document.add_paragraph()
        line.paragraph_format.space_before = Pt(3)
        _small(line, text)


def _small(line: Paragraph, text: str) -> None:
    run = line.add_run(text)
    run.font.size, run.font.color.rgb = SMALL, QUIET


def _link(line: Paragraph, text: str, *, address: str = "", anchor: str = "", raised: bool = False) -> None:
    """A link to an address, or to a place in the document; python-docx makes none itself."""
    link = OxmlElement("w:hyperlink")
    if anchor:
        link.set(qn("w:anchor"), anchor)
    else:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        link.set(qn("r:id"), line.part.relate_to(address, kind, is_external=True))
    run = line.add_run(text)
    run.font.color.rgb, run.font.superscript = LINK, raised
    run.font.underline = not raised
    if raised:
        run.font.size = RAISED
    link.append(run._r)
    line._p.append(link)


def _field(line: Paragraph, instruction: str) -> None:
    """A value that Word works out, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = line.add_run("1")
    run.font.size, run.font.color.rgb = SMALL, QUIET
    field.append(run._r)
    line._p.append(field)


def _number_by(line: Paragraph, numbering: int) -> None:
    properties: BaseOxmlElement = line._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering
