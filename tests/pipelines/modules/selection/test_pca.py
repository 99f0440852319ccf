"""Principal Component Analysis."""

import json

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

CARS = dataset("automobile_price").frame
NUMBERS = ["wheel-base", "length", "width", "height", "curb-weight", "bore"]


def components(table, **settings):
    return run("selection.pca", settings, table=table)


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("rows", [205, 4])
def test_it_is_the_singular_value_decomposition_of_numpy(scale, rows):
    frame = CARS.select(NUMBERS).head(rows).cast(pl.Float64)
    found = components(frame, components=3, scale=scale)
    x = frame.fill_null(strategy="mean").to_numpy()
    x = (x - x.mean(axis=0)) / (frame.select(pl.all().std()).to_numpy() if scale else 1)
    _, singular, directions = np.linalg.svd(x, full_matrices=False)
    wanted = x @ (directions[:3] * np.sign(directions[:3][range(3), np.abs(directions[:3]).argmax(axis=1)])[:, None]).T
    assert found["table"].frame.columns == ["PC1", "PC2", "PC3"]
    np.testing.assert_allclose(found["table"].frame.to_numpy(), wanted, rtol=1e-8, atol=1e-8 * np.abs(wanted).max())
    shares = [row[2] for row in found["report"].blocks[1]["rows"]]
    np.testing.assert_allclose(shares, singular**2 / (singular**2).sum(), rtol=1e-8, atol=1e-12)


def test_the_transform_gives_the_same_components_of_another_table():
    found = components(CARS, columns=NUMBERS)
    kept = Transform(**json.loads(json.dumps(vars(found["transform"]))))
    again = only("transform.apply_transformation", transform=kept, table=CARS.head(7))
    np.testing.assert_allclose(again.frame["PC2"], found["table"].frame["PC2"].head(7), rtol=1e-12)
    refuses("transform.apply_transformation", {}, "missing_columns", transform=kept, table=CARS.drop("bore"))
    refuses("transform.apply_transformation", {}, "not_a_number", transform=kept, table=CARS.with_columns(bore=pl.lit("x")))


def test_a_share_of_the_variance_decides_how_many():
    found = components(CARS, columns=NUMBERS, by="share", share=0.9)
    rows = found["report"].blocks[1]["rows"]
    kept = [row for row in rows if row[-1] == "yes"]
    assert kept[-1][3] >= 0.9 > kept[-2][3] and found["table"].frame.columns[-1] == f"PC{len(kept)}"
    assert len(components(CARS, columns=NUMBERS, by="share", share=1)["transform"].state["names"]) == 6


def test_columns_stay_where_they_are_kept_and_roles_too(notes):
    table = Table(CARS, {"price": ColumnRole("label"), "make": ColumnRole(categorical=True)})
    found = components(table, columns=NUMBERS, keep=True)["table"]
    assert found.frame.columns == [*CARS.columns, "PC1", "PC2"] and found.role("price").role == "label"
    assert notes == ["Missing values are treated as the mean of their column: “bore”."]
    assert "length" not in components(table, columns=NUMBERS)["table"].frame.columns


def test_more_columns_than_rows_and_constant_ones():
    wide = pl.DataFrame(np.random.default_rng(0).normal(size=(5, 500)), schema=[f"c{at}" for at in range(500)])
    assert components(wide)["table"].frame.shape == (5, 2)
    frame = pl.DataFrame({"a": [1.0, 2.0, 4.0], "k": [7.0, 7.0, 7.0]})
    found = components(frame)
    assert found["transform"].state["weights"][0] == pytest.approx([1, 0])
    json.dumps(found["report"].blocks, allow_nan=False)


@pytest.mark.parametrize(
    ("frame", "settings", "code"),
    [
        ({"a": [1.0, 2.0], "t": ["x", "y"]}, {"columns": ["t"]}, "not_a_number"),
        ({"a": [1.0]}, {}, "too_few"),
        ({"t": ["x", "y"]}, {}, "too_few"),
        ({"a": [2.0, 2.0]}, {}, "does_not_vary"),
        ({"a": [2.0, 3.0], "b": [None, float("inf")]}, {}, "no_values"),
        ({"a": [1.7e308, -1.7e308]}, {}, "too_large"),
        ({"a": [1.0, 2.0], "PC1": [1.0, 3.0]}, {"columns": ["a"]}, "duplicate_column"),
    ],
)
def test_what_cannot_be_combined(frame, settings, code):
    assert refuses("selection.pca", settings, code, table=pl.DataFrame(frame, strict=False)).port == "table"
