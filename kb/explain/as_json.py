"""Explanations as JSON values: the same for the command line and the API."""

from typing import Any

from kb.explain.difference import Change, Difference
from kb.explain.missing import MissingSet
from kb.explain.proof import Proof
from kb.knowledge.knowledge import Knowledge
from kb.names import expand, slug
from kb.rule.rule import Citation
from kb.situation.facts import Link
from kb.situation.model import IN_WIJK, LINK_FIELDS, Situatie, dump_situation, read_situation

Json = dict[str, Any]

_FIELDS = {prop: field for field, prop in LINK_FIELDS.items()} | {IN_WIJK: "wijk"}


def proof_json(knowledge: Knowledge, proof: Proof, language: str) -> Json:
    """A proof tree; each step with the sources it cites."""
    return {
        "soort": proof.kind,
        "tekst": proof.text,
        "conclusie": proof.conclusion,
        "regel": proof.rule,
        "zekerheid": proof.certainty,
        "bronnen": [citation_json(knowledge, citation, language) for citation in proof.citations],
        "premissen": [proof_json(knowledge, premise, language) for premise in proof.premises],
    }


def citation_json(knowledge: Knowledge, citation: Citation, language: str) -> Json:
    """A source with its label, the place in it and its public address."""
    source = expand(citation.source)
    return {
        "id": citation.source,
        "label": knowledge.label(source, language),
        "plaats": citation.place,
        "pagina": knowledge.source_page(source),
    }


def missing_json(missing: MissingSet) -> Json:
    """The changes as two situations, to add and to take away, and in words."""
    return {
        "toevoegen": dump_situation(missing.add),
        "weglaten": dump_situation(situation_of(missing.remove)),
        "teksten": list(missing.texts),
    }


def difference_json(difference: Difference) -> Json:
    """The conclusions that come and go."""
    return {"erbij": _changes(difference.gained), "vervalt": _changes(difference.lost)}


def situation_of(links: tuple[Link, ...]) -> Situatie:
    """The situation that states these links and nothing else."""
    fields: dict[str, Any] = {}
    for link in links:
        field = _FIELDS[link.property]
        if field in ("wijk", "fase"):
            fields[field] = slug(link.object)
        else:
            fields.setdefault(field, []).append(slug(link.object))
    return read_situation(fields)


def _changes(changes: tuple[Change, ...]) -> list[Json]:
    return [{"conclusie": change.conclusion, "tekst": change.text} for change in changes]
