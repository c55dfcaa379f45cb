"""A planning of works: which meet in one place, what that couples, what clashes and who would have to move."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.http.caching import json_response
from api.http.errors import not_read
from api.http.negotiation import CSV, JSON, accepted_form, accepted_language, header
from api.v1.adviezen import EngineOfProcess
from api.v1.models import ProgrammaParameters
from api.v1.operation import reads
from api.v1.reading import Received, ReceivedBody
from kb.errors import Problem, SituationError
from kb.language import Words
from kb.programme.judge import make_programme
from kb.programme.model import MOST_ROWS, Planning, Werkprogramma
from kb.programme.reading import Sheet, read_csv, rows_of
from kb.situation.model import read_model

PLANNING_FORMS = (JSON, CSV)
MOST_PAIRS = 500  # each takes some milliseconds

router = APIRouter(prefix=f"{BASE_PATH}/programmas", tags=["programmas"])


class Rows(BaseModel):
    """A planning of which the works are read one by one later."""

    model_config = ConfigDict(extra="forbid")

    werken: tuple[dict[str, Any], ...] = Field(max_length=MOST_ROWS)
    oordelen: tuple[dict[str, Any], ...] | None = Field(default=None, max_length=MOST_ROWS)


@router.post(
    "",
    response_model=Werkprogramma,
    summary="Programma uit een planning van werken",
    response_description="Het programma.",
    operation_id="programmeer",
    openapi_extra=reads(Planning, PLANNING_FORMS),
)
def create_programma(
    request: Request, body: ReceivedBody, engine: EngineOfProcess, query: Annotated[ProgrammaParameters, Query()]
) -> Response:
    """Wat de regels zeggen van iedere twee werken op één plaats: of zij samenvallen, wie hoeveel jaar zou moeten schuiven,
    of één opening genoeg is, wat botst met de rustperiode en wat zij koppelen; en per plaats wat het advies eerst zegt.
    Oordelen van partijen komen terug bij de ontmoeting, en zijn vervallen als een werk sindsdien veranderde. Een werk of
    oordeel dat niet te gebruiken is komt terug in `nietGebruikt` of `nietGebruikteOordelen`, met rij en veld. Er wordt
    niets bewaard."""
    accepted_form(header(request.scope, "accept"), [JSON])
    language = query.taal or accepted_language(header(request.scope, "accept-language"))
    sheet, verdicts = _sheets(body)
    made = make_programme(
        engine,
        sheet,
        query.peildatum or date.today(),
        language,
        text=body.media_type == CSV,
        with_data=query.fill,
        most_pairs=MOST_PAIRS,
        distance=query.afstand,
        verdicts=verdicts,
    )
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    return json_response(made, headers=headers)


def _sheets(body: Received) -> tuple[Sheet, Sheet | None]:
    """The works of a body, and the judgements that come with them; CSV has works only.

    Errors: MediaTypeError; SituationError when it cannot be read as a whole, or has too many rows.
    """
    if body.media_type not in PLANNING_FORMS:
        raise not_read(body.media_type, PLANNING_FORMS)
    if body.media_type == JSON:
        given = read_model(Rows, body.content)
        return rows_of(given.werken), None if given.oordelen is None else rows_of(given.oordelen)
    return read_sheet(body.content), None


def read_sheet(content: bytes, read: Callable[[bytes], Sheet] = read_csv) -> Sheet:
    """The rows of a planning as CSV, or of what `read` reads.

    Errors: SituationError when it cannot be read as a whole, or has too many rows.
    """
    sheet = read(content)
    if (count := len(sheet.rows) + len(sheet.broken)) > MOST_ROWS:
        message = Words(
            f"heeft {count} rijen, en ten hoogste {MOST_ROWS} mag.",
            f"has {count} rows, and at most {MOST_ROWS} may be.",
        )
        raise SituationError([Problem("werken", message)])
    return sheet
