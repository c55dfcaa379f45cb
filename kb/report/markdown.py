"""A report as Markdown, for people and for documents."""

import re
from collections.abc import Iterator

from kb.report.layout import ASSUMED, Group, Item, Report, Section


def markdown(report: Report) -> str:
    """The whole report as Markdown text."""
    lines = [f"# {_plain(report.title)}", ""]
    for section in report.sections:
        lines += _section(section)
    lines += ["---", "", _plain(report.legend)]
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> Iterator[str]:
    yield from (f"## {_plain(section.title)}", "")
    if section.intro:
        yield from (_plain(section.intro), "")
    for group in section.groups:
        yield from _group(group, "###")


def _group(group: Group, heading: str) -> Iterator[str]:
    if group.title:
        yield from (f"{heading} {_plain(group.title)}", "")
    for number, item in enumerate(group.items, 1):
        yield from _item(item, f"{number}. " if group.ranked else "- ")
    if group.more:
        yield from ("", f"*{_plain(group.more)}*")
    yield ""


def _item(item: Item, bullet: str) -> Iterator[str]:
    text = f"**{_plain(item.text)}**" if item.details else _plain(item.text)
    mark = f" {ASSUMED}" if item.assumed else ""
    key = f" `{item.key}`" if item.key else ""
    yield f"{bullet}{text}{mark}{key}"
    indent = " " * len(bullet)
    yield from (f"{indent}- {_plain(detail)}" for detail in item.details)


def _plain(text: str) -> str:
    """Text in which nothing is taken for markup."""
    return re.sub(r"([\\`*_<]|(?<=\])\()", r"\\\1", text)
