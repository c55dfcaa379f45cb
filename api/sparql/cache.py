"""Answers remembered up to a number of bytes, the least recently used forgotten first."""

from collections import OrderedDict
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    """What knows how many bytes it takes."""

    @property
    def size(self) -> int:
        """The bytes to count."""


Key = TypeVar("Key", bound=Sized)
Value = TypeVar("Value", bound=Sized)


class ByteCache(Generic[Key, Value]):
    """A mapping that never holds more than so many bytes, keys and values, nor one of both of more than an eighth of that."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._most = room // 8
        self.used = 0
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """The value of a key, if it is remembered."""
        value = self._kept.get(key)
        if value is not None:
            self._kept.move_to_end(key)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Remember a value, and forget others to make room."""
        size = key.size + value.size
        if size > self._most or key in self._kept:
            return
        self._kept[key] = value
        self.used += size
        while self.used > self._room:
            old, forgotten = self._kept.popitem(last=False)
            self.used -= old.size + forgotten.size
