"""Charts of a search."""

import pytest

from pipelines.modelling.search.charts import best_so_far, importance, learning_curves, parallel, slices
from pipelines.modelling.search.space import space_of
from pipelines.modelling.search.study import Limits, Run, Study
from pipelines.modelling.task import Metric
from tests.support.module_runner import only

METRIC = Metric("log_loss", "Log loss", "low")


@pytest.fixture(scope="module")
def study():
    space = space_of(only("classification.two_class_logistic_regression"), {"class_weight": "none; balanced"})
    return Study(space, "random", "low", Limits(20))


def runs(count, of=lambda number: number / 10):
    settings = [{"l2_weight": of(number) + 0.1, "class_weight": ("none", "balanced")[number % 2]} for number in range(count)]
    return [Run(number, each, 1.0, True, each["l2_weight"], "", 2.0, (), "") for number, each in enumerate(settings)]


def test_the_best_so_far_never_gets_worse_and_counts_trials_and_seconds(study):
    values = best_so_far(study, runs(5, lambda number: (3, 1, 2, 0, 4)[number]), METRIC)["spec"]["data"]["values"]
    assert [each["best"] for each in values] == [3.1, 1.1, 1.1, 0.1, 0.1]
    assert [each["seconds"] for each in values] == [2, 4, 6, 8, 10]


def test_the_setting_that_decides_is_the_important_one(study):
    values = importance(study, runs(20), METRIC)["spec"]["data"]["values"]
    shares = {each["setting"]: each["share"] for each in values}
    assert shares["L2 weight"] > 0.95 and sum(shares.values()) == pytest.approx(1)
    assert importance(study, runs(9), METRIC) is None
    assert importance(study, runs(20, lambda number: 1), METRIC) is None


def test_trials_that_went_on_have_a_learning_curve(study):
    part = [Run(run.number, run.settings, 0.25, True, run.score + 1, "", 1.0, (), "") for run in runs(4)]
    block = learning_curves(study, [*part, *runs(2)], METRIC)
    values = block["spec"]["data"]["values"]
    assert [(each["trial"], each["share"]) for each in values] == [("trial 1", 0.25), ("trial 1", 1.0), ("trial 0", 0.25), ("trial 0", 1.0)]
    assert [each["which"] for each in values] == ["others"] * 2 + ["the best"] * 2
    assert learning_curves(study, runs(4), METRIC) is None and learning_curves(study, part, METRIC) is None


def test_failed_stopped_and_partial_trials_are_left_out(study):
    some = runs(3)
    others = [Run(9, some[0].settings, 1.0, True, None, "bad", 1.0, (), ""), Run(8, some[0].settings, 1.0, True, 0.1, "", 1.0, (), "folds"),
              Run(7, some[0].settings, 0.25, True, 0.1, "", 1.0, (), "")]  # fmt: skip
    block = parallel(study, [*others, *some], METRIC)
    assert [line["name"] for line in block["lines"]] == ["trial 2", "trial 1", "trial 0"]  # the best last
    assert block["axes"][1] == {"title": "Class weight", "log": False, "values": ["none", "balanced"]}
    assert all(len(view["data"]["values"]) == 3 for view in slices(study, [*others, *some], METRIC)["spec"]["concat"])
    assert [make(study, runs(1), METRIC) for make in (best_so_far, parallel, slices)] == [None] * 3
