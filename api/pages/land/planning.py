"""A planning of works that someone sends: read, matched and shown, and not kept. It needs no script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from api.html.forms import sent_fields
from api.html.site import Site, page_language
from api.http.negotiation import JSON, SHEET, TURTLE
from api.pages.advies.address import Asked
from api.pages.advies.reading import why_path
from api.v1.programmas import MOST_PAIRS, read_sheet
from kb import paths
from kb.engine import Engine
from kb.errors import Problem, SituationError
from kb.language import LANGUAGES, Words, catalogue, spoken
from kb.programme.html import Told, programme_html, shown_places
from kb.programme.model import MOST_ROWS, Ontmoeting, Werkprogramma
from kb.programme.reading import FIELDS
from kb.programme.verdicts import read_verdicts
from kb.programme.wording import verdict_line, work_heads
from kb.situation.model import Situatie, dump_situation
from kb.spreadsheet import ENCODING

PLANNING = "/land/planning"
FILE, TEXT, DAY, FORM = "bestand", "planning", "peildatum", "vorm"
VERDICT_FILE, VERDICT_TEXT, DISTANCE = "oordeelbestand", "oordelen", "afstand"
EXAMPLE = "planning.csv"


@dataclass(frozen=True)
class Meeting:
    """Two works that meet, in words, and the address of the proof of each conclusion."""

    told: Told
    proofs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sent:
    """What is sent: the planning as text, the day that it is read for, the form in which the answer is wanted, the judgements
    that come with it and how far apart drawn works may lie."""

    planning: bytes
    day: str = ""
    form: str = ""
    verdicts: bytes = b""
    distance: str = ""

    @property
    def text(self) -> str:
        """The planning as it is shown in the field again."""
        return _shown(self.planning)

    @property
    def verdict_text(self) -> str:
        """The judgements as they are sent along when the answer is taken along."""
        return _shown(self.verdicts)


class PlanningPage:
    """Shows what comes of a planning."""

    def __init__(self, engine: Engine, site: Site) -> None:
        self._engine = engine
        self._site = site

    def get(self, request: Request) -> Response:
        """The form; or, when the address asks for it, what comes of the example."""
        if request.query_params.get("voorbeeld"):
            return self._answer(request, Sent(example()))
        return self._page(request, Sent(b""), [], None)

    def post(self, request: Request, body: bytes) -> Response:
        """What comes of the planning in the body of a form; what cannot be read is told above the form."""
        fields = sent_fields(request.headers.get("content-type", ""), body)
        day, form, distance = (
            fields.get(name, b"").decode("ascii", "replace").strip() for name in (DAY, FORM, DISTANCE)
        )
        planning = fields.get(FILE) or fields.get(TEXT) or b""
        verdicts = fields.get(VERDICT_FILE) or fields.get(VERDICT_TEXT) or b""
        return self._answer(request, Sent(planning, day, form, verdicts, distance))

    def _answer(self, request: Request, sent: Sent) -> Response:
        language = page_language(request).language
        try:
            made = self._made(sent, language)
        except SituationError as error:
            problems = [spoken(problem.words, language) for problem in error.problems]
            return self._page(request, sent, problems, None, HTTPStatus.BAD_REQUEST)
        if sent.form in DOWNLOADS:
            return self._download(made, sent.form, language)
        return self._page(request, sent, [], made)

    def _made(self, sent: Sent, language: str) -> Werkprogramma:
        from kb.programme.judge import make_programme

        return make_programme(
            self._engine,
            read_sheet(sent.planning),
            _day(sent.day),
            language,
            most_pairs=MOST_PAIRS,
            distance=_distance(sent.distance),
            verdicts=read_sheet(sent.verdicts, read_verdicts) if sent.verdicts.strip() else None,
        )

    def _download(self, made: Werkprogramma, form: str, language: str) -> Response:
        media_type, write = DOWNLOADS[form]
        named = {"Content-Disposition": f'attachment; filename="programma.{form}"', "Content-Language": language}
        return Response(write(self._engine, made, language), 200, named, media_type)

    def _page(
        self, request: Request, sent: Sent, problems: list[str], made: Werkprogramma | None, status: int = 200
    ) -> Response:
        language = page_language(request).language
        shown = [] if made is None else shown_places(made, language)
        return self._site.page(
            request,
            "planning.html",
            status=status,
            headers={"Cache-Control": "no-store"},
            fouten=problems,
            tekst=sent.text,
            oordelen=sent.verdict_text,
            afstand=sent.distance,
            los=[verdict_line(verdict, language) for verdict in made.losseOordelen] if made else [],
            dag=made.peildatum.isoformat() if made else sent.day,
            programma=made,
            plaatsen=shown,
            ontmoetingen=[
                [_meeting(*pair) for pair in zip(place.meetings, place.plaats.ontmoetingen, strict=True)]
                for place in shown
            ],
            adviezen=[_asked(place.plaats.situatie).path() for place in shown],
            koppen=work_heads(language),
            velden=FIELDS,
            meeste_rijen=MOST_ROWS,
            vormen=list(DOWNLOADS),
        )


def example() -> bytes:
    """The planning that comes with the project; the works in it are invented."""
    return (paths.EXAMPLES / EXAMPLE).read_bytes()


def _day(text: str) -> date:
    """The day that is asked for; today without one.

    Errors: SituationError when it is no day.
    """
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        said = Words(*(catalogue(language)("planning.geen_dag", day=text) for language in LANGUAGES))
        raise SituationError([Problem(DAY, said)]) from error


def _distance(text: str) -> float | None:
    """How many metres are asked; none when nothing is.

    Errors: SituationError when it is no number.
    """
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError as error:
        said = Words(*(catalogue(language)("planning.geen_getal", given=text) for language in LANGUAGES))
        raise SituationError([Problem(DISTANCE, said)]) from error


def _shown(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace").replace("\0", "�")


def _meeting(told: Told, meeting: Ontmoeting) -> Meeting:
    asked = _asked(meeting.situatie)
    return Meeting(told, tuple((row.label, why_path(asked, row.conclusie)) for row in meeting.bevindingen))


def _asked(situation: Situatie) -> Asked:
    """The situation as an address asks it: without what is filled in from public data, as that is filled in again."""
    own = {name: value for name, value in situation.metingen.items() if name not in situation.herkomst}
    return Asked(dump_situation(situation.model_copy(update={"metingen": own, "herkomst": {}})))


def _csv(_engine: Engine, made: Werkprogramma, _language: str) -> bytes:
    from kb.programme.tables import programme_csv

    return programme_csv(made).encode(ENCODING)


def _ics(_engine: Engine, made: Werkprogramma, language: str) -> bytes:
    from kb.programme.ics import programme_ics

    return programme_ics(made, language)


def _html(_engine: Engine, made: Werkprogramma, language: str) -> bytes:
    return programme_html(made, language).encode()


def _json(_engine: Engine, made: Werkprogramma, _language: str) -> bytes:
    return made.model_dump_json(indent=2).encode()


def _turtle(engine: Engine, made: Werkprogramma, language: str) -> bytes:
    from kb.programme.rdf import programme_turtle

    return programme_turtle(engine, made, language).encode()


def _verdict_sheet(_engine: Engine, made: Werkprogramma, language: str) -> bytes:
    from kb.programme.verdict_sheet import verdict_sheet

    return verdict_sheet(made, language).encode(ENCODING)


Writer = Callable[[Engine, Werkprogramma, str], bytes]
# The forms in which the answer can be taken along, by the ending of the file.
DOWNLOADS: Mapping[str, tuple[str, Writer]] = {
    "ics": ("text/calendar; charset=utf-8", _ics),
    "csv": (SHEET, _csv),
    "html": ("text/html; charset=utf-8", _html),
    "json": (JSON, _json),
    "ttl": (TURTLE, _turtle),
    "oordelen.csv": (SHEET, _verdict_sheet),
}
