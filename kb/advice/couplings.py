"""The parts of an advice about couplings: pairs of tasks, how they couple, when, and what clashes in them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from pyoxigraph import NamedNode

from kb.advice.model import Conflict, GenoemdWerk, KomendWerk, Koppelkans, Manier, Opening, Uitweg
from kb.advice.terms import (
    BLIJKT_UIT_WERK,
    BOTST_TUSSEN,
    DAN_OPGAVE,
    DOOR_OPLOSSING,
    EERST_OPGAVE,
    HEEFT_CONFLICT,
    HEEFT_KANSRIJKE_MEELIFTKANS,
    HEEFT_LOPEND_WERK,
    HEEFT_MEELIFTKANS,
    HEEFT_OPENING,
    HEEFT_STERKE_KOPPELKANS,
    HEEFT_UITWEG,
    HEEFT_UITWEG_KANS,
    HEEFT_WAARSCHUWING,
    HEEFT_WERK_ZONDER_OPENING,
    IS_ONDERDEEL_VAN,
    KAN_SAMEN_SCHUIVEN,
    KOPPELDE,
    KOPPELT_IN,
    KOPPELT_MET_WERK,
    KOPPELT_NA_SCHUIVEN,
    KOPPELT_OPGAVE,
    KREEG_CONFLICT,
    OP_ELEMENT,
    OPENT_ELEMENT,
    RAAKT_OPGAVE,
    VAN_ELEMENT,
    VAN_OPGAVE,
    VAN_WERKSOORT,
    VERLOOPT_VIA,
    VOERT_UIT,
    VRAAGT_KEUZE,
)
from kb.advice.view import View
from kb.explain.proof import conclusion_key
from kb.situation.facts import Link


def conflicten(view: View) -> tuple[Conflict, ...]:
    """The clashes, each with the choice it asks and its passable ways out."""
    return view.rows(_conflict, HEEFT_CONFLICT)


def _touched(view: View, link: Link) -> set[NamedNode]:
    return {o for prop in (BOTST_TUSSEN, RAAKT_OPGAVE) for o in view.knowledge.objects(link.object, prop)}


def openingen(view: View) -> dict[NamedNode, Opening]:
    """The elements that open with coming work, each with the works."""
    return {link.object: view.row(_opening, link) for link in view.links(HEEFT_OPENING)}


def _opening(view: View, link: Link) -> Opening:
    return Opening(
        **view.conclusion(link),
        element=view.thing(view.one(link.object, VAN_ELEMENT)),
        werken=view.works_of(view.one(link.object, VAN_WERKSOORT)),
    )


def koppelkansen(view: View, prop: NamedNode) -> tuple[Koppelkans, ...]:
    """The pairs of tasks with this property, one row a pair."""
    return view.rows(_koppelkans, prop)


def _koppelkans(view: View, link: Link) -> Koppelkans:
    pair = link.object
    tasks = view.knowledge.objects(pair, KOPPELT_OPGAVE)
    elements = _elements(view, pair)
    here = _reaching(view, elements)
    works = [work for opening in here for work in opening.werken]
    executing = _executing(view, pair, tasks)
    together = view.holds(KOPPELT_IN["tijd"], pair)
    return Koppelkans(
        **view.conclusion(link),
        opgaven=view.things(tasks),
        sterk=view.holds(HEEFT_STERKE_KOPPELKANS, pair),
        manieren=tuple(_ways(view, pair)),
        elementen=view.things(elements),
        openingen=here,
        uitvoering=tuple(work for works in executing.values() for work in works),
        meenemen=tuple(_to_join(view, pair, executing)),
        beslisVoor=_earliest(work.van for work in works or chain.from_iterable(executing.values())),
        volgendeKans=_next_chance(works),
        watNodig=() if together else view.reasons(Link(KOPPELT_NA_SCHUIVEN, pair)),
        wijken=view.examples(KOPPELDE, pair),
        conflicten=_clashes(view, tasks),
    )


def _executing(view: View, pair: NamedNode, tasks: Sequence[NamedNode]) -> dict[NamedNode, tuple[GenoemdWerk, ...]]:
    """With each task of the pair that coming works themselves carry out, those works."""
    if not view.holds(KOPPELT_MET_WERK, pair):
        return {}
    found: dict[NamedNode, tuple[GenoemdWerk, ...]] = {}
    for task in tasks:
        kinds = sorted(view.knowledge.subjects(VOERT_UIT, task), key=lambda node: node.value)
        coming = [view.works_of(link.object) for link in view.among(HEEFT_LOPEND_WERK, kinds)]
        if any(coming):
            found[task] = tuple(chain.from_iterable(coming))
    return found


def _to_join(
    view: View, pair: NamedNode, executing: Mapping[NamedNode, tuple[GenoemdWerk, ...]]
) -> Iterable[GenoemdWerk]:
    """The works that carry out one task of a pair and that the other, which has no work of its own, can go along with.

    What must come before the task that a work carries out comes before that work.
    """
    tasks = view.knowledge.objects(pair, KOPPELT_OPGAVE)
    if len(executing) == len(tasks):
        return ()
    ordered = view.holds(KOPPELT_IN["systeem"], pair)
    return chain.from_iterable(
        works for task, works in executing.items() if not (ordered and _comes_second(view, task, tasks))
    )


def _comes_second(view: View, task: NamedNode, tasks: Sequence[NamedNode]) -> bool:
    """Whether the knowledge says of a task that another of these comes first."""
    orders = view.knowledge.subjects(DAN_OPGAVE, task)
    return any(
        first != task and first in tasks for order in orders for first in view.knowledge.objects(order, EERST_OPGAVE)
    )


def _clashes(view: View, tasks: Sequence[NamedNode]) -> tuple[Conflict, ...]:
    """The conflicts between all of these tasks."""
    first, *others = (view.knowledge.subjects(BOTST_TUSSEN, task) for task in tasks)
    between = [node for node in first if all(node in found for found in others)]
    return tuple([view.row(_conflict, link) for link in view.among(HEEFT_CONFLICT, between)])


def _ways(view: View, pair: NamedNode) -> Iterable[Manier]:
    for kind, prop in KOPPELT_IN.items():
        link = Link(prop, pair)
        if view.holds(*link):
            yield Manier(soort=kind, label=view.label(prop), conclusie=conclusion_key(link), redenen=view.reasons(link))


def _elements(view: View, pair: NamedNode) -> list[NamedNode]:
    """The elements on which a pair meets and that move in this situation."""
    places = view.knowledge.subjects(VERLOOPT_VIA, pair)
    elements = {element for place in places for element in view.knowledge.objects(place, OP_ELEMENT)}
    return [element for element in elements if view.holds(OPENT_ELEMENT, element)]


def _reaching(view: View, elements: Iterable[NamedNode]) -> tuple[Opening, ...]:
    """The openings of these elements, or of what they are part of."""
    reached = {*elements, *(whole for node in elements for whole in view.knowledge.objects(node, IS_ONDERDEEL_VAN))}
    ordered = sorted(reached, key=lambda node: node.value)
    openings = [opening for node in ordered for opening in view.knowledge.subjects(VAN_ELEMENT, node)]
    return tuple(view.row(_opening, link) for link in view.among(HEEFT_OPENING, openings))


def _conflict(view: View, link: Link) -> Conflict:
    ways_out = view.knowledge.objects(link.object, HEEFT_UITWEG)
    passable = [Link(HEEFT_UITWEG_KANS, way) for way in ways_out if view.holds(HEEFT_UITWEG_KANS, way)]
    return Conflict(
        **view.conclusion(link),
        opgaven=view.things(_touched(view, link)),
        elementen=view.related(link.object, OP_ELEMENT),
        vraagtKeuze=view.text(link.object, VRAAGT_KEUZE),
        uitWerk=view.holds(BLIJKT_UIT_WERK, link.object),
        waarschuwing=view.holds(HEEFT_WAARSCHUWING, link.object),
        uitwegen=tuple(_ways_out(view, passable)),
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
    riding = _riding_along(view)
    found = [_coming(view, link, rows, openings, riding) for link in view.links(HEEFT_LOPEND_WERK)]
    return tuple(sorted(found, key=lambda row: _earliest(work.van for work in row.werken) or 0))


def _riding_along(view: View) -> dict[NamedNode, list[NamedNode]]:
    """By element, the tasks that claim a place there and can only ride along, in their order in the advice."""
    found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for link in view.links(HEEFT_MEELIFTKANS):
        for claim in view.knowledge.subjects(VAN_OPGAVE, link.object):
            for element in view.knowledge.objects(claim, OP_ELEMENT):
                found[element].append(link.object)
    return found


def _coming(
    view: View,
    link: Link,
    rows: Sequence[Koppelkans],
    openings: Mapping[NamedNode, Opening],
    riding: Mapping[NamedNode, Sequence[NamedNode]],
) -> KomendWerk:
    kind = link.object
    own = {node: opening for node, opening in openings.items() if view.one(node, VAN_WERKSOORT) == kind}
    names = {opening.id for opening in own.values()}
    tasks = [task for row in rows if names & {opening.id for opening in row.openingen} for task in row.opgaven]
    itself = view.related(kind, VOERT_UIT)
    carried = set(view.knowledge.objects(kind, VOERT_UIT))
    found = (task for node in own for task in riding.get(view.one(node, VAN_ELEMENT), ()))
    along = [task for task in dict.fromkeys(found) if task not in carried]
    likely = [task for task in along if view.holds(HEEFT_KANSRIJKE_MEELIFTKANS, task)]
    return KomendWerk(
        **view.conclusion(link),
        werken=view.works_of(kind),
        gaatOpen=tuple(opening.element for opening in own.values()),
        hierPast=tuple(task for task in dict.fromkeys(tasks) if task not in itself),
        kanMeeliften=tuple(view.thing(task) for task in along),
        kansen=tuple(view.reasons(Link(HEEFT_KANSRIJKE_MEELIFTKANS, task))[0] for task in likely),
        kansrijk=tuple(map(view.thing, likely)),
        zonderOpening=view.reasons(Link(HEEFT_WERK_ZONDER_OPENING, kind)),
        schuiven=view.reasons(Link(KAN_SAMEN_SCHUIVEN, kind)),
    )


def _next_chance(works: Sequence[GenoemdWerk]) -> int | None:
    """When the chance comes back: the next work that begins after the first is done, else when one of them returns."""
    done = _earliest(work.tot or work.van for work in works)
    later = [work.van for work in works if work.van is not None and done is not None and work.van > done]
    return _earliest([*later, *(work.volgendeKans for work in works)])


def _earliest(years: Iterable[int | None]) -> int | None:
    return min((year for year in years if year is not None), default=None)
