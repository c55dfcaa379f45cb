"""Checks of the Turtle itself: links that lead somewhere, and what the shapes ask of entries and of the ontology."""

from collections.abc import Iterator

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode

from kb.check.turtle_files import Finding, TurtleFile, TurtleFiles
from kb.knowledge.knowledge import Knowledge
from kb.names import DEF, FOAF, ID, SH, TYPE, local_name, short, show, slug, term
from kb.rule.rule import Rule

# What a shape without a message of its own says, by the kind of constraint.
MESSAGES = {
    "MinCount": "mist een waarde: ten minste {minCount} vereist.",
    "MaxCount": "heeft te veel waarden: ten hoogste {maxCount} toegestaan.",
    "Class": "moet een :{class} zijn, maar is {value}.",
    "Datatype": "moet {datatype} zijn, maar is {value}.",
    "NodeKind": "moet een {nodeKind} zijn, maar is {value}.",
    "In": "mag {value} niet zijn.",
    "Node": "voldoet niet aan vorm {node}.",
    "UniqueLang": "heeft twee waarden in dezelfde taal.",
    "LanguageIn": "heeft een waarde in een andere taal dan nl en en: {value}.",
    "Pattern": "heeft niet de vorm {pattern}: {value}.",
    "HasValue": "mist de waarde {hasValue}.",
    "Or": "voldoet aan geen van de mogelijkheden.",
    "Xone": "voldoet niet aan precies één van de mogelijkheden.",
}


def check_references(files: TurtleFiles, rules: list[Rule]) -> Iterator[Finding]:
    """Every IRI of ours that is used is described somewhere, and every source that is cited has a page."""
    described = _described(files)
    known = described | {rule.iri for rule in rules}
    names = {slug(node) for node in described if isinstance(node, NamedNode) and _is_ours(node)}
    pages = {
        triple.subject for file in files.files for triple in file.triples if triple.predicate.value == FOAF + "page"
    }
    for file in files.files:
        for node in sorted(_used(file) - known, key=str):
            if not _is_composed(node, names):
                yield Finding(
                    f"{short(node)} wordt gebruikt maar is nergens beschreven.", file.path, file.line_of(node)
                )
        cited = {triple.object for triple in file.triples if triple.predicate == term("bron")}
        for node in sorted((node for node in cited - pages if isinstance(node, NamedNode) and node in known), key=str):
            yield Finding(f"{short(node)} is een bron zonder pagina (foaf:page).", file.path, file.line_of(node))


def check_composed(files: TurtleFiles, knowledge: Knowledge) -> Iterator[Finding]:
    """Every IRI of ours that rules are to make of others, as the koppeling of two opgaven, is one that they make.

    `knowledge` is what holds with the rules.
    """
    described = _described(files)
    for file in files.files:
        for node in sorted((node for node in _used(file) - described if "--" in slug(node)), key=str):
            if not knowledge.objects(node, TYPE):
                yield Finding(
                    f"{short(node)} wordt gebruikt, maar geen regel maakt het; bestaan de delen, en staan zij op alfabet?",
                    file.path,
                    file.line_of(node),
                )


def _described(files: TurtleFiles) -> set[object]:
    """Everything that some file says something about."""
    return {triple.subject for file in files.files for triple in file.triples}


def _used(file: TurtleFile) -> set[NamedNode]:
    """The IRIs of ours in a file."""
    return {part for triple in file.triples for part in triple if isinstance(part, NamedNode) and _is_ours(part)}


