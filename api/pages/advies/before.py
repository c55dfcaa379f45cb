"""The page at `/advies/eerder`: why a row of an advice stands before the next one of its list."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from api.html.site import page_language
from api.pages.advies.address import CONCLUSION, NEXT, PATH, Asked, read_address
from api.pages.advies.page import AdvicePage
from api.pages.advies.proof import ShownProof, Way, shown_proof, ways_to
from kb.advice.model import Instrument
from kb.advice.precedence import Voorrang
from kb.engine import Engine
from kb.errors import ConclusionError, SituationError
from kb.language import as_sentence, catalogue, spoken
from kb.names import short
from kb.report.first import needed_by
from kb.report.order import order_lines
from kb.situation.model import Situatie

# What the second row lacks is beside the question, so nobody waits for it.
SECONDS = 1.5


@dataclass(frozen=True)
class Order:
    """Why `first` stands before `second`.

    `needed` says that another row needs it first, where the criteria alone would have it otherwise: then `ahead`, which meets
    the criterion, and `behind`, which does not, are the other way round. `decided` is whether any criterion tells them apart.
    """

    first: str
    second: str
    needed: str
    ahead: str
    behind: str
    lines: tuple[str, ...]
    decided: bool
    proof: ShownProof | None
    ways: tuple[Way, ...]
    complete: bool


class BeforePage:
    """Explains the places of rows in the lists of an advice about the situation in the address."""

    def __init__(self, page: AdvicePage) -> None:
        self._page = page

    def get(self, request: Request) -> Response:
        """The first criterion on which the two rows of the address differ, with its proof and what the second lacks."""
        page, language = self._page, page_language(request).language
        first, second = (request.query_params.get(key, "").strip() for key in (CONCLUSION, NEXT))
        seconds: float = min(SECONDS, request.app.state.settings.answer_seconds)
        order, fault = None, ""
        try:
            asked = read_address(request.query_params.multi_items())
            order = self._order(asked, page.filled(asked).situation, (first, second), language, seconds)
        except SituationError as error:
            return page.refused(request, error)
        except ConclusionError as error:
            fault = as_sentence(spoken(error, language))
        return page.site.page(
            request,
            "advies/eerder.html",
            status=HTTPStatus.OK if order else HTTPStatus.BAD_REQUEST,
            orde=order,
            fout=fault,
            terug=asked.path(),
            pad=PATH,
        )

    def _order(self, asked: Asked, situation: Situatie, keys: tuple[str, str], language: str, seconds: float) -> Order:
        engine = self._page.engine
        found = engine.why_before(situation, *keys, language, seconds=seconds)
        ahead, behind = (as_sentence(engine.knowledge.label(node, language)) for node in (found.first, found.second))
        needed = self._needed(situation, keys[0], found, language)
        return Order(
            first=behind if needed else ahead,
            second=ahead if needed else behind,
            needed=needed,
            ahead=ahead,
            behind=behind,
            lines=tuple(order_lines(engine.knowledge, found, language)),
            decided=found.criterion is not None,
            proof=shown_proof(engine.knowledge, found.proof, language) if found.proof else None,
            ways=ways_to(asked, found.ways),
            complete=found.complete,
        )

    def _needed(self, situation: Situatie, key: str, found: Voorrang, language: str) -> str:
        """That the row of `key` stands where it does because others need it first; empty when its own place explains it."""
        engine: Engine = self._page.engine
        if engine.conclusion(key).object == found.first:
            return ""
        rows = engine.advise(situation, language).instrumenten
        row = next((row for row in rows if row.id == short(found.second)), None)
        others = needed_by(rows, row) if row else []
        return self._said(row, others, found, language) if row and others else ""

    def _said(self, row: Instrument, others: list[Instrument], found: Voorrang, language: str) -> str:
        say = catalogue(language)
        second = self._page.engine.knowledge.label(found.first, language)
        names = say.listed([other.label for other in others])
        return say("advies.eerder_nodig", first=as_sentence(row.label), names=names, second=second)
