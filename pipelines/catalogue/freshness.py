"""Freshness: what a module knows of its source before it runs, so that a stored result is reused only with reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Freshness:
    """The answer of a module's `freshness` rule.

    Args:
        state: What the source looks like now, such as an ETag: an earlier result of the same state is reused. None: the step runs in every run.
        why: Why it runs without a state, or why it is reused unseen: a sentence for the user.
    """

    state: str | None
    why: str = ""

    def ingredient(self, run: str) -> dict[str, Any]:
        """Return what the key of the step's result depends on: the state, else the run itself."""
        return {"run": run} if self.state is None else {"state": self.state}