def check_bases(files: TurtleFiles) -> Iterator[Finding]:
    """Every :Onderbouwing is about something that is said, and nothing has two of them."""
    stated = {(triple.subject, triple.predicate) for file in files.knowledge for triple in file.triples}
    seen: set[tuple[object, object]] = set()
    for file in files.knowledge:
        subjects = {t.subject: t.object for t in file.triples if t.predicate == term("onderbouwtOnderwerp")}
        for node, predicate, prop in file.triples:
            if predicate != term("onderbouwtEigenschap") or not isinstance(about := subjects.get(node), NamedNode):
                continue
            name = f":{local_name(prop)} van {show(about)}"
            if (about, prop) not in stated:
                yield files.finding(f"{name} wordt onderbouwd maar staat er niet.", about, file)
            elif (about, prop) in seen:
                yield files.finding(f"{name} wordt twee keer onderbouwd; houd een van de twee.", about, file)
            seen.add((about, prop))


def check_shapes(files: TurtleFiles) -> Iterator[Finding]:
    """Every entry is complete, and the ontology keeps to its conventions, by the shapes in `shapes.ttl`."""
    import pyshacl  # here, because importing it takes long and only this check uses it

    data, shapes = rdflib.Graph(), rdflib.Graph()
    for file in files.files:
        graph = data if file in files.knowledge else shapes if file.path.name == "shapes.ttl" else None
        if graph is not None:
            graph.addN((*map(_to_rdflib, triple), graph) for triple in file.triples)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    results = report.subjects(rdflib.RDF.type, _sh("ValidationResult"))
    yield from sorted((_result(files, report, shapes, result) for result in results), key=str)


def _is_ours(node: NamedNode) -> bool:
    """Whether a node is a term or an individual of ours; the bare namespaces are neither."""
    return node.value.startswith((DEF, ID)) and node.value not in (DEF, ID)


def _is_composed(node: NamedNode, names: set[str]) -> bool:
    """Whether rules make this node of the slugs of described individuals, as the koppeling of two opgaven."""
    parts = slug(node).split("--")
    return len(parts) > 1 and names.issuperset(parts)


def _result(files: TurtleFiles, report: rdflib.Graph, shapes: rdflib.Graph, result: rdflib.term.Node) -> Finding:
    focus, path, value, shape = (
        report.value(result, _sh(name)) for name in ("focusNode", "resultPath", "value", "sourceShape")
    )
    node = NamedNode(str(focus)) if isinstance(focus, rdflib.URIRef) else BlankNode(str(focus))
    messages = [text for text in shapes.objects(shape, _sh("message")) if getattr(text, "language", None) == "nl"]
    component = str(report.value(result, _sh("sourceConstraintComponent"))).removeprefix(SH)
    text = (
        str(messages[0]) if messages else _message(shapes, shape, component.removesuffix("ConstraintComponent"), value)
    )
    prop = f" :{_show(path)}" if isinstance(path, rdflib.URIRef) else ""
    owner = files.owner(node)
    return files.finding(f"{short(owner) if owner else 'lege knoop'}{prop}: {text}", node)


def _message(shapes: rdflib.Graph, shape: rdflib.term.Node | None, kind: str, value: rdflib.term.Node | None) -> str:
    parameters = {str(name).rpartition("#")[2]: _show(node) for name, node in shapes.predicate_objects(shape)}
    template = MESSAGES.get(kind, f"voldoet niet aan {kind}.")
    return template.format_map({**parameters, "value": f"‘{_show(value)}’"})


def _to_rdflib(node: object) -> rdflib.term.Node:
    """The same term for rdflib, blank nodes under the same name, so that a finding can be traced to its owner."""
    match node:
        case NamedNode():
            return rdflib.URIRef(node.value)
        case BlankNode():
            return rdflib.BNode(node.value)
        case Literal(language=None):
            return rdflib.Literal(node.value, datatype=rdflib.URIRef(node.datatype.value))
        case Literal():
            return rdflib.Literal(node.value, lang=node.language)
        case _:
            raise TypeError(f"not a term of RDF 1.1: {node}")


def _show(node: rdflib.term.Node | None) -> str:
    """One of rdflib's nodes as people read it."""
    if isinstance(node, rdflib.BNode):
        return show(BlankNode())
    return show(NamedNode(str(node))) if isinstance(node, rdflib.URIRef) else str(node)


def _sh(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(SH + name)
