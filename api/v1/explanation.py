"""Explanations of the engine in the shapes of `api.v1.models`."""

from collections.abc import Iterable
from typing import Any

from api.v1.models import RangordeVerzoek, UitlegVerzoek, WaaromNietVerzoek, WatAlsVerzoek
from kb.advice.precedence import precedence_json
from kb.engine import Engine
from kb.explain.as_json import citation_json, difference_json, missing_json, proof_json
from kb.rule.rule import Citation

Json = dict[str, Any]


def citations_json(engine: Engine, citations: Iterable[Citation], language: str = "nl") -> list[Json]:
    """Sources with their names, places and public addresses."""
    return [citation_json(engine.knowledge, citation, language) for citation in citations]


def why_json(engine: Engine, asked: UitlegVerzoek, language: str) -> Json:
    """The proofs of a conclusion, in the shape of `Uitleg`."""
    proofs = engine.why(asked.situatie, asked.conclusie, language, all_proofs=asked.alle)
    found = [proof_json(engine.knowledge, proof, language) for proof in proofs]
    return {"conclusie": asked.conclusie, "geldt": bool(found), "bewijzen": found}


def why_not_json(
    engine: Engine, asked: WaaromNietVerzoek, language: str, most: int, seconds: float | None = None
) -> Json:
    """What is missing for a conclusion, in the shape of `WaaromNiet`."""
    found = engine.why_not(asked.situatie, asked.conclusie, language, most=most, seconds=seconds)
    holds = any(missing.size == 0 for missing in found)
    ways = [] if holds else [missing_json(missing) for missing in found]
    return {"conclusie": asked.conclusie, "geldt": holds, "volledig": found.complete, "manieren": ways}


def why_before_json(engine: Engine, asked: RangordeVerzoek, language: str) -> Json:
    """Why one conclusion stands before another, in the shape of `Rangorde`."""
    found = engine.why_before(asked.situatie, asked.eerste, asked.tweede, language)
    return precedence_json(engine.knowledge, found, language)


def what_if_json(engine: Engine, asked: WatAlsVerzoek, language: str) -> Json:
    """The conclusions that come and go, in the shape of `WatAls`."""
    return difference_json(engine.what_if(asked.situatie, asked.toevoegen, asked.weglaten, language))
