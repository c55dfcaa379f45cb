"""Areas as linked data: what an area is, its figures and what follows from them, without the proofs.

<…/id/gebied/WK001410> a :Gebied, geo:Feature ; rdfs:label "Noordwest" ; :cbsCode "WK001410" ;
    geo:sfWithin <…/id/gebied/GM0014> ; geo:hasCentroid <…#midden> ; :heeftScreening <…/id/screening/WK001410> .
<…/id/screening/WK001410> a :Situatie ; dcterms:created "2026-11-26"^^xsd:date ; owl:versionInfo "9c…" ;
    :heeftMeting <…#meting-1> ; :heeftLeidendeTransitie <…/id/transitie/energie> ; … .

A screening says of an area what a situation in RDF says, and concludes with the same properties as an advice, so that one
query fits both. With a situation assumed everywhere the name of a screening ends in a hash of it. No node is blank.
"""

import gzip
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from kb.country.area import AREA, Gebied
from kb.country.fill import Country
from kb.country.outlines import geojson
from kb.country.screening import Screening
from kb.errors import WijkaanpakError
from kb.names import BASE, DCTERMS, ID, OWL, RDFS, SKOS, TYPE, declared
from kb.rdf.formats import literal, write_triples
from kb.rdf.situation import situation_triples
from kb.situation.facts import Link
from kb.situation.model import CBS_CODE, dump_situation

GEO = "http://www.opengis.net/ont/geosparql#"
GEBIED, HEEFT_SCREENING, IN_PROVINCIE, STEDELIJKHEID = map(
    declared, ("Gebied", "heeftScreening", "inProvincie", "stedelijkheid")
)
LABEL, CREATED = NamedNode(RDFS + "label"), NamedNode(DCTERMS + "created")
VERSION, TEMPORAL = NamedNode(OWL + "versionInfo"), NamedNode(DCTERMS + "temporal")
CLOSE_MATCH = NamedNode(SKOS + "closeMatch")
FEATURE, GEOMETRY, WITHIN, HAS_CENTROID, HAS_GEOMETRY, AS_WKT = (
    NamedNode(GEO + name) for name in ("Feature", "Geometry", "sfWithin", "hasCentroid", "hasGeometry", "asWKT")
)
WKT = NamedNode(GEO + "wktLiteral")
GRAPH = NamedNode(BASE + "graaf/land")
# The names that others give to areas follow from the code; docs/decisions/0015.
TOOI, KADASTER = "https://identifier.overheid.nl/tooi/id/gemeente/", "https://data.kkg.kadaster.nl/id/"


class AreaGraphs:
    """Writes the areas of a screening as triples; `day` is when they are made."""

    def __init__(self, screening: Screening, country: Country, day: date) -> None:
        self.screening = screening
        self.country = country
        self.day = day
        self._assumed = screening.assumed.model_copy(update={"peildatum": screening.day})

    def triples(self, row: int, *, outline: bool = False) -> list[Triple]:
        """An area with its figures and conclusions; with `outline` its coarse outline too."""
        area = self.screening.table.area_at(row)
        screened = Triple(NamedNode(area.iri), HEEFT_SCREENING, self._name(area))
        triples = [*self._area(area, outline=outline), screened, *self._screening(area, row)]
        return sorted(triples, key=lambda triple: str(triple.subject))

    def place(self, row: int) -> list[Triple]:
        """What an area is, without figures and conclusions."""
        return list(self._area(self.screening.table.area_at(row), outline=False))

    def around(self, rows: Sequence[int]) -> list[int]:
        """The rows of the gemeenten and wijken that areas lie in and that are not among them."""
        parents = self.screening.table.frame[list(rows)].select("gemeente", "wijk").to_dict(as_series=False)
        found = {row for column in parents.values() for row in column if row is not None}
        return sorted(found - set(rows))

    def _area(self, area: Gebied, *, outline: bool) -> Iterator[Triple]:
        node = NamedNode(area.iri)
        yield Triple(node, TYPE, GEBIED)
        yield Triple(node, TYPE, FEATURE)
        yield Triple(node, LABEL, Literal(area.naam, language="nl"))
        yield Triple(node, CBS_CODE, Literal(area.code))
        yield Triple(node, TEMPORAL, literal(str(self.screening.table.year), "gYear"))
        if area.provincie:
            yield Triple(node, IN_PROVINCIE, Literal(area.provincie))
        if area.stedelijkheid:
            yield Triple(node, STEDELIJKHEID, literal(str(area.stedelijkheid), "integer"))
        for code in (area.gemeentecode, area.wijkcode):
            if code and code != area.code:
                yield Triple(node, WITHIN, NamedNode(AREA + code))
        yield from (Triple(node, CLOSE_MATCH, NamedNode(iri)) for iri in elsewhere(area))
        if area.plaats:
            yield from _geometry(node, HAS_CENTROID, "midden", "POINT({} {})".format(*area.plaats))
        if outline and (packed := self.screening.table.outline(area.code)):
            yield from _geometry(node, HAS_GEOMETRY, "omtrek", _multipolygon(geojson(packed)["coordinates"]))

    def _screening(self, area: Gebied, row: int) -> Iterator[Triple]:
        node, engine = self._name(area), self.screening.engine
        filled = self.country.fill(self._assumed.model_copy(update={"wijk": area.code}), engine).situation
        for triple in situation_triples(filled, engine.resolver.facts(filled), node):
            yield Triple(_named(triple.subject, node), triple.predicate, _named(triple.object, node))
        yield Triple(node, CREATED, literal(self.day.isoformat(), "date"))
        yield Triple(node, VERSION, Literal(engine.knowledge.release))
        for link, column in self._conclusions:
            if column >> row & 1:
                yield Triple(node, link.property, link.object)

    def _name(self, area: Gebied) -> NamedNode:
        return NamedNode(f"{ID}screening/{area.code}{self._ending}")

    @cached_property
    def _ending(self) -> str:
        """Tells the screenings with different assumptions apart."""
        stated = dump_situation(self.screening.assumed.model_copy(update={"peildatum": None}))
        text = repr(sorted(stated.items()))
        return f"-{blake2b(text.encode(), digest_size=4).hexdigest()}" if stated else ""

    @cached_property
    def _conclusions(self) -> Sequence[tuple[Link, int]]:
        """Every conclusion that an advice shows and that holds somewhere, with its rows."""
        engine = self.screening.engine
        atoms = (engine.program.atoms[number] for number in engine.program.by_head)
        links = (atom for atom in atoms if isinstance(atom, Link) and atom.property in engine.vocabulary.conclusions)
        return [(link, column) for link in sorted(links, key=str) if (column := self.screening.column(link))]


