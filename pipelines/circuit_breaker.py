"""Circuit breaker: after a failure, a server is not called for some seconds."""

from __future__ import annotations

import time


class CircuitBreaker:
    """Closed while the server responds. Call `open` when it hangs or is unreachable; it closes by itself.

    Args:
        seconds: How long it stays open.

    Source of the pattern: M. Nygard, Release It!, "Circuit Breaker".
    """

    def __init__(self, seconds: float = 5.0) -> None:
        self.seconds = seconds
        self._open_until = float("-inf")

    @property
    def is_open(self) -> bool:
        """Return whether calls must be skipped."""
        return time.monotonic() < self._open_until

    def open(self) -> None:
        """Skip calls for a while."""
        self._open_until = time.monotonic() + self.seconds

    def close(self) -> None:
        """Allow calls again at once."""
        self._open_until = float("-inf")
