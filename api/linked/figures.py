"""The figures of an area as rows of a page: value, source, year and percentiles."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from api.linked.naming import Ref, local_path
from kb.country.area import Gebied, Gebiedscijfer
from kb.engine import Engine
from kb.situation.model import GROOTHEID, ONTLEEND_AAN


@dataclass(frozen=True)
class Figure:
    """A figure as a row of the page; `wider` is the wijk that it is really of."""

    grootheid: Ref
    waarde: str
    bron: Ref
    jaar: int
    wider: str | None
    landelijk: int | None
    stedelijk: int | None


class Figures:
    """Makes rows of figures."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def row(self, figure: Gebiedscijfer, area: Gebied, language: str) -> Figure:
        """A figure of an area."""
        grootheid = self._named(figure.grootheid, GROOTHEID)
        bron = self._named(figure.bron, ONTLEEND_AAN)
        source = self.ref(bron, language)
        return Figure(
            self.ref(grootheid, language),
            self._engine.texts.quantity(figure.waarde, grootheid, language),
            Ref(self._engine.texts.source(bron), source.iri, source.path),
            figure.jaar,
            figure.gebied if figure.gebied != area.code else None,
            figure.landelijk,
            figure.stedelijk,
        )

    def ref(self, node: NamedNode, language: str) -> Ref:
        """A node of the knowledge as a link."""
        return Ref(self._engine.knowledge.label(node, language), node.value, local_path(node))

    def heading(self, prop: NamedNode, language: str) -> Ref:
        """A property as the heading of what follows by it."""
        return Ref(self._engine.knowledge.in_sentence(prop, language), prop.value, local_path(prop))

    def _named(self, name: str, prop: NamedNode) -> NamedNode:
        found = self._engine.resolver.find(name, self._engine.vocabulary.ranges[prop])
        assert found is not None  # the table was made with these names, and a test holds it to the knowledge
        return found
