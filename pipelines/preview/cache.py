"""LRU cache of recent previews, bounded by weight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class PreviewCache(Generic[T]):
    """Values by key; when they exceed the maximum weight, the least recently used ones are evicted."""

    def __init__(self, most: int, weight: Callable[[T], int]) -> None:
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._most, self._weight, self._weighs = most, weight, 0
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the cached value of a key, or make and cache it. Nothing is cached for the key None."""
        if key is None:
            return make()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        self._put(key, made)
        return made

    def _put(self, key: Hashable, made: T) -> None:
        if self._weight(made) > self._most:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made
            self._weighs += self._weight(made)
            while self._weighs > self._most:
                self._weighs -= self._weight(self._kept.popitem(last=False)[1])
