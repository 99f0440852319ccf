"""What the two modules of scikit-learn's estimators have in common: a small table on which every estimator learns something."""

from functools import cache

import polars as pl

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from pipelines.kinds.model import check_model, load_model, save_model
from tests.pipelines.modules.examples import cars
from tests.support.module_runner import only

COLUMNS = ["num-of-doors", "horsepower", "curb-weight", "highway-mpg", "length", "price"]


@cache
def small() -> Table:
    """Numbers without gaps, two classes and a price."""
    return Table(cars().frame.select(COLUMNS).drop_nulls().with_columns(pl.col("price").cast(pl.Float64)))


def estimators(id):
    return [value for value, _ in catalogue().modules[id].param("estimator").choices]


def learns(id, name, label, path, parameters=None):
    """Train, store, load, score and evaluate; the figures."""
    untrained = only(id, {"estimator": name, "parameters": parameters or {}})
    save_model(only("training.train_model", {"label": label}, untrained=untrained, table=small()), path)
    check_model(path)
    scored = only("scoring.score_model", model=load_model(path), table=small())
    scores = scored.frame[scored.columns_with("score")[-1]]
    assert scores.null_count() == 0 and scores.is_finite().all()
    return only("evaluation.evaluate_model", scored=[scored]).metrics[0]["metrics"]
