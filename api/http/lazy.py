"""What takes long to make and is shared: made when first asked for, once, whoever asks."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Lazy(Generic[Made]):
    """Calls `make` at the first call and gives the same thing ever after; others wait for it meanwhile."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: tuple[Made] | None = None

    def __call__(self) -> Made:
        with self._lock:
            if self._made is None:
                self._made = (self._make(),)
            return self._made[0]
