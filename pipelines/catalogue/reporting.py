"""Reporting from module code: progress, log lines, and the check for cancellation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, Protocol

Level = Literal["info", "warning", "error"]
Figures = Mapping[str, float]


class Listener(Protocol):
    """Receives the progress and log lines of a step."""

    def progress(self, done: float, total: float, words: str) -> None: ...
    def log(self, line: str, level: Level, figures: Figures | None = None) -> None: ...


_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def reporting_to(listener: Listener) -> Iterator[None]:
    """Send progress and log lines inside the context to a listener."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@dataclass(frozen=True)
class _Titled:
    """Passes log lines on with a title before them. Progress is that of a part, and not passed on."""

    listener: Listener
    title: str

    def progress(self, done: float, total: float, words: str) -> None: ...

    def log(self, line: str, level: Level, figures: Figures | None = None) -> None:
        self.listener.log(f"{self.title}: {line}", level)


@contextmanager
def titled(title: str) -> Iterator[None]:
    """Begin the log lines inside the context with a title, such as that of a module within a step."""
    listener = _listener.get()
    with reporting_to(_Titled(listener, title)) if listener else nullcontext():
        yield


def progress(done: float, total: float, words: str = "") -> None:
    """Report progress; raises when the step was cancelled."""
    if listener := _listener.get():
        listener.progress(done, total, words)


def log(line: str, level: Level = "info", figures: Figures | None = None) -> None:
    """Write a line to the node's log, such as how many rows were left out.

    Figures of the same names in several lines, such as a loss in each epoch, are drawn as curves while the step runs.
    """
    if listener := _listener.get():
        listener.log(line, level, figures) if figures else listener.log(line, level)
