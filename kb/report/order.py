"""Why one row stands before another, in words."""

from collections.abc import Iterator

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.text import Text

from kb.advice.precedence import Voorrang
from kb.knowledge.knowledge import Knowledge
from kb.language import as_sentence, catalogue
from kb.report.layout import Group, Item, Section
from kb.report.terminal import proofs_view, section_view


def order_view(knowledge: Knowledge, found: Voorrang, language: str) -> RenderableType:
    """The deciding criterion, the proof that the first meets it, and what the second lacks."""
    say = catalogue(language)
    first, second = (as_sentence(knowledge.label(node, language)) for node in (found.first, found.second))
    lines = tuple(Item(line) for line in order_lines(knowledge, found, language))
    parts = [section_view(Section(say("before", first=first, second=second), (Group("", lines),)))]
    if found.proof is not None:
        title = Text(f"\n{say('before_proof', name=first)}", style="bold")
        parts += [title, proofs_view(knowledge, [found.proof], language)]
    if found.criterion is not None:
        ways = tuple(Item("; ".join(way.texts)) for way in found.ways) or (Item(say("before_never")),)
        parts.append(section_view(Section(say("before_ways", name=second), (Group("", ways),))))
    return Lines(*parts)


def order_lines(knowledge: Knowledge, found: Voorrang, language: str) -> Iterator[str]:
    """The criterion that decides, and those on which both are equal before it."""
    say = catalogue(language)
    first, second = (as_sentence(knowledge.label(node, language)) for node in (found.first, found.second))
    if found.criterion is None:
        yield say("before_name")
        return
    criterion = knowledge.label(found.criterion, language)
    yield say("before_criterion", criterion=criterion, first=first, second=second)
    if found.equal:
        yield say("before_equal", names=say.listed([knowledge.label(node, language) for node in found.equal]))
