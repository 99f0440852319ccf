"""The importance of inputs: shares by how much the scores change when a column is shuffled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipelines.monitoring import importance
from pipelines.monitoring.importance import Columns, importances

RNG = np.random.default_rng(3)
ROWS = 2_000
INPUTS: dict[str, list[Any]] = {name: RNG.normal(size=ROWS).tolist() for name in ("strong", "weak", "none")} | {
    "text": ["a", "b"] * (ROWS // 2)
}


def score(columns: Columns) -> Columns:
    values = [
        None if text == "c" else 3 * strong + weak
        for strong, weak, text in zip(columns["strong"], columns["weak"], columns["text"], strict=True)
    ]
    return {"number": values, "label": [f"is {text}" for text in columns["text"]]}


def test_shares_follow_the_scores_and_are_the_same_each_time():
    found = importances(score, INPUTS)
    assert sum(found.values()) == pytest.approx(1) and found["none"] == 0
    assert found["strong"] / found["weak"] == pytest.approx(3, rel=0.2) and found["text"] > 0.1
    assert importances(score, INPUTS) == found


def test_nothing_is_said_without_rows_change_or_time(monkeypatch: pytest.MonkeyPatch):
    few = {name: values[:19] for name, values in INPUTS.items()}
    assert (
        importances(score, few) == importances(score, {}) == importances(lambda columns: {"y": [1.0] * len(columns["text"])}, INPUTS) == {}
    )
    monkeypatch.setattr(importance, "MOST_SECONDS", -1.0)
    assert importances(score, INPUTS) == {}


def test_a_row_without_a_score_counts_for_nothing():
    found = importances(score, INPUTS | {"text": ["c"] * ROWS})
    assert found == {}
