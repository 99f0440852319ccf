"""Fisher Linear Discriminant."""

import json

import numpy as np
import polars as pl
import pytest
from scipy.linalg import eigh

from pipelines.catalogue.ports import Transform
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example({"label": "fuel-type"})
CARS = dataset("automobile_price").frame.with_columns(pl.col("normalized-losses").cast(pl.Float64))
NUMBERS = ["wheel-base", "length", "height", "curb-weight", "city-mpg"]


def discriminants(table, **settings):
    return run("selection.fisher_discriminant", settings, table=table)


def test_it_solves_the_eigenvalue_problem_of_scipy():
    found = discriminants(CARS, label="body-style", columns=NUMBERS, keep=True)
    x, classes = CARS.select(NUMBERS).to_numpy().astype(float), CARS["body-style"].to_numpy()
    groups = [x[classes == name] for name in sorted(set(classes))]
    inside = sum((len(group) - 1) * np.cov(group.T) for group in groups)
    between = sum(len(group) * np.outer(off := group.mean(axis=0) - x.mean(axis=0), off) for group in groups)
    values, directions = eigh(between, inside)
    wanted = (x - x.mean(axis=0)) @ directions[:, ::-1][:, :4] * np.sqrt(len(x) - len(groups))  # variance 1 inside the classes
    made = found["table"].frame.select("LD1", "LD2", "LD3", "LD4").to_numpy()
    np.testing.assert_allclose(made * np.sign((made * wanted).sum(axis=0)), wanted, rtol=1e-7, atol=1e-9)
    shares = [row[1] for row in found["report"].blocks[1]["rows"]]
    np.testing.assert_allclose(shares, values[::-1][:4] / values[::-1][:4].sum(), rtol=1e-7)
    assert all(weights[np.abs(weights).argmax()] > 0 for weights in np.array(found["transform"].state["weights"]))


def test_the_transform_gives_the_same_of_another_table():
    found = discriminants(CARS, label="body-style", columns=NUMBERS, components=2)
    kept = Transform(**json.loads(json.dumps(vars(found["transform"]))))
    again = only("transform.apply_transformation", transform=kept, table=CARS.drop("body-style").head(5))
    np.testing.assert_allclose(again.frame["LD2"], found["table"].frame["LD2"].head(5), rtol=1e-12)
    assert not {*NUMBERS, "LD3"} & {*found["table"].frame.columns}


def test_the_target_is_not_combined_and_gaps_are_told(notes):
    frame = CARS.with_columns(symboling=pl.when(pl.int_range(pl.len()) > 0).then(pl.col("symboling")))
    found = discriminants(frame, label="symboling", columns=[*NUMBERS, "symboling", "bore"], components=9)
    assert "symboling" in found["table"].frame.columns and "symboling" not in found["transform"].state["columns"]
    assert notes == [
        "1 row without a value of “symboling” was not fitted on.",
        "9 discriminants were requested; 5 discriminants can be computed.",
        "Missing values are treated as the mean of their column: “bore”.",
    ]


def test_collinear_columns_are_said(notes):
    x = np.random.default_rng(0).normal(size=40)
    frame = pl.DataFrame({"a": x, "b": x * 2, "y": x > 0})
    found = discriminants(frame, label="y")
    assert found["table"].frame["LD1"].is_finite().all()
    assert notes == ["Some columns are sums of others; their weights are one choice of many."]
    json.dumps(found["report"].blocks, allow_nan=False)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"label": "k"}, "not_classes"),
        ({"label": "l"}, "not_classes"),
        ({"label": "span"}, "not_classes"),
        ({"label": "g", "columns": ["t"]}, "not_a_number"),
        ({"label": "t"}, "too_few"),
        ({"label": "g", "columns": ["k"]}, "does_not_vary"),
        ({"label": "g", "columns": []}, "too_few"),
    ],
)
def test_what_cannot_be_kept_apart(settings, code):
    frame = pl.DataFrame({"x": [1.0, 2.0, 3.0, 5.0], "t": list("abcd"), "k": [1] * 4, "g": list("aabb")}).with_columns(
        l=pl.concat_list("x"), span=pl.duration(days="x")
    )
    assert refuses("selection.fisher_discriminant", settings, code, table=frame).port == "table"
