"""Every error as a problem (RFC 9457): one table from exceptions to status, one from status to words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api import BASE_PATH
from api.http.caching import json_response
from api.http.errors import (
    AwayError,
    BusyError,
    MalformedError,
    MediaTypeError,
    MethodError,
    NotAcceptableError,
    NotFoundError,
    ReadOnlyError,
    RefusedError,
    RequestError,
    SlowError,
    TooLargeError,
)
from api.http.models import Fout, Probleem, Probleemsoort, Probleemsoorten
from api.http.negotiation import accepted_language, header
from kb.errors import ConclusionError, Problem, SituationError, nearest
from kb.language import LANGUAGES, Taal, Words, did_you_mean, spoken
from kb.situation.messages import problem_of

PROBLEM_JSON = "application/problem+json"
MOST_NAMED = 10

STATUS: dict[type[Exception], int] = {
    SituationError: HTTPStatus.BAD_REQUEST,
    ConclusionError: HTTPStatus.BAD_REQUEST,
    MalformedError: HTTPStatus.BAD_REQUEST,
    ReadOnlyError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    MethodError: HTTPStatus.METHOD_NOT_ALLOWED,
    NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
    SlowError: HTTPStatus.REQUEST_TIMEOUT,
    TooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    MediaTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    # No fault of ours: the SPARQL Protocol says so (section 2.1.6) of a query that is refused.
    RefusedError: HTTPStatus.INTERNAL_SERVER_ERROR,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    AwayError: HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the last part of its type, its title, and what it means."""

    slug: str
    title: str
    meaning: str


KINDS: dict[int, Kind] = {
    400: Kind(
        "ongeldige-invoer",
        Words("Ongeldige invoer", "Invalid input"),
        Words(
            "De invoer klopt niet; `fouten` noemt ieder verkeerd veld.",
            "The input is not right; `fouten` names each wrong field.",
        ),
    ),
    403: Kind(
        "alleen-lezen",
        Words("Alleen lezen", "Read only"),
        Words("Deze dienst voert geen wijzigingen uit.", "This service runs no changes."),
    ),
    404: Kind(
        "niet-gevonden",
        Words("Niet gevonden", "Not found"),
        Words(
            "Op dit adres is niets; `fouten` noemt wat er op lijkt.",
            "There is nothing at this address; `fouten` names what looks like it.",
        ),
    ),
    405: Kind(
        "methode-niet-toegestaan",
        Words("Methode niet toegestaan", "Method not allowed"),
        Words(
            "De kop `Allow` noemt de methoden die wel kunnen.", "The header `Allow` names the methods that there are."
        ),
    ),
    406: Kind(
        "vorm-niet-beschikbaar",
        Words("Vorm niet beschikbaar", "Form not available"),
        Words(
            "Het antwoord is er niet in een vorm die `Accept` noemt.",
            "The answer is not there in a form that `Accept` names.",
        ),
    ),
    408: Kind(
        "verzoek-te-langzaam",
        Words("Verzoek te langzaam", "Request too slow"),
        Words(
            "De inhoud van het verzoek kwam niet op tijd binnen.", "The body of the request did not come in in time."
        ),
    ),
    413: Kind(
        "inhoud-te-groot",
        Words("Inhoud te groot", "Body too large"),
        Words("De inhoud van het verzoek is groter dan toegestaan.", "The body of the request is larger than allowed."),
    ),
    415: Kind(
        "vorm-niet-leesbaar",
        Words("Vorm niet leesbaar", "Form not read"),
        Words("De inhoud is in een vorm die hier niet wordt gelezen.", "The body is in a form that is not read here."),
    ),
    500: Kind(
        "onverwachte-fout",
        Words("Onverwachte fout", "Unexpected error"),
        Words("Er ging bij ons iets mis; het is vastgelegd.", "Something went wrong on our side; it has been noted."),
    ),
    503: Kind(
        "nu-niet-beschikbaar",
        Words("Nu niet beschikbaar", "Not available now"),
        Words(
            "De kop `Retry-After` noemt na hoeveel seconden het weer kan.",
            "The header `Retry-After` says after how many seconds to come back.",
        ),
    ),
}

router = APIRouter(prefix=f"{BASE_PATH}/problemen", tags=["over"])


def install(app: FastAPI, public_base: str) -> None:
    """Let the app answer every error with a problem."""

    def respond(request: Request, error: Exception) -> Response:
        return answer(request, error, public_base)

    for kind in (*STATUS, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, respond)


def answer(request: Request, error: Exception, public_base: str) -> Response:
    """The problem that an error is for the asker."""
    writer = Writer(request.scope, public_base)
    match error:
        case RequestValidationError():
            return writer.faults(_query_problems(request, error))
        case SituationError():
            return writer.faults(error.problems)
        case ConclusionError():
            return writer.faults([Problem("conclusie", error.args[0], error.nearest)])
        case RefusedError():
            return writer.problem(STATUS[RefusedError], error.args[0], kind=_REFUSED)
        case RequestError():
            return writer.problem(STATUS[type(error)], error.args[0], error.problems, error.headers)
        case HTTPException(status_code=404):
            return writer.problem(404, Words("Hier is niets.", "There is nothing here."), [_unknown_path(request)])
        case HTTPException(status_code=405):
            allowed = [method.strip() for method in (error.headers or {}).get("Allow", "").split(",")]
            return answer(request, MethodError(request.method, allowed), public_base)
        case HTTPException():
            return writer.problem(error.status_code, error.detail, headers=error.headers)
    raise error


