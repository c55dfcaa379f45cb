"""The Word report for a council: the A4 first, then every proof once with its sources, the situation and the receipt."""

import io
from itertools import chain

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from kb.engine import Engine
from kb.language import LANGUAGES
from kb.report.dossier import Dossier, make_dossier
from kb.report.report import report
from kb.report.word import word
from kb.situation.model import Situatie

HOSTILE = """<w:p>&amp; ]]> "'{}% <script>alert(1)</script> אבג 😀"""


def dossier(engine: Engine, situatie: Situatie, language: str = "nl") -> Dossier:
    """The dossier of a situation with three questions."""
    return make_dossier(engine, engine.advise(situatie, language, questions=3), language)


def opened(made: Dossier) -> WordDocument:
    """The Word document of a dossier, opened again."""
    return Document(io.BytesIO(word(made)))


def headings(document: WordDocument, style: str) -> list[str]:
    """The headings of one level."""
    return [line.text for line in document.paragraphs if line.style and line.style.name == style]


def test_a4_stands_first_then_proofs_sources_and_appendix(engine: Engine, situaties: dict[str, Situatie]) -> None:
    document = opened(dossier(engine, situaties["selwerd"]))
    assert headings(document, "Title") == ["Advies voor Selwerd"]
    assert headings(document, "Heading 1") == ["Bewijzen", "Bronnen", "Bijlage: de situatie"]
    assert headings(document, "Heading 2")[:2] == ["Wat leidt", "Koppelkansen die lonen"]
    assert headings(document, "Heading 2")[-2:] == ["De situatie", "Ontvangstbewijs"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_screen_says_what_the_report_says(engine: Engine, situaties: dict[str, Situatie], language: str) -> None:
    for situatie in situaties.values():
        advice = engine.advise(situatie, language, questions=3)
        shown = make_dossier(engine, advice, language).first
        lines = [[item.text for group in part.groups for item in group.items] for part in shown]
        told = report(advice, language).sections
        assert lines == [[item.text for group in part.groups for item in group.items] for part in told]


def test_every_line_of_the_first_screen_that_is_concluded_has_a_note(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    made = dossier(engine, situaties["selwerd"])
    for part in made.first:
        if part.name in ("leading", "couplings", "conflicts", "instruments"):
            assert any(item.key in made.numbers for group in part.groups for item in group.items), part.title
    note = made.notes[made.numbers["heeftPassendInstrument/instrument/wijkpact"] - 1]
    assert note.text.startswith("Langjarig wijkpact past") and note.rule == "instrument-past"


def test_nothing_is_proven_twice_and_everything_referred_to_is_there(
    engine: Engine, situaties: dict[str, Situatie]
) -> None:
    made = dossier(engine, situaties["reyeroord"])
    assert [note.number for note in made.notes] == list(range(1, len(made.notes) + 1))
    assert len({(note.text, note.rule) for note in made.notes}) == len(made.notes)
    cited = {place for source in made.sources for place, _ in source.places}
    grounds = list(chain.from_iterable(note.grounds for note in made.notes))
    referred = [note.sources for note in made.notes] + [ground.sources for ground in grounds]
    assert set(chain.from_iterable(referred)) == cited
    document = opened(made)
    marks = {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    links = {link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))} - {None}
    assert links <= marks
    assert marks - links == set()


def test_source_leads_to_its_own_address(engine: Engine, situaties: dict[str, Situatie]) -> None:
    made = dossier(engine, situaties["selwerd"])
    addresses = {relation.target_ref for relation in opened(made).part.rels.values() if relation.is_external}
    assert addresses == {source.page for source in made.sources if source.page} and addresses


def test_appendix_tells_the_situation_and_the_receipt(engine: Engine, situaties: dict[str, Situatie]) -> None:
    advice = engine.advise(situaties["reyeroord"])
    assert advice.ontvangstbewijs
    text = "\n".join(line.text for line in opened(make_dossier(engine, advice, "nl")).paragraphs)
    appendix = text.partition("Bijlage: de situatie")[2]
    assert "Kenmerken: wateroverlast" in appendix
    assert advice.ontvangstbewijs.iri in appendix and advice.ontvangstbewijs.kennis in appendix


def test_printed_first_screen_names_no_command(engine: Engine, situaties: dict[str, Situatie]) -> None:
    text = "\n".join(line.text for line in opened(dossier(engine, situaties["selwerd"])).paragraphs)
    assert "--alles" not in text and "en nog" in text


def test_ranked_lists_each_begin_at_one(engine: Engine, situaties: dict[str, Situatie]) -> None:
    document = opened(dossier(engine, situaties["selwerd"]))
    ranked = [line for line in document.paragraphs if line.style and line.style.name == "List Number"]
    lists = dict.fromkeys(line._p.pPr.numPr.numId.val for line in ranked)  # type: ignore[union-attr]  # set for each
    assert len(lists) == 3  # couplings, instruments, questions


def test_hostile_text_stays_text(engine: Engine) -> None:
    made = dossier(engine, Situatie(naam=HOSTILE, aanleidingen=("vervanging-riool",)))
    document = opened(made)
    assert headings(document, "Title") == [f"Advies voor {HOSTILE}"]
    assert document.core_properties.title == f"Advies voor {HOSTILE}"


def test_nothing_known_makes_a_document_too(engine: Engine) -> None:
    assert headings(opened(dossier(engine, Situatie(fase="kennen"))), "Heading 1")
