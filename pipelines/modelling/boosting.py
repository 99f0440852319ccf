"""What the families of boosted trees share: the end at a deadline, rows held out for early stopping, and labels that do not fit into 32 bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import log, progress

KEPT = "trees kept"  # the figure that a deadline leaves in the log
SCALED = "The label values are too large or too close together for 32 bits; they are centred and scaled for training."


class TimeOver(ModuleError):
    """Raised by a report of progress when the time is over. Learners that grow tree by tree keep the trees so far; others end with it."""


def is_last(tree: int, trees: int) -> bool:
    """Report a tree; return whether it is the last because the time is over."""
    try:
        progress(tree, trees, f"tree {tree:,} of {trees:,}")
    except TimeOver:
        if tree < trees:
            log(f"The time was over after {tree:,} of {trees:,} trees, which are kept.", figures={KEPT: tree})
            return True
    return False


def stopped_early(trees: int, rows: int, held_out: int) -> str:
    """Return what early stopping found, in a sentence."""
    return f"Stopped early: {trees:,} trees were best on {held_out:,} held-out rows; {rows:,} rows were used for training."


def hold_out(learner: Any, y: Any, validation: float, seed: int | None) -> tuple[Any, Any]:
    """Return the places of the rows to learn from, and of those held out for early stopping.

    Raises:
        ModuleError: `too_few_rows`.
    """
    from sklearn.base import is_classifier
    from sklearn.model_selection import train_test_split

    rows = np.arange(len(y))
    if not validation:
        return rows, rows[:0]
    classes = y if is_classifier(learner) else None
    fewest = min(np.unique(y, return_counts=True)[1]) if classes is not None else len(y)
    if fewest * min(validation, 1 - validation) < 1:
        raise ModuleError(
            "too_few_rows",
            f"Early stopping holds out {100 * validation:.0f}\u00a0% of the rows, but the table has too few: {len(y):,}.",
            port="table",
            remedy="Add rows, or set the validation share to 0.",
        )
    kept, held_out = train_test_split(rows, test_size=validation, random_state=seed, stratify=classes)
    return np.sort(kept), np.sort(held_out)


def needs_scaling(learner: Any, y: Any) -> bool:
    """Return whether a library that keeps labels in 32 bits would lose what tells the values of a numeric label apart."""
    from sklearn.base import is_regressor

    if not is_regressor(learner):
        return False
    largest, spread = float(np.abs(y).max()), float(y.std())
    return spread > 0 and (largest > 1e4 * spread or largest > 1e30 or largest < 1e-30)
