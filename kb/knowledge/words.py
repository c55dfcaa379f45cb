"""The words that an editor or a situation can use: the individuals of a kind, with their synonyms."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kb.errors import WijkaanpakError, nearest
from kb.knowledge.knowledge import Knowledge
from kb.names import SKOS, declared, slug

_ALT_LABEL = NamedNode(SKOS + "altLabel")
_MEERVOUD = declared("meervoud")


@dataclass(frozen=True)
class Word:
    """One thing that can be named: by its slug, and by what people call it."""

    slug: str
    label: str
    synonyms: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The word as JSON."""
        return {"slug": self.slug, "naam": self.label, "synoniemen": list(self.synonyms)}


def kinds_of(knowledge: Knowledge, language: str = "nl") -> list[Word]:
    """The kinds that have individuals, by their path segment."""
    found = {segment: cls for cls, segment in knowledge.segments.items()}
    return [Word(segment, knowledge.label(found[segment], language)) for segment in sorted(found)]


def words_of(knowledge: Knowledge, kind: str, language: str = "nl") -> list[Word]:
    """The individuals of a kind, in the singular or plural, by slug.

    Errors: WijkaanpakError for an unknown kind, with the nearest known one.
    """
    known = {segment: cls for cls, segment in knowledge.segments.items()}
    plural = {knowledge.literal(cls, _MEERVOUD): segment for segment, cls in known.items()}
    kind = plural.get(kind, kind)
    if kind not in known:
        near = nearest(kind, {name: name for name in known})
        hint = f" Bedoelt u {near[0]}?" if near else ""
        raise WijkaanpakError(f"onbekende soort '{kind}'.{hint} Bekend zijn {', '.join(sorted(known))}.")
    return [_word(knowledge, node, language) for node in knowledge.instances(known[kind])]


def _word(knowledge: Knowledge, node: NamedNode, language: str) -> Word:
    found = knowledge.literals(_ALT_LABEL, node)
    synonyms = sorted(value.value for _, value in found if value.language in (None, language))
    return Word(slug(node), knowledge.label(node, language), tuple(synonyms))
