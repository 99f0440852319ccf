"""Steps of a scoring graph that run code: they are executed by a warm sandbox, which each scorer has for itself."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.isolation import trusts_scripts
from pipelines.catalogue.module import Module
from pipelines.catalogue.reporting import Figures, Level, log
from pipelines.execution.targets import JobStopped, Limits
from pipelines.execution.targets.warm import Warm
from pipelines.graph.model import Node

SECONDS = 120.0  # for rows that no request waits for
UNTIL_READY = 900.0  # for its process to start, where no request waits: a proof is not refused because the machine is busy


class Unavailable(Exception):
    """A step could not be executed for a reason beyond its rows: its sandbox cannot be made, was stopped by a limit, or ended."""

    def __init__(self, node: str, title: str, wrong: ModuleError) -> None:
        super().__init__(f"{title}: {wrong.words}")
        self.node, self.code, self.words, self.remedy = node, wrong.code, f"{title}: {wrong.words}", wrong.remedy


class _Log:
    """Passes lines on to what listens to the scorer."""

    def progress(self, done: float, total: float, words: str) -> None: ...

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        log(line, level, figures)


class Isolation:
    """The warm sandbox of a scorer, started when it is first needed."""

    def __init__(self) -> None:
        self._warm: Warm | None = None
        self._seconds: float | None = None
        self._until = 0.0

    def begin(self, seconds: float | None) -> None:
        """Begin a request that must be answered within some seconds; None for two minutes for each step."""
        self._seconds, self._until = seconds, time.monotonic() + (seconds or 0.0)

    def call(self, module: Module, node: Node, title: str, inputs: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        """Execute a step, and return its tables by port.

        Raises:
            Unavailable: When the sandbox cannot be made, was stopped by a limit, or ended; the next call starts another.
            ModuleError: When the step refuses the rows.
        """
        seconds = SECONDS if self._seconds is None else max(0.05, self._until - time.monotonic())
        try:
            memory = node.execution.get("memory_mb")
            self._warm = self._warm or Warm(Limits.of(seconds, memory and memory * 1024**2))
        except ModuleError as missing:
            raise Unavailable(node.id, title, missing) from missing
        try:
            return self._warm.call(module, node.id, node.params, inputs, _Log(), seconds, UNTIL_READY if self._seconds is None else None)
        except JobStopped as stopped:
            if stopped.code == "took_too_long":
                words = f"It was not done within {self._seconds or SECONDS:g} s, and was stopped."
                stopped = JobStopped(stopped.code, words, remedy="Send fewer rows, or ask for a higher limit of the endpoint.")
            raise Unavailable(node.id, title, stopped) from stopped


def isolates(module: Module) -> bool:
    """Return whether a module must be executed in a sandbox here."""
    return module.runs_code and not trusts_scripts()
