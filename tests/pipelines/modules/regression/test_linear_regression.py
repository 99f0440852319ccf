"""Linear Regression."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import Ridge

from pipelines.catalogue.ports import ColumnRole, Table
from tests.support.module_runner import only

RNG = np.random.default_rng(0)
FRAME = pl.DataFrame({"a": RNG.normal(5, 3, 200), "b": RNG.normal(-1, 0.1, 200)}).with_columns(
    y=4 * pl.col("a") - 20 * pl.col("b") + 1000 + pl.Series(RNG.normal(0, 0.5, 200))
)


def predictions(frame=FRAME, **settings):
    model = only("training.train_model", {"label": "y"}, untrained=only("regression.linear_regression", settings), table=frame)
    return only("scoring.score_model", model=model, table=frame).frame["Scored Labels"].to_numpy()


def test_the_weight_is_on_the_mean_of_the_squares():
    x = FRAME.select("a", "b").to_numpy()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    wanted = Ridge(alpha=0.5 * 200).fit(z, FRAME["y"].to_numpy()).predict(z)
    np.testing.assert_allclose(predictions(l2_weight=0.5), wanted, rtol=1e-10)


def test_without_a_penalty_it_is_ordinary_least_squares():
    x = np.column_stack([FRAME.select("a", "b").to_numpy(), np.ones(200)])
    wanted = x @ np.linalg.lstsq(x, FRAME["y"].to_numpy(), rcond=None)[0]
    np.testing.assert_allclose(predictions(l2_weight=0), wanted, rtol=1e-9)


def test_the_result_does_not_depend_on_how_often_rows_are_repeated():
    np.testing.assert_allclose(predictions(pl.concat([FRAME] * 3))[:200], predictions(), rtol=1e-9)


def test_without_intercept_the_mean_is_predicted_as_0():
    assert predictions(intercept=False).mean() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("decrease_rate", [True, False])
def test_gradient_descent_comes_near(decrease_rate):
    settings = {"method": "gradient_descent", "epochs": 50, "decrease_rate": decrease_rate, "seed": 1}
    off = predictions(**settings) - FRAME["y"].to_numpy()
    assert np.sqrt((off**2).mean()) < 1.0
    assert (predictions(**settings) == predictions(**settings)).all()


def test_gradient_descent_may_leave_numbers_as_they_are():
    """The coefficients then are in the columns' own units, and a large column hides the others for long."""
    frame = FRAME.select(pl.col("a") - 5).with_columns(y=3 * pl.col("a") + 1)
    settings = {"method": "gradient_descent", "epochs": 200, "l2_weight": 0.0}
    for normalize, wanted in ((True, 3 * frame["a"].std(ddof=0)), (False, 3.0)):
        untrained = only("regression.linear_regression", settings | {"normalize": normalize})
        model = only("training.train_model", {"label": "y"}, untrained=untrained, table=frame)
        told = next(block for block in model.report.blocks if block["title"] == "Coefficients")["rows"]
        assert dict(told)["a"] == pytest.approx(wanted, rel=0.02)
        assert ["Normalize", "yes" if normalize else "no"] in model.report.blocks[0]["rows"]
    large = FRAME.with_columns(pl.col("b") * 1000)
    (fine, poor) = (predictions(large, **settings, normalize=normalize) - FRAME["y"].to_numpy() for normalize in (True, False))
    assert (poor**2).mean() > 2 * (fine**2).mean()


def test_gradient_descent_does_not_diverge_with_many_features():
    wide = FRAME.with_columns(pl.Series(f"n{place}", RNG.normal(size=200)) for place in range(100))
    assert np.isfinite(predictions(wide, method="gradient_descent", learning_rate=1.0)).all()


def test_with_weights_it_is_the_weighted_mean_of_the_squares():
    """Multiplying all weights by a constant changes nothing, and the strength is a weight on the weighted mean."""
    w = RNG.random(200) * 100
    x = FRAME.select("a", "b").to_numpy()
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    wanted = Ridge(alpha=0.5 * w.sum()).fit(z, FRAME["y"].to_numpy(), sample_weight=w).predict(z)
    for times in (1, 1000):
        weighed = Table(FRAME.with_columns(w=pl.Series(w * times)), {"w": ColumnRole("weight")})
        np.testing.assert_allclose(predictions(weighed, l2_weight=0.5), wanted, rtol=1e-9)


@pytest.mark.parametrize("l2_weight", [0, 0.001])
@pytest.mark.parametrize("weighed", [False, True])
def test_a_sparse_matrix_gives_what_a_dense_one_gives(l2_weight, weighed, monkeypatch):
    frame = FRAME.with_columns(t=pl.Series(RNG.choice([f"t{place}" for place in range(40)], 200)), w=pl.Series(RNG.random(200)))
    table = Table(frame, {"w": ColumnRole("weight" if weighed else "ignored")})
    dense = predictions(table, l2_weight=l2_weight)
    monkeypatch.setattr("pipelines.modelling.solvers.DENSE_CELLS", 0)
    np.testing.assert_allclose(predictions(table, l2_weight=l2_weight), dense, rtol=1e-9)
