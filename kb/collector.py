"""The garbage collector put aside where many objects are made that stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Looking for cycles, time and again, among all that is in memory only costs time while objects are made that stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def all_stays() -> None:
    """All that is in memory now stays: what looks for cycles passes over it from now on, and looks seldom.

    An answer makes thousands of objects and hardly a cycle. By default that is looked at several times an answer.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
