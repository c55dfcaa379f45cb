"""The links between the pages of what is found."""

from collections.abc import Callable
from math import ceil


def page_links(address: Callable[[int], str], page: int, count: int, size: int) -> dict[str, str]:
    """The address of this page, the first, the last, and of those before and after where there are any.

    `address` gives the address of a page by its number, from 1; `count` is what is found, `size` how much a page holds.
    """
    last = max(1, ceil(count / size))
    links = {"self": address(page), "first": address(1), "last": address(last)}
    if page > 1:
        links["prev"] = address(min(page - 1, last))
    if page < last:
        links["next"] = address(page + 1)
    return links


def link_header(links: dict[str, str]) -> str:
    """The same as the header `Link` has it."""
    return ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items())
