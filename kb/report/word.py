"""A dossier as a Word document: built-in styles, so that whoever edits it gets headings, lists and a table of contents."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from itertools import count

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from kb.advice.model import Advies
from kb.engine import Engine
from kb.language import catalogue
from kb.report.dossier import Dossier, Ground, Note, Source, make_dossier
from kb.report.layout import ASSUMED, Group, Item, Section
from kb.report.wordml import BOLD, Look, Shape, elements, link_outside, link_within, mark, paragraph, run

INK, LINK, QUIET = RGBColor(0x12, 0x54, 0x4F), RGBColor(0x0B, 0x5F, 0x8A), RGBColor(0x53, 0x60, 0x5E)
FONT = "Calibri"
A4 = (Mm(210), Mm(297))
HEADINGS = {"Title": 17.0, "Heading 1": 14.0, "Heading 2": 10.5, "Heading 3": 9.5}
BODY, SMALL, RAISED = Pt(9.5), Pt(7.5), Pt(11)
BULLET, NUMBERED, CONTINUED = "List Bullet", "List Number", "List Continue"
HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
SMALLER = Look(colour=QUIET, size=SMALL)
RAISED_TEXT, RAISED_LINK = Look(size=RAISED, raised=True), Look(colour=LINK, size=RAISED, underline=False, raised=True)
OUTWARD = Look(colour=LINK, underline=True)
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
        self._written: list[str] = []

    def made(self) -> bytes:
        dossier, document, say = self.dossier, self.document, self.say
        self._set_up()
        self._add(Shape(self._style("Title")), run(dossier.title))
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
        body = document.element.body
        for element in elements(self._written):
            body.sectPr.addprevious(element)
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
        for name in ("Normal", BULLET, NUMBERED, CONTINUED):
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

    def _style(self, name: str) -> str:
        """What a style is called inside the document."""
        return str(self.document.styles[name].style_id)

    def _add(self, shape: Shape, *parts: str) -> None:
        self._written.append(paragraph(shape, *parts))

    def _heading(self, title: str, level: int, *, breaks: bool | None = None) -> None:
        self._add(Shape(self._style(f"Heading {level}"), page_break=breaks), run(title))

    def _chapter(self, title: str, intro: str = "", *, breaks: bool = True) -> None:
        self._heading(title, 1, breaks=breaks)
        if intro:
            self._add(Shape(), run(intro))

    # Sections of the report

    def _section(self, part: Section, level: int) -> None:
        self._heading(part.title, level)
        if part.intro and part.name != "filled_in":
            self._add(Shape(), run(part.intro))
        for group in part.groups:
            self._group(group, level + 1)

    def _group(self, group: Group, level: int) -> None:
        if group.title:
            self._heading(group.title, level)
        numbering = self._numbering() if group.ranked else None
        for item in group.items:
            self._item(item, numbering)
        if group.more:
            self._quiet(group.more)

    def _item(self, item: Item, numbering: int | None) -> None:
        parts = [run(item.text, Look(bold=bool(item.details)))]
        if item.assumed:
            parts.append(run(f" {ASSUMED}"))
        if number := self.dossier.numbers.get(item.key):
            parts += self._references("noot", (number,))
        style = self._style(NUMBERED if numbering is not None else BULLET)
        self._add(Shape(style, keep_with_next=bool(item.details), numbering=numbering), *parts)
        for place, detail in enumerate(item.details, start=1):
            self._add(Shape(self._style(CONTINUED), keep_with_next=place < len(item.details)), run(detail))

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
        parts = [self._mark(f"noot-{note.number}", run(str(note.number), BOLD)), run(f"\t{note.text}", BOLD)]
        parts += self._rests(note.certainty)
        parts += self._references("bron", note.sources)
        if note.rule:
            parts.append(run(f"  {self.say('proof.rule')} {note.rule}", SMALLER))
        told = [_hanging(Mm(8)), *(_hanging(Mm(4), left=Mm(12)) for _ in note.grounds)]
        shapes = [replace(shape, keep_with_next=place < 2) for place, shape in enumerate(told[:-1])]
        texts = [parts, *map(self._ground, note.grounds)]
        for shape, text in zip([*shapes, replace(told[-1], after=Pt(4))], texts, strict=True):
            self._add(shape, *text)

    def _ground(self, ground: Ground) -> list[str]:
        parts = [run("–\t"), run(ground.text)]
        if not ground.note:
            parts.append(run(f" ({self.say(f'proof.{ground.kind}')})", SMALLER))
        parts += self._rests("" if ground.note else ground.certainty)
        parts += self._references("noot", (ground.note,) if ground.note else ())
        return parts + self._references("bron", ground.sources)

    def _rests(self, certainty: str) -> list[str]:
        if certainty not in ("afgeleid", "aanname"):
            return []
        sign = f"{ASSUMED} " if certainty == "aanname" else ""
        return [run(f" ({sign}{self.say(f'proof.{certainty}')})", SMALLER)]

    def _source(self, source: Source) -> None:
        parts = [run(source.label, BOLD)]
        if source.page:
            relation = self.document.part.relate_to(source.page, HYPERLINK, is_external=True)
            parts += [run(" "), link_outside(source.page, relation, OUTWARD)]
        self._add(Shape(keep_with_next=True, before=Pt(4)), *parts)
        for number, place in source.places:
            cited = self._mark(f"bron-{number}", run(f"B{number}"))
            self._add(_hanging(Mm(10), left=Mm(10)), cited, run(f"\t{place}"))

    def _mark(self, name: str, content: str) -> str:
        return mark(next(self._marks), name, content)

    def _references(self, kind: str, numbers: Sequence[int]) -> list[str]:
        """Links to notes, or to sources, raised behind the text."""
        sign = "B" if kind == "bron" else ""
        parts = []
        for place, number in enumerate(numbers):
            parts.append(run("," if place else " ", RAISED_TEXT))
            parts.append(link_within(f"{sign}{number}", f"{kind}-{number}", RAISED_LINK))
        return parts

    def _quiet(self, text: str) -> None:
        self._add(Shape(before=Pt(3)), run(text, SMALLER))


def _hanging(by: Length, left: Length | None = None) -> Shape:
    """A paragraph of which the first line hangs out by so much."""
    return Shape(left=left or by, hanging=by)


def _small(line: Paragraph, text: str) -> None:
    run = line.add_run(text)
    run.font.size, run.font.color.rgb = SMALL, QUIET


def _field(line: Paragraph, instruction: str) -> None:
    """A value that Word works out, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = line.add_run("1")
    run.font.size, run.font.color.rgb = SMALL, QUIET
    field.append(run._r)
    line._p.append(field)
