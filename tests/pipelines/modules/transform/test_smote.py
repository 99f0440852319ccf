"""SMOTE."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modules.transform import _synthesizing
from tests.pipelines.modules.examples import Example, cars
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"label": "diesel"}, {"table": lambda: [cars().with_frame(cars().frame.drop_nulls())]})
NUMBERS = ["Seniority", "Age", "Expenses", "Income"]


def credit():
    """Whether loans were paid back: the rarer class is bad."""
    return dataset("credit_risk").frame.select("Status", *NUMBERS, "Home", "Marital").drop_nulls().head(600)


def smote(table, label="Status", **settings):
    return only("transform.smote", {"label": label, **settings}, table=table).frame


def rare(frame):
    return frame.filter(pl.col("Status") == "bad")


@pytest.mark.parametrize(("percentage", "share"), [(100, 1), (250, 2.5), (50, 0.5), (0, 0)])
def test_as_many_rows_as_asked_for_are_added_after_the_others(percentage, share):
    frame = credit()
    result = smote(frame, percentage=percentage)
    assert result.head(frame.height).equals(frame)
    new = result.slice(frame.height)
    assert new.height == int(rare(frame).height * share + 0.5)
    assert set(new["Status"]) <= {"bad"} and result.schema == frame.schema


@pytest.mark.parametrize("standardize", [True, False])
def test_each_new_row_lies_between_a_row_and_one_of_its_nearest_neighbours(standardize):
    """Neighbours by the distances of all pairs."""
    frame = credit().select("Status", pl.col(NUMBERS).cast(pl.Float64))
    points = rare(frame).select(NUMBERS).to_numpy()
    scale = points.std(axis=0) if standardize else 1.0
    apart = np.linalg.norm((points[:, None] - points[None]) / scale, axis=2)
    np.fill_diagonal(apart, np.inf)
    limit = np.sort(apart, axis=1)[:, 4]
    new = smote(frame, percentage=200, neighbours=5, standardize=standardize).slice(frame.height).select(NUMBERS).to_numpy()
    starts = np.zeros(len(points), int)
    for place, row in enumerate(new):
        start = place // 2  # each row gives two
        steps = points[apart[start] <= limit[start] + 1e-9] - points[start]
        length = (steps**2).sum(axis=1)
        share = np.clip(((row - points[start]) * steps).sum(axis=1) / np.where(length > 0, length, 1), 0, 1)
        assert np.abs(points[start] + share[:, None] * steps - row).max(axis=1).min() < 1e-8
        starts[start] += 1
    assert (starts == 2).all()


def test_equally_near_rows_are_chosen_alike_however_distances_are_computed(monkeypatch):
    """Distances of dense and of sparse rows differ in their last digits."""
    frame = credit().select("Status", "Seniority", "Age", "Home", "Marital")
    dense = smote(frame)
    monkeypatch.setattr(_synthesizing, "MOST_DENSE", 0)
    assert dense.equals(smote(frame))
    monkeypatch.setattr(_synthesizing, "SPARE", 0)
    assert not dense.equals(smote(frame)), "there are such rows"


def test_other_columns_are_voted_on_by_the_neighbours():
    """SMOTE-NC by the distances of all pairs: two different texts are apart by the median standard deviation."""
    frame = credit()
    rows = rare(frame)
    points = rows.select(NUMBERS).to_numpy().astype(float)
    spread = points.std(axis=0)
    apart = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    for column in ("Home", "Marital"):
        values = rows[column].to_numpy()
        apart += (values[:, None] != values[None]) * np.median(spread) ** 2
    np.fill_diagonal(apart, np.inf)
    new = smote(frame, neighbours=3, standardize=False).slice(frame.height)
    checked = 0
    for place in range(rows.height):
        order = np.argsort(apart[place], kind="stable")
        if apart[place][order[3]] - apart[place][order[2]] < 1e-6:
            continue  # which one is the third nearest is a matter of taste
        for column in ("Home", "Marital"):
            votes = rows[column].gather(order[:3]).value_counts().sort("count")
            if votes["count"][-1] > 1:
                assert new[column][place] == votes[column][-1]
                checked += 1
    assert checked > rows.height


def test_whole_numbers_stay_whole_and_what_is_no_feature_is_copied():
    frame = pl.DataFrame({"y": [0] * 8 + [1] * 4, "x": range(12), "id": range(12), "l": [[place] for place in range(12)]})
    table = Table(frame, {"id": ColumnRole("ignored")})
    new = smote(table, "y", percentage=300, neighbours=2).slice(12)
    assert new.schema == frame.schema and new["x"].is_between(8, 11).all()
    assert new["id"].to_list() == [8, 8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 11] == [each[0] for each in new["l"]]


def test_numbers_that_are_categories_are_voted_on():
    frame = pl.DataFrame({"y": [0] * 8 + [1] * 4, "x": range(12), "c": [1] * 10 + [1, 9]})
    new = smote(Table(frame, {"c": ColumnRole(categorical=True)}), "y", neighbours=3).slice(12)
    assert new["c"].to_list() == [1, 1, 1, 1]


def test_seeds():
    assert smote(credit(), seed=1).equals(smote(credit(), seed=1))
    assert not smote(credit(), seed=1).equals(smote(credit(), seed=2))


def test_what_is_done_is_told(notes):
    frame = pl.DataFrame({"y": ["a", "a", "a", "b", "b"], "x": [1.0, 2, 3, 4, 5]})
    new = smote(frame, "y").slice(5)
    assert new["x"].is_between(4, 5).all()
    assert notes == [
        "Class “b” has 2 rows, so each row has only 1 neighbor.",
        "Class “b” had 2 of 5 rows; 2 synthetic rows added.",
    ]


def test_rows_without_label_stay_and_constant_columns_do_no_harm():
    frame = pl.DataFrame({"y": [True, None, True, False, False, False], "x": [1.0, 2, 3, 4, 5, 6], "k": [1] * 6})
    result = smote(frame, "y")
    assert result["y"].to_list() == [*frame["y"], True, True] and set(result["k"]) == {1}


@pytest.mark.parametrize(
    ("columns", "code", "column"),
    [
        ({"y": [0, 1, 2], "x": [1, 2, 3]}, "not_two_classes", "y"),
        ({"y": [0, 0, 0], "x": [1, 2, 3]}, "not_two_classes", "y"),
        ({"y": [0, 0, 1], "x": [1, 2, 3]}, "too_few_rows", None),
        ({"y": [0, 0, 1, 1], "x": [1.0, 2.0, None, 3.0]}, "missing_values", "x"),
        ({"y": [0, 0, 1, 1], "x": [1.0, 2.0, float("inf"), 3.0]}, "missing_values", "x"),
        ({"y": [0, 0, 1, 1], "x": [1, 2, 3, 4], "t": ["a", "b", None, "c"]}, "missing_values", "t"),
        ({"y": [0, 0, 1, 1], "x": [1.0, 2.0, 1e200, 3.0]}, "too_large", "x"),
        ({"y": [0, 0, 1, 1], "t": ["a", "b", "c", "d"]}, "no_numbers", None),
    ],
)
def test_refusals(columns, code, column):
    assert refuses("transform.smote", {"label": "y"}, code, table=pl.DataFrame(columns)).column == column
