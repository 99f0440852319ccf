"""Stage 5, saying so: the closed set of things a run can say. Each is plain JSON, numbered per run when it is written down."""

from __future__ import annotations

import re
from typing import Any, Literal

Event = dict[str, Any]
Level = Literal["info", "warning", "error"]
# What people's code may say to move a terminal's cursor, colour it, or turn the order of letters round.
TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def readable(text: str) -> str:
    """A text that means the same in a terminal and on a page.

    Terminal sequences are left out. Of a line that was written over with carriage returns the last state is kept. Other control characters and
    marks that change the direction of writing are shown as their codes.
    """
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in TERMINAL.sub("", text).split("\n")]
    return STRANGE.sub(lambda found: f"\\u{ord(found[0]):04x}", "\n".join(lines))


def run(**patch: Any) -> Event:
    """The run itself changed: its state, or when it started or finished."""
    return {"type": "run", "run": patch}


def step(node: str, **patch: Any) -> Event:
    """A step changed; `patch` holds the fields of the step that are new."""
    return {"type": "step", "node": node, "step": patch}


def progress(node: str, done: float, total: float, words: str) -> Event:
    """How far a running step is."""
    return {"type": "progress", "node": node, "done": done, "total": total, "words": readable(words)}


def log(node: str, line: str, level: Level = "info") -> Event:
    """A line of a step's log."""
    return {"type": "log", "node": node, "level": level, "line": readable(line)}
