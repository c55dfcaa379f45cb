"""What the individuals of one class are called: by IRI, by slug, and by any label, preferred or alternative, in nl and en."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from kb.errors import nearest
from kb.names import ID, slug

_WORD = re.compile(r"[^\W_]+")


class Dictionary:
    """The names of some individuals; case, accents, hyphens and punctuation make no difference. An exact slug goes first."""

    def __init__(self, labels: Mapping[NamedNode, Iterable[str]]) -> None:
        self._exact = {name: node for node in labels for name in (node.value, slug(node))}
        self._slugs: dict[str, list[NamedNode]] = defaultdict(list)
        self._labels: dict[str, list[NamedNode]] = defaultdict(list)
        for node, texts in labels.items():
            self._slugs[fold(slug(node))].append(node)
            for text in dict.fromkeys(map(fold, texts)):
                self._labels[text].append(node)

    def find(self, name: str) -> tuple[NamedNode, ...]:
        """The individuals that a name stands for: none, one, or several when only a label of each says so."""
        if name in self._exact:
            return (self._exact[name],)
        wanted = fold(name.removeprefix(ID).rpartition("/")[2] if name.startswith(ID) else name)
        return tuple(self._slugs.get(wanted) or self._labels.get(wanted) or ())

    def nearest(self, name: str) -> tuple[str, ...]:
        """The slugs of the individuals whose slug or label looks most like a name."""
        known = {text: slug(nodes[0]) for names in (self._labels, self._slugs) for text, nodes in names.items()}
        return nearest(fold(name.removeprefix(ID).rpartition("/")[2]), known)


def fold(text: str) -> str:
    """A text as it is compared: its words without case, accents, hyphens and punctuation."""
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(_WORD.findall(text.casefold()))
