"""Figures of predictions with truth, and when they are beyond a bound."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.monitoring.truth import LEAST_LABELS, is_beyond, is_same, live_figures, predicted, task_of


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [("a", "a", True), ("a", "b", False), (1, "1", True), (1.0, 1, True), (True, "true", True), ("1.0", 1, True), ("nan", "nan", True)],
)
def test_classes_are_the_same_as_numbers_or_as_texts(one: Any, two: Any, same: bool) -> None:
    assert is_same(one, two) is same


def test_figures_of_classes_and_of_numbers() -> None:
    assert live_figures("classes", ["a", "b", "a", "a"], ["a", "a", "a", "b"]).accuracy == 0.5
    found = live_figures("numbers", [1, 2, 5, None, 3], ["1", 4, 1, 3, "x"])
    assert (found.labels, found.mae, found.accuracy) == (3, 2.0, None) and found.rmse == pytest.approx((20 / 3) ** 0.5)
    assert live_figures("numbers", [], []).mae is None and live_figures("classes", [], []).accuracy is None


def test_the_prediction_in_an_answer() -> None:
    assert predicted({"Scored Probabilities": 0.3, "Scored Labels": "yes"}) == "yes"
    assert predicted({"sum": 2}) == 2 and predicted(7) == 7 and predicted({}) is None
    assert [task_of(type) for type in ("number", "integer", "text", "boolean")] == ["numbers", "numbers", "classes", "classes"]


def test_few_labels_are_never_judged() -> None:
    few = LEAST_LABELS - 1
    assert is_beyond("classes", 0.9, ["a"] * few, ["b"] * few) is None
    assert is_beyond("numbers", 0.0, [0] * few, [9] * few) is None


def test_an_accuracy_is_beyond_its_bound_only_by_more_than_chance() -> None:
    def right(count: int) -> bool | None:
        return is_beyond("classes", 0.8, ["a"] * 200, ["a"] * count + ["b"] * (200 - count))

    assert (right(160), right(155), right(120)) == (False, False, True)


def test_a_mean_error_is_beyond_its_bound_only_by_more_than_chance() -> None:
    wide = [0, 20] * 100
    assert is_beyond("numbers", 9.5, wide, [0] * 200) is False  # 10 on average, and very different
    assert is_beyond("numbers", 5, wide, [0] * 200) is True
    assert is_beyond("numbers", 10, [10] * 200, [0] * 200) is False
    assert is_beyond("numbers", 9, [10] * 200, [0] * 200) is True
