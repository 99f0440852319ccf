"""LRU cache of recent previews, bounded by weight."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

T = TypeVar("T")


class PreviewCache(Generic[T]):
    """Values by key; when they exceed the maximum weight, the least recently used ones are evicted."""

    def __init__(self, most: int, weight: Callable[[T], int]) -> None:
        self._kept: LRUCache[Hashable, T] = LRUCache(most, getsizeof=weight)
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the cached value of a key, or make and cache it. Nothing is cached for the key None."""
        if key is None:
            return make()
        with self._lock, suppress(KeyError):
            return self._kept[key]
        made = make()
        with self._lock, suppress(ValueError):  # heavier than the maximum
            self._kept[key] = made
        return made