def with_known(screening: Screening, rows: Sequence[int]) -> list[int]:
    """The rows, and those of the areas that are a known wijk by themselves, such as a buurt with an approach of its own."""
    resolver, codes = screening.engine.resolver, screening.table.frame["code"].to_list()
    return sorted({*rows, *(row for row, code in enumerate(codes) if resolver.known_wijk(code))})


def elsewhere(area: Gebied) -> tuple[str, ...]:
    """The names that other registers give to an area: TOOI to a municipality, the Kadaster to a wijk or buurt."""
    if area.soort == "gemeente":
        return (TOOI + area.code.lower(),)
    return (f"{KADASTER}{area.soort}/{area.code}/1",)


def write_areas(graphs: AreaGraphs, rows: Sequence[int], format: RdfFormat | str, *, outline: bool = False) -> bytes:
    """The areas in these rows in a format of RDF."""
    triples = [triple for row in rows for triple in graphs.triples(row, outline=outline)]
    return write_triples(triples, graphs.screening.engine.knowledge, format)


def export(graphs: AreaGraphs, rows: Sequence[int], folder: Path) -> Iterator[tuple[Path, int]]:
    """Write the areas as N-Quads in one named graph, compressed, and the first of them as Turtle to look at.

    Gives each file and how many triples it holds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    path = folder / "gebieden.nq.gz"
    with gzip.GzipFile(path, "wb", compresslevel=6, mtime=0) as file:
        for row in graphs.around(rows):
            count += _write(graphs.place(row), file)
        for row in rows:
            count += _write(graphs.triples(row), file)
    yield path, count
    example = folder / "voorbeeld.ttl"
    example.write_bytes(write_areas(graphs, rows[:1], RdfFormat.TURTLE, outline=True))
    yield example, len(graphs.triples(rows[0], outline=True)) if rows else 0


def _write(triples: Sequence[Triple], file: gzip.GzipFile) -> int:
    quads = [Quad(triple.subject, triple.predicate, triple.object, GRAPH) for triple in triples]
    written = serialize(quads, format=RdfFormat.N_QUADS)
    assert written is not None  # it is None only when written to a file
    file.write(written)
    return len(quads)


def load_areas(path: Path, store: Store) -> str:
    """Add the areas that `export` wrote to a store; returns a short hash that tells this file from another.

    Errors: WijkaanpakError when the file cannot be read.
    """
    try:
        content = path.read_bytes()
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        store.load(text, format=RdfFormat.N_QUADS)
    except (OSError, EOFError, SyntaxError) as error:
        raise WijkaanpakError(f"{path} is geen bestand van wijkaanpak land exporteer: {error}.") from error
    return blake2b(text, digest_size=4).hexdigest()


def _named(node: object, within: NamedNode) -> NamedNode:
    return NamedNode(f"{within.value}#{node.value}") if isinstance(node, BlankNode) else node  # type: ignore[return-value]


def _geometry(node: NamedNode, prop: NamedNode, name: str, wkt: str) -> Iterator[Triple]:
    geometry = NamedNode(f"{node.value}#{name}")
    yield Triple(node, prop, geometry)
    yield Triple(geometry, TYPE, GEOMETRY)
    yield Triple(geometry, AS_WKT, Literal(wkt, datatype=WKT))


def _multipolygon(coordinates: list[list[list[list[float]]]]) -> str:
    rings = (f"(({', '.join(f'{lon} {lat}' for lon, lat in polygon[0])}))" for polygon in coordinates)
    return f"MULTIPOLYGON ({', '.join(rings)})"
