"""Which windows give a signal: those that differ by more than chance and by more than a bound."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipelines.monitoring.judging import Signal, Thresholds, alarms, judge, judge_rows, rejected
from pipelines.monitoring.profile import Profile, profile

RNG = np.random.default_rng(7)
THRESHOLDS = Thresholds()


def columns(rows: int, **more: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {f"x{place}": RNG.normal(size=rows).tolist() for place in range(4)}
    found |= {"t": RNG.choice(["a", "b", "c"], rows, p=[0.6, 0.3, 0.1]).tolist(), "day": ["2026-01-01"] * rows}
    return found | more


def reference(rows: int = 5000) -> Profile:
    types = {"t": "text", "day": "date"}
    return profile({name: (types.get(name, "number"), values) for name, values in columns(rows).items()}, {})


REFERENCE = reference()


def signals(rows: int = 1000, thresholds: Thresholds = THRESHOLDS, **more: list[Any]) -> set[tuple[str, str]]:
    found = judge(REFERENCE, REFERENCE.count(columns(rows, **more)), thresholds)
    assert found.state == "judged"
    return {(each.column, each.kind) for each in found.signals}


def test_no_change_is_no_signal():
    assert [signals(rows) for rows in (200, 500, 1000, 20_000)] == [set()] * 4


def test_a_shift_of_three_tenths_is_a_signal_of_its_column_alone():
    assert [signals(x0=RNG.normal(0.3, 1, 1000).tolist()) for _ in range(5)] == [{("x0", "drift")}] * 5


def test_a_significant_change_within_the_bounds_is_none():
    assert signals(100_000, x0=RNG.normal(0.05, 1, 100_000).tolist()) == set()
    assert signals(100_000, Thresholds(wasserstein=0.02), x0=RNG.normal(0.05, 1, 100_000).tolist()) == {("x0", "drift")}


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"x0": [None] * 1000}, {("x0", "empty")}),
        ({"day": [None] * 1000}, {("day", "empty")}),
        ({"x0": [0.5] * 1000}, {("x0", "constant"), ("x0", "drift")}),
        ({"t": ["a"] * 1000}, {("t", "constant"), ("t", "drift")}),
        ({"t": ["a", "b", "a", "z"] * 250}, {("t", "new_categories"), ("t", "drift")}),
        ({"day": ["2026-01-01", None] * 500}, {("day", "missing")}),
        ({"x0": ["x"] * 30 + RNG.normal(size=970).tolist()}, {("x0", "type_errors")}),
        ({"x0": [99.0] * 80 + RNG.normal(size=920).tolist()}, {("x0", "out_of_range"), ("x0", "drift")}),
    ],
)
def test_broken_columns_are_each_signalled(values: dict[str, list[Any]], wanted: set[tuple[str, str]]):
    assert signals(**values) == wanted


def test_too_few_rows_wait_and_a_small_reference_is_said():
    waiting = judge(REFERENCE, REFERENCE.count(columns(199)), THRESHOLDS)
    assert (waiting.state, waiting.words) == ("waiting", "Waiting: the window has 199 of at least 200 rows.")
    assert judge(REFERENCE, {}, THRESHOLDS).rows == 0
    small = reference(60)
    assert "60 rows only" in judge(small, small.count(columns(500)), THRESHOLDS).words


def test_an_alarm_is_a_signal_of_windows_in_a_row():
    one, other = Signal("a", "drift", ""), Signal("a", "missing", "")
    assert alarms([[one], [one, other]], 2) == [one]
    assert alarms([[one], [other]], 2) == alarms([[one]], 2) == alarms([[one], [], [one]], 2) == []
    assert alarms([[one]], 1) == [one]


def test_the_number_of_rows_is_judged_by_the_windows_before():
    assert judge_rows(100, [1000] * 4, THRESHOLDS) is None
    low, high = judge_rows(0, [1000] * 5, THRESHOLDS), judge_rows(4001, [1000] * 5, THRESHOLDS)
    assert low is not None and high is not None and "0 rows; usual are 1,000" in low.words
    assert judge_rows(300, [1000] * 5, THRESHOLDS) is judge_rows(0, [10] * 9, THRESHOLDS) is None


def test_correction_over_columns():
    assert rejected([0.001, 0.5, 0.5], 0.001) == [False] * 3
    assert rejected([0.0003, 0.0006, 0.5], 0.001) == [True, True, False]
    assert rejected([], 0.001) == []


def test_drift_is_weighted_by_importance():
    weighted = REFERENCE.weighted({"x0": 0.7, "x1": 0.295, "x2": 0.005, "x3": 0.0, "t": 0.0, "day": 0.0})
    moved = {name: RNG.normal(0.5, 1, 1000).tolist() for name in ("x0", "x2")}
    found = judge(weighted, weighted.count(columns(1000, **moved)), THRESHOLDS)
    assert found.drifted_importance == pytest.approx(0.705)
    assert [(each.column, each.minor) for each in found.signals] == [("x0", False), ("x2", True)]
    assert [each.words.rpartition(" It has ")[2] for each in found.signals] == [
        "70.0\u00a0% of the importance of the inputs.",
        "0.5\u00a0% of the importance of the inputs, so this is no alarm.",
    ]
    assert [each.column for each in alarms([found.signals] * 2, 2)] == ["x0"]
    every = judge(weighted, weighted.count(columns(1000, **moved)), Thresholds(importance=0.0))
    assert [each.minor for each in every.signals] == [False, False]
    assert judge(REFERENCE, REFERENCE.count(columns(1000, **moved)), THRESHOLDS).drifted_importance is None
