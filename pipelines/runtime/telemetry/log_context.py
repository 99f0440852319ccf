"""Log context: the run, step, request, workspace and worker of each log line."""

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
    """Add these facts to every line logged inside."""
    before = _context.set({**_context.get(), **facts})
    try:
        yield facts
    finally:
        _context.reset(before)


def add_context(**facts: str) -> None:
    """Add facts to the enclosing `log_context`, once they are known."""
    _context.set({**_context.get(), **facts})


def context_value(name: str) -> str:
    """Return a fact of the enclosing context; empty without one."""
    return _context.get().get(name, "")


def set_process_context(**facts: str) -> None:
    """Add these facts to every log line of this process and its children."""
    _process_context.update(facts)


class Facts(logging.Filter):
    """Adds the facts to each record; the call's own `extra` takes precedence."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, fact in {**_process_context, **_context.get()}.items():
            record.__dict__.setdefault(name, fact)
        return True


class OneLine(logging.Filter):
    """Logs a lost pool process in one line: the traceback would only show the pool's internals."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info and record.exc_info[1]
        if type(getattr(fault, "exc", fault)).__name__ == "WorkerLostError":  # billiard wraps it
            record.exc_info = None
        return True


class Plain(logging.Formatter):
    """Format for people: the facts follow the message."""

    FACTS = ("run", "node", "workspace", "request_id", "worker")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name is logging's
        told = " ".join(f"{name}={record.__dict__[name]}" for name in self.FACTS if name in record.__dict__)
        return f"{super().formatMessage(record)} [{told}]" if told else super().formatMessage(record)
