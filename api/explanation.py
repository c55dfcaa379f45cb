"""Explanations of the engine in the shapes of `api.models`."""

from collections.abc import Iterable
from typing import Any

from api.models import UitlegVerzoek, WaaromNietVerzoek, WatAlsVerzoek
from kb.engine import Engine
from kb.explain.difference import Change
from kb.explain.missing import MissingSet
from kb.explain.proof import Proof
from kb.names import expand, slug
from kb.program import Link
from kb.rule import Citation
from kb.situation import IN_WIJK, LINK_FIELDS, dump_situation

Json = dict[str, Any]


def citations_json(engine: Engine, citations: Iterable[Citation], language: str = "nl") -> list[Json]:
    """Sources with their names, places and public addresses."""
    knowledge = engine.knowledge
    return [
        {
            "id": citation.source,
            "label": knowledge.label(source, language),
            "plaats": citation.place,
            "pagina": knowledge.source_page(source),
        }
        for citation in citations
        for source in [expand(citation.source)]
    ]


def why_json(engine: Engine, asked: UitlegVerzoek, language: str) -> Json:
    """The proofs of a conclusion, in the shape of `Uitleg`."""
    proofs = engine.why(asked.situatie, asked.conclusie, language, all_proofs=asked.alle)
    found = [_proof(engine, proof, language) for proof in proofs]
    return {"conclusie": asked.conclusie, "geldt": bool(found), "bewijzen": found}


def why_not_json(engine: Engine, asked: WaaromNietVerzoek, language: str, most: int) -> Json:
    """What is missing for a conclusion, in the shape of `WaaromNiet`."""
    found = engine.why_not(asked.situatie, asked.conclusie, language, most=most)
    holds = any(missing.size == 0 for missing in found)
    ways = [] if holds else [_missing(missing) for missing in found]
    return {"conclusie": asked.conclusie, "geldt": holds, "manieren": ways}


def what_if_json(engine: Engine, asked: WatAlsVerzoek, language: str) -> Json:
    """The conclusions that come and go, in the shape of `WatAls`."""
    found = engine.what_if(asked.situatie, asked.toevoegen, asked.weglaten, language)
    return {"erbij": _changes(found.gained), "vervalt": _changes(found.lost)}


def _proof(engine: Engine, proof: Proof, language: str) -> Json:
    return {
        "soort": proof.kind,
        "tekst": proof.text,
        "conclusie": proof.conclusion,
        "regel": proof.rule,
        "zekerheid": proof.certainty,
        "bronnen": citations_json(engine, proof.citations, language),
        "premissen": [_proof(engine, premise, language) for premise in proof.premises],
    }


def _missing(missing: MissingSet) -> Json:
    """One set of changes; what must go is a situation too, so that what-if takes both as they are."""
    return {
        "toevoegen": dump_situation(missing.add),
        "weglaten": _situation_of(missing.remove),
        "teksten": list(missing.texts),
    }


def _changes(changes: Iterable[Change]) -> list[Json]:
    return [{"conclusie": change.conclusion, "tekst": change.text} for change in changes]


def _situation_of(links: Iterable[Link]) -> Json:
    fields = {prop: field for field, prop in LINK_FIELDS.items()} | {IN_WIJK: "wijk"}
    situation: Json = {}
    for link in links:
        field, name = fields[link.property], slug(link.object)
        if field in ("fase", "wijk"):
            situation[field] = name
        else:
            situation.setdefault(field, []).append(name)
    return situation
