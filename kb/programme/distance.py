"""How far apart drawn works may lie to be in one place: as the asker says, or else as the knowledge does."""

from pyoxigraph import NamedNode

from kb.errors import PlanningError, Problem
from kb.knowledge.knowledge import Knowledge
from kb.language import Words
from kb.programme import terms
from kb.programme.geometry import Reach
from kb.programme.model import MOST_METRES, Tussenruimte, Zoekafstand
from kb.programme.places import Place, metres_apart


def search_distance(knowledge: Knowledge, stated: float | None, language: str = "nl") -> Zoekafstand:
    """What holds of every work that does not say it itself; `stated` is what the asker says, in metres.

    Without either, works have to touch.

    Errors: PlanningError when the asker says what is no distance between works.
    """
    if stated is not None and not 0 <= stated <= MOST_METRES:
        message = Words(
            f"{stated:g} meter; geef een getal van 0 tot en met {MOST_METRES}.",
            f"{stated:g} metres; give a number from 0 to {MOST_METRES}.",
        )
        raise PlanningError([Problem("afstand", message)])
    known = [(node, _metres(knowledge, node)) for node in knowledge.instances(terms.ZOEKAFSTAND)]
    if stated is not None or not known:
        return Zoekafstand(meter=stated or 0.0, volgens="vraag", zekerheid=None, toelichting=None)
    node, metres = max(known, key=lambda pair: pair[1])
    basis = knowledge.basis_of(node)
    return Zoekafstand(
        meter=metres,
        volgens="kennis",
        zekerheid=basis.certainty if basis else None,
        toelichting=knowledge.definition(node, language),
        bron=node.value,
    )


def between(one: Place, other: Place) -> Tussenruimte | None:
    """How far apart two places lie and how far they may; none when either is not drawn."""
    apart = metres_apart(one, other)
    if apart is None:
        return None
    reach = one.reach.joined(other.reach)
    return Tussenruimte(meter=round(apart), tenHoogste=reach.metres, volgens=reach.by)


def reach_of(stated: float | None, general: Zoekafstand) -> Reach:
    """How far around a work others count, by what its row states."""
    return Reach(general.meter, general.volgens) if stated is None else Reach(stated, "werk")


def _metres(knowledge: Knowledge, node: NamedNode) -> float:
    return float(knowledge.literal(node, terms.TEN_HOOGSTE_METER) or 0)
