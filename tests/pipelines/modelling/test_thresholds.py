"""Settings of models with thresholds: found on rows that are left out."""

import numpy as np
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.evaluation.thresholds import Aim, best_threshold
from pipelines.modelling.thresholds import aim_in, model_settings

Y = np.array(["no"] * 30 + ["yes"] * 10)
CHANCE = np.concatenate([np.linspace(0.0, 0.4, 30), np.linspace(0.25, 0.6, 10)])
BEST = {"threshold_best_for": "F1", "threshold_folds": 4}


def test_each_row_is_predicted_by_a_model_of_the_others():
    seen = []

    def chances(some, others):
        seen.append((set(some.tolist()), set(others.tolist())))
        return np.column_stack([CHANCE[others], 1 - CHANCE[others]]), np.array(["yes", "no"])  # in the order of the learner

    found = model_settings(BEST, Y, None, ("no", "yes"), chances)
    assert found["decision_threshold"] == best_threshold((Y == "yes").astype(int), CHANCE, None, Aim("f1")).threshold < 0.5
    assert found["threshold_found"].startswith("F1 0.") and BEST.items() <= found.items()
    assert len(seen) == 4 and all(not some & others and some | others == set(range(40)) for some, others in seen)
    assert sorted(place for _, others in seen for place in others) == list(range(40))


def test_settings_without_a_threshold_are_as_they_were():
    assert model_settings({"a": 1}, Y, None, ("no", "maybe", "yes"), lambda *_: pytest.fail("nothing is trained")) == {"a": 1}
    assert model_settings({"decision_threshold": 0.2}, Y, None, ("no", "yes"), lambda *_: pytest.fail("nothing is trained")) == {
        "decision_threshold": 0.2
    }


@pytest.mark.parametrize(
    ("settings", "y", "classes", "code"),
    [
        (BEST, Y, ("a", "b", "c"), "threshold_needs_two_classes"),
        ({"decision_threshold": 0.2}, Y, ("a",), "threshold_needs_two_classes"),
        (BEST, np.array(["no", "no", "yes"]), ("no", "yes"), "few_of_class"),
    ],
)
def test_what_has_no_threshold(settings, y, classes, code):
    with pytest.raises(ModuleError) as wrong:
        model_settings(settings, y, None, classes, lambda *_: pytest.fail("nothing is trained"))
    assert wrong.value.code == code


def test_the_aim_of_settings():
    assert aim_in({"decision_threshold": 0.2}) is None
    assert aim_in({"threshold_best_for": "Cost per row", "false_positive_cost": 2.0, "false_negative_cost": 9.0}) == Aim("cost", 2.0, 9.0)
