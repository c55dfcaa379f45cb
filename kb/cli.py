"""The command line `wijkaanpak`: advice, explanation, checks and the service.

What a command needs is imported inside it, so that `--help` and `serve` do not wait for the knowledge base's libraries.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.errors import ConclusionError, Problem, SituationError, WijkaanpakError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kb.check import CheckResult
    from kb.engine import Engine
    from kb.situation import Situatie


class Taal(StrEnum):
    """The languages of what people read."""

    NL = "nl"
    EN = "en"


class _Commands(typer.core.TyperGroup):
    """Turns every error that the project raises on purpose into a message and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except WijkaanpakError as error:
            for line in _message(error):
                typer.echo(line, err=True)
            raise typer.Exit(2) from error


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Advies voor een integrale wijkaanpak: van situatie naar advies, met het bewijs erbij.",
)

SituationArgument = Annotated[
    str,
    typer.Argument(
        metavar="SITUATIE", help="Bestand met de situatie: JSON, of RDF (.ttl, .jsonld, …); - leest JSON van de invoer."
    ),
]
ConclusionArgument = Annotated[
    str,
    typer.Argument(
        metavar="CONCLUSIE", help="Sleutel zoals advies die toont; slug of soort/slug mag als er maar één past."
    ),
]
LanguageOption = Annotated[Taal, typer.Option("--taal", help="Taal van de uitvoer.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Als JSON.")]
AllOption = Annotated[bool, typer.Option("--alles", help="Lange lijsten niet inkorten.")]


@app.command("advies")
def advise(
    situation: SituationArgument,
    language: LanguageOption = Taal.NL,
    questions: Annotated[int, typer.Option("--vragen", min=0, help="Hoeveel open vragen erbij.")] = 5,
    everything: AllOption = False,
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Als Markdown.")] = False,
    as_turtle: Annotated[bool, typer.Option("--turtle", help="Als linked data, in Turtle.")] = False,
) -> None:
    """Geef het advies over een situatie."""
    if as_json + as_markdown + as_turtle > 1:
        raise WijkaanpakError("kies één van --json, --markdown en --turtle.")
    engine = _engine()
    given = _read(situation, engine)
    if as_turtle:
        from kb.advice_rdf import advice_turtle

        typer.echo(advice_turtle(engine, given, language), nl=False)
        return
    advice = engine.advise(given, language, questions=questions)
    if as_json:
        _print_json(advice)
        return
    from kb.report import report

    whole = report(engine, advice, language, shorten=not everything)
    if as_markdown:
        from kb.markdown import markdown

        typer.echo(markdown(whole), nl=False)
        return
    from kb.render import report_view

    _print(report_view(whole))


