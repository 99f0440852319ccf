"""What a line of the log tells beside its words: which run, step, request, workspace and worker it is about."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_context: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))
_process_context: dict[str, str] = {}


@contextmanager
def log_context(**facts: str) -> Iterator[Mapping[str, str]]:
    """Every line that is logged inside tells these facts."""
    before = _context.set({**_context.get(), **facts})
    try:
        yield facts
    finally:
        _context.reset(before)


def add_context(**facts: str) -> None:
    """Add facts that came to light on the way to the `about` around this call."""
    _context.set({**_context.get(), **facts})


def context_value(name: str) -> str:
    """A fact that was told around this call; empty when it was not."""
    return _context.get().get(name, "")


def set_process_context(**facts: str) -> None:
    """Every line of this process and its children tells these facts."""
    _process_context.update(facts)


class Facts(logging.Filter):
    """Puts the facts on each record; what the call itself said as `extra` counts more."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, fact in {**_process_context, **_context.get()}.items():
            record.__dict__.setdefault(name, fact)
        return True


class OneLine(logging.Filter):
    """A lost child is told in one line: the trace would be of the pool's own insides."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info and record.exc_info[1]
        if type(getattr(fault, "exc", fault)).__name__ == "WorkerLostError":  # billiard wraps it
            record.exc_info = None
        return True


class Plain(logging.Formatter):
    """For people: the facts stand behind the words."""

    FACTS = ("run", "node", "workspace", "request_id", "worker")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name is logging's
        told = " ".join(f"{name}={record.__dict__[name]}" for name in self.FACTS if name in record.__dict__)
        return f"{super().formatMessage(record)} [{told}]" if told else super().formatMessage(record)
