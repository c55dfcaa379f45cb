"""The page at `/advies/naast`: an advice beside that of a variant, both in one address; without a variant, how to make one."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from api.html.site import page_language
from api.pages.advies.address import COMPARE, PATH, Asked, read_address
from api.pages.advies.form import Form
from api.pages.advies.page import FORM_VALUES, QUESTIONS, AdvicePage, Advised, compare_pair
from api.pages.advies.reading import BESIDE, Stated, compared_path, open_questions, told_facts, why_path
from kb.errors import SituationError
from kb.report.beside import beside
from kb.report.phrases import Phrases, name_of


@dataclass(frozen=True)
class Side:
    """One of two advices: the address of its own page, and what was stated for it alone."""

    title: str
    path: str
    only: tuple[Stated, ...]
    asked: Asked

    def why(self, key: str) -> str:
        """The address of the proof of a conclusion about this side, or of what it lacks for it."""
        return why_path(self.asked, key)


class BesidePage:
    """Sets the first screens of two situations beside each other."""

    def __init__(self, page: AdvicePage) -> None:
        self._page = page

    def get(self, request: Request) -> Response:
        """Both first screens; with one situation in the address, the ways to change it."""
        page, language = self._page, page_language(request).language
        try:
            asked = read_address(request.query_params.multi_items())
            if asked.is_empty:
                return page.to(request, PATH)
            second = page.advise(asked, language, questions=QUESTIONS)
        except SituationError as error:
            return page.refused(request, error, BESIDE)
        return page.moved(request, asked) or self._shown(request, second, language)

    def _shown(self, request: Request, second: Advised, language: str) -> Response:
        first = self._compared(request, language)
        if first is None or first.asked.pairs() == second.asked.pairs():
            return self._choose(request, second, language)
        phrases = Phrases(language, second.year)
        facts = [self._facts(side, language) for side in (first, second)]
        return self._page.site.page(
            request,
            "advies/naast.html",
            paren=beside(first.advice, second.advice, phrases),
            kanten=[
                self._side(side, own, other, phrases)
                for side, own, other in zip((first, second), facts, reversed(facts), strict=True)
            ],
            gelijk=[fact for fact in facts[1] if _said(fact) in map(_said, facts[0])],
            wissel=compared_path(second.asked, first.asked.given, BESIDE),
            verschil=compared_path(first.asked, second.asked.given),
            formulier=self._form(second, language),
            vergelijking={COMPARE: request.query_params[COMPARE]},
            **FORM_VALUES,
            naastpad=BESIDE,
        )

    def _compared(self, request: Request, language: str) -> Advised | None:
        """The advice about the situation to compare with; None without one, or when it is not understood."""
        try:
            asked = read_address(parse_qsl(request.query_params.get(COMPARE, "")))
            return None if asked.is_empty else self._page.advise(self._page.tidied(asked), language)
        except SituationError:
            return None

    def _choose(self, request: Request, advised: Advised, language: str) -> Response:
        """The ways to make a variant of one situation: without a fact, with an answer, or by the whole form."""
        asked, choices = advised.asked, self._page.choices(language)
        return self._page.site.page(
            request,
            "advies/variant.html",
            naam=name_of(advised.advice, Phrases(language, advised.year)),
            feiten=self._facts(advised, language),
            vragen=[ask for ask in open_questions(advised.advice, asked, choices, language, BESIDE) if ask.answers],
            formulier=self._form(advised, language),
            vergelijking=dict(compare_pair(asked)),
            terug=asked.path(),
            **FORM_VALUES,
            naastpad=BESIDE,
        )

    def _facts(self, advised: Advised, language: str) -> list[Stated]:
        choices = self._page.choices(language)
        return list(told_facts(advised.asked, advised.advice.situatie, choices, language, BESIDE))

    def _form(self, advised: Advised, language: str) -> Form:
        return Form(advised.asked, self._page.choices(language), filled=advised.advice.ingevuld)

    @staticmethod
    def _side(advised: Advised, own: list[Stated], other: list[Stated], phrases: Phrases) -> Side:
        known = set(map(_said, other))
        only = tuple(fact for fact in own if _said(fact) not in known)
        return Side(name_of(advised.advice, phrases), advised.asked.path(), only, advised.asked)


def _said(fact: Stated) -> tuple[str, str]:
    return fact.field, fact.text