def respond(scope: Scope, error: RequestError, public_base: str) -> Response:
    """The same outside a route."""
    return answer(Request(scope), error, public_base)


def unavailable(scope: Scope, public_base: str, detail: Words, seconds: int) -> Response:
    """The problem for a service that cannot answer yet."""
    return Writer(scope, public_base).problem(503, detail, headers={"Retry-After": str(seconds)})


def unexpected(scope: Scope, public_base: str) -> Response:
    """The problem for an error nobody foresaw."""
    return Writer(scope, public_base).problem(500, _UNEXPECTED)


_UNEXPECTED = Words(
    "Er ging bij ons iets mis. Probeer het later nog eens.", "Something went wrong on our side. Try again later."
)
_REFUSED = Kind("", HTTPStatus.INTERNAL_SERVER_ERROR.phrase, "")


class Writer:
    """Writes the problems of one request, in the language that it asks for."""

    def __init__(self, scope: Scope, public_base: str) -> None:
        self._path = scope["path"]
        self._public_base = public_base
        self._language = language_of(scope)

    def faults(self, problems: Sequence[Problem]) -> Response:
        """The problem of input with faults."""
        return self.problem(400, _summary(problems), problems)

    def problem(
        self,
        status: int,
        detail: str,
        problems: Iterable[Problem] = (),
        headers: Mapping[str, str] | None = None,
        kind: Kind | None = None,
    ) -> Response:
        """Any problem; its kind follows from its status unless it is given."""
        kind = kind or KINDS.get(status) or Kind("", HTTPStatus(status).phrase, "")
        problem = Probleem(
            type=f"{self._public_base}{router.prefix}/{kind.slug}" if kind.slug else "about:blank",
            title=self._say(kind.title),
            status=status,
            detail=self._say(detail),
            instance=quote(self._path),
            fouten=[Fout(veld=p.field, melding=self._say(p.message), nabij=list(p.nearest)) for p in problems],
        )
        sent = {"Content-Language": self._language, "Vary": "Accept-Language", **(headers or {})}
        return json_response(problem.model_dump(), status=status, media_type=PROBLEM_JSON, headers=sent)

    def _say(self, text: str) -> str:
        return spoken(text, self._language)


def language_of(scope: Scope) -> Taal:
    """The language that the address names (`taal`), else the one that the request likes best."""
    given = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("taal", "")
    return next((known for known in LANGUAGES if known == given), None) or accepted_language(
        header(scope, "accept-language")
    )


def _summary(problems: Sequence[Problem]) -> Words:
    if len(problems) == 1:
        return problems[0].words
    fields = list(dict.fromkeys(problem.field for problem in problems))
    more = len(fields) - MOST_NAMED

    def named(whole: str, others: str) -> str:
        shown = ", ".join(field or whole for field in fields[:MOST_NAMED])
        return shown + (others.format(more) if more > 0 else "")

    return Words(
        f"{len(problems)} fouten, in {named('het geheel', ' en {} andere velden')}.",
        f"{len(problems)} faults, in {named('the whole', ' and {} other fields')}.",
    )


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
    found = [context.original_route for context in iter_route_contexts(request.app.routes)]
    paths = [route.path for route in found if isinstance(route, APIRoute) and route.include_in_schema]
    known = {path: path for path in paths if "{" not in path}
    near = nearest(path, known)
    meant = did_you_mean(near)
    return Problem("", Words(f"onbekend adres: {path!r}.{meant}", f"unknown address: {path!r}.{meant.en}"), near)


@router.get(
    "", response_model=Probleemsoorten, summary="Soorten problemen", response_description="De soorten problemen."
)
def list_probleemsoorten(request: Request) -> Response:
    """Alle soorten problemen waarmee de API kan antwoorden."""
    language = language_of(request.scope)
    return json_response({"soorten": [_kind_json(status, language) for status in KINDS]}, headers=_headers(language))


@router.get("/{id}", response_model=Probleemsoort, summary="Een soort probleem", response_description="De soort.")
def get_probleemsoort(request: Request, id: str) -> Response:
    """Wat een soort probleem betekent; `type` van ieder probleem wijst hierheen."""
    found = next((status for status, kind in KINDS.items() if kind.slug == id), None)
    if found is None:
        near = nearest(id, {kind.slug: kind.slug for kind in KINDS.values()})
        message = Words(f"Onbekende soort probleem: {id!r}.", f"Unknown kind of problem: {id!r}.")
        raise NotFoundError(message, (Problem("id", Words("onbekend.", "unknown."), near),))
    language = language_of(request.scope)
    return json_response(_kind_json(found, language), headers=_headers(language))


def _headers(language: str) -> dict[str, str]:
    return {"Content-Language": language, "Vary": "Accept-Language"}


def _kind_json(status: int, language: str) -> dict[str, object]:
    kind = KINDS[status]
    title, meaning = spoken(kind.title, language), spoken(kind.meaning, language)
    return {"id": kind.slug, "titel": title, "status": status, "betekenis": meaning}
