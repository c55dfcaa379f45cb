"""The page at `/advies/waarom`: the proof of a conclusion of an advice, or what is missing for it."""

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from api.html.site import page_language
from api.pages.advies.address import CONCLUSION, PATH, read_address
from api.pages.advies.page import AdvicePage
from api.pages.advies.proof import explain, named
from api.pages.advies.reading import WHY
from kb.errors import ConclusionError, SituationError
from kb.language import as_sentence, spoken


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
        shown = {"naam": name, "terug": asked.path(), "verborgen": asked.pairs(), "pad": PATH, "waarompad": WHY}
        shown |= {"keuzes": page.choices(language).conclusions, "uitleg": None, "keuze": (), "fout": "", "nabij": ()}
        status = HTTPStatus.OK
        if name:
            try:
                ways = named(page.engine, asked, name, language)
                keys = page.engine.keys_for(name) or [name]
                if len(ways) > 1:
                    shown["keuze"] = ways
                else:
                    seconds = request.app.state.settings.answer_seconds
                    shown["uitleg"] = explain(page.engine, asked, situation, keys[0], language, seconds)
            except ConclusionError as error:
                shown["fout"] = as_sentence(spoken(error, language))
                shown["nabij"] = [
                    (label, f"{WHY}?{urlencode([*asked.pairs(), (CONCLUSION, label)])}") for label in error.nearest
                ]
                status = HTTPStatus.BAD_REQUEST
        return page.site.page(request, "advies/waarom.html", status=status, **shown)
