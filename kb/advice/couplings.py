"""The parts of an advice about couplings: pairs of tasks, how they couple, when, and what clashes in them."""

from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import NamedNode

from kb.advice.model import Conflict, GenoemdWerk, KomendWerk, Koppelkans, Manier, Opening, Uitweg
from kb.advice.terms import (
    BOTST_TUSSEN,
    DOOR_OPLOSSING,
    HEEFT_CONFLICT,
    HEEFT_LOPEND_WERK,
    HEEFT_OPENING,
    HEEFT_STERKE_KOPPELKANS,
    HEEFT_UITWEG,
    HEEFT_UITWEG_KANS,
    HEEFT_WERK_ZONDER_OPENING,
    IS_ONDERDEEL_VAN,
    KOPPELDE,
    KOPPELT_IN,
    KOPPELT_NA_SCHUIVEN,
    KOPPELT_OPGAVE,
    KREEG_CONFLICT,
    OP_ELEMENT,
    OPENT_ELEMENT,
    RAAKT_OPGAVE,
    VAN_ELEMENT,
    VAN_WERKSOORT,
    VERLOOPT_VIA,
    VRAAGT_KEUZE,
)
from kb.advice.view import View
from kb.explain.proof import conclusion_key
from kb.situation.facts import Link


def conflicten(view: View) -> dict[NamedNode, Conflict]:
    """The clashes, each with the choice it asks and its passable ways out."""
    passable = view.concluded(HEEFT_UITWEG_KANS)
    return {link.object: _conflict(view, link, passable) for link in view.links(HEEFT_CONFLICT)}


def _touched(view: View, link: Link) -> set[NamedNode]:
    return {o for prop in (BOTST_TUSSEN, RAAKT_OPGAVE) for o in view.knowledge.objects(link.object, prop)}


def openingen(view: View) -> dict[NamedNode, Opening]:
    """The elements that open with coming work, each with the works."""
    return {
        link.object: Opening(
            **view.conclusion(link),
            element=view.thing(view.one(link.object, VAN_ELEMENT)),
            werken=view.works.get(view.one(link.object, VAN_WERKSOORT), ()),
        )
        for link in view.links(HEEFT_OPENING)
    }


def koppelkansen(
    view: View, prop: NamedNode, openings: Mapping[NamedNode, Opening], conflicts: Mapping[NamedNode, Conflict]
) -> tuple[Koppelkans, ...]:
    """The pairs of tasks with this property, one row a pair."""
    clashing = {node: set(view.knowledge.objects(node, BOTST_TUSSEN)) for node in conflicts}
    rows = []
    for link in view.links(prop):
        tasks = view.knowledge.objects(link.object, KOPPELT_OPGAVE)
        clashes = tuple(conflict for node, conflict in conflicts.items() if clashing[node] >= set(tasks))
        rows.append(_koppelkans(view, link, tasks, openings, clashes))
    return tuple(rows)


def _koppelkans(
    view: View,
    link: Link,
    tasks: list[NamedNode],
    openings: Mapping[NamedNode, Opening],
    clashes: tuple[Conflict, ...],
) -> Koppelkans:
    pair = link.object
    elements = _elements(view, pair)
    here = _reaching(view, elements, openings)
    works = [work for opening in here for work in opening.werken]
    together = view.holds(KOPPELT_IN["tijd"], pair)
    return Koppelkans(
        **view.conclusion(link),
        opgaven=view.things(tasks),
        sterk=view.holds(HEEFT_STERKE_KOPPELKANS, pair),
        manieren=tuple(_ways(view, pair)),
        elementen=view.things(elements),
        openingen=here,
        beslisVoor=_earliest(work.van for work in works),
        volgendeKans=_next_chance(works),
        watNodig=() if together else view.reasons(Link(KOPPELT_NA_SCHUIVEN, pair)),
        wijken=view.examples(KOPPELDE, pair),
        conflicten=clashes,
    )


