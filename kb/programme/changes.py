"""What a changed planning changes: works that moved, and what came and went between them."""

from collections.abc import Iterator

from kb.language import catalogue
from kb.programme.model import (
    GeplandWerk,
    Ontmoeting,
    Ontmoetingwijziging,
    Oordeel,
    Veldwijziging,
    Werkprogramma,
    Werkwijziging,
    Wijzigingen,
)
from kb.programme.wording import move_text

COMPARED = (
    *("plaats", "werksoort", "van", "tot", "schuifruimte", "zekerheid", "graven", "eigenaar", "kosten", "geometrie"),
    "afstand",
)


def changes(old: Werkprogramma, new: Werkprogramma, language: str = "nl") -> Wijzigingen:
    """What is otherwise in the new programme; works are known by their `id`."""
    before, after = ({work.id: work for work in programme.werken} for programme in (old, new))
    return Wijzigingen(
        werken=tuple(_works(before, after, language)),
        ontmoetingen=tuple(_meetings(old, new, language)),
        oordelen=tuple(_lapsed(old, new)),
    )


def _lapsed(old: Werkprogramma, new: Werkprogramma) -> Iterator[Oordeel]:
    """The judgements that held in the old programme and no longer do; both were given the same."""
    held = {verdict.rij for verdict in _verdicts(old) if verdict.status == "geldig"}
    return (verdict for verdict in _verdicts(new) if verdict.rij in held and verdict.status == "vervallen")


def _verdicts(programme: Werkprogramma) -> list[Oordeel]:
    meetings = [meeting for place in programme.plaatsen for meeting in place.ontmoetingen]
    found = [verdict for meeting in meetings for verdict in meeting.oordelen]
    return sorted([*found, *programme.losseOordelen], key=lambda verdict: verdict.rij)


def _works(before: dict[str, GeplandWerk], after: dict[str, GeplandWerk], language: str) -> Iterator[Werkwijziging]:
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            yield Werkwijziging(werk=name, soort="nieuw")
        elif name not in after:
            yield Werkwijziging(werk=name, soort="vervallen")
        elif fields := tuple(_fields(before[name], after[name], language)):
            yield Werkwijziging(werk=name, soort="gewijzigd", velden=fields)


def _fields(before: GeplandWerk, after: GeplandWerk, language: str) -> Iterator[Veldwijziging]:
    for field in COMPARED:
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Veldwijziging(veld=field, was=_said(was, language), wordt=_said(now, language))


def _said(value: object, language: str) -> str:
    say = catalogue(language)
    if value is None:
        return say("programme_unknown")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return str(getattr(value, "label", value))


def _meetings(old: Werkprogramma, new: Werkprogramma, language: str) -> Iterator[Ontmoetingwijziging]:
    before, after = _by_works(old), _by_works(new)
    for works in sorted(before.keys() | after.keys()):
        was, now = before.get(works), after.get(works)
        gained, lost = _told(now, language), _told(was, language)
        changed = bool(was and now and was.vingerafdruk != now.vingerafdruk)
        if gained != lost or changed:
            yield Ontmoetingwijziging(
                ontmoeting="+".join(works),
                erbij=tuple(text for text in gained if text not in lost),
                eraf=tuple(text for text in lost if text not in gained),
                oordeelVervallen=changed,
            )


def _by_works(programme: Werkprogramma) -> dict[tuple[str, ...], Ontmoeting]:
    """The meetings by their two works, in whatever order these come."""
    return {tuple(sorted(meeting.werken)): meeting for place in programme.plaatsen for meeting in place.ontmoetingen}


def _told(meeting: Ontmoeting | None, language: str) -> list[str]:
    """What holds of a meeting, in words that are equal when it is the same."""
    if meeting is None:
        return []
    say = catalogue(language)
    told = [say("programme_as_planned")] if meeting.volgensPlan else []
    if meeting.eenOpening:
        told.append(say("programme_one_opening", elements=say.listed([thing.label for thing in meeting.elementen])))
    told += [say(f"programme_{meeting.botsing}")] if meeting.botsing else []
    told += [say("programme_couples", couplings=row.label) for row in meeting.koppelingen]
    moves = (move_text(move, language) for move in meeting.verschuivingen)
    return told + [say("programme_move", ways=move) for move in moves]
