"""What was made once and may be wanted again, in one process: so many at most, the oldest goes for the newest."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Kept"]

V = TypeVar("V")


class Kept(Generic[V]):
    """A bounded memory; several threads may use it at once."""

    def __init__(self, most: int) -> None:
        """Hold so many at most."""
        self._most = most
        self._found: OrderedDict[Hashable, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: Hashable) -> V | None:
        """What was kept under a key, if it is still here."""
        return self._found.get(key)

    def keep(self, key: Hashable, value: V) -> V:
        """Keep a value, in place of the one under the same key; answers with it."""
        self._found[key] = value
        while len(self._found) > self._most:
            self._found.popitem(last=False)
        return value