def _ways(view: View, pair: NamedNode) -> Iterable[Manier]:
    for kind, prop in KOPPELT_IN.items():
        link = Link(prop, pair)
        if view.outcome.holds(link):
            yield Manier(soort=kind, label=view.label(prop), conclusie=conclusion_key(link), redenen=view.reasons(link))


def _elements(view: View, pair: NamedNode) -> list[NamedNode]:
    """The elements on which a pair meets and that move in this situation."""
    places = view.knowledge.subjects(VERLOOPT_VIA, pair)
    elements = {element for place in places for element in view.knowledge.objects(place, OP_ELEMENT)}
    return [element for element in elements if view.holds(OPENT_ELEMENT, element)]


def _reaching(view: View, elements: Iterable[NamedNode], openings: Mapping[NamedNode, Opening]) -> tuple[Opening, ...]:
    """The openings of these elements, or of what they are part of."""
    reached = {*elements, *(whole for node in elements for whole in view.knowledge.objects(node, IS_ONDERDEEL_VAN))}
    return tuple(opening for node, opening in openings.items() if view.one(node, VAN_ELEMENT) in reached)


def _conflict(view: View, link: Link, passable: dict[NamedNode, Link]) -> Conflict:
    ways_out = [passable[way] for way in view.knowledge.objects(link.object, HEEFT_UITWEG) if way in passable]
    return Conflict(
        **view.conclusion(link),
        opgaven=view.things(_touched(view, link)),
        elementen=view.related(link.object, OP_ELEMENT),
        vraagtKeuze=view.text(link.object, VRAAGT_KEUZE),
        uitwegen=tuple(_ways_out(view, ways_out)),
        wijken=view.examples(KREEG_CONFLICT, link.object),
    )


def _ways_out(view: View, links: Iterable[Link]) -> Iterable[Uitweg]:
    """The ways out, one a solution: a source may name a way out that our rules find too."""
    seen: set[NamedNode] = set()
    for link in links:
        solution = view.one(link.object, DOOR_OPLOSSING)
        if solution not in seen:
            seen.add(solution)
            yield Uitweg(**view.conclusion(link), oplossing=view.thing(solution))


def komend_werk(
    view: View, rows: Sequence[Koppelkans], openings: Mapping[NamedNode, Opening]
) -> tuple[KomendWerk, ...]:
    """The kinds of work that are to come, what fits in the opening of each, or why it opens nothing; the first year first."""
    found = [_coming(view, link, rows, openings) for link in view.links(HEEFT_LOPEND_WERK)]
    return tuple(sorted(found, key=lambda row: _earliest(work.van for work in row.werken) or 0))


def _coming(view: View, link: Link, rows: Sequence[Koppelkans], openings: Mapping[NamedNode, Opening]) -> KomendWerk:
    kind = link.object
    opened = [opening for node, opening in openings.items() if view.one(node, VAN_WERKSOORT) == kind]
    names = {opening.id for opening in opened}
    tasks = [task for row in rows if names & {opening.id for opening in row.openingen} for task in row.opgaven]
    return KomendWerk(
        **view.conclusion(link),
        werken=view.works.get(kind, ()),
        gaatOpen=tuple(opening.element for opening in opened),
        hierPast=tuple(dict.fromkeys(tasks)),
        zonderOpening=view.reasons(Link(HEEFT_WERK_ZONDER_OPENING, kind)),
    )


def _next_chance(works: Sequence[GenoemdWerk]) -> int | None:
    """When the chance comes back: the next work that begins after the first is done, else when one of them returns."""
    done = _earliest(work.tot or work.van for work in works)
    later = [work.van for work in works if work.van is not None and done is not None and work.van > done]
    return _earliest([*later, *(work.volgendeKans for work in works)])


def _earliest(years: Iterable[int | None]) -> int | None:
    return min((year for year in years if year is not None), default=None)
