"""One guardrail, and the plan of training that it judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.modelling.folds import By

State = Literal["passed", "done", "alerted"]
SHOWN = 3


@dataclass(frozen=True)
class Plan:
    """How models are to be trained: the folds, what they are made of, seconds and bytes of memory; None for no limit."""

    folds: int = 5
    split_by: By = "label"
    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Guardrail:
    """What one guardrail found.

    Args:
        id: Its name for code, which stays the same.
        title: Its name for people.
        state: Passed, done when Easel takes care of it, or alerted when a person should look.
        words: What was found and what is done about it, in sentences.
        columns: The columns that it is about.
        figures: The numbers behind the words.
    """

    id: str
    title: str
    state: State
    words: str
    columns: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)


def judged(
    id: str, title: str, passed: str, found: Mapping[str, str], state: State, done: str, figures: Mapping[str, float] | None = None
) -> Guardrail:
    """Return a guardrail of columns: passed without any, else what was found of each and what is done.

    Args:
        id: The guardrail's name for code.
        title: Its name for people.
        passed: The sentence when nothing was found.
        found: What was found, by column, as the rest of a sentence.
        state: The state when something was found.
        done: What is done about it, in a sentence.
        figures: The numbers; by default those of columns found.
    """
    if not found:
        return Guardrail(id, title, "passed", passed)
    return Guardrail(id, title, state, f"{_some(found)}. {done}", tuple(found), figures or {"columns": len(found)})


def percent(share: float) -> str:
    """Return a share for people."""
    return f"{100 * share:.3g} %"


def _some(found: Mapping[str, str]) -> str:
    parts: Sequence[str] = [f"“{column}” {words}" for column, words in found.items()]
    return "; ".join(parts[:SHOWN]) + (f"; and {len(parts) - SHOWN} more columns" if len(parts) > SHOWN else "")
