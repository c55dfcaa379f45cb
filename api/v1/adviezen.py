"""Advice about a situation, and its explanation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api import BASE_PATH
from api.http.caching import json_response
from api.http.negotiation import (
    CSV,
    JSON,
    JSON_LD,
    SHEET,
    TURTLE,
    WORD,
    accepted_form,
    accepted_language,
    header,
)
from api.v1.explanation import what_if_json, why_before_json, why_json, why_not_json
from api.v1.jsonld import advice_jsonld
from api.v1.models import (
    AdviesParameters,
    InvulParameters,
    Rangorde,
    RangordeVerzoek,
    TaalParameters,
    Uitleg,
    UitlegVerzoek,
    VragenParameters,
    WaaromNiet,
    WaaromNietParameters,
    WaaromNietVerzoek,
    WatAls,
    WatAlsVerzoek,
)
from api.v1.operation import reads, writes
from api.v1.reading import SITUATION_FORMS, ReceivedBody
from kb.advice.compose import vraag
from kb.advice.model import Advies, Vraag
from kb.engine import Engine
from kb.rdf.advice import advice_turtle
from kb.situation.model import Situatie
from kb.spreadsheet import ENCODING

ADVICE_FORMS = (JSON, JSON_LD, TURTLE, CSV, WORD)

router = APIRouter(prefix=f"{BASE_PATH}/adviezen", tags=["adviezen"])


async def engine_of(request: Request) -> Engine:
    """The engine of this process; a coroutine, as FastAPI would ask another thread for it otherwise."""
    engine: Engine = request.app.state.engine
    return engine


EngineOfProcess = Annotated[Engine, Depends(engine_of)]


@router.post(
    "",
    response_model=Advies,
    summary="Advies over een situatie",
    response_description="Het advies.",
    operation_id="adviseer",
    openapi_extra=reads(Situatie, SITUATION_FORMS) | writes(Advies, ADVICE_FORMS),
)
def create_advies(
    request: Request, body: ReceivedBody, engine: EngineOfProcess, query: Annotated[AdviesParameters, Query()]
) -> Response:
    """Wat de regels over de situatie concluderen: relevante, leidende en volgende opgaven, koppelkansen, conflicten,
    oplossingen, passende instrumenten en aanbevelingen, stappen en vervolgvragen. Er wordt niets bewaard. Als Word is
    het een stuk voor de raad: eerst het A4, dan de bewijzen, de bronnen als noten en de situatie als bijlage. Als CSV is
    het één tabel met op iedere rij een conclusie, met puntkomma's en een byte order mark zoals Excel in Nederland
    verwacht."""
    form, language = accepted_form(header(request.scope, "accept"), ADVICE_FORMS), _language(request, query)
    situation = body.situation(engine, fill=query.fill)
    headers = _headers(language, "Accept, Accept-Language")
    if form == TURTLE:
        return Response(advice_turtle(engine, situation, language), headers=headers, media_type=TURTLE)
    advice = engine.advise(situation, language, questions=query.vragen)
    if form == WORD:
        from kb.report.word import advice_word  # takes long to import, and few ask for it

        return Response(advice_word(engine, advice, language), headers=headers, media_type=WORD)
    if form == CSV:
        from kb.report.table import advice_table

        return Response(advice_table(engine, advice, language).encode(ENCODING), headers=headers, media_type=SHEET)
    if form == JSON_LD:
        return json_response(advice_jsonld(engine, advice, language), media_type=form, headers=headers)
    return Response(advice.written(), headers=headers, media_type=form)


@router.post(
    "/uitleg",
    response_model=Uitleg,
    summary="Waarom geldt een conclusie?",
    response_description="De bewijzen.",
    operation_id="legUit",
    openapi_extra=reads(UitlegVerzoek),
)
def create_uitleg(
    request: Request, body: ReceivedBody, engine: EngineOfProcess, query: Annotated[InvulParameters, Query()]
) -> Response:
    """De bewijzen van een conclusie als boom, tot op de gegevens van de situatie en de bronnen van de kennis."""
    accepted_form(header(request.scope, "accept"), [JSON])
    language = _language(request, query)
    asked = body.model(UitlegVerzoek, engine, fill=query.fill)
    return json_response(why_json(engine, asked, language), headers=_headers(language))


@router.post(
    "/waarom-niet",
    response_model=WaaromNiet,
    summary="Waarom geldt een conclusie niet?",
    response_description="Wat ontbreekt.",
    operation_id="legUitWaaromNiet",
    openapi_extra=reads(WaaromNietVerzoek),
)
def create_waarom_niet(
    request: Request, body: ReceivedBody, engine: EngineOfProcess, query: Annotated[WaaromNietParameters, Query()]
) -> Response:
    """De kleinste veranderingen van de situatie waarmee de conclusie gaat gelden. Wie veel vraagt, krijgt wat in de tijd die
    ervoor staat is gevonden; `volledig` is dan onwaar."""
    accepted_form(header(request.scope, "accept"), [JSON])
    language = _language(request, query)
    asked = body.model(WaaromNietVerzoek, engine, fill=query.fill)
    seconds: float = request.app.state.settings.answer_seconds
    found = why_not_json(engine, asked, language, query.aantal, seconds)
    return json_response(found, headers=_headers(language))


@router.post(
    "/rangorde",
    response_model=Rangorde,
    summary="Waarom staat de ene conclusie voor de andere?",
    response_description="De eerste maatstaf waarop zij verschillen.",
    operation_id="legRangordeUit",
    openapi_extra=reads(RangordeVerzoek),
)
def create_rangorde(
    request: Request, body: ReceivedBody, engine: EngineOfProcess, query: Annotated[InvulParameters, Query()]
) -> Response:
    """De eerste maatstaf waarop twee conclusies van een lijst verschillen, met het bewijs dat de ene eraan voldoet en wat
    de andere ervoor mist."""
    accepted_form(header(request.scope, "accept"), [JSON])
    language = _language(request, query)
    asked = body.model(RangordeVerzoek, engine, fill=query.fill)
    return json_response(why_before_json(engine, asked, language), headers=_headers(language))


@router.post(
    "/wat-als",
    response_model=WatAls,
    summary="Wat verandert er als …?",
    response_description="De conclusies die komen en gaan.",
    operation_id="vergelijk",
    openapi_extra=reads(WatAlsVerzoek),
)
def create_wat_als(
    request: Request, body: ReceivedBody, engine: EngineOfProcess, query: Annotated[InvulParameters, Query()]
) -> Response:
    """Welke conclusies erbij komen en welke vervallen als feiten worden toegevoegd en weggelaten."""
    accepted_form(header(request.scope, "accept"), [JSON])
    language = _language(request, query)
    asked = body.model(WatAlsVerzoek, engine, fill=query.fill)
    return json_response(what_if_json(engine, asked, language), headers=_headers(language))


@router.post(
    "/vragen",
    response_model=list[Vraag],
    summary="Wat kan ik het beste nog vragen?",
    response_description="De open vragen.",
    operation_id="vraagDoor",
    openapi_extra=reads(Situatie, SITUATION_FORMS),
)
def create_vragen(
    request: Request, body: ReceivedBody, engine: EngineOfProcess, query: Annotated[VragenParameters, Query()]
) -> Response:
    """De vragen die de situatie openlaat en waarvan het antwoord het meeste verandert, die vooraan."""
    accepted_form(header(request.scope, "accept"), [JSON])
    language = _language(request, query)
    questions = engine.questions(body.situation(engine, fill=query.fill), language, query.aantal)
    return json_response(
        [vraag(question).model_dump(mode="json") for question in questions], headers=_headers(language)
    )


def _language(request: Request, query: TaalParameters) -> str:
    return query.taal or accepted_language(header(request.scope, "accept-language"))


def _headers(language: str, vary: str = "Accept-Language") -> dict[str, str]:
    return {"Content-Language": language, "Vary": vary}
