"""The rows of an advice as items: what a line says of a coupling, a conflict or an instrument."""

from collections.abc import Iterable, Iterator, Sequence, Set

from kb.advice.model import (
    Advies,
    Conclusie,
    Conflict,
    Ding,
    GenoemdWerk,
    Instrument,
    KomendWerk,
    Koppelkans,
    Manier,
    Opening,
    Opgave,
    Transitie,
    Voorbeeld,
    Vraag,
)
from kb.language import as_sentence, catalogue
from kb.report.layout import Item, Section, marked

MOST_NAMES = 3
MOST_REASONS = 3
MOST_GROUNDS = 2
MOST_FIGURES = 2
# From so many years ahead a next chance is told in tens of years: nobody knows it better.
FAR = 20
# A next chance within so many years is no reason to hurry.
SOON = 3
MOST_WIJKEN = 2
MOST_PARTIES = 2
MOST_ASKED = 1
MOST_WAYS = 1
MOST_CHANCES = 2


class Phrases:
    """Says the rows of an advice in one language.

    A task of which this wijk calls for a part only is told as that part wherever it is named.
    """

    def __init__(self, language: str, year: int, advice: Advies | None = None) -> None:
        self.say = catalogue(language)
        self.language = language
        self.year = year
        self._parts = {row.id: row.gaatOm for row in advice.relevanteOpgaven if row.gaatOm} if advice else {}

    def legend(self, name: str, sections: Iterable[Section], **values: str) -> str:
        """How to read some sections: the text of that name, with the mark of an assumption where they show it."""
        return self.say(name, mark=self.say("legend_mark") if marked(sections) else "", **values)

    # Small parts

    def names(self, things: Sequence[Ding], most: int | None = None) -> str:
        """Names as in a sentence, at most so many of them."""
        labels = list(dict.fromkeys(part.said for thing in things for part in self._parts.get(thing.id, (thing,))))
        return self.say.at_most(labels, most)

    def tasks(self, rows: Sequence[Opgave], most: int) -> str:
        """Tasks by name as in a sentence, each with its parts that this wijk itself calls for."""
        return self.names([named for row in rows for named in self._with_parts(row)], most)

    def _with_parts(self, row: Opgave) -> list[Ding]:
        if row.gaatOm:
            return [row]
        within = [part for part in row.deelopgaven if not part.opZichzelf]
        text = self.say("with_mark", text=row.said, mark=self.names(within)) if within else row.said
        return [row.model_copy(update={"in_zin": text}), *(part for part in row.deelopgaven if part.opZichzelf)]

    def item(self, row: Conclusie, details: Iterable[str] = (), text: str = "") -> Item:
        """A conclusion as a line."""
        return Item(as_sentence(text or row.label), row.conclusie, row.rustOpAanname, tuple(details))

    def reasoned(self, rows: Iterable[Conclusie], most: int | None = None) -> list[Item]:
        """Conclusions with their reasons."""
        return [self.item(row, row.redenen[:most]) for row in rows]

    def told(self, rows: Iterable[Conclusie]) -> list[Item]:
        """Conclusions of which the first reason is the whole sentence; those that are told together once."""
        told = {row.samen or next(iter(row.redenen), row.label): row for row in reversed([*rows])}
        return [self.item(row, text=text) for text, row in reversed(told.items())]

    def examples(self, wijken: Sequence[Voorbeeld], most: int = MOST_WIJKEN) -> str:
        """Known wijken, each with how it ended; at most so many of them."""
        shown = [
            self.say("with_mark", text=wijk.label, mark=wijk.afloop.label) if wijk.afloop else wijk.label
            for wijk in wijken[:most]
        ]
        if len(wijken) > most:
            return self.say("and_more", names=self.say.joined(shown), n=len(wijken) - most)
        return self.say.listed(shown)

    # What leads

    def leading(self, row: Transitie) -> Item:
        """That a transition leads, and why, in one sentence."""
        name = self.transition(row)
        if not row.want:
            return self.item(row, text=self.say("leads", name=name))
        if row.cijfers:
            told = self.say("figures_say", figures=self.say.at_most(row.cijfers, MOST_FIGURES))
        else:
            told = self.say.listed([lower_first(reason).rstrip(".") for reason in row.want[:MOST_GROUNDS]])
        return self.item(row, text=self.say("leads_because", name=name, reason=f"{told}."))

    def transition(self, row: Transitie) -> str:
        """A transition as it fits in a sentence."""
        return row.kort if row.kort != row.label else self.say("transition_named", label=row.label)

    # Couplings

    def coupling(
        self,
        row: Koppelkans,
        *,
        whole: bool = False,
        also: Sequence[Ding] = (),
        decided: Set[GenoemdWerk] = frozenset(),
    ) -> Item:
        """A pair with how it couples, when to decide, whose work it is, who did it and what clashes.

        `also` are tasks that couple with one of the pair in the same way; of `decided` works is told elsewhere by when to
        decide on them.
        """
        text = self.pair(row)
        details = self._coupling_details(row, whole, also, decided)
        return self.item(row, details, self._marked(text, self.say("strong")) if row.sterk else text)

    def pair(self, row: Koppelkans) -> str:
        """The two tasks of a pair."""
        first, second = (self.names([task]) for task in row.opgaven)
        return self.say("pair", first=first, second=second)

    def manner(self, row: Koppelkans, decided: Set[GenoemdWerk] = frozenset()) -> str:
        """How a pair couples first of all and when to decide, in a few sentences; empty when only known wijken say so.

        Of `decided` works it is told elsewhere by when to decide on them.
        """
        decision = () if self._is_decided(row, decided) else self._decision(row)
        return " ".join([*self._how(row, MOST_WAYS), *decision, *row.watNodig[:1]])

    def _how(self, row: Koppelkans, most: int | None) -> list[str]:
        ways = [phrase for way in row.manieren if (phrase := self._way(row, way))]
        how = [as_sentence("; ".join(ways[:most])) + "."] if ways else []
        if row.meenemen and not row.openingen:
            works = list(dict.fromkeys(self.work(work) for work in row.meenemen))
            how.append(self.say("take_along", works=self.say.listed(works)))
        return how

    def _coupling_details(
        self, row: Koppelkans, whole: bool, also: Sequence[Ding], decided: Set[GenoemdWerk]
    ) -> Iterator[str]:
        most = MOST_WIJKEN if whole else 1
        known = [self.say("done_in", names=self.examples(row.wijken, most))] if row.wijken else []
        if not whole:
            more = [self.say("couples_also", names=self.names(also, MOST_NAMES))] if also else []
            yield " ".join(filter(None, [self.manner(row, decided), *known, *more]))
            return
        if line := [*self._how(row, None), *self._decision(row), *self._owners(row), *row.watNodig]:
            yield " ".join(line)
        yield from known
        for conflict in row.conflicten:
            if conflict.uitwegen:
                yield self.say("clashes", conflict=self.clash(conflict), ways=self.names(conflict.uitwegen, MOST_NAMES))
            else:
                yield self.say("clashes_open", conflict=self.clash(conflict))
        if row.rangorde:
            yield self.say("ranked_by", names=self.names(row.rangorde))

    def _way(self, row: Koppelkans, way: Manier) -> str:
        kinds = {other.soort for other in row.manieren}
        match way.soort:
            case "ruimte":
                several = len(set(_works(row.openingen))) > 1
                return self.say("in_openings" if several else "in_opening", elements=self._opened(row))
            case "mogelijkeRuimte":
                return "" if "ruimte" in kinds else self.say("in_possible", elements=self.names(row.elementen))
            case "praktijk":
                return "" if row.wijken else self.say("in_practice")
            case "systeem" if any(task.id in self._parts for task in row.opgaven):
                return ""  # what goes first is said of the whole task, and this wijk asks for a part
            case _:
                reason = way.redenen[0].rstrip(".")
                return reason[:1].lower() + reason[1:]

    def _opened(self, row: Koppelkans) -> str:
        coming = sorted(_works(row.openingen), key=lambda work: work.van or 0)
        works = list(dict.fromkeys(self.work(work) for work in coming))
        elements = self.names([opening.element for opening in row.openingen])
        return self.say("with_works", elements=elements, works=self.say.listed(works)) if works else elements

    def work(self, work: GenoemdWerk) -> str:
        """A work with its years."""
        years = "–".join(dict.fromkeys(str(year) for year in (work.van, work.tot) if year is not None))
        return f"{work.werksoort.label} {years}".rstrip()

    def _decision(self, row: Koppelkans) -> Iterator[str]:
        if row.beslisVoor is not None:
            yield self._deadline(row.beslisVoor, row.volgendeKans, [*_works(row.openingen)] or row.uitvoering)

    def _is_decided(self, row: Koppelkans, decided: Set[GenoemdWerk]) -> bool:
        """Whether by when to decide, and when the chance comes back, is what is told with the works themselves."""
        works = [*_works(row.openingen)] or row.uitvoering
        first = [work for work in works if work.van == row.beslisVoor]
        return decided >= {*first} and row.volgendeKans in {None, *(work.volgendeKans for work in works)}

    def decided(self, rows: Iterable[KomendWerk]) -> frozenset[GenoemdWerk]:
        """The works of which `coming_works` tells by when to decide."""
        told = (row.werken for row in rows if row.hierPast and not row.zonderOpening and not row.schuiven)
        return frozenset(work for works in told for work in works)

    def _decision_on(self, works: Sequence[GenoemdWerk]) -> Iterator[str]:
        """By when to decide what goes along with works of one kind."""
        before = min((work.van for work in works if work.van), default=None)
        if before is None:
            return
        done = min(work.tot or work.van or 0 for work in works if work.van)
        later = [work.van for work in works if work.van and work.van > done]
        coming_back = [work.volgendeKans for work in works if work.volgendeKans]
        yield self._deadline(before, min([*later, *coming_back], default=None), works)

    def _deadline(self, before: int, back: int | None, works: Sequence[GenoemdWerk]) -> str:
        """By when to decide on what opens with works, and when that chance comes back."""
        margin = min((work.schuifruimte or 0 for work in works if work.van == before), default=0)
        if back is not None and before + margin >= back:
            margin = 0  # by then the next chance is there
        decide = self._decide(before, margin)
        if back is None:
            return self.say("whole_sentence", text=decide)
        if any(work.van == back for work in works):
            return self.say("next_chance_soon" if back - before <= SOON else "next_chance", decide=decide, next=back)
        returning = self.say("first_of_works" if len(set(works)) > 1 else "this_work")
        if (ahead := back - self.year) < FAR:
            return self.say("work_returns", decide=decide, work=returning, next=back)
        return self.say("work_returns_far", decide=decide, work=returning, years=round(ahead, -1))

    def _decide(self, before: int, margin: int) -> str:
        """By when to decide: before the first work begins, and how long that can wait when it can move."""
        if before <= self.year:
            return self.say("decide_now")
        if margin:
            return self.say("decide_before_or", year=before, until=before + margin)
        if before == self.year + 1:
            return self.say("decide_this_year")
        return self.say("decide_before", year=before)

    def _owners(self, row: Koppelkans) -> Iterator[str]:
        works = list(dict.fromkeys(_works(row.openingen)))
        owners = [work.eigenaar for work in works if work.eigenaar]
        if owners:
            parties = len({owner.id for owner in owners})
            yield self.say("work_of_more" if parties > 1 else "work_of", owner=self.names(owners))
        for work in works:
            if work.schuifruimte:
                years = self.say.count("year", work.schuifruimte)
                yield as_sentence(self.say("margin", work=work.werksoort.said, years=years))

    # Coming work

    def coming_works(self, rows: Iterable[KomendWerk]) -> list[Item]:
        """The works that are to come; what this wijk brings within reach is told with the first that it can go along with."""
        told: set[str] = set()
        items = []
        for row in rows:
            apart = [pair for pair in zip(row.kansrijk, row.kansen, strict=True) if pair[1] not in told][:MOST_CHANCES]
            items.append(self._coming(row, {task.id for task, _ in apart}, [chance for _, chance in apart]))
            if row.gaatOpen and not row.zonderOpening:
                told.update(chance for _, chance in apart)
        return items

    def _coming(self, row: KomendWerk, told_apart: Set[str], chances: Sequence[str]) -> Item:
        """A work that is to come: its years, whose it is, and what fits in it or why nothing does.

        Some of its tasks are told apart, in sentences of their own.
        """
        # Why nothing opens tells of works that are only an idea that they are one.
        planned = dict.fromkeys(self._planned(work, certain=not row.zonderOpening) for work in row.werken)
        works = self.say.listed([*planned]) if planned else ""
        work = as_sentence(works or row.label)
        if row.zonderOpening:
            return self.item(row, text=self.say("coming_not", work=work, reason=lower_first(row.zonderOpening[0])))
        moving = row.schuiven[:MOST_CHANCES]
        if row.hierPast:
            fits = self._fitting("coming_fits", work, row.hierPast, told_apart)
            return self.item(row, text=" ".join([fits, *chances, *(moving or self._decision_on(row.werken))]))
        if not row.gaatOpen:
            return self.item(row, text=self.say("coming_alone", work=work))
        if row.kanMeeliften:
            rides = self._fitting("coming_ride_along", work, row.kanMeeliften, told_apart)
            return self.item(row, text=" ".join([rides, *chances, *moving]))
        several = "coming_opens_more" if len(row.gaatOpen) > 1 else "coming_opens"
        return self.item(row, text=self.say(several, work=work, elements=self.names(row.gaatOpen)))

    def _fitting(self, name: str, work: str, tasks: Sequence[Ding], told_apart: Set[str]) -> str:
        """What can go along with a work; only the work where all of it is told in sentences of its own."""
        others = [task for task in tasks if task.id not in told_apart]
        if not others:
            return self.say("whole_sentence", text=work)
        return self.say(name, work=work, names=self.names(others, MOST_NAMES))

    def _planned(self, work: GenoemdWerk, *, certain: bool) -> str:
        """A work with its years, its owner, how certain it is when that is to be told, and how far it can move."""
        known = [stated.said for stated in (work.eigenaar, work.zekerheid if certain else None) if stated]
        if work.schuifruimte == 0:
            known.append(self.say("cannot_move"))
        elif work.schuifruimte:
            known.append(self.say("can_move", years=self.say.count("year", work.schuifruimte)))
        return self._marked(self.work(work), ", ".join(known)) if known else self.work(work)

    # Conflicts

    def conflict(self, row: Conflict, *, whole: bool = False) -> Item:
        """A clash with the choice that it asks and its ways out."""
        return self.item(row, self._conflict_details(row, whole), self.clash(row))

    def clash(self, row: Conflict) -> str:
        """The name of a conflict; of one that rules found over an element, its tasks and that element."""
        if row.vraagtKeuze or not row.elementen:
            return row.label
        return self.say("clash_over", tasks=self.names(row.opgaven), element=self.names(row.elementen))

    def _conflict_details(self, row: Conflict, whole: bool) -> Iterator[str]:
        reason = next(iter(row.redenen), "")
        # Which works clash, and in which years, is what a council must know before it can choose.
        asked = " ".join(filter(None, [reason, row.vraagtKeuze])) if row.uitWerk else row.vraagtKeuze or reason
        ways = self.names(row.uitwegen, MOST_NAMES) if row.uitwegen else ""
        out = self.say("ways_out", names=ways) if ways else self.say("no_way_out")
        yield f"{asked} {out}".lstrip()
        if whole and row.wijken:
            yield self.say("occurred_in", names=self.examples(row.wijken))
        if whole and row.rangorde:
            yield self.say("ranked_by", names=self.names(row.rangorde))

    # Instruments

    def instrument(self, row: Instrument, *, whole: bool = False) -> Item:
        """An instrument with who, money, deadline and what comes first; `whole` adds what else is known."""
        text = self._marked(row.label, self.say(f"status.{row.status}"))
        if row.wie and not whole:
            text = self._done_by(row, text)
        return self.item(row, self._instrument_details(row, whole), text)

    def _parties(self, row: Instrument) -> Iterator[str]:
        """Who of those that carry an instrument out takes part here, and whom else it asks for."""
        if row.aanTafel:
            yield self.say("by", names=self.names(row.aanTafel, MOST_NAMES))
        if others := _absent(row):
            yield self.say("asks_for", names=self.names(others, MOST_NAMES))

    def _done_by(self, row: Instrument, text: str) -> str:
        """An instrument with who of those that carry it out takes part here, and whom else it asks for."""
        others = _absent(row)
        if row.aanTafel:
            text = self.say("done_by", text=text, names=self.names(row.aanTafel, MOST_PARTIES))
        if not others:
            return text
        if len(row.aanTafel) > 1 and len(others) > 1:
            return self.say("asks_more", text=text, n=len(others))
        name = "asks_also" if row.aanTafel else "asks"
        return self.say(name, text=text, names=self.names(others, MOST_ASKED))

    def _instrument_details(self, row: Instrument, whole: bool) -> Iterator[str]:
        what = [thing.label for thing in row.soort] if whole else []
        what += self._parties(row) if whole else []
        what += [self.say("local")] if row.plaatselijk else []
        what += [self.say("scale", names=self.names(row.schaal))] if row.schaal and whole else []
        line = [as_sentence("; ".join(what)) + "."] if what else []
        facts = [("amount", row.bedrag), ("deadline", row.termijn), ("needed", "" if row.eerst else row.benodigd)]
        facts += [("pitfall", row.valkuil)] if whole else []
        line += [self.say(name, text=_closed(text if whole else _first_part(text))) for name, text in facts if text]
        if row.eerst:
            line.append(self.say("first_needed", text=_closed(self.names(row.eerst))))
        if whole and row.bijKenmerken:
            line.append(self.say("suits", names=self.names(row.bijKenmerken, MOST_NAMES)))
        if row.gaNa:
            line.append(self.say("check", names=self.names(row.gaNa, MOST_NAMES)))
        if line:
            yield " ".join(line)
        if row.ontbreekt:
            yield self.say("lacks", name=row.voorwaarde.said if row.voorwaarde else row.ontbreekt)
        if whole and row.helpt:
            yield self.say("helps", names=self.names(row.helpt))
        if whole and row.wijken:
            yield self.say("used_in", names=self.examples(row.wijken))
        if whole and row.rangorde:
            yield self.say("ranked_by", names=self.names(row.rangorde))

    # Questions

    def question(self, row: Vraag, *, whole: bool = False) -> Item:
        """A question, and when asked for the whole how much its answer changes."""
        rows = self.say.count("row", row.verandert)
        return Item(self.say("question_changes", question=row.vraag, rows=rows) if whole else row.vraag, row.veld)

    def _marked(self, text: str, mark: str) -> str:
        return self.say("with_mark", text=text, mark=mark)


def name_of(advice: Advies, phrases: Phrases) -> str:
    """What a situation is called: its own name, else that of its wijk."""
    stated = {fact.eigenschap: fact.waarden for fact in advice.uitgangspunten}
    wijk = next(iter(stated.get("inWijk", ())), advice.situatie.wijk)
    return advice.situatie.naam or wijk or phrases.say("nameless")


def _works(openings: Iterable[Opening]) -> Iterator[GenoemdWerk]:
    for opening in openings:
        yield from opening.werken


def _absent(row: Instrument) -> list[Ding]:
    """Who carries an instrument out and does not take part here."""
    there = {party.id for party in row.aanTafel}
    return [party for party in row.wie if party.id not in there]


def _first_part(text: str) -> str:
    """A text up to its first semicolon: what a first screen has room for."""
    return text.partition(";")[0]


def lower_first(text: str) -> str:
    """A text as it goes on behind a colon."""
    return text[:1].lower() + text[1:]


def _closed(text: str) -> str:
    """A text that ends as a sentence."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