@app.command("waarom")
def why(
    situation: SituationArgument,
    conclusion: ConclusionArgument,
    language: LanguageOption = Taal.NL,
    all_proofs: Annotated[bool, typer.Option("--alle", help="Alle bewijzen, het kortste eerst.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Toon waarom een conclusie geldt: het bewijs, met zijn bronnen."""
    engine = _engine()
    given = _read(situation, engine)
    key = _find_conclusion(engine, given, conclusion, holding=True)
    proofs = engine.why(given, key, language, all_proofs=all_proofs)
    if as_json:
        from kb.explain.as_json import proof_json

        trees = [proof_json(engine.knowledge, proof, language) for proof in proofs]
        _print_json({"conclusie": key, "geldt": bool(proofs), "bewijzen": trees})
    elif proofs:
        from kb.render import proofs_view

        _print(proofs_view(engine.knowledge, proofs, language))
    if not proofs:
        typer.echo(f"{key} geldt hier niet. Wat eraan ontbreekt: wijkaanpak waarom-niet {situation} {key}", err=True)
        raise typer.Exit(1)


@app.command("waarom-niet")
def why_not(
    situation: SituationArgument,
    conclusion: ConclusionArgument,
    language: LanguageOption = Taal.NL,
    as_json: JsonOption = False,
) -> None:
    """Toon wat er ten minste moet veranderen voordat een conclusie geldt."""
    engine = _engine()
    given = _read(situation, engine)
    key = _find_conclusion(engine, given, conclusion, holding=False)
    sets = engine.why_not(given, key, language)
    holds = any(not missing.size for missing in sets)
    if as_json:
        from kb.explain.as_json import missing_json

        ways = [missing_json(missing) for missing in sets if missing.size]
        _print_json({"conclusie": key, "geldt": holds, "manieren": ways})
    elif holds:
        typer.echo(f"{key} geldt hier al. Het bewijs: wijkaanpak waarom {situation} {key}")
    elif not sets:
        typer.echo(f"{key} kan hier niet gelden: niets wat een situatie kan vermelden leidt ertoe.")
    else:
        from kb.render import section_view
        from kb.report_changes import missing_section

        _print(section_view(missing_section(sets, language)))


@app.command("wat-als")
def what_if(
    situation: SituationArgument,
    add: Annotated[str, typer.Option("--toevoegen", metavar="JSON", help="Wat erbij komt: JSON, of @bestand.")] = "",
    remove: Annotated[str, typer.Option("--weglaten", metavar="JSON", help="Wat eraf gaat: JSON, of @bestand.")] = "",
    language: LanguageOption = Taal.NL,
    everything: AllOption = False,
    as_json: JsonOption = False,
) -> None:
    """Toon welke conclusies erbij komen en eraf gaan als de situatie verandert."""
    if not add and not remove:
        raise WijkaanpakError("geef --toevoegen, --weglaten of allebei.")
    engine = _engine()
    given = _read(situation, engine)
    with _problems_of("--toevoegen"):
        added = _read_change(add)
        engine.resolver.facts(added)
    with _problems_of("--weglaten"):
        removed = _read_change(remove)
        engine.resolver.facts(removed)
    difference = engine.what_if(given, added, removed, language)
    if as_json:
        from kb.explain.as_json import difference_json

        _print_json(difference_json(difference))
        return
    from kb.render import section_view
    from kb.report_changes import difference_sections
    from kb.report_words import CHANGE_WORDS

    sections = difference_sections(engine.knowledge, difference, language, shorten=not everything)
    for section in sections:
        _print(section_view(section))
    if not sections:
        typer.echo(CHANGE_WORDS[language]["nothing"])


@app.command("vragen")
def ask(
    situation: SituationArgument,
    most: Annotated[int, typer.Option("-n", "--aantal", min=1, help="Hoeveel vragen.")] = 5,
    language: LanguageOption = Taal.NL,
    as_json: JsonOption = False,
) -> None:
    """Toon de open vragen waarvan het antwoord het advies het meest verandert."""
    engine = _engine()
    questions = [question.as_json() for question in engine.questions(_read(situation, engine), language, most)]
    if as_json:
        _print_json(questions)
        return
    from kb.render import section_view
    from kb.report import questions_section

    _print(section_view(questions_section(questions, language, shorten=False)))


@app.command("controleer")
def check(
    as_json: JsonOption = False,
    links: Annotated[bool, typer.Option("--links", help="Controleer ook de koppelingen naar andere data.")] = False,
    reach: Annotated[bool, typer.Option("--bereik", help="Vraag daarbij ieder adres ook echt op.")] = False,
) -> None:
    """Controleer ontologie, kennis en regels; de uitgang is 1 als er een probleem is."""
    from kb.check import run_checks, run_link_check
    from kb.render import check_view

    results = []
    for result in chain(run_checks(), [run_link_check(reach=reach)] if links or reach else []):
        results.append(result)
        if not as_json:
            _print(check_view(result))
    total = sum(len(result.problems) for result in results)
    if as_json:
        _print_json([_check_json(result) for result in results])
    else:
        from kb.report import counted

        typer.echo(f"\n{counted(len(results), 'check', Taal.NL)}, {counted(total, 'problem', Taal.NL)}.")
    if total:
        raise typer.Exit(1)


@app.command("exporteer")
def export(
    folder: Annotated[Path, typer.Argument(metavar="MAP", help="Map waarin de bestanden komen.")],
) -> None:
    """Schrijf de hele dataset weg: Turtle per graaf, één TriG en de controlesommen."""
    from kb import downloads

    for path in downloads.export(_engine(), folder):
        typer.echo(path)


@app.command("publiceer")
def publish(
    query: Annotated[
        str, typer.Option("--naar", envvar="WIJKAANPAK_STORE_QUERY", help="Adres voor query's van de opslag.")
    ],
    graphs: Annotated[
        str,
        typer.Option("--graph-store", envvar="WIJKAANPAK_STORE_GRAPHS", help="Adres voor het Graph Store Protocol."),
    ],
    update: Annotated[
        str,
        typer.Option(
            "--update",
            envvar="WIJKAANPAK_STORE_UPDATE",
            help="Adres voor updates; daarmee komt alles in één keer op zijn plaats.",
        ),
    ] = "",
    user: Annotated[
        str,
        typer.Option(
            "--gebruiker",
            envvar="WIJKAANPAK_STORE_USER",
            help="Wie inlogt; het wachtwoord staat in WIJKAANPAK_STORE_PASSWORD.",
        ),
    ] = "",
    anew: Annotated[bool, typer.Option("--opnieuw", help="Alles opnieuw versturen.")] = False,
) -> None:
    """Zet de hele dataset in een SPARQL 1.1-opslag; een afgebroken publicatie gaat verder waar ze was."""
    from kb.dataset import build_dataset, data_version
    from kb.store.address import Address
    from kb.store.client import StoreClient
    from kb.store.publication import Release
    from kb.store.publish import publish as send
    from kb.store.view import progress_view

    password = os.environ.get("WIJKAANPAK_STORE_PASSWORD", "")
    release = Release(build_dataset(_engine()), data_version())
    with StoreClient(Address(query, graphs, update, user, password)) as client, progress_view(release) as progress:
        send(client, release, progress, anew=anew)
    triples = sum(map(len, release.graphs.values()))
    typer.echo(f"De opslag heeft versie {release.version}: {len(release.graphs)} grafen met samen {triples} triples.")


@app.command("serve")
def serve(
    host: Annotated[str, typer.Option(help="Adres waarop de dienst luistert.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Poort waarop de dienst luistert.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Aantal processen.", min=1)] = 1,
) -> None:
    """Start de dienst: pagina's, API, SPARQL en linked data."""
    import uvicorn

    uvicorn.run("api.waiting:create_service", factory=True, host=host, port=port, workers=workers, server_header=False)


def main() -> None:
    """The entry point of the command `wijkaanpak`."""
    app()


def _engine() -> "Engine":
    from kb.engine import Engine

    return Engine.load()


def _read(name: str, engine: "Engine") -> "Situatie":
    """The situation in a file, or from standard input; its terms are checked here too."""
    from kb.situation import read_situation

    data, suffix = _bytes(name), Path(name).suffix.lower()
    if name == "-" or suffix in ("", ".json"):
        situation = read_situation(data)
    else:
        from kb.situation_rdf import read_situation_rdf

        situation = read_situation_rdf(data, suffix.removeprefix("."), engine)
    engine.resolver.facts(situation)
    return situation


def _bytes(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except FileNotFoundError as error:
        raise WijkaanpakError(f"{name} bestaat niet.") from error
    except IsADirectoryError as error:
        raise WijkaanpakError(f"{name} is een map; geef een bestand.") from error
    except OSError as error:
        raise WijkaanpakError(f"{name} is niet te lezen: {error.strerror}.") from error


def _read_change(text: str) -> "Situatie":
    from kb.situation import read_situation

    return read_situation(_bytes(text[1:]) if text.startswith("@") else text or "{}")


@contextmanager
def _problems_of(option: str) -> Iterator[None]:
    """Names the option in which the problems of a situation were found."""
    try:
        yield
    except SituationError as error:
        found = [
            Problem(f"{option} {problem.field}".rstrip(), problem.message, problem.nearest)
            for problem in error.problems
        ]
        raise SituationError(found) from error


def _find_conclusion(engine: "Engine", situation: "Situatie", name: str, *, holding: bool) -> str:
    """The conclusion key that a name stands for: a whole key, or a slug or `soort/slug` that only one key fits.

    Of several, those that hold (`holding`) or do not hold yet are preferred.
    Errors: ConclusionError when nothing fits, or several do.
    """
    from kb.explain.proof import conclusion_key

    keys = engine.keys_for(name)
    if not keys:
        engine.conclusion(name)
        return name
    true = {conclusion_key(link) for link in engine.evaluate(situation).derived()}
    choices = [key for key in keys if (key in true) == holding] or keys
    if len(choices) > 1:
        listed = "".join(f"\n  {key}" for key in choices)
        raise ConclusionError(f"{name!r} kan meer dan één conclusie zijn; kies uit:{listed}", tuple(choices))
    return choices[0]


def _check_json(result: "CheckResult") -> dict[str, Any]:
    problems = [
        {"melding": found.message, "bestand": str(found.path) if found.path else None, "regel": found.line}
        for found in result.problems
    ]
    return {"controle": result.name, "problemen": problems, "seconden": round(result.seconds, 3)}


def _message(error: WijkaanpakError) -> list[str]:
    if isinstance(error, SituationError):
        count = len(error.problems)
        head = "De situatie klopt niet:" if count == 1 else f"De situatie klopt niet; {count} problemen:"
        return [head, *(f"  {problem}" for problem in error.problems)]
    return [f"Fout: {error}"]


def _print(view: "RenderableType") -> None:
    from rich.console import Console

    Console().print(view)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
