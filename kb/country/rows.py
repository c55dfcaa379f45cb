"""The areas of a selection as rows: for CSV and Parquet, as GeoJSON, and as a table to read."""

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kb.country.area import KINDS, Gebied
from kb.country.fill import shown_name
from kb.country.outlines import geojson
from kb.country.screening import SECTIONS, Screening
from kb.country.selection import Selected
from kb.names import slug

Json = dict[str, Any]
BETWEEN = " "  # slugs have no spaces


def rows_frame(screening: Screening, rows: Sequence[int]) -> pl.DataFrame:
    """The rows as columns: what the area is, its measures, and per section the slugs of what is concluded.

    A measure of a buurt of which nothing is known is that of its wijk, as it is when a situation is filled.
    """
    areas = screening.table.areas().with_columns(
        pl.col("soort").cast(pl.String).replace_strict(KINDS),
        gemeentecode=pl.col("code").gather(pl.col("gemeente")),
        gemeente=pl.col("naam").gather(pl.col("gemeente")),
        wijkcode=pl.col("code").gather(pl.col("wijk")),
    )
    areas = areas.select(
        *("code", "naam", "soort", "gemeentecode", "gemeente", "wijkcode", "provincie", "stedelijkheid", "lon", "lat")
    )
    kept = pl.concat([areas, screening.values], how="horizontal")[list(rows)]
    concluded = [screening.of_row(row) for row in rows]
    sections = {section.name: [list(map(slug, found[section.name])) for found in concluded] for section in SECTIONS}
    schema = {section.name: pl.List(pl.String()) for section in SECTIONS}
    return pl.concat([kept, pl.DataFrame(sections, schema=schema)], how="horizontal")


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows for a form without lists: the slugs of a list with spaces between."""
    return frame.with_columns(pl.col(section.name).list.join(BETWEEN) for section in SECTIONS)


def collection(screening: Screening, rows: Iterable[int], links: Sequence[Json] = ()) -> Json:
    """The rows as a GeoJSON feature collection (RFC 7946)."""
    features = [feature(screening, row) for row in rows]
    return {"type": "FeatureCollection", "features": features, **({"links": list(links)} if links else {})}


def feature(screening: Screening, row: int) -> Json:
    """An area as a GeoJSON feature with its outline made coarse; where there is none, its centre or nothing."""
    area = screening.table.area_at(row)
    packed = screening.table.outline(area.code)
    place = {"type": "Point", "coordinates": list(area.plaats)} if area.plaats else None
    return {
        "type": "Feature",
        "id": area.code,
        "geometry": geojson(packed) if packed else place,
        "properties": properties(screening, area, row),
    }


def properties(screening: Screening, area: Gebied, row: int) -> Json:
    """What an area is, its measures and what is concluded of it, by slug."""
    measures = screening.values.row(row, named=True)
    return {
        "code": area.code,
        "iri": area.iri,
        **area.as_json(),
        "metingen": {name: value for name, value in measures.items() if value is not None},
        "conclusies": {name: list(map(slug, nodes)) for name, nodes in screening.of_row(row).items()},
    }


def selected_view(screening: Screening, selected: Selected, most: int, language: str) -> RenderableType:
    """How many areas are found, and the first as a table."""
    shown = selected.rows[:most]
    count = f"{len(selected.rows)} gebieden"
    head = f"{count}, de eerste {most}:" if len(shown) < len(selected.rows) else f"{count}:"
    table = Table(box=None, pad_edge=False, show_edge=False, title_justify="left")
    for name in ("gebied", "code", "leidt"):
        table.add_column(name, overflow="fold", no_wrap=name == "code")
    for name in ("nodig", "kans", "conflict", "instr.", *(_LIKE if selected.like is not None else ())):
        table.add_column(name, justify="right")
    for row in shown:
        table.add_row(*_cells(screening, row, language), *_how_alike(selected, row))
    parts: list[RenderableType] = [Text(head, style="bold")]
    if shown:
        parts += [Text(), table, Text(), Text("\n".join(_legend(screening, selected)), style="dim")]
    return Group(*parts)


_LIKE = ("anders", "afstand")


def _cells(screening: Screening, row: int, language: str) -> list[str]:
    label, found = screening.engine.knowledge.label, screening.of_row(row)
    area = screening.table.area_at(row)
    leading = ", ".join(label(node, language) for node in found["leidendeTransities"])
    counted = ("nodigeOpgaven", "koppelkansen", "conflicten", "instrumenten")
    return [shown_name(area), area.code, leading, *(str(len(found[name]) or "") for name in counted)]


def _how_alike(selected: Selected, row: int) -> list[str]:
    if selected.like is None:
        return []
    likeness = selected.likeness[row]
    return [str(likeness.different), f"{likeness.distance:.2f}".replace(".", ",")]


def _legend(screening: Screening, selected: Selected) -> list[str]:
    lines = [
        "nodig, kans, conflict, instr.: hoeveel nodige opgaven, koppelkansen, conflicten en passende instrumenten."
    ]
    if selected.like is not None:
        area = screening.table.area_at(selected.like)
        lines += [
            f"Meest gelijk aan {shown_name(area)}. anders: conclusies die maar één van beide heeft; dat gaat voor.",
            "afstand: hoe ver de gemeten waarden uiteen liggen, in standaardafwijkingen. Niets telt zwaarder dan iets anders.",
        ]
    return lines
