"""A circuit breaker: a server that failed to answer is not called again for some seconds."""

from __future__ import annotations

import time


class CircuitBreaker:
    """Closed while the server answers. `open` it when the server hangs or is away; it closes by itself.

    Args:
        seconds: How long it stays open.

    Source of the pattern: M. Nygard, Release It!, "Circuit Breaker".
    """

    def __init__(self, seconds: float = 5.0) -> None:
        self.seconds = seconds
        self._open_until = float("-inf")

    @property
    def is_open(self) -> bool:
        """Whether the server is not to be called now."""
        return time.monotonic() < self._open_until

    def open(self) -> None:
        """Call the server no more for a while."""
        self._open_until = time.monotonic() + self.seconds

    def close(self) -> None:
        """Call it again at once."""
        self._open_until = float("-inf")
