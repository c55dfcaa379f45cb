"""The page at `/advies`: the form, the advice of what the address says, its proofs and the files to take along."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from http import HTTPStatus
from shlex import quote
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import BASE_PATH
from api.html.forms import sent_fields
from api.html.site import LANGUAGE_KEY, Site, page_language
from api.http.caching import json_response
from api.http.negotiation import CSV, JSON, JSON_LD, SHEET, TURTLE, WORD
from api.pages.advies.address import COMPARE, PATH, ROWS, Asked, Json, read_address, situation_path
from api.pages.advies.choices import Choices
from api.pages.advies.form import WORK_PARTS, Fault, Form, Mender
from api.pages.advies.pictures import matrix, swan, time_line
from api.pages.advies.reading import BESIDE, WHY, Changes, before_path, changes, compared_path, read_advice, why_path
from api.pages.advies.street import draw_street
from api.v1.jsonld import advice_jsonld
from kb import paths
from kb.advice.model import Advies
from kb.country.fill import Filled, fill, load_country, shown_name, table_path
from kb.engine import Engine
from kb.errors import Problem, SituationError
from kb.explain.difference import difference
from kb.language import LANGUAGES, Words, catalogue
from kb.rdf.advice import advice_turtle
from kb.report.changes import difference_sections
from kb.report.markdown import markdown
from kb.report.report import report
from kb.report.street import street
from kb.report.table import advice_table
from kb.situation.model import Situatie, dump_situation, read_situation
from kb.situation.resolve import is_cbs_code
from kb.spreadsheet import ENCODING

QUESTIONS = 5
# The forms in which an advice can be taken along, by the ending of the address, with what the API calls them.
FORMS = {"docx": WORD, "csv": CSV, "md": "", "json": JSON, "jsonld": JSON_LD, "ttl": TURTLE}
_FILE = "bestand"


@dataclass(frozen=True)
class Advised:
    """A situation that was understood: as it was asked, as it was filled in, and the advice about it."""

    asked: Asked
    filled: Filled
    advice: Advies

    @property
    def year(self) -> int:
        """The year that the advice is about."""
        return (self.advice.situatie.peildatum or date.today()).year


class AdvicePage:
    """Answers everything under `/advies`. What is asked stands in the address; nothing is kept."""

    def __init__(self, engine: Engine, site: Site) -> None:
        self.engine = engine
        self.site = site
        self.choices = lru_cache(maxsize=None)(lambda language: Choices(engine, language))

    def get(self, request: Request) -> Response:
        """The form; with a situation in the address, the advice with the form below it."""
        language = page_language(request).language
        try:
            asked = read_address(request.query_params.multi_items())
            if asked.is_empty:
                return self._form(request, Form(asked, self.choices(language)))
            filled = self.filled(asked)
        except SituationError as error:
            return self.refused(request, error)
        if moved := self.moved(request, asked):
            return moved
        advice = self.engine.advise(filled.situation, language, questions=QUESTIONS)
        return self._advice(request, Advised(asked, filled, advice), language)

    def open_file(self, request: Request, body: bytes) -> Response:
        """Goes to the address of the situation in a file that the asker sends: our JSON, filled in already or not."""
        language = page_language(request).language
        try:
            situation = read_situation(_sent_file(request.headers.get("content-type", ""), body))
        except SituationError as error:
            form = Form(Asked(), self.choices(language), self._faults(error.problems, Asked(), language, Asked().path))
            return self._form(request, form, HTTPStatus.BAD_REQUEST)
        asked = Asked(dump_situation(situation), fill=not situation.herkomst)
        return self.to(request, asked.path())

    def file(self, request: Request, form: str) -> Response:
        """The advice or the situation as a file."""
        language = page_language(request).language
        asked = read_address(request.query_params.multi_items())
        advised = self.advise(asked, language, questions=QUESTIONS)
        sent = {"Content-Language": language}
        match form:
            case "docx":
                return Response(self._word(advised, language), 200, sent | _named("advies.docx"), WORD)
            case "md":
                text = markdown(report(advised.advice, language, everything=True))
                return Response(text, 200, sent, "text/markdown; charset=utf-8")
            case "ttl":
                turtle = advice_turtle(self.engine, advised.filled.situation, language)
                return Response(turtle, 200, sent, TURTLE)
            case "csv":
                table = advice_table(self.engine, advised.advice, language).encode(ENCODING)
                return Response(table, 200, sent | _named("advies.csv"), SHEET)
            case "json":
                return Response(advised.advice.written(), 200, sent, JSON)
            case "jsonld":
                linked = advice_jsonld(self.engine, advised.advice, language)
                return json_response(linked, media_type=JSON_LD, headers=sent)
        text = json.dumps(dump_situation(advised.filled.situation), ensure_ascii=False, indent=2) + "\n"
        return Response(text, 200, _named("situatie.json"), "application/json")

    def _word(self, advised: Advised, language: str) -> bytes:
        """The advice as a Word document."""
        from kb.report.word import advice_word  # takes as long to import as all the rest of a page, and few ask for it

        return advice_word(self.engine, advised.advice, language)

    def advise(self, asked: Asked, language: str, *, questions: int = 0) -> Advised:
        """The advice about what an address asks.

        Errors: SituationError with everything that is wrong.
        """
        filled = self.filled(asked)
        return Advised(asked, filled, self.engine.advise(filled.situation, language, questions=questions))

    def filled(self, asked: Asked) -> Filled:
        """The situation that an address asks about, filled in but for what is struck out.

        Errors: SituationError with everything that is wrong.
        """
        situation = read_situation(asked.given)
        if not asked.fill or not situation.names_area:
            self.engine.resolver.facts(situation)
            return Filled(situation)
        filled = fill(situation, self.engine)
        struck = set(asked.struck) - set(situation.metingen)
        kept = {
            part: {name: value for name, value in getattr(filled.situation, part).items() if name not in struck}
            for part in ("metingen", "herkomst")
        }
        self.engine.resolver.facts(filled.situation)
        named = {"naam": shown_name(filled.gebied)} if filled.gebied and self._is_bare_code(filled.situation) else {}
        return replace(filled, situation=filled.situation.model_copy(update={**kept, **named}))

    def _is_bare_code(self, situation: Situatie) -> bool:
        """Whether a code is all that says which area it is, so that people would not know it."""
        code = situation.wijk or ""
        return situation.naam is None and is_cbs_code(code) and self.engine.resolver.known_wijk(code) is None

    def tidied(self, asked: Asked) -> Asked:
        """The same with the slug of each term, so that one situation has one address."""
        stated = read_situation(asked.given)
        by_slug = self.engine.resolver.by_slug(stated).model_copy(update={"wijk": stated.wijk})
        return Asked(dump_situation(by_slug), asked.struck, asked.fill, asked.rows)

    def refused(self, request: Request, error: SituationError, page: str = PATH) -> Response:
        """The form with what is wrong at its fields; it leads to `page`, beside what it was compared with."""
        language = page_language(request).language
        query = [(key, value) for key, value in request.query_params.multi_items()]
        unknown = {problem.field for problem in error.problems}
        try:
            asked = read_address(query)
        except SituationError:
            asked = read_address([(key, value) for key, value in query if key not in unknown])
        earlier = request.query_params.get(COMPARE)
        kept = {COMPARE: earlier} if earlier else {}
        faults = self._faults(
            error.problems, asked, language, lambda given: asked.path(given, page=page, also=kept.items())
        )
        form = Form(asked, self.choices(language), faults)
        return self._form(request, form, HTTPStatus.BAD_REQUEST, pad=page, vergelijking=kept)

    def _faults(
        self, problems: Sequence[Problem], asked: Asked, language: str, address: Callable[[Json], str]
    ) -> list[Fault]:
        mender = Mender(asked, self.choices(language), load_country(table_path()), language, address)
        return list(map(mender.fault, problems))

    def _form(self, request: Request, form: Form, status: int = 200, **values: object) -> Response:
        known = examples(self.engine, page_language(request).language)
        shown = FORM_VALUES | {"formulier": form, "voorbeelden": known} | values
        return self.site.page(request, "advies/vraag.html", status=status, **shown)

    def _advice(self, request: Request, advised: Advised, language: str) -> Response:
        asked = advised.asked
        form = Form(asked, self.choices(language), filled=advised.advice.ingevuld)
        return self.site.page(
            request,
            "advies/advies.html",
            lezing=read_advice(advised.advice, asked, self.choices(language), language),
            formulier=form,
            voorbeelden=examples(self.engine, language),
            verschil=self._changes(request, advised, language),
            zwaan=swan(advised.advice, language),
            matrix=matrix(advised.advice),
            tijdlijn=time_line(advised.advice, language),
            straat=draw_street(street(self.engine.knowledge, advised.advice, language), language),
            opmerkingen=self._notes(advised, language),
            waarom=lambda key: why_path(asked, key),
            eerder=lambda key, other: before_path(asked, key, other),
            verborgen=asked.pairs(),
            keuzes=self.choices(language).conclusions,
            vergelijking=dict(compare_pair(asked)),
            bestanden=[(form, asked.path(page=f"{PATH}.{form}")) for form in FORMS],
            bewaar=asked.path(page=f"{PATH}/situatie.json"),
            vormen=[form for form in FORMS.values() if form],
            opdracht=self._command(request, advised),
            bij=asked.path(),
            naast=self._beside(request, asked),
            **FORM_VALUES,
        )

    def _beside(self, request: Request, asked: Asked) -> str:
        """The address of this advice beside the one that it is compared with, or beside a variant that is still to be made."""
        earlier = request.query_params.get(COMPARE)
        return asked.path(page=BESIDE, also=[(COMPARE, earlier)] if earlier else [])

    def _notes(self, advised: Advised, language: str) -> list[str]:
        """What the asker should know of what was not filled in."""
        filled = advised.filled
        say, label = catalogue(language), self.choices(language).label
        notes = [say("advies.meer_cbs_gebieden")] if filled.several else []
        if filled.gebied is None and advised.asked.fill and is_cbs_code(filled.situation.wijk or ""):
            notes.append(say("advies.onbekend_gebied", name=filled.situation.wijk))
        for name, figures in (("advies.anders_opgegeven", filled.contradicted), ("advies.van_later", filled.later)):
            if figures:
                notes.append(say(name, names=say.listed([label("metingen", figure) for figure in figures])))
        return notes

    def _changes(self, request: Request, advised: Advised, language: str) -> Changes | None:
        """What differs from the situation that the address compares with; None without one, or when it is not understood."""
        earlier = request.query_params.get(COMPARE)
        if not earlier:
            return None
        engine, after = self.engine, advised.filled.situation
        try:
            before = self.filled(read_address(parse_qsl(earlier))).situation
        except SituationError:
            return None
        outcomes = engine.evaluate(before), engine.evaluate(after)
        found = difference(engine.texts, engine.vocabulary, *outcomes, language)
        whole = difference_sections(engine.knowledge, found, language)
        return changes(engine.advise(before, language), advised.advice, whole, language)

    def _command(self, request: Request, advised: Advised) -> str:
        """The call of the API that gives the same advice, as it can be pasted in a terminal."""
        body = json.dumps(dump_situation(advised.filled.situation), ensure_ascii=False)
        base = self.site.public_base or str(request.base_url).rstrip("/")
        address = quote(f"{base}{BASE_PATH}/adviezen?gegevens=nee")
        return f"curl -X POST {address} -H 'Content-Type: application/json' -d {quote(body)}"

    @staticmethod
    def _is_untidy(request: Request) -> bool:
        """Whether a form sent fields that say nothing."""
        return any(not value.strip() for _, value in request.query_params.multi_items())

    def moved(self, request: Request, asked: Asked) -> Response | None:
        """To the same situation under its own address, with what the page is to show besides; None when it is there."""
        tidy = self.tidied(asked)
        if sorted(asked.pairs()) == sorted(tidy.pairs()) and not self._is_untidy(request):
            return None
        kept = {key: request.query_params[key] for key in (COMPARE, ROWS) if request.query_params.get(key)}
        if kept.get(COMPARE) == dict(compare_pair(tidy))[COMPARE]:
            del kept[COMPARE]
        return self.to(request, tidy.path(page=request.url.path, also=kept.items()))

    def to(self, request: Request, path: str) -> Response:
        """To another address, in the language that the asker named."""
        spoken = page_language(request)
        joint = "&" if "?" in path else "?"
        named = f"{joint}{LANGUAGE_KEY}={spoken.language}" if spoken.named else ""
        return RedirectResponse(f"{self.site.public_base}{path}{named}", HTTPStatus.SEE_OTHER)


def compare_pair(asked: Asked) -> list[tuple[str, str]]:
    """The key and value with which a next advice is compared with this one."""
    query = compared_path(asked, {}).partition("?")[2]
    return [(key, value) for key, value in parse_qsl(query) if key == COMPARE]


def _named(name: str) -> dict[str, str]:
    """The header by which a browser keeps a file under a name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@lru_cache(maxsize=len(LANGUAGES))
def examples(engine: Engine, language: str) -> tuple[tuple[str, str], ...]:
    """The known situations by what their wijk is called, each with its address."""
    found = []
    for file in sorted(paths.EXAMPLES.glob("*.json")):
        situation = read_situation(file.read_text(encoding="utf-8"))
        wijk = engine.resolver.known_wijk(situation.wijk or "")
        name = engine.knowledge.label(wijk, language) if wijk else file.stem
        found.append((name, situation_path(situation)))
    return tuple(found)


def _sent_file(content_type: str, body: bytes) -> Any:
    """The file in the body of a form.

    Errors: SituationError when there is none, or it is no text.
    """
    content = sent_fields(content_type, body).get(_FILE)
    if content:
        return content
    raise SituationError([Problem("", Words("kies eerst een bestand.", "choose a file first."))])


FORM_VALUES: dict[str, Any] = {"werkdelen": WORK_PARTS, "pad": PATH, "waarompad": WHY, "rijen": ROWS}
