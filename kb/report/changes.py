"""What if and why not in words, in the same building blocks as an advice."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kb.explain.as_json import situation_of
from kb.explain.difference import Change, Difference
from kb.explain.missing import MissingSet
from kb.knowledge.knowledge import Knowledge
from kb.language import catalogue
from kb.names import expand, term
from kb.report.layout import Group, Item, Section, cut
from kb.situation.model import dump_situation

MOST_ITEMS = 5


def difference_sections(
    knowledge: Knowledge, difference: Difference, language: str, *, shorten: bool = True
) -> list[Section]:
    """The conclusions that come and those that go, by kind; empty when nothing changes."""
    say = catalogue(language)
    parts = (("gained", difference.gained), ("lost", difference.lost))
    return [
        Section(f"{say(name)}: {len(changes)}", tuple(_by_kind(knowledge, changes, language, shorten)))
        for name, changes in parts
        if changes
    ]


def missing_section(sets: Sequence[MissingSet], language: str) -> Section:
    """The smallest sets of changes, each with the options for `wat-als` that make them."""
    say = catalogue(language)
    items = tuple(_possibility(missing) for missing in sets)
    return Section(say("missing"), (Group("", items, ranked=True),), say("missing_intro"))


def _by_kind(knowledge: Knowledge, changes: Sequence[Change], language: str, shorten: bool) -> Iterator[Group]:
    kinds: dict[str, list[Item]] = defaultdict(list)
    for change in changes:
        prop, _, thing = change.conclusion.partition("/")
        label = knowledge.label(term(prop), language)
        kinds[label].append(Item(knowledge.label(expand(thing), language), change.conclusion))
    for label in sorted(kinds):
        yield cut(f"{label} ({len(kinds[label])})", kinds[label], MOST_ITEMS if shorten else None, language)


def _possibility(missing: MissingSet) -> Item:
    situations = {"--toevoegen": missing.add, "--weglaten": situation_of(missing.remove)}
    options = [
        f"{option} '{json.dumps(dumped, ensure_ascii=False)}'"
        for option, situation in situations.items()
        if (dumped := dump_situation(situation))
    ]
    return Item("; ".join(missing.texts), details=tuple(options))
