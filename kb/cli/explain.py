"""The commands that explain: `waarom`, `waarom-niet`, `waarom-eerder` and `wat-als`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.base import (
    AllOption,
    ConclusionArgument,
    JsonOption,
    LanguageOption,
    SituationArgument,
    WithoutDataOption,
    load_engine,
    print_json,
    print_view,
    read_bytes,
    read_situation_file,
)
from kb.errors import ConclusionError, Problem, SituationError, WijkaanpakError

if TYPE_CHECKING:
    from kb.engine import Engine
    from kb.situation.model import Situatie

_INCOMPLETE = (
    "Niet alles is nagegaan: er kunnen {found} manieren zijn. Gezocht is ten hoogste {seconds} seconden; "
    "langer zoeken kan met --binnen SECONDEN."
)


def why(
    situation: SituationArgument,
    conclusion: ConclusionArgument,
    language: LanguageOption = "nl",
    all_proofs: Annotated[bool, typer.Option("--alle", help="Alle bewijzen, het kortste eerst.")] = False,
    without_data: WithoutDataOption = False,
    as_json: JsonOption = False,
) -> None:
    """Toon waarom een conclusie geldt: het bewijs, met zijn bronnen."""
    engine = load_engine()
    given = read_situation_file(situation, engine, fill=not without_data, language=language)
    key = _find_conclusion(engine, given, conclusion, holding=True)
    proofs = engine.why(given, key, language, all_proofs=all_proofs)
    if as_json:
        from kb.explain.as_json import proof_json

        trees = [proof_json(engine.knowledge, proof, language) for proof in proofs]
        print_json({"conclusie": key, "geldt": bool(proofs), "bewijzen": trees})
    elif proofs:
        from kb.report.terminal import proofs_view

        print_view(proofs_view(engine.knowledge, proofs, language))
    if not proofs:
        typer.echo(f"{key} geldt hier niet. Wat eraan ontbreekt: wijkaanpak waarom-niet {situation} {key}", err=True)
        raise typer.Exit(1)


def why_not(
    situation: SituationArgument,
    conclusion: ConclusionArgument,
    language: LanguageOption = "nl",
    seconds: Annotated[
        float, typer.Option("--binnen", metavar="SECONDEN", min=0.1, help="Hoe lang er ten hoogste gezocht wordt.")
    ] = 10,
    without_data: WithoutDataOption = False,
    as_json: JsonOption = False,
) -> None:
    """Toon wat er ten minste moet veranderen voordat een conclusie geldt."""
    engine = load_engine()
    given = read_situation_file(situation, engine, fill=not without_data, language=language)
    key = _find_conclusion(engine, given, conclusion, holding=False)
    sets = engine.why_not(given, key, language, seconds=seconds)
    holds = any(not missing.size for missing in sets)
    if as_json:
        from kb.explain.as_json import missing_json

        ways = [missing_json(missing) for missing in sets if missing.size]
        print_json({"conclusie": key, "geldt": holds, "volledig": sets.complete, "manieren": ways})
        return
    if holds:
        typer.echo(f"{key} geldt hier al. Het bewijs: wijkaanpak waarom {situation} {key}")
    elif sets:
        from kb.report.changes import missing_section
        from kb.report.terminal import section_view

        print_view(section_view(missing_section(sets, language)))
    elif sets.complete:
        typer.echo(f"{key} kan hier niet gelden: niets wat een situatie kan vermelden leidt ertoe.")
    if not sets.complete:
        typer.echo(_INCOMPLETE.format(found="meer of andere" if sets else "toch", seconds=f"{seconds:g}"))


def why_before(
    situation: SituationArgument,
    first: Annotated[str, typer.Argument(metavar="A", help="Sleutel, soort/slug of slug van de ene conclusie.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Die van de andere, uit dezelfde lijst.")],
    language: LanguageOption = "nl",
    without_data: WithoutDataOption = False,
    as_json: JsonOption = False,
) -> None:
    """Toon waarom de ene conclusie van een lijst voor de andere staat: de eerste maatstaf waarop zij verschillen."""
    engine = load_engine()
    given = read_situation_file(situation, engine, fill=not without_data, language=language)
    one, other = (_find_ranked(engine, given, name) for name in (first, second))
    found = engine.why_before(given, one, other, language)
    if as_json:
        from kb.advice.precedence import precedence_json

        print_json(precedence_json(engine.knowledge, found, language))
        return
    from kb.report.order import order_view

    print_view(order_view(engine.knowledge, found, language))


def what_if(
    situation: SituationArgument,
    add: Annotated[str, typer.Option("--toevoegen", metavar="JSON", help="Wat erbij komt: JSON, of @bestand.")] = "",
    remove: Annotated[str, typer.Option("--weglaten", metavar="JSON", help="Wat eraf gaat: JSON, of @bestand.")] = "",
    language: LanguageOption = "nl",
    everything: AllOption = False,
    without_data: WithoutDataOption = False,
    as_json: JsonOption = False,
) -> None:
    """Toon welke conclusies erbij komen en eraf gaan als de situatie verandert."""
    if not add and not remove:
        raise WijkaanpakError("geef --toevoegen, --weglaten of allebei.")
    engine = load_engine()
    given = read_situation_file(situation, engine, fill=not without_data, language=language)
    with _problems_of("--toevoegen"):
        added = _read_change(add)
        engine.resolver.facts(added)
    with _problems_of("--weglaten"):
        removed = _read_change(remove)
        engine.resolver.facts(removed)
    difference = engine.what_if(given, added, removed, language)
    if as_json:
        from kb.explain.as_json import difference_json

        print_json(difference_json(difference))
        return
    from kb.language import catalogue
    from kb.report.changes import difference_sections
    from kb.report.terminal import section_view

    sections = difference_sections(engine.knowledge, difference, language, shorten=not everything)
    for section in sections:
        print_view(section_view(section))
    if not sections:
        typer.echo(catalogue(language)("nothing_changes"))


def _read_change(text: str) -> "Situatie":
    from kb.situation.model import read_situation

    return read_situation(read_bytes(text[1:]) if text.startswith("@") else text or "{}")


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


def _find_ranked(engine: "Engine", situation: "Situatie", name: str) -> str:
    """The conclusion key that a name stands for among those that stand in a ranked list here."""
    from kb.explain.proof import conclusion_key

    keys = set(engine.keys_for(name))
    held = [link for link in engine.evaluate(situation).derived() if conclusion_key(link) in keys]
    ranked = [conclusion_key(link) for link in held if engine.ranking.criteria(link.property)]
    return ranked[0] if ranked else _find_conclusion(engine, situation, name, holding=True)


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
