"""A thread that calls a function at an interval."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Self

log = logging.getLogger(__name__)


class Periodic:
    """Calls a function at an interval, from `start` to `stop` or inside a `with` block. A call that raises is logged, and the next one is made.

    Args:
        seconds: The interval in seconds.
        call: The function.
        last: Make one more call at the end.
        at_end: Called last in the thread, such as to close its database connection.
    """

    def __init__(
        self, seconds: float, call: Callable[[], object], *, last: bool = False, at_end: Callable[[], object] | None = None
    ) -> None:
        self._seconds, self._call, self._last, self._at_end = seconds, call, last, at_end
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the calls, and wait for one in progress."""
        self._stopped.set()
        self._thread.join()

    __enter__ = start

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            self._try()
        if self._last:
            self._try()
        if self._at_end:
            self._at_end()

    def _try(self) -> None:
        try:
            self._call()
        except Exception:
            log.exception("a periodic call failed")
