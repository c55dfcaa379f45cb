"""Where a store is, and who we are there."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Address:
    """Where a store is reached.

    `query` is all that reading needs; `graphs` (Graph Store Protocol) is needed for writing; `update` lets a writer replace
    graphs in one step.
    """

    query: str
    graphs: str = ""
    update: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
