"""A programme as people read it in a terminal."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from kb.language import catalogue
from kb.programme.model import GeplandWerk, NietGebruikt, Plaats, Werkprogramma, Wijzigingen
from kb.programme.wording import (
    first_finding,
    meeting_parts,
    meeting_title,
    place_parts,
    verdict_line,
    work_cells,
    work_change_text,
    work_heads,
)


def programme_view(programme: Werkprogramma, language: str) -> RenderableType:
    """Each place with its works and what meets there, then the rows that were not used."""
    say = catalogue(language)
    works = {work.id: work for work in programme.werken}
    parts: list[RenderableType] = [Text(say("programme_title", date=programme.peildatum.isoformat()), style="bold")]
    if not works:
        parts.append(Text(say("programme_no_works")))
    parts += [_place(place, works, language) for place in programme.plaatsen]
    if programme.losseOordelen:
        parts.append(Rule(Text(say("verdicts_besides"), style="bold"), style="green"))
        parts += [Text(verdict_line(verdict, language)) for verdict in programme.losseOordelen]
    if programme.nietGebruikt:
        parts.append(_refused(programme.nietGebruikt, say("programme_refused"), language))
    if programme.nietGebruikteOordelen:
        parts.append(_refused(programme.nietGebruikteOordelen, say("verdicts_refused"), language))
    if programme.nietGelezen:
        parts.append(Text(say("programme_unread", names=say.listed(programme.nietGelezen))))
    if key := first_finding(programme):
        parts.append(Text(say("programme_proof", key=repr(key)), style="dim"))
    return Group(*parts)


def changes_view(changes: Wijzigingen, language: str) -> RenderableType:
    """What a changed planning changes."""
    say = catalogue(language)
    lines: list[RenderableType] = [Rule(Text(say("programme_changes"), style="bold"), style="green")]
    for work in changes.werken:
        lines.append(Text(work_change_text(work, language)))
    for meeting in changes.ontmoetingen:
        said = [say("programme_gained", what="; ".join(meeting.erbij))] if meeting.erbij else []
        said += [say("programme_lost", what="; ".join(meeting.eraf))] if meeting.eraf else []
        said += [say("programme_judge_again")] if meeting.oordeelVervallen else []
        lines.append(Text(f"{meeting.ontmoeting}: {'; '.join(said)}"))
    for verdict in changes.oordelen:
        lines.append(Text(verdict_line(verdict, language)))
    if len(lines) == 1:
        lines.append(Text(say("programme_no_changes")))
    return Group(*lines)


def _place(place: Plaats, works: dict[str, GeplandWerk], language: str) -> RenderableType:
    table = Table(box=None, pad_edge=False)
    for head in work_heads(language):
        table.add_column(head, overflow="fold")
    for name in place.werken:
        table.add_row(*work_cells(works[name], language))
    lines: list[RenderableType] = [Rule(Text(f"{place.naam} [{place.sleutel}]", style="bold"), style="green")]
    lines += [table, *(Text(line) for line in place_parts(place, language))]
    for meeting in place.ontmoetingen:
        lines.append(Text(f"• {meeting_title(meeting, works)}", style="bold"))
        lines.append(Padding(Text("\n".join(meeting_parts(meeting, language))), (0, 0, 0, 4)))
    if not place.ontmoetingen:
        lines.append(Text(catalogue(language)("programme_nothing"), style="dim"))
    return Group(*lines, Text())


def _refused(rows: Iterable[NietGebruikt], title: str, language: str) -> RenderableType:
    say = catalogue(language)
    lines: list[RenderableType] = [Rule(Text(title, style="bold"), style="red")]
    for row in rows:
        for problem in row.problemen:
            field = f"{problem.veld}: " if problem.veld else ""
            lines.append(Text(f"{say('programme_row', row=row.rij)}: {field}{problem.melding}"))
    return Group(*lines)
