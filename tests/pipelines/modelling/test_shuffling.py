"""Permutation importance: of the encoded rows as of the rows themselves, and bounded for tables of thousands of columns."""

import time

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling import shuffling
from pipelines.modelling.explanation import explain
from pipelines.modelling.families import families
from pipelines.modelling.features import feature_frame
from pipelines.modelling.shuffling import permutation_importances
from tests.pipelines.modules.conftest import Listener
from tests.pipelines.modules.examples import cars
from tests.support.module_runner import only

FEW = ["price", "horsepower", "normalized-losses", "seen", "make", "body-style", "num-of-cylinders", "engine-type"]


def importances(id, table, label="price"):
    model = only("training.train_model", {"label": label}, untrained=only(id), table=table)
    frame = table.frame.filter(pl.col(label).is_not_null())
    return permutation_importances(model, feature_frame(frame, model.features), frame[label].to_numpy())


@pytest.mark.parametrize(("columns", "sparse"), [(FEW, True), ([*FEW, "length", "width", "city-mpg", "bore", "stroke"], False)])
def test_shuffling_encoded_rows_is_shuffling_the_rows(columns, sparse, monkeypatch):
    table = cars().only(columns)
    model = only("training.train_model", {"label": "price"}, untrained=only("regression.nearest_neighbors"), table=table)
    assert model.estimator["columns"].sparse_output_ is sparse
    names, found = importances("regression.nearest_neighbors", table)
    monkeypatch.setattr(shuffling, "_encoded", lambda *_: (None, {}))
    again, wanted = importances("regression.nearest_neighbors", table)
    assert names == again and found == wanted
    assert max(found.values) > 0.01


def wide(columns, rows=300):
    x = np.random.default_rng(0).normal(size=(rows, columns))
    frame = pl.DataFrame(x, schema=[f"n{i}" for i in range(columns)])
    return frame.with_columns(price=pl.col("n7") * 3 + pl.col(f"n{columns - 1}"), up=pl.col("n7") > 0)


@pytest.mark.parametrize(("id", "label"), [("regression.nearest_neighbors", "price"), ("classification.naive_bayes", "up")])
@pytest.mark.parametrize("encodes", [True, False])
def test_of_very_many_columns_those_that_go_with_the_label_are_shuffled(id, label, encodes, monkeypatch):
    monkeypatch.setattr(shuffling, "MOST_VALUES", 300 * 300 * 3 * 25)
    table = only("transform.select_columns", table=wide(300))
    table = table.only([name for name in table.frame.columns if name.startswith("n") or name == label])
    if not encodes:
        monkeypatch.setattr(shuffling, "_encoded", lambda *_: (None, {}))
    with reporting_to(listener := Listener()):
        names, found = importances(id, table, label)
    assert 20 <= len(names) == len(found.values) <= 60 and "n7" in names
    assert any(f"of the {len(names)} columns of 300 that alone go most with “{label}”" in line for line in listener.lines)
    assert found.values[names.index("n7")] == max(found.values)


def test_as_many_shuffles_are_made_as_there_is_time_for():
    table = wide(12)
    train = Table(table)
    model = only("training.train_model", {"label": "price"}, untrained=only("regression.nearest_neighbors"), table=train)
    frame, y = feature_frame(table, model.features), table["price"].to_numpy()
    _, three = permutation_importances(model, frame, y)
    started = time.perf_counter()
    _, many = permutation_importances(model, frame, y, seconds=0.7, repeats=None)
    assert time.perf_counter() - started >= 0.5
    assert many.values != three.values
    assert many.values == pytest.approx(three.values, abs=0.1)
    assert permutation_importances(model, frame, y, seconds=3600)[1].values == pytest.approx(three.values, rel=1e-9)
    with pytest.raises(TimeoutError):
        permutation_importances(model, frame, y, seconds=0.0)


def test_a_learner_of_the_logarithm_has_no_more_time_than_others():
    table = wide(12).with_columns(pl.col("price").exp())
    untrained = only("training.transform_label", untrained=only("regression.nearest_neighbors"))
    model = only("training.train_model", {"label": "price"}, untrained=untrained, table=Table(table))
    frame, y = feature_frame(table, model.features), table["price"].to_numpy()
    family = families()[untrained.family]
    assert explain(model, family, frame, y) and explain(model, family, frame, y, seconds=0.0) == []


def test_where_time_is_short_one_shuffle_is_of_fewer_rows_and_then_of_fewer_columns(monkeypatch):
    def affordable(seconds):
        took = iter([0.5, 0.95])  # of 50 rows, and of 500: a tenth of a second for 100 rows beside what any prediction takes
        monkeypatch.setattr(shuffling, "_seconds_of", lambda *_: next(took))
        return shuffling._affordable(shuffling.time.perf_counter() + seconds, 30, np.zeros((500, 8)), lambda _: None)

    assert affordable(10) == (pytest.approx((0.8 * 10 - 0.45) / 0.001 / 30, abs=2), 30)
    assert affordable(3) == (100, pytest.approx((0.8 * 3 - 0.45) / 0.001 / 100, abs=1))
    with pytest.raises(TimeoutError):
        affordable(1)


def test_where_time_is_short_the_columns_that_go_with_the_label_are_shuffled(monkeypatch):
    table = wide(30)
    model = only("training.train_model", {"label": "price"}, untrained=only("regression.nearest_neighbors"), table=Table(table))
    monkeypatch.setattr(shuffling, "_affordable", lambda *_: (100, 5))
    with reporting_to(listener := Listener()):
        names, found = permutation_importances(model, feature_frame(table, model.features), table["price"].to_numpy(), seconds=0.5)
    assert len(names) == len(found.values) == 5 and {"n7", "n29"} <= set(names)
    assert "on 100 rows" in found.description and "Only the 5 columns of 31" in found.description
    assert any("of the 5 columns of 31" in line for line in listener.lines)


def test_a_shuffle_of_all_columns_is_one_prediction(monkeypatch):
    table = wide(12)
    model = only("training.train_model", {"label": "price"}, untrained=only("regression.nearest_neighbors"), table=Table(table))
    asked, learner = [], model.estimator[-1]
    monkeypatch.setattr(learner, "predict", lambda rows, predict=learner.predict: asked.append(rows.shape[0]) or predict(rows))
    permutation_importances(model, feature_frame(table, model.features), table["price"].to_numpy())
    assert sorted(asked) == [300, *3 * [300 * 13]]
