"""The examples in the API's document, made by the engine itself, so that they are always true.

The situation is put together from the examples that its fields have; long lists are cut short.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from api.v1.collections import Collections
from api.v1.explanation import what_if_json, why_before_json, why_json, why_not_json
from api.v1.models import RangordeVerzoek, UitlegVerzoek, WaaromNietVerzoek, WatAlsVerzoek
from kb.country.fill import fill
from kb.engine import Engine
from kb.names import local_name, slug
from kb.programme.judge import make_programme
from kb.programme.model import Programmawerk
from kb.programme.reading import rows_of
from kb.programme.terms import EERSTE_WERKSOORT, TWEEDE_WERKSOORT
from kb.situation.model import CYCLUS, Situatie, Werk, dump_situation, read_situation

Json = dict[str, Any]
MOST_ITEMS = 2


@dataclass(frozen=True)
class Example:
    """A request and the answer to it."""

    request: Any = None
    answer: Any = None


def examples(collections: Collections) -> Iterator[tuple[str, Example]]:
    """Examples by operation."""
    yield from _advice_examples(collections.engine)
    yield "programmeer", _planning_example(collections.engine)
    for collection in collections.all:
        members = collections.members(collection)
        if members:
            resource = collections.resource_json(collection, members[0])
            yield f"lees{local_name(collection.cls)}", Example(answer=short(resource))


def _advice_examples(engine: Engine) -> Iterator[tuple[str, Example]]:
    data = _from_fields(Situatie) | {"werken": [_from_fields(Werk)]}
    # What the service answers is filled from public data, and so are these answers.
    situation = fill(read_situation(data), engine).situation
    filled = dump_situation(situation)
    advice = engine.advise(situation, questions=MOST_ITEMS).model_dump(mode="json")
    key, almost = (_first_key(advice, part) for part in ("instrumenten", "bijnaPassend"))
    change = {"weglaten": {"werken": data["werken"]}}
    other = {"situatie": data} | change
    yield "adviseer", Example(data, short(advice))
    yield "vraagDoor", Example(data, advice["vragen"])
    yield (
        "vergelijk",
        Example(other, short(what_if_json(engine, WatAlsVerzoek.model_validate({"situatie": filled} | change), "nl"))),
    )
    if len(ranked := [row["conclusie"] for row in advice["instrumenten"]]) > 1:
        order = {"situatie": data, "eerste": ranked[0], "tweede": ranked[-1]}
        answer = why_before_json(engine, RangordeVerzoek.model_validate(order | {"situatie": filled}), "nl")
        yield "legRangordeUit", Example(order, short(answer))
    if key:
        why = {"situatie": data, "conclusie": key}
        yield (
            "legUit",
            Example(why, short(why_json(engine, UitlegVerzoek.model_validate(why | {"situatie": filled}), "nl"))),
        )
    if almost:
        why_not = {"situatie": data, "conclusie": almost}
        answer = why_not_json(
            engine, WaaromNietVerzoek.model_validate(why_not | {"situatie": filled}), "nl", MOST_ITEMS
        )
        yield "legUitWaaromNiet", Example(why_not, short(answer))


def _planning_example(engine: Engine) -> Example:
    work = _from_fields(Programmawerk)
    planning = {
        "werken": [work | {"id": "1", "schuifruimte": 2}, work | {"id": "2", "cyclus": _other_kind(engine, work)}]
    }
    made = make_programme(engine, rows_of(planning["werken"]), date.today(), text=False)
    return Example(planning, short(made.model_dump(mode="json")))


def _other_kind(engine: Engine, work: Json) -> str:
    """A kind of work that opens the same elements as the example's."""
    kind = engine.resolver.find(work["cyclus"], engine.vocabulary.ranges[CYCLUS])
    pairs = engine.knowledge.subjects(EERSTE_WERKSOORT, kind) if kind else []
    return slug(engine.knowledge.objects(pairs[0], TWEEDE_WERKSOORT)[0])


def _from_fields(model: type[BaseModel]) -> Json:
    return {name: field.examples[0] for name, field in model.model_fields.items() if field.examples}


def _first_key(advice: Json, part: str) -> str | None:
    """The key of the first conclusion of a part; of an instrument that almost fits, the key of it fitting."""
    key = next((row["conclusie"] for row in advice[part]), None)
    return key.replace("BijnaPassend", "Passend") if key else None


def short(value: Any) -> Any:
    """A value with its long lists cut short, but for the situation that an advice repeats."""
    if isinstance(value, list):
        return [short(item) for item in value[:MOST_ITEMS]]
    if isinstance(value, dict):
        return {name: item if name == "situatie" else short(item) for name, item in value.items()}
    return value
