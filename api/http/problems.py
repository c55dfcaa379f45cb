"""Every error as a problem (RFC 9457): one table from exceptions to status, one from status to words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.http.caching import json_response
from api.http.errors import MediaTypeError, NotAcceptableError, NotFoundError, RequestError, TooLargeError
from api.http.models import Fout, Probleem, Probleemsoort, Probleemsoorten
from kb.errors import ConclusionError, Problem, SituationError, nearest
from kb.situation.messages import problem_of

PROBLEM_JSON = "application/problem+json"
MOST_NAMED = 10

STATUS: dict[type[Exception], int] = {
    SituationError: HTTPStatus.BAD_REQUEST,
    ConclusionError: HTTPStatus.BAD_REQUEST,
    NotFoundError: HTTPStatus.NOT_FOUND,
    NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    MediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the last part of its type, its title, and what it means."""

    slug: str
    title: str
    meaning: str


KINDS: dict[int, Kind] = {
    400: Kind("ongeldige-invoer", "Ongeldige invoer", "De invoer klopt niet; `fouten` noemt ieder verkeerd veld."),
    404: Kind("niet-gevonden", "Niet gevonden", "Op dit adres is niets; `fouten` noemt wat er op lijkt."),
    405: Kind("methode-niet-toegestaan", "Methode niet toegestaan", "De kop `Allow` noemt de methoden die wel kunnen."),
    406: Kind("vorm-niet-beschikbaar", "Vorm niet beschikbaar", "Het antwoord is er niet in een vorm die `Accept` noemt."),
    413: Kind("inhoud-te-groot", "Inhoud te groot", "De inhoud van het verzoek is groter dan toegestaan."),
    415: Kind("vorm-niet-leesbaar", "Vorm niet leesbaar", "De inhoud is in een vorm die hier niet wordt gelezen."),
    500: Kind("onverwachte-fout", "Onverwachte fout", "Er ging bij ons iets mis; het is vastgelegd."),
    503: Kind("nu-niet-beschikbaar", "Nu niet beschikbaar", "De kop `Retry-After` noemt na hoeveel seconden het weer kan."),
}  # fmt: skip

router = APIRouter(prefix=f"{BASE_PATH}/problemen", tags=["over"])


def install(app: FastAPI, public_base: str) -> None:
    """Let the app answer every error with a problem."""

    def respond(request: Request, error: Exception) -> Response:
        return answer(request, error, public_base)

    for kind in (*STATUS, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, respond)


def answer(request: Request, error: Exception, public_base: str) -> Response:
    """The problem that an error is for the asker."""
    path = request.url.path
    match error:
        case RequestValidationError():
            problems = _query_problems(request, error)
            return _problem(400, _summary(problems), path, public_base, problems)
        case SituationError():
            return _problem(400, _summary(error.problems), path, public_base, error.problems)
        case ConclusionError():
            problems = [Problem("conclusie", str(error), error.nearest)]
            return _problem(400, _summary(problems), path, public_base, problems)
        case RequestError():
            return _problem(STATUS[type(error)], str(error), path, public_base, error.problems)
        case HTTPException(status_code=404):
            return _problem(404, "Hier is niets.", path, public_base, [_unknown_path(request)])
        case HTTPException(status_code=405):
            allowed = (error.headers or {}).get("Allow", "")
            detail = f"{request.method} kan hier niet; wel {allowed}."
            return _problem(405, detail, path, public_base, headers=error.headers)
        case HTTPException():
            return _problem(error.status_code, error.detail, path, public_base, headers=error.headers)
    raise error


def unavailable(path: str, public_base: str, detail: str, seconds: int) -> Response:
    """The problem for a service that cannot answer yet."""
    return _problem(503, detail, path, public_base, headers={"Retry-After": str(seconds)})


def unexpected(path: str, public_base: str) -> Response:
    """The problem for an error nobody foresaw."""
    return _problem(500, "Er ging bij ons iets mis. Probeer het later nog eens.", path, public_base)


def _problem(
    status: int,
    detail: str,
    path: str,
    public_base: str,
    problems: Iterable[Problem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    kind = KINDS.get(status) or Kind("", HTTPStatus(status).phrase, "")
    problem = Probleem(
        type=f"{public_base}{router.prefix}/{kind.slug}" if kind.slug else "about:blank",
        title=kind.title,
        status=status,
        detail=detail,
        instance=quote(path),
        fouten=[Fout(veld=p.field, melding=p.message, nabij=list(p.nearest)) for p in problems],
    )
    return json_response(problem.model_dump(), status=status, media_type=PROBLEM_JSON, headers=headers)


def _summary(problems: list[Problem]) -> str:
    if len(problems) == 1:
        return str(problems[0])
    fields = list(dict.fromkeys(problem.field or "het geheel" for problem in problems))
    more = f" en {len(fields) - MOST_NAMED} andere velden" if len(fields) > MOST_NAMED else ""
    return f"{len(problems)} fouten, in {', '.join(fields[:MOST_NAMED])}{more}."


def _query_problems(request: Request, error: RequestValidationError) -> list[Problem]:
    """What is wrong with the query, its keys named as they stand in the address."""
    known = [name for parameter in request.scope["route"].dependant.query_params for name in _names(parameter)]
    return [problem_of({**detail, "loc": detail["loc"][1:]}, known) for detail in error.errors()]


def _names(parameter: object) -> list[str]:
    model = parameter.field_info.annotation  # type: ignore[attr-defined]  # FastAPI does not publish the type
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown_path(request: Request) -> Problem:
    """What is asked for, with the addresses that look like it."""
    path = request.url.path
    addresses = [
        f"{BASE_PATH}{address}".rstrip("/") for address in request.app.openapi()["paths"] if "{" not in address
    ]
    known = {address: address for address in addresses}
    near = nearest(path, known)
    meant = f" Bedoelt u {', '.join(near)}?" if near else ""
    return Problem("", f"onbekend adres: {path!r}.{meant}", near)


@router.get(
    "", response_model=Probleemsoorten, summary="Soorten problemen", response_description="De soorten problemen."
)
def list_probleemsoorten() -> Response:
    """Alle soorten problemen waarmee de API kan antwoorden."""
    return json_response({"soorten": [_kind_json(status) for status in KINDS]})


@router.get("/{id}", response_model=Probleemsoort, summary="Een soort probleem", response_description="De soort.")
def get_probleemsoort(id: str) -> Response:
    """Wat een soort probleem betekent; `type` van ieder probleem wijst hierheen."""
    found = next((status for status, kind in KINDS.items() if kind.slug == id), None)
    if found is None:
        near = nearest(id, {kind.slug: kind.slug for kind in KINDS.values()})
        raise NotFoundError(f"Onbekende soort probleem: {id!r}.", (Problem("id", "onbekend.", near),))
    return json_response(_kind_json(found))


def _kind_json(status: int) -> dict[str, object]:
    kind = KINDS[status]
    return {"id": kind.slug, "titel": kind.title, "status": status, "betekenis": kind.meaning}
