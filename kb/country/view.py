"""An area as people read it, and as JSON."""

from typing import Any

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from kb.country.area import Gebied, Gebiedscijfer
from kb.country.fill import shown_name
from kb.country.table import Landtabel
from kb.engine import Engine
from kb.names import ID, expand
from kb.situation.model import GROOTHEID, ONTLEEND_AAN

URBANITY = ("", "zeer sterk stedelijk", "sterk stedelijk", "matig stedelijk", "weinig stedelijk", "niet stedelijk")


def area_view(area: Gebied, table: Landtabel, engine: Engine, language: str) -> RenderableType:
    """Where an area lies, and its measures with source, year and percentiles."""
    title = f"{shown_name(area)}: {area.soort} {area.code}"
    lines = [Text(line) for line in _place(area, table)]
    rows = Table(box=None, pad_edge=False, show_edge=False)
    for head, justify in (("grootheid", "left"), ("waarde", "right"), ("bron", "left")):
        rows.add_column(head, justify=justify, style="bold" if head == "waarde" else "")  # type: ignore[arg-type]
    rows.add_column("land", justify="right")
    rows.add_column("even stedelijk", justify="right")
    for figure in area.cijfers:
        wider = "" if figure.gebied == area.code else f", van de wijk {figure.gebied}"
        rows.add_row(
            _label(figure, engine, language),
            engine.texts.quantity(figure.waarde, _grootheid(figure, engine), language),
            f"{_source(figure, engine)} {figure.jaar}{wider}",
            _percent(figure.landelijk),
            _percent(figure.stedelijk),
        )
    kinds = {"GM": "gemeenten", "WK": "wijken", "BU": "buurten"}[area.code[:2]]
    legend = f"land, even stedelijk: van hoeveel procent van de {kinds} de waarde lager is."
    nothing = Text("Van dit gebied geeft geen van de bronnen een cijfer.", style="italic")
    body = [rows, Text(legend, style="dim")] if area.cijfers else [nothing]
    return Group(Rule(Text(title, style="bold"), style="green"), *lines, Text(), *body)


def area_json(area: Gebied, engine: Engine, language: str) -> dict[str, Any]:
    """An area as JSON."""
    return {
        **area.as_json(),
        "eerder": list(area.eerder),
        "cijfers": [figure.as_json(_label(figure, engine, language)) for figure in area.cijfers],
    }


def _place(area: Gebied, table: Landtabel) -> list[str]:
    up = [f"provincie {area.provincie}"] if area.provincie else []
    if area.soort != "gemeente":
        up.append(f"gemeente {area.gemeente} ({area.gemeentecode})")
    if area.soort == "buurt" and area.wijk:
        up.append(f"wijk {area.wijk} ({area.wijkcode})")
    parts = [part.naam for part in table.parts(area.code)]
    told = [" › ".join(up)]
    if parts:
        kind = "wijken" if area.soort == "gemeente" else "buurten"
        told.append(f"{len(parts)} {kind}: {', '.join(parts[:8])}{', …' if len(parts) > 8 else ''}")
    if area.stedelijkheid:
        told.append(URBANITY[area.stedelijkheid])
    if area.plaats:
        told.append("midden: {1:.4f} NB, {0:.4f} OL".format(*area.plaats))
    if area.eerder:
        told.append(f"had in andere jaren de code {', '.join(area.eerder)}")
    return [line for line in told if line]


def _grootheid(figure: Gebiedscijfer, engine: Engine) -> Any:
    return engine.resolver.find(figure.grootheid, engine.vocabulary.ranges[GROOTHEID]) or expand(
        f"{ID}grootheid/{figure.grootheid}"
    )


def _label(figure: Gebiedscijfer, engine: Engine, language: str) -> str:
    return engine.knowledge.label(_grootheid(figure, engine), language)


def _source(figure: Gebiedscijfer, engine: Engine) -> str:
    bron = engine.resolver.find(figure.bron, engine.vocabulary.ranges[ONTLEEND_AAN])
    return engine.texts.source(bron) if bron else figure.bron


def _percent(value: int | None) -> str:
    return "" if value is None else str(value)
