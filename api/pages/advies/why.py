"""The page at `/advies/waarom`: the proof of a conclusion of an advice, or what is missing for it."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from api.html.site import page_language
from api.pages.advies.address import CONCLUSION, PATH, Asked, read_address
from api.pages.advies.page import AdvicePage
from api.pages.advies.proof import Explanation, Way, explain, meant, way_to
from api.pages.advies.reading import WHY, why_path
from kb.errors import ConclusionError, SituationError
from kb.language import as_sentence, spoken
from kb.situation.model import Situatie


@dataclass(frozen=True)
class Answered:
    """What there is to say of a name: its explanation, the conclusions it can mean, or what is wrong with it."""

    explanation: Explanation | None = None
    several: tuple[Way, ...] = ()
    fault: str = ""
    near: tuple[Way, ...] = ()


class WhyPage:
    """Explains conclusions about the situation in the address."""

    def __init__(self, page: AdvicePage) -> None:
        self._page = page

    def get(self, request: Request) -> Response:
        """The proof of the conclusion that the address names, by key or by name; without one, the question."""
        page, language = self._page, page_language(request).language
        try:
            asked = read_address(request.query_params.multi_items())
            situation = page.filled(asked).situation
        except SituationError as error:
            return page.refused(request, error)
        name = request.query_params.get(CONCLUSION, "").strip()
        seconds: float = request.app.state.settings.answer_seconds
        answered = self._answer(asked, situation, name, language, seconds) if name else Answered()
        return page.site.page(
            request,
            "advies/waarom.html",
            status=HTTPStatus.BAD_REQUEST if answered.fault else HTTPStatus.OK,
            antwoord=answered,
            naam=name,
            terug=asked.path(),
            verborgen=asked.pairs(),
            keuzes=page.choices(language).conclusions,
            pad=PATH,
            waarompad=WHY,
        )

    def _answer(self, asked: Asked, situation: Situatie, name: str, language: str, seconds: float) -> Answered:
        engine = self._page.engine
        try:
            keys = meant(engine, name)
            if len(keys) > 1:
                return Answered(several=tuple(way_to(engine, asked, key, language) for key in keys))
            return Answered(explain(engine, asked, situation, keys[0], language, seconds))
        except ConclusionError as error:
            near = tuple(Way(key, why_path(asked, key)) for key in error.nearest)
            named = tuple(way_to(engine, asked, way.text, language) for way in near)
            return Answered(fault=as_sentence(spoken(error, language)), near=named)
