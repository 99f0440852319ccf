"""Why a figure has no value, and which labels a metric never has one of."""

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.evaluation.undefined import NEEDS, NEVER, check_label, why_undefined
from pipelines.modelling.task import Metric, offered
from pipelines.modelling.tasks import label_tasks


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("mean_absolute_percentage_error", [1, 0, None, 0], "“y” is 0 in 2 rows"),
        ("root_mean_squared_log_error", [-1.0, 5.0], "“y” is -1 or less in 1 row"),
        ("poisson_deviance", [-0.5, 5.0], "“y” is negative in 1 row"),
        ("tweedie_deviance", [-0.5, 5.0], "“y” is negative in 1 row"),
    ],
)
def test_a_label_that_never_has_a_value_is_refused(key, values, words):
    with pytest.raises(ModuleError) as refused:
        check_label(Metric(key, "It", "low"), pl.Series("y", values))
    wrong = refused.value
    assert wrong.words.startswith(words) and (wrong.code, wrong.param, wrong.column) == ("metric_of_other_labels", "metric", "y")
    assert "Filter Rows" in wrong.remedy
    check_label(Metric(key, "It", "low"), pl.Series("y", [None, 1, 2]))
    check_label(Metric("r2", "R²", "high"), pl.Series("y", values))


def test_of_three_classes_the_three_most_likely_are_all():
    with pytest.raises(ModuleError, match="“y” has 3 classes"):
        check_label(Metric("top_3_accuracy", "Top-3 accuracy", "high"), pl.Series("y", ["a", "b", "c", None]))
    check_label(Metric("top_3_accuracy", "Top-3 accuracy", "high"), pl.Series("y", ["a", "b", "c", "d"]))


def test_reasons_are_of_metrics_that_there_are():
    known = {metric.key for task in label_tasks().values() for metric in offered(task)}
    assert set(NEEDS) | set(NEVER) <= known
    assert why_undefined("auc") == "It needs rows of both classes." and why_undefined("log_loss") == ""
