"""Clean Missing Data: values that a model of the other columns fills in."""

import json
import warnings

import numpy as np
import polars as pl
import pytest
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer
from sklearn.linear_model import BayesianRidge

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table, Transform
from pipelines.modules.transform._imputing import principal_components
from tests.pipelines.modules.refusing import refuses
from tests.pipelines.modules.transform.test_clean_missing import FRAME, clean
from tests.support.module_runner import dataset, only, run

MODELS = ("mice", "ppca")
MEASURES = ["normalized-losses", "horsepower", "engine-size", "curb-weight", "price", "bore", "stroke"]


def cars(share=0.1):
    """Real cars with further gaps."""
    frame = dataset("automobile_price").frame.select(pl.col(MEASURES).cast(pl.Float64))
    holes = np.random.default_rng(0).random(frame.shape) < share
    return frame.with_columns(
        pl.when(pl.Series(holes[:, at])).then(None).otherwise(pl.col(column)).alias(column) for at, column in enumerate(MEASURES)
    )


def standardized(frame):
    x = frame.to_numpy()
    mean, scale = np.nanmean(x, 0), np.nanstd(x, 0)
    return (x - mean) / scale, mean, scale


@pytest.mark.parametrize("iterations", [1, 10])
def test_mice_is_the_iterative_imputer_of_scikit_learn(iterations):
    frame = cars()
    z, mean, scale = standardized(frame)
    plain = IterativeImputer(BayesianRidge(), max_iter=iterations, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        truth = plain.fit_transform(z) * scale + mean
    result = run("transform.clean_missing", {"mode": "mice", "iterations": iterations}, table=frame)
    assert np.allclose(result["table"].frame.to_numpy(), truth, rtol=1e-9, atol=1e-9)
    other = cars(0.3)
    applied = only("transform.apply_transformation", transform=result["transform"], table=other).frame
    assert np.allclose(applied.to_numpy(), plain.transform((other.to_numpy() - mean) / scale) * scale + mean, rtol=1e-9, atol=1e-9)


def test_probabilistic_components_of_a_whole_table_are_those_of_its_eigenvalues():
    """The closed form of Tipping and Bishop, equations 7 and 8."""
    z = standardized(cars(0).drop_nulls())[0]
    values, vectors = np.linalg.eigh(np.cov(z.T, bias=True))
    weights, center, noise = principal_components(z, 3)
    assert noise == pytest.approx(values[:-3].mean(), rel=1e-6) and np.allclose(center, 0, atol=1e-9)
    assert np.allclose(weights @ weights.T, (vectors[:, -3:] * (values[-3:] - noise)) @ vectors[:, -3:].T, atol=1e-5)


def test_probabilistic_components_fill_with_the_conditional_mean_of_the_most_likely_normal_distribution():
    frame = cars()
    z, mean, scale = standardized(frame)
    result = run("transform.clean_missing", {"mode": "ppca", "components": 2}, table=frame)
    model = result["transform"].state["model"]
    weights, center = np.array(model["weights"]), np.array(model["center"])

    def fill(row, weights, center, noise):
        """What is missing, and how likely what is known is."""
        covariance, gap = weights @ weights.T + noise * np.eye(len(weights)), np.isnan(row)
        off, known = row[~gap] - center[~gap], covariance[np.ix_(~gap, ~gap)]
        likely = -0.5 * (off @ np.linalg.solve(known, off) + np.linalg.slogdet(known)[1])
        return center[gap] + covariance[np.ix_(gap, ~gap)] @ np.linalg.solve(known, off), likely

    found = (result["table"].frame.to_numpy() - mean) / scale
    assert all(np.allclose(found[at][np.isnan(row)], fill(row, weights, center, model["noise"])[0], atol=1e-8) for at, row in enumerate(z))
    best = sum(fill(row, weights, center, model["noise"])[1] for row in z)
    dice = np.random.default_rng(1)
    for _ in range(10):
        moved = (
            weights + dice.normal(0, 0.01, weights.shape),
            center + dice.normal(0, 0.01, center.shape),
            model["noise"] * dice.uniform(0.98, 1.02),
        )
        assert sum(fill(row, *moved)[1] for row in z) < best


@pytest.mark.parametrize("mode", MODELS)
def test_the_others_say_more_than_the_mean(mode, notes):
    """Known values that were taken away: the error is well below that of the mean."""
    whole, holed = cars(0), cars(0.1)
    taken = (whole["price"].is_not_null() & holed["price"].is_null()).to_numpy()
    errors = {how: (clean(holed, mode=how)["price"] - whole["price"]).to_numpy()[taken].std() for how in ("mean", mode)}
    assert errors[mode] < 0.6 * errors["mean"]
    assert (
        notes[-1].startswith("Missing values were replaced: “normalized-losses” (")
        and f"“price” ({holed['price'].null_count()})" in notes[-1]
    )


@pytest.mark.parametrize("mode", MODELS)
def test_models_take_numbers_only_and_say_so(mode, notes):
    frame = FRAME.with_columns(more=pl.col("full") * 2)
    cleaned = clean(frame, mode=mode)
    assert cleaned["n"].null_count() == 0 and cleaned["t"].to_list() == FRAME["t"].to_list()
    assert cleaned.schema == {"n": pl.Float64, "x": pl.Float64, "t": pl.String, "full": pl.Float64, "more": pl.Float64}
    assert "Missing values remain in “t” (it is not numeric). Select a column by name to clean it." in notes
    assert refuses("transform.clean_missing", {"mode": mode, "columns": ["t"]}, "not_a_number", table=FRAME).column == "t"


@pytest.mark.parametrize("mode", MODELS)
@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"a": [1.0, None, 3.0]}),
        pl.DataFrame({"a": [1.0, None], "b": [None, 2.0]}),
        pl.DataFrame({"a": [None], "b": [1.0]}, schema={"a": pl.Float64, "b": pl.Float64}),
        pl.DataFrame({"a": [None, None], "b": [1, None], "c": [2, 2]}, schema={"a": pl.Float64, "b": pl.Int64, "c": pl.Int64}),
        pl.DataFrame({"a": [1.0, float("inf"), 5.0, 1e15], "b": [7, 7, None, 7], "c": [0, 0, 0, 0]}),
        pl.DataFrame({"a": [1.0, 2.0, 3.0, None], "b": [2.0, 4.0, 6.0, 8.0]}),
    ],
    ids=["one column", "two rows", "one row", "no values", "infinite and constant", "exact"],
)
def test_models_fill_odd_tables_with_finite_numbers(mode, frame):
    result = run("transform.clean_missing", {"mode": mode, "indicators": True}, table=frame)
    kept = Transform(**json.loads(json.dumps(vars(result["transform"]))))
    assert only("transform.apply_transformation", transform=kept, table=frame).frame.equals(result["table"].frame)
    for column in frame.columns:
        values = result["table"].frame[column]
        assert values.is_finite().all() or frame[column].null_count() == frame.height
    told, _ = (
        catalogue()
        .modules["transform.clean_missing"]
        .columns(Table(frame.clear()), **catalogue().modules["transform.clean_missing"].read_settings({"mode": mode, "indicators": True}))
    )
    assert told.frame.schema == result["table"].frame.schema


def test_too_many_columns_for_equations_are_named():
    wide = pl.DataFrame({f"c{n}": [1.0, None, 2.0] for n in range(201)})
    assert refuses("transform.clean_missing", {"mode": "mice"}, "too_many_columns", table=wide).param == "columns"
    assert clean(wide, mode="ppca").null_count().sum_horizontal()[0] == 0
