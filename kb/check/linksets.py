"""Checks of the links to other data sets: their form, always; whether the other side answers, when told to.

A link file is a void:Linkset. It says in what form each data set it points at writes its names (void:uriRegexPattern), and
every link in it carries an owl:Axiom with a justification and a date (SSSOM).
"""

import re
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from time import sleep
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from kb import paths
from kb.check.turtle_files import Finding
from kb.dataset.description import VOID
from kb.dataset.graphs import link_files
from kb.knowledge.graph import Subject
from kb.knowledge.turtle import knowledge_files, read_turtle
from kb.names import DEF, ID, OWL, TYPE, XSD, short, show, term
from kb.rule.rule import CERTAINTIES

SSSOM = "https://w3id.org/sssom/"
JUSTIFICATION, DATE = NamedNode(SSSOM + "mapping_justification"), NamedNode(SSSOM + "mapping_date")
SEMAPV = "https://w3id.org/semapv/vocab/"
PATTERN = NamedNode(VOID + "uriRegexPattern")
SOURCE, PROPERTY, TARGET = (NamedNode(OWL + "annotated" + part) for part in ("Source", "Property", "Target"))
TIMEOUT = 10.0
PAUSE = 0.5
AGENT = "wijkaanpak-controleer (+https://w3id.org/wijkaanpak/)"


def check_linksets(reach: bool = False, ontology: Path = paths.ONTOLOGY) -> Iterator[Finding]:
    """What is wrong with the links: their form and, with `reach`, every other side that does not answer."""
    known = {quad.subject for path in knowledge_files(ontology) for quad in read_turtle(path)}
    targets: dict[NamedNode, Path] = {}
    for path in link_files(ontology):
        triples = [quad.triple for quad in read_turtle(path)]
        yield from (Finding(message, path) for message in _faults(triples, known))
        targets.update({link.object: path for link in links(triples) if isinstance(link.object, NamedNode)})
    if reach:
        yield from (Finding(message, targets[target]) for target, message in _unreachable(targets))


def links(triples: Iterable[Triple]) -> list[Triple]:
    """The links among the triples of a link file: what it says of something of ours."""
    return [triple for triple in triples if isinstance(triple.subject, NamedNode) and _is_ours(triple.subject)]


def _faults(triples: list[Triple], known: Set[Subject | Triple]) -> Iterator[str]:
    found = links(triples)
    patterns = [t.object.value for t in triples if t.predicate == PATTERN and isinstance(t.object, Literal)]
    axioms = _axioms(triples)
    if not patterns:
        yield "de koppelset noemt geen void:uriRegexPattern; zeg hoe de namen van de andere kant eruitzien."
    for link in found:
        yield from (f"{show(link)}: {fault}" for fault in _link_faults(link, known, patterns))
        yield from (f"{show(link)}: {fault}" for fault in _annotation_faults(axioms.get(link)))
    for annotated in axioms.keys() - set(found):
        yield f"{show(annotated)}: de toelichting hoort bij een koppeling die er niet is."


def _link_faults(link: Triple, known: Set[Subject | Triple], patterns: list[str]) -> Iterator[str]:
    if link.subject not in known:
        yield "het onderwerp bestaat niet in de kennis."
    if not isinstance(link.object, NamedNode):
        yield "de andere kant is geen IRI."
    elif _is_ours(link.object):
        yield f"{short(link.predicate)} wijst naar iets van onszelf; een koppeling gaat naar een andere gegevensverzameling."
    elif not any(re.fullmatch(pattern, link.object.value) for pattern in patterns):
        yield f"{link.object.value} heeft geen vorm die de koppelset noemt (void:uriRegexPattern)."


def _annotation_faults(annotation: dict[NamedNode, Any] | None) -> Iterator[str]:
    if annotation is None:
        yield "er is geen owl:Axiom met onderbouwing en datum bij."
        return
    justification, date = annotation.get(JUSTIFICATION), annotation.get(DATE)
    if not isinstance(justification, NamedNode) or not justification.value.startswith(SEMAPV):
        yield "sssom:mapping_justification ontbreekt of is geen begrip van semapv."
    if not isinstance(date, Literal) or date.datatype != NamedNode(XSD + "date"):
        yield "sssom:mapping_date ontbreekt of is geen xsd:date."
    if annotation.get(term("zekerheid")) not in {term(name) for name in CERTAINTIES}:
        yield f":zekerheid ontbreekt of is geen van {', '.join(CERTAINTIES)}."


def _axioms(triples: list[Triple]) -> dict[Triple, dict[NamedNode, Any]]:
    """What each owl:Axiom says, by the triple it is about."""
    axioms = {t.subject for t in triples if t.predicate == TYPE and t.object == NamedNode(OWL + "Axiom")}
    said: dict[Any, dict[NamedNode, Any]] = {axiom: {} for axiom in axioms}
    for triple in triples:
        if triple.subject in axioms:
            said[triple.subject][triple.predicate] = triple.object
    parts = (SOURCE, PROPERTY, TARGET)
    return {
        Triple(*(about[part] for part in parts)): about
        for about in said.values()
        if all(part in about for part in parts)
    }


def _unreachable(targets: Iterable[NamedNode]) -> Iterator[tuple[NamedNode, str]]:
    """The targets that do not answer, each page asked for once and with a pause, so as not to burden the other side."""
    pages: dict[str, str | None] = {}
    for target in sorted(targets, key=lambda node: node.value):
        page = target.value.partition("#")[0]
        if page not in pages:
            if pages:
                sleep(PAUSE)
            pages[page] = fetch_fault(page)
        if fault := pages[page]:
            yield target, f"{target.value} is niet te bereiken: {fault}."


def fetch_fault(address: str, timeout: float = TIMEOUT) -> str | None:
    """Why an address does not answer, or None when it does. Asks with HEAD, and with GET where HEAD is refused."""
    import httpx  # here, because only this check asks others

    headers = {"User-Agent": AGENT, "Accept": "text/turtle, */*;q=0.5"}
    fault = None
    try:
        with httpx.Client(headers=headers, timeout=timeout, follow_redirects=True) as client:
            for method in ("HEAD", "GET"):
                with client.stream(method, address) as response:  # of a GET, whether it answers is enough
                    if response.is_success:
                        return None
                    fault = f"antwoordt met {response.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return str(error) or type(error).__name__
    return fault


def _is_ours(node: NamedNode) -> bool:
    return node.value.startswith((DEF, ID))
