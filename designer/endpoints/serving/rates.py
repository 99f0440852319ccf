"""The rate of each key: a token bucket in the memory of the process, which has its part of the whole rate."""

from __future__ import annotations


class Rates:
    """Token buckets by key. A bucket holds a minute's requests, and fills evenly."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str, rate: int, processes: int, now: float) -> float:
        """Take one request; returns 0, or the seconds until one is allowed.

        Args:
            key: The key's id.
            rate: Requests per minute over all processes.
            processes: How many share the rate.
            now: A monotonic time in seconds.
        """
        most = max(1.0, rate / processes)
        left, at = self._buckets.get(key, (most, now))
        left = min(most, left + (now - at) * most / 60)
        if left < 1:
            self._buckets[key] = (left, now)
            return (1 - left) * 60 / most
        self._buckets[key] = (left - 1, now)
        return 0.0

    def keep(self, keys: set[str]) -> None:
        """Forget other keys."""
        for gone in [key for key in list(self._buckets) if key not in keys]:
            self._buckets.pop(gone, None)
