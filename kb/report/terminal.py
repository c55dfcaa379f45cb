"""What the terminal shows, laid out with rich."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from kb.explain.proof import Proof
from kb.knowledge.knowledge import Knowledge
from kb.language import Catalogue, catalogue
from kb.names import expand
from kb.report.layout import ASSUMED, Group, Item, Report, Section
from kb.rule.rule import Citation

LEAF_SIGNS = {
    "situatie": ("●", "cyan"),
    "gegevens": ("▪", "green"),
    "kennis": ("◆", "blue"),
    "niets-bekend": ("○", "magenta"),
}


def report_view(report: Report) -> RenderableType:
    """A whole report."""
    sections = [section_view(section) for section in report.sections]
    title = Rule(Text(report.title, style="bold"), style="green")
    return Lines(title, *sections, Rule(style="green"), Text(report.legend, style="dim"))


def section_view(section: Section) -> RenderableType:
    """One part of a report."""
    parts: list[RenderableType] = [Rule(Text(section.title, style="bold green"), align="left", style="green")]
    if section.intro:
        parts.append(Text(section.intro, style="italic"))
    for group in section.groups:
        parts += _group(group)
    return Lines(*parts)


def _group(group: Group) -> list[RenderableType]:
    rows = grid()
    for number, item in enumerate(group.items, 1):
        rows.add_row(Text(f"{number}." if group.ranked else "•", style="green"), _item(item))
    if group.more:
        rows.add_row("", Text(f"… {group.more}", style="dim italic"))
    title = [Text(f"\n{group.title}", style="bold")] if group.title else []
    return [*title, Padding(rows, (0, 0, 0, 1))]


def _item(item: Item) -> RenderableType:
    mark = (f" {ASSUMED}", "bold yellow") if item.assumed else ""
    head = Text.assemble(
        (item.text, "bold" if item.details else ""), mark, (f"  {item.key}" if item.key else "", "dim")
    )
    details = grid()
    for detail in item.details:
        details.add_row(Text("–", style="dim"), Text(detail))
    return Lines(head, details) if item.details else head


def grid() -> Table:
    """Two columns without lines: a sign, and a text that may fold."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def proofs_view(knowledge: Knowledge, proofs: Sequence[Proof], language: str) -> RenderableType:
    """Proof trees with the sources they come down to, numbered."""
    words = catalogue(language)
    numbers = {citation: number for number, citation in enumerate(_cited(proofs), 1)}
    parts: list[RenderableType] = []
    for number, proof in enumerate(proofs, 1):
        if len(proofs) > 1:
            parts.append(Text(f"\n{words('proof.number', number=number, total=len(proofs))}", style="bold green"))
        tree = Tree(_step(proof, numbers, words), guide_style="dim")
        _grow(tree, proof, numbers, words)
        parts.append(tree)
    signs = [f"{sign} {words(f'proof.{kind}')}" for kind, (sign, _) in LEAF_SIGNS.items()]
    parts.append(Text("\n" + "   ".join([*signs, f"{ASSUMED} {words('proof.aanname')}"]), style="dim"))
    if numbers:
        parts += [Text(f"\n{words('proof.sources')}", style="bold"), _sources(knowledge, numbers, language)]
    return Lines(*parts)


def _grow(tree: Tree, proof: Proof, numbers: dict[Citation, int], words: Catalogue) -> None:
    for premise in proof.premises:
        _grow(tree.add(_step(premise, numbers, words)), premise, numbers, words)


def _step(proof: Proof, numbers: dict[Citation, int], words: Catalogue) -> Text:
    sign, colour = LEAF_SIGNS.get(proof.kind, ("", ""))
    text = Text.assemble((f"{sign} " if sign else "", colour), (proof.text, "" if sign else "bold"))
    if proof.certainty == "aanname":
        text.append(f" {ASSUMED} {words('proof.aanname')}", "bold yellow")
    elif proof.certainty == "afgeleid":
        text.append(f" ({words('proof.afgeleid')})", "dim")
    if proof.rule:
        text.append(f"  {words('proof.rule')} {proof.rule}", "dim")
    if proof.citations:
        text.append(" " + "".join(f"[{numbers[citation]}]" for citation in proof.citations), "green")
    return text


def _cited(proofs: Sequence[Proof]) -> list[Citation]:
    """The citations, those of one source together, in the order in which a reader first meets them."""
    met = list(dict.fromkeys(_met(proofs)))
    sources = list(dict.fromkeys(citation.source for citation in met))
    return sorted(met, key=lambda citation: sources.index(citation.source))


def _met(proofs: Sequence[Proof]) -> Iterator[Citation]:
    for proof in proofs:
        yield from proof.citations
        yield from _met(proof.premises)


def _sources(knowledge: Knowledge, numbers: dict[Citation, int], language: str) -> RenderableType:
    """Each source with its address, and under it the places that are cited."""
    parts: list[RenderableType] = []
    for name, citations in groupby(numbers, key=lambda citation: citation.source):
        source = expand(name)
        title, page = Text(knowledge.label(source, language)), knowledge.source_page(source)
        parts.append(title.append(f"\n{page}", "dim") if page else title)
        places = grid()
        for citation in citations:
            places.add_row(Text(f"[{numbers[citation]}]", style="green"), Text(citation.place, style="italic"))
        parts.append(Padding(places, (0, 0, 0, 2)))
    return Lines(*parts)
