"""Stage 5, saying so: the closed set of things a run can say. Each is plain JSON, numbered per run when it is written down."""

from __future__ import annotations

from typing import Any, Literal

Event = dict[str, Any]
Level = Literal["info", "warning", "error"]


def run(**patch: Any) -> Event:
    """The run itself changed: its state, or when it started or finished."""
    return {"type": "run", "run": patch}


def step(node: str, **patch: Any) -> Event:
    """A step changed; `patch` holds the fields of the step that are new."""
    return {"type": "step", "node": node, "step": patch}


def progress(node: str, done: float, total: float, words: str) -> Event:
    """How far a running step is."""
    return {"type": "progress", "node": node, "done": done, "total": total, "words": words}


def log(node: str, line: str, level: Level = "info") -> Event:
    """A line of a step's log."""
    return {"type": "log", "node": node, "level": level, "line": line}
