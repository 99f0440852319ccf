"""Figures of predictions with truth, and when they are beyond a bound."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from pipelines.monitoring.target import FIGURES, Target
from pipelines.monitoring.truth import LEAST_LABELS, is_beyond, live_figures, unknown_classes

CLASSES, NUMBERS = Target("classes"), Target("numbers")
TWO = Target("two_class", {"yes": "p"}, ("no", "yes"))
MANY = Target("multi_class", {"a": "pa", "b": "pb", "c": "pc"}, ("a", "b", "c"))


def two(labels: Any, chances: Any) -> list[dict[str, Any]]:
    return [{"Scored Labels": label, "p": chance} for label, chance in zip(labels, chances, strict=True)]


def test_figures_of_two_classes_are_those_of_scikit_learn_at_the_threshold_that_was_served() -> None:
    random = np.random.default_rng(1)
    chances = random.random(300).round(2)  # with ties
    truth = np.where(random.random(300) < chances, "yes", "no")
    guess = np.where(chances >= 0.7, "yes", "no")
    found = live_figures(TWO, two(guess.tolist(), chances.tolist()), truth.tolist())
    expected = {
        "accuracy": metrics.accuracy_score(truth, guess),
        "auc": metrics.roc_auc_score(truth == "yes", chances),
        "log_loss": metrics.log_loss(truth == "yes", chances),
        "precision": metrics.precision_score(truth, guess, pos_label="yes"),
        "recall": metrics.recall_score(truth, guess, pos_label="yes"),
        "f1": metrics.f1_score(truth, guess, pos_label="yes"),
    }
    assert found.labels == 300 and found.values == pytest.approx(expected, rel=1e-12)


def test_figures_of_several_classes_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(2)
    chances = random.dirichlet([1, 1, 1], 200)
    guess = np.array(["a", "b", "c"])[chances.argmax(axis=1)]
    truth = np.where(random.random(200) < 0.6, guess, random.choice(["a", "b", "c"], 200))
    answers = [
        {"Scored Labels": one, **dict(zip(("pa", "pb", "pc"), row.tolist(), strict=True))} for one, row in zip(guess, chances, strict=True)
    ]
    found = live_figures(MANY, answers, truth.tolist()).values
    assert found["accuracy"] == metrics.accuracy_score(truth, guess)
    assert found["f1_macro"] == pytest.approx(metrics.f1_score(truth, guess, average="macro"))
    assert found["log_loss"] == pytest.approx(metrics.log_loss(truth, chances, labels=["a", "b", "c"]))


def test_figures_of_numbers_leave_out_pairs_that_are_none() -> None:
    found = live_figures(NUMBERS, [1, 2, 5, None, 3], ["1", 4, 1, 3, "x"])
    errors, truth = np.array([0, -2, 4]), np.array([1, 4, 1])
    assert found.labels == 3 and found.values == pytest.approx(
        {
            "mean_absolute_error": 2.0,
            "root_mean_squared_error": (20 / 3) ** 0.5,
            "r2": metrics.r2_score(truth, truth + errors),
            "bias": 2 / 3,
        }
    )


def test_a_figure_that_answers_do_not_have_is_none() -> None:
    for target in (CLASSES, NUMBERS, TWO, MANY):
        found = live_figures(target, [], [])
        assert found.labels == 0 and found.values == dict.fromkeys(figure.key for figure in FIGURES[target.kind])
    assert live_figures(TWO, two(["yes"] * 2, [0.9, 0.8]), ["yes"] * 2).values["auc"] is None  # one class only
    assert live_figures(NUMBERS, [1, 2], [3, 3]).values["r2"] is None  # truth that does not vary
    assert live_figures(NUMBERS, [1e300], [-1e300]).values["root_mean_squared_error"] is None  # beyond what JSON holds


@pytest.mark.parametrize("chance", [None, "x", 1.2, -0.1])
def test_answers_without_a_probability_still_have_figures_of_their_class(chance: Any) -> None:
    found = live_figures(TWO, two(["yes", "no"], [chance] * 2), ["yes", "yes"]).values
    assert (found["accuracy"], found["recall"], found["auc"], found["log_loss"]) == (0.5, 0.5, None, None)


def test_a_certain_error_is_a_finite_log_loss() -> None:
    found = live_figures(TWO, two(["yes", "no"], [1.0, 0.0]), ["no", "yes"]).values
    assert found["log_loss"] == pytest.approx(metrics.log_loss([0, 1], [1.0, 0.0])) and found["auc"] == 0.0


def test_truth_of_a_class_that_the_run_did_not_know_is_named_and_counts_as_wrong() -> None:
    answers, truth = two(["yes", "no"], [0.9, 0.1]), ["Yes", "no"]
    assert unknown_classes(TWO, truth) == ["Yes"] and live_figures(TWO, answers, truth).values["accuracy"] == 0.5
    assert unknown_classes(CLASSES, truth) == []


def test_classes_are_compared_without_knowing_their_names() -> None:
    assert live_figures(CLASSES, ["a", "b", "a", 1], ["a", "a", "b", "1"]).values["accuracy"] == 0.5


def test_few_labels_are_never_judged() -> None:
    few = LEAST_LABELS - 1
    assert is_beyond(CLASSES, 0.9, ["a"] * few, ["b"] * few) is None
    assert is_beyond(NUMBERS, 0.0, [0] * few, [9] * few) is None


def test_an_accuracy_is_beyond_its_bound_only_by_more_than_chance() -> None:
    def right(count: int) -> bool | None:
        return is_beyond(CLASSES, 0.8, ["a"] * 200, ["a"] * count + ["b"] * (200 - count))

    assert (right(160), right(155), right(120)) == (False, False, True)


def test_a_mean_error_is_beyond_its_bound_only_by_more_than_chance() -> None:
    wide = [0, 20] * 100
    assert is_beyond(NUMBERS, 9.5, wide, [0] * 200) is False  # 10 on average, and very different
    assert is_beyond(NUMBERS, 5, wide, [0] * 200) is True
    assert is_beyond(NUMBERS, 10, [10] * 200, [0] * 200) is False
    assert is_beyond(NUMBERS, 9, [10] * 200, [0] * 200) is True
