"""The building blocks of a text for people: items in groups in sections.

`kb.report.terminal` lays them out for the terminal and `kb.report.markdown` as text; neither adds words of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kb.language import catalogue

ASSUMED = "△"


@dataclass(frozen=True)
class Item:
    """One line with what explains it. `key` is what the reader can hand back: a conclusion key, or JSON to add."""

    text: str
    key: str = ""
    assumed: bool = False
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Items under one small title; `more` says how many are left out, which are `left`."""

    title: str
    items: tuple[Item, ...]
    ranked: bool = False
    more: str = ""
    left: int = 0


@dataclass(frozen=True)
class Section:
    """A part of the report under one title; `name` is what the catalogue calls that title, where it has one."""

    title: str
    groups: tuple[Group, ...]
    intro: str = ""
    name: str = ""


@dataclass(frozen=True)
class Report:
    """A whole advice in words; `legend` says how to read it."""

    title: str
    sections: tuple[Section, ...]
    legend: str


def marked(sections: Iterable[Section]) -> bool:
    """Whether something in these sections rests on an assumption, so that its mark must be explained."""
    return any(item.assumed for part in sections for group in part.groups for item in group.items)


def cut(title: str, items: Sequence[Item], most: int | None, language: str, *, ranked: bool = False) -> Group:
    """A group of at most `most` items."""
    if most is None or len(items) <= most:
        return Group(title, tuple(items), ranked)
    left = len(items) - most
    return Group(title, tuple(items[:most]), ranked, catalogue(language)("more", n=left), left)


def section(title: str, groups: Iterable[Group], intro: str = "", name: str = "") -> Section:
    """A section of the groups that hold something."""
    return Section(title, tuple(group for group in groups if group.items), intro, name)


def without_keys(report: Report) -> Report:
    """The report without the keys behind its lines."""
    return replace(report, sections=tuple(map(_plain_section, report.sections)))


def _plain_section(part: Section) -> Section:
    groups = (replace(group, items=tuple(replace(item, key="") for item in group.items)) for group in part.groups)
    return replace(part, groups=tuple(groups))
