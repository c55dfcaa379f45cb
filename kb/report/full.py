"""What an advice says behind its first screen: the situation, every task, means and case."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kb.advice.model import Advies, Bewijsgrond, Gegeven, Opgave, Oplossing, Organisatievorm, VolgendeOpgave, Wijk
from kb.language import as_sentence
from kb.report.layout import Group, Item, Section, section
from kb.report.phrases import Phrases

MOST_REASONS = 2


def full_sections(advice: Advies, phrases: Phrases) -> Iterator[Section]:
    """Every part that the first screen leaves out."""
    say = phrases.say

    def group(name: str, items: Sequence[Item]) -> Group:
        return Group(say(name) if name else "", tuple(items))

    stated = [Item(f"{_named(fact, phrases)}: {'; '.join(fact.waarden)}") for fact in advice.uitgangspunten]
    yield section(say("situation"), [
        group("", stated),
        group("derived", phrases.told(advice.afgeleideKenmerken)),
        group("signals", phrases.told(advice.signalen)),
        group("lapsed", phrases.told(advice.vervallenAanleidingen)),
        group("openings", phrases.told(advice.openingen)),
    ], name="situation")  # fmt: skip
    grounds = [item for row in (*advice.leidendeTransities, *advice.medespelers) for item in phrases.told(row.gronden)]
    yield section(say("reasons_for_leading"), [group("", grounds)])
    yield section(say("swan"), _tasks(advice, phrases))
    yield section(say("ride_along_couplings"), [group("", [phrases.coupling(c) for c in advice.meeliftkoppelingen])])
    yield section(say("concepts"), [group("", phrases.reasoned(advice.koppelconcepten, MOST_REASONS))])
    yield section(say("combinations"), [group("", [phrases.item(row) for row in advice.combinaties])])
    solutions = [_solution(row, phrases) for row in advice.oplossingen]
    chains = [Item(chain) for chain in _chains(advice.oplossingen, phrases)]
    yield section(say("solutions"), [group("", solutions), group("chains", chains)])
    yield section(say("organisation"), _organisation(advice, phrases))
    yield section(say("needs"), [group("", phrases.reasoned(advice.behoeften, MOST_REASONS))])
    almost = [phrases.instrument(row, whole=True) for row in advice.bijnaPassend]
    yield section(say("almost"), [group("", almost)])
    recommended = [
        phrases.item(row, [say("meets", names=phrases.names(row.behoeften))] if row.behoeften else [])
        for row in advice.aanbevelingen
    ]
    yield section(say("recommendations"), [group("", recommended)])
    yield section(say("wijken"), [group("", [_wijk(row, phrases) for row in advice.vergelijkbareWijken])])
    steps = [Group(as_sentence(p.label), tuple(phrases.item(step) for step in p.stappen)) for p in advice.stappen]
    yield section(say("steps"), steps)


def _named(fact: Gegeven, phrases: Phrases) -> str:
    """What is stated, as the catalogue calls it, else as the ontology does."""
    name = fact.eigenschap
    return phrases.say(name) if name in phrases.say.names else as_sentence(fact.label)


def _tasks(advice: Advies, phrases: Phrases) -> Iterator[Group]:
    say = phrases.say
    yield Group(say("leading_tasks"), tuple(_task(row, phrases) for row in advice.leidend))
    for distance in sorted({row.afstand for row in advice.volgend}):
        rows = [_following(row, phrases) for row in advice.volgend if row.afstand == distance]
        yield Group(say("following_tasks", n=distance), tuple(rows))
    placed = {row.id for row in (*advice.leidend, *advice.volgend)}
    also = [_task(row, phrases) for row in advice.relevanteOpgaven if row.id not in placed]
    yield Group(say("also_relevant"), tuple(also))
    riding = [
        phrases.item(row, [say("needed_if", names=phrases.names(row.nodigBij))] if row.nodigBij else [])
        for row in advice.meeliftkansen
    ]
    yield Group(say("ride_along"), tuple(riding))
    yield Group(say("dropped"), tuple(phrases.told(advice.vervallen)))


def _task(row: Opgave, phrases: Phrases) -> Item:
    return phrases.item(row, _evidences(row, phrases))


def _following(row: VolgendeOpgave, phrases: Phrases) -> Item:
    ties = list(dict.fromkeys(tie.label for tie in row.kleeftAan))
    sticks = [as_sentence(phrases.say("sticks_to", names=phrases.say.listed(ties)))] if ties else []
    return phrases.item(row, [*sticks, *_evidences(row, phrases)])


def _evidences(row: Opgave, phrases: Phrases) -> list[str]:
    """Why a task is relevant, and why each of its parts is."""
    parts = [reason for part in row.deelopgaven for reason in part.redenen[:MOST_REASONS]]
    return [*(_evidence(ground, phrases) for ground in row.waarom), *parts]


def _evidence(ground: Bewijsgrond, phrases: Phrases) -> str:
    return phrases.say(f"evidence.{ground.soort}", reason=" ".join(ground.redenen[:MOST_REASONS]))


def _solution(row: Oplossing, phrases: Phrases) -> Item:
    serves = [phrases.say("serves", names=phrases.names(row.opgaven))] if row.opgaven else row.redenen[:MOST_REASONS]
    return phrases.item(row, serves)


def _chains(rows: Sequence[Oplossing], phrases: Phrases) -> Iterator[str]:
    """The chains from each solution that no other makes possible, solutions with the same sequel taken together."""
    onward = {row.slug: tuple(other.slug for other in row.maaktMogelijk) for row in rows}
    labels = {row.slug: row.label for row in rows}

    def follow(links: tuple[str, ...], seen: frozenset[str]) -> Iterator[list[str]]:
        here = [phrases.say.listed([labels[slug] for slug in links])]
        later = [slug for slug in onward[links[0]] if slug not in seen]
        if not later:
            yield here
        for sequel in dict.fromkeys(onward[slug] for slug in later):
            together = tuple(slug for slug in later if onward[slug] == sequel)
            yield from (here + rest for rest in follow(together, seen | set(together)))

    for row in rows:
        if row.maaktMogelijk and not row.dankzij:
            yield from (as_sentence(" → ".join(chain)) for chain in follow((row.slug,), frozenset({row.slug})))


def _organisation(advice: Advies, phrases: Phrases) -> Iterator[Group]:
    forms: dict[str, list[Organisatievorm]] = defaultdict(list)
    for row in advice.organisatie:
        forms[row.vorm].append(row)
    for form in sorted(forms):
        yield Group(phrases.say(form), tuple(_organised(row, phrases) for row in forms[form]))


def _organised(row: Organisatievorm, phrases: Phrases) -> Item:
    asked = [phrases.say("asks_for", names=phrases.names(row.betrokkenen))] if row.betrokkenen else []
    return phrases.item(row, [*row.redenen[:MOST_REASONS], *asked])


def _wijk(row: Wijk, phrases: Phrases) -> Item:
    say = phrases.say
    name = say("wijk_in", wijk=row.label, gemeente=row.gemeente.label) if row.gemeente else row.label
    return phrases.item(row, _about_wijk(row, phrases), name)


def _about_wijk(row: Wijk, phrases: Phrases) -> Iterator[str]:
    say = phrases.say
    if row.gedeeld:
        yield say("shares", names=phrases.names(row.gedeeld))
    if row.leidend:
        yield say("led_there", names=phrases.names(row.leidend))
    if row.afloop:
        yield say("ended", name=row.afloop.label)
    if row.les:
        yield say("lesson", text=row.les)
    figures = [
        say("figure_in" if figure.jaar else "figure", label=figure.label, value=figure.waarde, year=figure.jaar)
        for figure in row.cijfers
    ]
    if figures:
        yield "; ".join(figures) + "."
