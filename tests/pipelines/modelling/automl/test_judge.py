"""The judge of predictions: one metric of a task, as the evaluation computes it."""

import numpy as np
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.automl.judge import DEFAULTS, Judge
from pipelines.modelling.task import offered
from pipelines.modelling.tasks import label_tasks

ROWS = np.arange(60)
DICE = np.random.default_rng(0)
TRUTH = {"two_class": DICE.integers(0, 2, 60), "multi_class": DICE.integers(0, 4, 60), "regression": DICE.gamma(2, 2, 60) + 1}
PREDICTED = {
    "two_class": DICE.random(60),
    "multi_class": DICE.dirichlet([1, 1, 1, 1], 60),
    "regression": TRUTH["regression"] * np.exp(DICE.normal(0, 0.3, 60)),
}
CLASSES = {"two_class": ("a", "b"), "multi_class": ("a", "b", "c", "d"), "regression": ()}
ALL = [(id, metric) for id in DEFAULTS for metric in offered(label_tasks()[id])]


@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize(("task", "metric"), ALL, ids=[f"{id} {metric.key}" for id, metric in ALL])
def test_the_loss_is_the_figure_of_the_evaluation(task, metric, weighed):
    weight = DICE.random(60) if weighed else None
    judge = Judge(label_tasks()[task], metric, TRUTH[task], weight, CLASSES[task])
    value = judge.figures(ROWS, PREDICTED[task])[metric.key]
    assert judge.value(judge.loss_of(ROWS, PREDICTED[task])) == value
    better = TRUTH[task].astype(float) if task != "multi_class" else np.eye(4)[TRUTH[task]]
    assert judge.loss_of(ROWS, better) < judge.loss_of(ROWS, PREDICTED[task]), "what is exact has the lower loss"
    error = judge.error(ROWS, PREDICTED[task])
    assert error is None or error > 0


def test_predictions_without_a_value_are_refused_with_the_reason():
    task = label_tasks()["regression"]
    metric = next(each for each in offered(task) if each.key == "poisson_deviance")
    judge, guess = Judge(task, metric, TRUTH["regression"], None, ()), np.append(PREDICTED["regression"][1:], -0.1)
    assert judge.value_of(ROWS, guess) is None
    with pytest.raises(
        ModuleError, match=r"Poisson deviance cannot be computed of the predictions\. It needs actual values that are not negative"
    ) as refused:
        judge.loss_of(ROWS, guess)
    assert refused.value.code == "no_score" and refused.value.remedy
