"""How much each input column counts for the scores: by how much they change when its values are shuffled among rows.

Permutation importance (Breiman, 2001), of the change of the scores instead of a loss, so that no label is needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Columns = Mapping[str, Sequence[Any]]
MOST_ROWS, LEAST_ROWS = 500, 20
MOST_SECONDS = 20.0  # with more columns than fit, nothing is said: a part of them would have too much weight


def importances(score: Callable[[Columns], Columns], inputs: Columns) -> dict[str, float]:
    """Return the share of each input column in the changes of the scores; empty when there are too few rows, no change, or no time.

    Args:
        score: Gives the scores by column, null for a row without one.
        inputs: The values of rows by column.
    """
    rows = len(next(iter(inputs.values()), ()))
    if rows < LEAST_ROWS:
        return {}
    places = np.sort(np.random.default_rng(0).permutation(rows)[:MOST_ROWS]).tolist()
    some = {name: [values[place] for place in places] for name, values in inputs.items()}
    plain, until = score(some), time.monotonic() + MOST_SECONDS
    found = {}
    for name, values in some.items():
        if time.monotonic() > until:
            return {}
        order = np.random.default_rng(0).permutation(len(values))
        found[name] = _change(plain, score({**some, name: [values[place] for place in order]}))
    total = sum(found.values())
    return {name: change / total for name, change in found.items()} if total > 0 else {}


def _change(before: Columns, after: Columns) -> float:
    """Return the mean change over the columns of scores: of numbers in standard deviations, of others the share that differs."""
    changes = [_change_of(before[name], after[name]) for name in before]
    return sum(changes) / max(1, len(changes))


def _change_of(before: Sequence[Any], after: Sequence[Any]) -> float:
    pairs = [(one, other) for one, other in zip(before, after, strict=True) if one is not None and other is not None]
    if not pairs:
        return 0.0
    if all(type(value) in (int, float) for pair in pairs for value in pair):
        numbers = np.array(pairs, dtype=np.float64)
        spread, change = float(numbers[:, 0].std()), float(np.abs(numbers[:, 1] - numbers[:, 0]).mean())
        return change / spread if spread > 0.0 else 0.0
    return sum(1 for one, other in pairs if one != other) / len(pairs)
