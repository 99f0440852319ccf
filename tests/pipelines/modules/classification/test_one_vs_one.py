"""One-vs-One Multiclass; what it has in common with One-vs-All is tested there."""

import polars as pl

from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

LOGISTIC = "classification.two_class_logistic_regression"
EXAMPLE = Example(inputs={"untrained": lambda: [only(LOGISTIC)]})


def test_a_class_of_one_row_is_refused():
    train, _ = reference_scripts.cars()
    few = train.filter(pl.col("drive-wheels") != "4wd").vstack(train.filter(pl.col("drive-wheels") == "4wd").head(1))
    untrained = only("classification.one_vs_one", untrained=only(LOGISTIC))
    wrong = refuses("training.train_model", {"label": "drive-wheels"}, "class_too_small", untrained=untrained, table=few)
    assert "“4wd” has a single row" in wrong.words
