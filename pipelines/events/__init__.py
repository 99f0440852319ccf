"""Stage 5, events: the closed set of events of a run, as JSON. They are numbered per run when they are recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

Event = dict[str, Any]
Level = Literal["info", "warning", "error"]
# Sequences in the output of user code that move a terminal's cursor, colour text, or change the direction of writing.
TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def readable(text: str) -> str:
    """Make a text read the same in a terminal and in a browser.

    Terminal sequences are removed. Of a line overwritten with carriage returns the last state is kept. Other control characters and
    marks that change the direction of writing are shown as their codes.
    """
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in TERMINAL.sub("", text).split("\n")]
    return STRANGE.sub(lambda found: f"\\u{ord(found[0]):04x}", "\n".join(lines))


def run(**patch: Any) -> Event:
    """The run changed: its state, or when it started or finished."""
    return {"type": "run", "run": patch}


def step(node: str, **patch: Any) -> Event:
    """A step changed; `patch` has its changed fields."""
    return {"type": "step", "node": node, "step": patch}


def progress(node: str, done: float, total: float, words: str) -> Event:
    """The progress of a running step."""
    return {"type": "progress", "node": node, "done": done, "total": total, "words": readable(words)}


def log(node: str, line: str, level: Level = "info", figures: Mapping[str, float] | None = None) -> Event:
    """A line of a step's log; its figures are points of curves."""
    return {"type": "log", "node": node, "level": level, "line": readable(line), **({"figures": dict(figures)} if figures else {})}
