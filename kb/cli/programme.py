"""The command about a planning of works: `land programma`."""

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.base import JsonOption, LanguageOption, WithoutDataOption, load_engine, print_json, print_view, read_bytes
from kb.errors import WijkaanpakError, nearest

if TYPE_CHECKING:
    from kb.engine import Engine
    from kb.programme.model import Ontmoeting, Werkprogramma
    from kb.programme.reading import Sheet

FORMS = ("--json", "--csv", "--ics", "--html", "--turtle", "--oordeelblad")


def programme(
    planning: Annotated[str, typer.Argument(metavar="PLANNING", help="CSV met een werk per rij; - leest de invoer.")],
    language: LanguageOption = "nl",
    day: Annotated[
        datetime | None,
        typer.Option("--peildatum", formats=["%Y-%m-%d"], help="Dag waarvoor het geldt; zonder dag vandaag."),
    ] = None,
    since: Annotated[
        str, typer.Option("--sinds", metavar="OUD.csv", help="Toon wat er verandert sinds een eerdere planning.")
    ] = "",
    proof: Annotated[
        str,
        typer.Option("--bewijs", metavar="ONTMOETING", help="Toon het bewijs bij een ontmoeting, zoals 'R-1+W-2'."),
    ] = "",
    verdicts: Annotated[
        str,
        typer.Option(
            "--oordelen", metavar="OORDELEN.csv", help="Wat partijen van twee werken vinden; zie --oordeelblad."
        ),
    ] = "",
    distance: Annotated[
        float | None,
        typer.Option(
            "--afstand",
            metavar="METER",
            help="Tot hoeveel meter getekende werken op één plaats zijn; de kolom afstand gaat voor.",
        ),
    ] = None,
    without_data: WithoutDataOption = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Als CSV.")] = False,
    as_ics: Annotated[bool, typer.Option("--ics", help="Als agenda (iCalendar).")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="Als pagina met een kalender.")] = False,
    as_turtle: Annotated[bool, typer.Option("--turtle", help="Als linked data, in Turtle.")] = False,
    as_sheet: Annotated[
        bool,
        typer.Option("--oordeelblad", help="Als CSV waarop partijen invullen wat zij van iedere ontmoeting vinden."),
    ] = False,
) -> None:
    """Lees een planning van werken: welke elkaar raken, wat dat koppelt, wat botst en wie zou moeten schuiven."""
    if sum((as_json, as_csv, as_ics, as_html, as_turtle, as_sheet)) > 1:
        raise WijkaanpakError(f"kies één van {', '.join(FORMS)}.")
    if (since or proof) and (as_csv or as_ics or as_html or as_turtle or as_sheet):
        raise WijkaanpakError("--sinds en --bewijs zijn er alleen als tabel en met --json.")
    engine, on = load_engine(), day.date() if day else date.today()
    make = partial(
        _made,
        engine=engine,
        day=on,
        language=language,
        with_data=not without_data,
        distance=distance,
        verdicts=_verdicts(verdicts),
    )
    made = make(planning)
    if proof:
        _print_proof(engine, made, proof, language, as_json=as_json)
    elif since:
        _print_changes(make(since), made, language, as_json=as_json)
    elif as_json:
        print_json(made.model_dump(mode="json"))
    elif as_csv:
        from kb.programme.tables import programme_csv

        typer.echo(programme_csv(made, language), nl=False)
    elif as_sheet:
        from kb.programme.verdict_sheet import verdict_sheet

        typer.echo(verdict_sheet(made, language), nl=False)
    elif as_ics:
        from kb.programme.ics import programme_ics

        typer.echo(programme_ics(made, language), nl=False)
    elif as_html:
        from kb.programme.html import programme_html

        typer.echo(programme_html(made, language))
    elif as_turtle:
        from kb.programme.rdf import programme_turtle

        typer.echo(programme_turtle(engine, made, language), nl=False)
    else:
        from kb.programme.view import programme_view

        print_view(programme_view(made, language))


def _made(
    name: str,
    *,
    engine: "Engine",
    day: date,
    language: str,
    with_data: bool,
    distance: float | None,
    verdicts: "Sheet | None",
) -> "Werkprogramma":
    from kb.programme.judge import make_programme
    from kb.programme.reading import read_csv

    sheet = read_csv(read_bytes(name), name)
    return make_programme(engine, sheet, day, language, with_data=with_data, distance=distance, verdicts=verdicts)


def _verdicts(name: str) -> "Sheet | None":
    from kb.programme.verdicts import read_verdicts

    return read_verdicts(read_bytes(name), name) if name else None


def _print_changes(old: "Werkprogramma", new: "Werkprogramma", language: str, *, as_json: bool) -> None:
    from kb.programme.changes import changes
    from kb.programme.view import changes_view

    found = changes(old, new, language)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_view(changes_view(found, language))


def _print_proof(engine: "Engine", made: "Werkprogramma", asked: str, language: str, *, as_json: bool) -> None:
    """The proofs of what the rules say of two works; of one conclusion when its key stands behind the meeting."""
    from kb.explain.as_json import proof_json
    from kb.report.terminal import proofs_view

    name, _, key = asked.rpartition(" ") if "/" in asked else (asked, "", "")
    meeting = _meeting(made, name)
    keys = [key] if key else [found.conclusie for found in meeting.bevindingen]
    keys += [] if key else [found.conclusie for found in meeting.koppelingen]
    proofs = [proof for one in keys for proof in engine.why(meeting.situatie, one, language)]
    if as_json:
        print_json([proof_json(engine.knowledge, proof, language) for proof in proofs])
    else:
        print_view(proofs_view(engine.knowledge, proofs, language))


def _meeting(made: "Werkprogramma", name: str) -> "Ontmoeting":
    known = {meeting.id: meeting for place in made.plaatsen for meeting in place.ontmoetingen}
    turned = "+".join(reversed(name.split("+")))
    found = known.get(name) or known.get(turned)
    if found is None:
        near = nearest(name, {other: other for other in known}) or tuple(known)[:3]
        raise WijkaanpakError(f"er is geen ontmoeting {name!r}; wel {', '.join(near) or 'geen enkele'}.")
    return found
