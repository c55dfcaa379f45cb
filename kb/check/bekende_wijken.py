"""The known wijken of the knowledge base as cases: what was known before as a situation, what then happened as expected.

A wijk that names itself in its situation is left out of its own evidence, so that all of them can be measured.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from kb.check.gevallen import Genoemd, Verwacht
from kb.knowledge.knowledge import Knowledge
from kb.names import declared, slug
from kb.situation.before import WIJK, situation_before, slugs
from kb.situation.model import Situatie

HAD_LEIDENDE_TRANSITIE, PAKTE_OPGAVE_OP, KOPPELDE, KOPPELT_OPGAVE, KREEG_CONFLICT, GEBRUIKTE_INSTRUMENT = map(
    declared,
    ("hadLeidendeTransitie", "pakteOpgaveOp", "koppelde", "koppeltOpgave", "kreegConflict", "gebruikteInstrument"),
)


def known_wijken(knowledge: Knowledge) -> Iterator[tuple[str, Situatie, Verwacht]]:
    """Each known wijk by its slug, as it was before its approach, and what happened."""
    for wijk in sorted(knowledge.instances(WIJK), key=slug):
        yield slug(wijk), situation_before(knowledge, wijk), _after(knowledge, wijk)


def _after(knowledge: Knowledge, wijk: NamedNode) -> Verwacht:
    pairs = [slugs(knowledge, pair, KOPPELT_OPGAVE) for pair in knowledge.objects(wijk, KOPPELDE)]
    return Verwacht(
        leidend=slugs(knowledge, wijk, HAD_LEIDENDE_TRANSITIE),
        opgaven=slugs(knowledge, wijk, PAKTE_OPGAVE_OP),
        koppelingen=tuple((pair[0], pair[1]) for pair in pairs),
        instrumenten=_named(knowledge, wijk, GEBRUIKTE_INSTRUMENT),
        conflicten=_named(knowledge, wijk, KREEG_CONFLICT),
    )


def _named(knowledge: Knowledge, node: NamedNode, prop: NamedNode) -> tuple[Genoemd, ...]:
    return tuple(Genoemd(slug=name) for name in slugs(knowledge, node, prop))
