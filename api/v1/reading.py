"""Request bodies: received in the event loop, read and checked in a worker."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends
from pydantic import BaseModel
from pydantic_core import from_json
from starlette.requests import Request

from api.http.errors import not_read, packed
from api.http.negotiation import JSON, JSON_LD, TURTLE
from kb.country.fill import fill
from kb.engine import Engine
from kb.errors import ConclusionError, Problem, SituationError
from kb.language import Words
from kb.rdf.situation import read_situation_rdf
from kb.situation.model import Situatie, read_model, read_situation

Model = TypeVar("Model", bound=BaseModel)
ASKED = "situatie"  # the field with the situation that a question is about
SITUATION_FORMS = (JSON, JSON_LD, TURTLE)


@dataclass(frozen=True)
class Received:
    """A request body as it came in."""

    content: bytes
    media_type: str

    def situation(self, engine: Engine, *, fill: bool = False) -> Situatie:
        """The situation, as our JSON or as RDF; with `fill` it is filled from public data.

        Errors: SituationError with everything that is wrong; MediaTypeError.
        """
        self._check_form(SITUATION_FORMS)
        if self.media_type == JSON:
            return self.model(Situatie, engine, fill=fill)
        if self.media_type == JSON_LD:
            _check_depth(self.content)
        situation = read_situation_rdf(self.content, self.media_type, engine)
        return _filled(situation, engine) if fill else situation

    def model(self, model: type[Model], engine: Engine, *, fill: bool = False) -> Model:
        """A model that is a situation or holds some, from JSON; with `fill` the one asked about is filled from public data.

        Errors: SituationError with everything that is wrong, in shape and in terms; MediaTypeError.
        """
        self._check_form((JSON,))
        problems: list[Problem] = []
        parts: Any = None
        try:
            parts = found = read_model(model, self.content)
        except SituationError as error:
            problems = list(error.problems)
            parts = _sound_parts(self.content, problems)
        filled: dict[str, Situatie] = {}
        for place, part in _parts(model, parts):
            problems += _term_problems(place, part, engine, filled if fill and place in ("", ASKED) else None)
        if problems:
            raise SituationError(problems)
        return _with_data(found, filled)

    def _check_form(self, readable: tuple[str, ...]) -> None:
        if self.media_type not in readable:
            raise not_read(self.media_type, readable)


async def receive(request: Request) -> Received:
    """The body of a request.

    Errors: MediaTypeError for a compressed body.
    """
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        raise packed(encoding)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Received(await request.body(), media_type)


def _check_depth(content: bytes) -> None:
    """Refuse JSON that is nested too deep: the parser of JSON-LD would exhaust the stack and end the process."""
    try:
        from_json(content)
    except ValueError as error:
        raise SituationError(
            [Problem("", Words(f"geen geldige JSON: {error}.", f"no valid JSON: {error}."))]
        ) from error


ReceivedBody = Annotated[Received, Depends(receive)]


def _parts(model: type[BaseModel], values: Any) -> Iterator[tuple[str, Any]]:
    """Each part whose terms can be checked, with its place: a situation or a conclusion key."""
    if model is Situatie:
        yield "", values
        return
    for name, field in model.model_fields.items():
        part = values.get(name) if isinstance(values, dict) else getattr(values, name, None)
        if part is not None and (field.annotation is Situatie or name == "conclusie"):
            yield name, part


def _sound_parts(content: bytes, problems: list[Problem]) -> Any:
    """The JSON without the fields that have a problem, so that the rest can be checked too.

    A body with one wrong field is refused as a whole, before anyone asks what its terms mean. Without its wrong fields each
    situation in it has the right shape, as every field of a situation is optional, and so its unknown terms can be named
    in the same answer. Whole fields are left out: of a list with one wrong item nothing is checked for meaning.
    """
    try:
        data = from_json(content)
    except ValueError:
        return {}
    return _without(data, {problem.field for problem in problems}, "") if isinstance(data, dict) else {}


def _without(data: dict[str, Any], wrong: set[str], place: str) -> dict[str, Any]:
    sound = {}
    for name, value in data.items():
        here = f"{place}{name}"
        if here in wrong:
            continue
        if not any(field.startswith((f"{here}.", f"{here}[")) for field in wrong):
            sound[name] = value
        elif not place and isinstance(value, dict):
            sound[name] = _without(value, wrong, f"{here}.")
    return sound


def _with_data(found: Model, filled: Mapping[str, Situatie]) -> Model:
    """The same with the situation that is asked about as it was filled."""
    if isinstance(found, Situatie):
        return cast("Model", filled.get("", found))
    return found.model_copy(update={ASKED: filled[ASKED]}) if ASKED in filled else found


def _filled(situation: Situatie, engine: Engine) -> Situatie:
    return fill(situation, engine).situation if situation.names_area else situation


def _term_problems(place: str, part: Any, engine: Engine, filled: dict[str, Situatie] | None = None) -> list[Problem]:
    """What is wrong with the terms of a part; a situation is filled from public data first where `filled` keeps it."""
    try:
        if place == "conclusie":
            engine.conclusion(str(part))
        else:
            situation = part if isinstance(part, Situatie) else read_situation(part)
            if filled is not None:
                situation = filled[place] = _filled(situation, engine)
            engine.check(situation)
    except ConclusionError as error:
        return [Problem(place, error.args[0], error.nearest)]
    except SituationError as error:
        prefix = f"{place}." if place else ""
        return [replace(problem, field=prefix + problem.field) for problem in error.problems]
    return []
